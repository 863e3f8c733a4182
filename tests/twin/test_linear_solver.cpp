// SPDX-License-Identifier: Apache-2.0
#include "twin/solver/linear_solver.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/devices.hpp"
#include "tests/support/oracle.hpp"
#include "twin/bench/reference_map.hpp"

namespace jt {
namespace {

// The potential between the two ends along z of cells of conductivity s; with a sink for heat.
struct Problem {
    Grid grid;
    Buffer<double> face[3], sink, b, x;
    Problem(Backend& backend, const Extents& e, const std::vector<double>& s, double sink_value = 0.0, bool terminals = true)
        : grid(grid_of(e)) {
        b = Buffer<double>::field(backend, grid);
        x = Buffer<double>::field(backend, grid);
        const auto field = upload_field(backend, grid, s);
        const auto material = Buffer<std::uint8_t>::field(backend, grid);
        Terminals ends;
        ends.count = terminals ? 2 : 0;
        ends.list[0] = {2, false, -1, 0.0, 1.0};
        ends.list[1] = {2, true, -1, 0.0, 0.0};
        for (int axis = 0; axis < 3; ++axis) {
            face[axis] = Buffer<double>::field(backend, grid);
            backend.face_conductance({grid, axis, e.face_area(axis), 0.5 * e.spacing()[std::size_t(axis)]}, field.get(),
                                     material.get(), {}, ends, face[axis].get(), b.get());
        }
        if (sink_value > 0.0) {
            sink = Buffer<double>::field(backend, grid);
            backend.fill(grid, sink_value, sink.get());
        }
    }
    LinearSystem system() const {
        return {grid, {face[0].get(), face[1].get(), face[2].get(), sink ? sink.get() : nullptr}, b.get(), x.get(), 0.5};
    }
};

std::vector<double> reference(int cells, double conductive = 800.0) {
    std::vector<double> s;
    for (const std::uint8_t kind : reference_map({cells, 12345, 100.0, conductive, 0.01}))
        s.push_back(kind == 0 ? 100.0 : kind == 1 ? conductive : 0.01);
    return s;
}

SolveReport solve(Backend& backend, Problem& p, double tolerance = 1e-8) {
    LinearSolver solver(backend);
    solver.setup(p.system());
    return solver.solve(p.system(), {tolerance, 500, {}});
}

class LinearSolverOn : public test::OnEveryDevice {};
JT_ON_EVERY_DEVICE(LinearSolverOn);

TEST_P(LinearSolverOn, ReferenceMapNeedsAtMostEightIterations) {
    Problem p(*backend, {48, 48, 48, 50e-6, 50e-6, 50e-6}, reference(48));
    const SolveReport r = solve(*backend, p);
    EXPECT_TRUE(r.converged);
    EXPECT_LE(r.relative_residual, 1e-8);
    EXPECT_LE(r.iterations, 8);
}

TEST_P(LinearSolverOn, FlatAndTallVoxelsKeepTheNumberOfIterations) {
    for (const double aspect : {0.1, 0.4, 2.5, 10.0}) {
        Problem p(*backend, {32, 32, 32, 50e-6, 50e-6, 50e-6 * aspect}, reference(32));
        const SolveReport r = solve(*backend, p);
        EXPECT_TRUE(r.converged) << aspect;
        EXPECT_LE(r.iterations, 18) << aspect;
    }
}

// Odd sizes, one-cell axes and rows longer than a vector register.
TEST_P(LinearSolverOn, EverySizeConverges) {
    for (const Extents& e :
         {Extents{1, 1, 200, 1, 1, 1}, {1, 37, 50, 1, 1, 1}, {33, 17, 9, 1, 2, 3}, {5, 1, 3, 1, 1, 1}, {1, 1, 1, 1, 1, 1}}) {
        test::Random random{4};
        std::vector<double> s(e.count());
        for (double& v : s) v = std::pow(10.0, 2.0 * random.unit());
        Problem p(*backend, e, s);
        const SolveReport r = solve(*backend, p, 1e-10);
        EXPECT_TRUE(r.converged) << e.nx << " " << e.ny << " " << e.nz;
        EXPECT_LE(r.iterations, 40);
    }
}

TEST_P(LinearSolverOn, HeatOperatorWithASinkAndNoTerminalConverges) {
    const Extents e{24, 20, 16, 1, 1, 1};
    Problem p(*backend, e, std::vector<double>(e.count(), 3.0), 0.5, false);
    backend->fill(p.grid, 2.0, p.b.get());
    EXPECT_TRUE(solve(*backend, p, 1e-10).converged);
    for (const double x : download_field<double>(*backend, p.grid, p.x)) EXPECT_NEAR(x, 4.0, 1e-8);
}

TEST_P(LinearSolverOn, ZeroRightHandSideIsSolvedByZeroAndNaNEndsWithoutConvergence) {
    const Extents e{8, 8, 8, 1, 1, 1};
    Problem zero(*backend, e, std::vector<double>(e.count(), 1.0));
    zero.b.zero();
    const SolveReport none = solve(*backend, zero);
    EXPECT_TRUE(none.converged);
    EXPECT_EQ(none.iterations, 0);
    Problem nan(*backend, e, std::vector<double>(e.count(), 1.0));
    backend->fill(nan.grid, NAN, nan.b.get());
    const SolveReport lost = solve(*backend, nan);
    EXPECT_FALSE(lost.converged);
    EXPECT_LE(lost.iterations, 500);
}

TEST_P(LinearSolverOn, BalanceIsMetWhereItIsAskedFor) {
    Problem p(*backend, {24, 24, 24, 1, 1, 1}, reference(24));
    LinearSolver solver(*backend);
    solver.setup(p.system());
    int asked = 0;
    const SolveReport r = solver.solve(p.system(), {1e-3, 500, [&](const Balance& open) {
                                                        ++asked;
                                                        return std::abs(open.sum) < 1e-9 && open.power < 1e-7;
                                                    }});
    EXPECT_TRUE(r.converged);
    EXPECT_GT(asked, 1);
    EXPECT_LT(std::abs(r.balance.sum), 1e-9);
}

TEST_P(LinearSolverOn, HierarchySetUpAgainGivesTheBitsOfAFreshOne) {
    const Extents e{20, 20, 20, 1, 1, 0.3};
    Problem first(*backend, e, reference(20)), second(*backend, e, reference(20, 5.0)), fresh(*backend, e, reference(20, 5.0));
    LinearSolver reused(*backend);
    reused.setup(first.system());
    reused.solve(first.system(), {1e-8, 500, {}});
    reused.setup(second.system());
    reused.solve(second.system(), {1e-8, 500, {}});
    solve(*backend, fresh);
    EXPECT_TRUE(download_field<double>(*backend, second.grid, second.x) ==
                download_field<double>(*backend, fresh.grid, fresh.x));
}

// <M u, v> = <u, M v>: conjugate gradients need it.
// A step's second stage: the operator is another by a tenth, and by no factor; the finest level has to follow it.
TEST_P(LinearSolverOn, ARefreshedHierarchySolvesTheNewOperator) {
    const Extents e{24, 24, 24, 50e-6, 50e-6, 50e-6};
    auto s = reference(24);
    Problem before(*backend, e, s);
    for (std::size_t c = 0; c < s.size(); ++c) s[c] *= 1.0 + 0.1 * std::sin(double(c % 97));
    Problem p(*backend, e, s);
    LinearSolver solver(*backend);
    solver.setup(before.system());
    solver.refresh(p.system());
    // of the new operator: x = step_scale() step() meets A x = b without a look at it in double
    ASSERT_TRUE(solver.solve_step(p.system(), 1e-3, 1.0).converged);
    backend->add_step(p.grid, p.x.get(), solver.step(), solver.step_scale());
    SolveReport now = solver.solve(p.system(), {2e-3, 0, {}});
    EXPECT_TRUE(now.converged) << now.relative_residual;
    EXPECT_EQ(now.iterations, 0);
    now = solver.solve(p.system(), {1e-8, 100, {}});
    EXPECT_TRUE(now.converged);
    EXPECT_LE(now.iterations, 8);
}

TEST_P(LinearSolverOn, PreconditionerIsSymmetric) {
    const Extents e{19, 14, 11, 1, 1, 0.5};
    test::Random random{8};
    std::vector<double> s(e.count());
    for (double& v : s) v = std::pow(10.0, 2.0 * random.unit());
    Problem p(*backend, e, s);
    Multigrid multigrid(*backend);
    multigrid.setup(p.grid, p.system().faces, 100.0);
    std::vector<float> in[2], out[2];
    Buffer<double> rz(*backend, 1);
    for (int n = 0; n < 2; ++n) {
        for (std::size_t c = 0; c < e.count(); ++c) in[n].push_back(float(random.unit() - 0.5));
        const auto packed = Buffer<float>::from(*backend, in[n]);
        backend->scatter(p.grid, packed.get(), multigrid.residual());
        multigrid.apply(false, rz.get());
        std::vector<float> field(static_cast<std::size_t>(p.grid.allocation()));
        backend->download(field.data(), multigrid.result(), field.size() * sizeof(float));
        for (int k = 0; k < e.nz; ++k)
            for (int j = 0; j < e.ny; ++j)
                for (int i = 0; i < e.nx; ++i) out[n].push_back(field[std::size_t(p.grid.index(i, j, k))]);
    }
    double uMv = 0.0, vMu = 0.0, uMu = 0.0;
    for (std::size_t c = 0; c < e.count(); ++c) {
        uMv += double(in[0][c]) * double(out[1][c]);
        vMu += double(in[1][c]) * double(out[0][c]);
        uMu += double(in[0][c]) * double(out[0][c]);
    }
    EXPECT_GT(uMu, 0.0);
    EXPECT_NEAR(uMv, vMu, 1e-4 * uMu);
}

TEST(LinearSolver, HighlyConductiveInclusionsStayWithinSixtyIterations) {
    const auto backend = make_backend("cpu");
    Problem p(*backend, {64, 64, 64, 50e-6, 50e-6, 50e-6}, reference(64, 1e5));
    const SolveReport r = solve(*backend, p);
    EXPECT_TRUE(r.converged);
    EXPECT_LE(r.iterations, 60);
}

}  // namespace
}  // namespace jt
