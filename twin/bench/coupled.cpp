// SPDX-License-Identifier: Apache-2.0
#include "twin/bench/coupled.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/error.hpp"
#include "twin/bench/potential.hpp"
#include "twin/bench/reference_bed.hpp"
#include "twin/solver/linear_solver.hpp"

namespace jt {
namespace {

// A field and what it was in the two steps before.
class History {
public:
    History(Backend& backend, const Grid& grid) : backend_(backend), grid_(grid) {
        for (auto& field : fields_) field = Buffer<double>::field(backend, grid);
    }
    double* now() const { return fields_[0].get(); }
    // Every cell at `value`, which is a state (initial temperature) or just a guess.
    void start(double value, bool state) {
        backend_.fill(grid_, value, now());
        known_ = state ? 1 : 0;
    }
    // What was now becomes the past; now is the polynomial through what is known, one step on.
    void extrapolate() {
        std::rotate(fields_.begin(), fields_.end() - 1, fields_.end());
        known_ = std::min(known_ + 1, 4);
        const double *a = fields_[1].get(), *b = fields_[2].get(), *c = fields_[3].get();
        if (known_ <= 2) {
            backend_.combine(grid_, 1.0, a, 0.0, a, now());
        } else if (known_ == 3) {
            backend_.combine(grid_, 2.0, a, -1.0, b, now());
        } else {
            backend_.combine(grid_, 3.0, a, -3.0, b, now());
            backend_.combine(grid_, 1.0, now(), 1.0, c, now());
        }
    }
    const double* before() const { return fields_[1].get(); }

private:
    Backend& backend_;
    Grid grid_;
    std::array<Buffer<double>, 4> fields_;
    int known_ = 0;
};

}  // namespace

CoupledBenchResult bench_coupled(Backend& backend, const CoupledBench& bench) {
    CoupledBenchResult result;
    const std::size_t before = backend.allocated_bytes();
    ReferenceBed bed(backend, bench.map);
    const Grid& grid = bed.grid();
    const Terminals volts = ReferenceBed::electrodes(0.0, kReferenceVoltage),
                    kelvins = ReferenceBed::electrodes(kReferenceTemperature, kReferenceTemperature);
    const ReferenceProperty sigma(backend, conductivities(bench.map), 1e-3),
        k(backend, {kReferenceK, kReferenceKIn, kReferenceKIn});
    ReferenceOperator current = bed.make_operator(), heat = bed.make_operator();
    auto s = Buffer<double>::field(backend, grid), sink = Buffer<double>::field(backend, grid),
         b = Buffer<double>::field(backend, grid);
    const double weight = kReferenceHeatCapacity * bed.volume() / kReferenceStep;
    History phi(backend, grid), T(backend, grid);

    for (int repeat = 0; repeat < bench.repeat; ++repeat) {
        LinearSolver potential_solver(backend), heat_solver(backend);
        phi.start(0.0, false);
        T.start(kReferenceTemperature, true);
        backend.synchronise();
        double setup = 0.0, solve = 0.0;
        result.potential_iterations = result.heat_iterations = 0;
        const double start = seconds();
        const auto timed = [&](double& sum, auto work) {
            backend.synchronise();
            const double from = seconds();
            work();
            backend.synchronise();
            sum += seconds() - from;
        };
        // `scale`: of the current [A] or the heat [W], which close to the tolerance too: an error of one sign adds up over the
        // steps
        const auto solve_with = [&](LinearSolver& solver, const LinearSystem& system, auto scale, long& iterations,
                                    const char* what) {
            SolveTolerance tolerance;
            tolerance.relative_residual = bench.tolerance;
            tolerance.accept = [&](const Balance& open) { return std::abs(open.sum) <= bench.tolerance * scale(); };
            timed(solve, [&] {
                const SolveReport report = solver.solve(system, tolerance);
                iterations += report.iterations;
                if (!report.converged) throw SolveError(std::string("bench coupled: the ") + what + " does not converge");
            });
        };
        backend.fill(grid, weight, sink.get());
        bed.assemble(k, nullptr, kelvins, s.get(), heat);
        for (int step = 0; step < bench.steps; ++step) {
            bed.assemble(sigma, T.now(), volts, s.get(), current);
            phi.extrapolate();
            const LinearSystem potential{grid, current.faces(), current.rhs.get(), phi.now(), 0.0};
            timed(setup, [&] { potential_solver.setup(potential); });
            const auto amps = [&] { return std::abs(bed.current_at_low_end(current, phi.now(), volts)); };
            solve_with(potential_solver, potential, amps, result.potential_iterations, "potential");

            T.extrapolate();
            backend.combine(grid, 1.0, heat.rhs.get(), weight, T.before(), b.get());
            bed.add_joule_heat(current, phi.now(), s.get(), volts, b.get());
            const LinearSystem balance{grid, heat.faces(sink.get()), b.get(), T.now(), 0.0};
            if (step == 0) timed(setup, [&] { heat_solver.setup(balance); });
            const double watts = kReferenceVoltage * amps();
            solve_with(
                heat_solver, balance, [&] { return watts; }, result.heat_iterations, "temperature");
        }
        backend.synchronise();
        result.total_s.push_back(seconds() - start);
        result.setup_s.push_back(setup);
        result.solve_s.push_back(solve);
        result.bytes_per_cell = double(backend.allocated_bytes() - before) / double(grid.cells());
    }
    Buffer<double> packed(backend, grid.cells());
    backend.gather(grid, T.now(), packed.get());
    const auto field = packed.download();
    for (const double t : field) result.mean_T_K += t;
    result.mean_T_K /= double(field.size());
    result.max_T_K = *std::max_element(field.begin(), field.end());
    return result;
}

}  // namespace jt
