// SPDX-License-Identifier: Apache-2.0
#include "twin/bench/potential.hpp"

#include <algorithm>
#include <chrono>

#include "kernels/buffer.hpp"
#include "kernels/error.hpp"
#include "twin/solver/linear_solver.hpp"

namespace jt {
namespace {

double seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

double measured_bandwidth(Backend& backend) {
    const Grid grid{256, 256, 512};
    auto field = Buffer<double>::field(backend, grid);
    double best = 1e30;
    for (int repeat = 0; repeat < 5; ++repeat) {
        backend.synchronise();
        const double start = seconds();
        backend.scale(grid, 1.0, field.get());
        backend.synchronise();
        best = std::min(best, seconds() - start);
    }
    return 16.0 * double(grid.cells()) / best;
}

PotentialBenchResult bench_potential(Backend& backend, const PotentialBench& bench) {
    const int n = bench.map.cells;
    const Grid grid{n, n, n};
    const double h = kReferenceSpacing, hz = h * bench.aspect;
    PotentialBenchResult result;
    const double bandwidth = measured_bandwidth(backend);
    const std::size_t before = backend.allocated_bytes();

    Buffer<double> face[3], rhs = Buffer<double>::field(backend, grid), phi = Buffer<double>::field(backend, grid);
    const auto material = upload_field(backend, grid, reference_map(bench.map));
    Terminals terminals;
    terminals.count = 2;
    terminals.list[0] = {2, false, -1, 0.0, 0.0};
    terminals.list[1] = {2, true, -1, 0.0, kReferenceVoltage};
    {
        std::vector<PropertyLaw> laws(3);
        const double sigma[3] = {bench.map.matrix, bench.map.conductive, bench.map.insulating};
        for (int m = 0; m < 3; ++m) laws[m].kind = LawKind::constant, laws[m].count = 1, laws[m].c[0] = sigma[m];
        const auto device_laws = Buffer<PropertyLaw>::from(backend, laws);
        auto s = Buffer<double>::field(backend, grid);
        Buffer<double> outside(backend, 1);
        PropertyView view{grid, material.get(), device_laws.get()};
        backend.evaluate_property(view, s.get(), outside.get());
        const double spacing[3] = {h, h, hz};
        for (int axis = 0; axis < 3; ++axis) {
            face[axis] = Buffer<double>::field(backend, grid);
            backend.face_conductance({grid, axis, h * h * hz / spacing[axis], 0.5 * spacing[axis]}, s.get(), material.get(), {},
                                     terminals, face[axis].get(), rhs.get());
        }
        backend.synchronise();
    }

    LinearSolver solver(backend);
    const LinearSystem system{grid, {face[0].get(), face[1].get(), face[2].get(), nullptr}, rhs.get(), phi.get(), 0.0};
    SolveTolerance tolerance;
    tolerance.relative_residual = bench.tolerance;
    SolveReport report;
    for (int repeat = 0; repeat < bench.repeat; ++repeat) {
        phi.zero();
        backend.synchronise();
        const double start = seconds();
        solver.setup(system);
        backend.synchronise();
        const double middle = seconds();
        report = solver.solve(system, tolerance);
        backend.synchronise();
        const double end = seconds();
        result.setup_s.push_back(middle - start);
        result.solve_s.push_back(end - middle);
        if (!report.converged)
            throw SolveError("bench potential: not converged after " + std::to_string(report.iterations) + " iterations");
    }
    result.iterations = report.iterations;
    result.levels = solver.levels();
    result.relative_residual = report.relative_residual;
    Buffer<double> current(backend, 1);
    backend.terminal_current({grid, 2, h * h, 0.5 * hz}, face[2].get(), phi.get(), material.get(), terminals, 0, current.get());
    result.current_over_h = -current.download().front() / h;
    result.bytes_per_cell = double(backend.allocated_bytes() - before) / double(grid.cells());
    result.bandwidth_GB_per_s = 1e-9 * bandwidth;
    const double best = [&] {
        double least = 1e30;
        for (std::size_t r = 0; r < result.solve_s.size(); ++r) least = std::min(least, result.setup_s[r] + result.solve_s[r]);
        return least;
    }();
    result.bandwidth_fraction = solver.traffic_bytes(report) / best / bandwidth;
    return result;
}

}  // namespace jt
