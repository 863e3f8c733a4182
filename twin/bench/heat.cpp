// SPDX-License-Identifier: Apache-2.0
#include "twin/bench/heat.hpp"

#include <algorithm>

#include "kernels/error.hpp"
#include "twin/bench/potential.hpp"
#include "twin/bench/reference_bed.hpp"
#include "twin/solver/linear_solver.hpp"

namespace jt {

HeatBenchResult bench_heat(Backend& backend, const HeatBench& bench) {
    HeatBenchResult result;
    const double bandwidth = measured_bandwidth(backend);
    const std::size_t before = backend.allocated_bytes();
    ReferenceBed bed(backend, bench.map);
    const Grid& grid = bed.grid();
    auto rhs = Buffer<double>::field(backend, grid), T = Buffer<double>::field(backend, grid);
    std::size_t most = 0;

    {  // Joule heat of P1
        const Terminals electrodes = ReferenceBed::electrodes(0.0, kReferenceVoltage);
        ReferenceOperator op = bed.make_operator();
        auto s = Buffer<double>::field(backend, grid), phi = Buffer<double>::field(backend, grid);
        bed.assemble(ReferenceProperty(backend, conductivities(bench.map)), nullptr, electrodes, s.get(), op);
        LinearSolver solver(backend);
        const LinearSystem system{grid, op.faces(), op.rhs.get(), phi.get(), 0.0};
        solver.setup(system);
        SolveTolerance tolerance;
        tolerance.relative_residual = bench.tolerance;
        if (!solver.solve(system, tolerance).converged) throw SolveError("bench heat: the potential does not converge");
        bed.add_joule_heat(op, phi.get(), s.get(), electrodes, rhs.get());
        backend.synchronise();
        most = backend.allocated_bytes() - before;
    }

    ReferenceOperator op = bed.make_operator();
    auto sink = Buffer<double>::field(backend, grid);
    {
        auto k = Buffer<double>::field(backend, grid);
        bed.assemble(ReferenceProperty(backend, {kReferenceK, kReferenceKIn, kReferenceKIn}), nullptr,
                     ReferenceBed::electrodes(kReferenceTemperature, kReferenceTemperature), k.get(), op);
        backend.synchronise();
    }
    const double weight = kReferenceHeatCapacity * bed.volume() / kReferenceStep;
    backend.fill(grid, weight, sink.get());
    backend.fill(grid, kReferenceTemperature, T.get());
    backend.combine(grid, 1.0, rhs.get(), 1.0, op.rhs.get(), rhs.get());
    backend.combine(grid, 1.0, rhs.get(), weight, T.get(), rhs.get());

    LinearSolver solver(backend);
    const LinearSystem system{grid, op.faces(sink.get()), rhs.get(), T.get(), 0.0};
    const SolveReport report = time_solves(
        backend, solver, system, bench.tolerance, bench.repeat, "bench heat",
        [&] { backend.fill(grid, kReferenceTemperature, T.get()); }, result.setup_s, result.solve_s);
    result.iterations = report.iterations;
    result.levels = solver.levels();
    result.relative_residual = report.relative_residual;
    result.bytes_per_cell = double(std::max(most, backend.allocated_bytes() - before)) / double(grid.cells());
    result.bandwidth_GB_per_s = 1e-9 * bandwidth;
    double best = result.setup_s[0] + result.solve_s[0];
    for (std::size_t r = 0; r < result.solve_s.size(); ++r) best = std::min(best, result.setup_s[r] + result.solve_s[r]);
    result.bandwidth_fraction = solver.traffic_bytes(report) / best / bandwidth;
    const auto field = download_field<double>(backend, grid, T);
    for (const double t : field) result.mean_T_K += t;
    result.mean_T_K /= double(field.size());
    result.max_T_K = *std::max_element(field.begin(), field.end());
    return result;
}

}  // namespace jt
