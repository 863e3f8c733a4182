// SPDX-License-Identifier: Apache-2.0
#include "twin/bench/potential.hpp"

#include <algorithm>
#include <chrono>

#include "kernels/buffer.hpp"
#include "kernels/error.hpp"
#include "twin/bench/reference_bed.hpp"
#include "twin/solver/linear_solver.hpp"

namespace jt {

double seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::array<double, 3> conductivities(const ReferenceMap& map) {
    return {map.matrix, map.conductive, map.insulating};
}

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

SolveReport time_solves(Backend& backend, LinearSolver& solver, const LinearSystem& system, double tolerance, int repeat,
                        const char* problem, const std::function<void()>& reset, std::vector<double>& setup_s,
                        std::vector<double>& solve_s) {
    SolveTolerance asked;
    asked.relative_residual = tolerance;
    SolveReport report;
    for (int n = 0; n < repeat; ++n) {
        reset();
        backend.synchronise();
        const double start = seconds();
        solver.setup(system);
        backend.synchronise();
        const double middle = seconds();
        report = solver.solve(system, asked);
        backend.synchronise();
        setup_s.push_back(middle - start);
        solve_s.push_back(seconds() - middle);
        if (!report.converged)
            throw SolveError(std::string(problem) + ": not converged after " + std::to_string(report.iterations) +
                             " iterations");
    }
    return report;
}

PotentialBenchResult bench_potential(Backend& backend, const PotentialBench& bench) {
    PotentialBenchResult result;
    const double bandwidth = measured_bandwidth(backend);
    const std::size_t before = backend.allocated_bytes();

    ReferenceBed bed(backend, bench.map, bench.aspect);
    const Grid& grid = bed.grid();
    const Terminals electrodes = ReferenceBed::electrodes(0.0, kReferenceVoltage);
    ReferenceOperator op = bed.make_operator();
    auto phi = Buffer<double>::field(backend, grid);
    {
        auto s = Buffer<double>::field(backend, grid);
        bed.assemble(ReferenceProperty(backend, conductivities(bench.map)), nullptr, electrodes, s.get(), op);
        backend.synchronise();
    }

    LinearSolver solver(backend);
    const LinearSystem system{grid, op.faces(), op.rhs.get(), phi.get(), 0.0};
    const SolveReport report = time_solves(
        backend, solver, system, bench.tolerance, bench.repeat, "bench potential", [&] { phi.zero(); }, result.setup_s,
        result.solve_s);
    result.iterations = report.iterations;
    result.levels = solver.levels();
    result.relative_residual = report.relative_residual;
    result.current_over_h = -bed.current_at_low_end(op, phi.get(), electrodes) / kReferenceSpacing;
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
