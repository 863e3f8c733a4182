// SPDX-License-Identifier: Apache-2.0
#include "twin/electric/electric_run.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "kernels/error.hpp"
#include "twin/bed/voxelise.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

std::size_t cell_at(const Extents& e, const std::array<double, 3>& at, const std::string& name) {
    std::array<int, 3> cell{};
    for (std::size_t a = 0; a < 3; ++a) {
        const double size = e.size()[a];
        if (!(at[a] >= 0.0 && at[a] <= size * (1.0 + 1e-12)))
            throw InputError("probe " + quote(name) + ".at: " + format_for_people(at[a], Dimension::length) + " along " +
                             "xyz"[a] + " lies outside the bed; allowed: 0 to " + format_for_people(size, Dimension::length));
        cell[a] = std::min(int(at[a] / e.spacing()[a]), e.cells()[a] - 1);
    }
    return e.index(cell[0], cell[1], cell[2]);
}

double probe_value(const Probe& probe, std::size_t cell, const ElectricRun& run, const std::vector<double>& sigma) {
    if (probe.quantity == "phi_V") return run.phi_V[cell];
    if (probe.quantity == "J_A_per_m2") return double(run.J_A_per_m2[cell]);
    if (probe.quantity == "J_over_J0") return double(run.J_A_per_m2[cell]) / run.report.J0_A_per_m2;
    if (probe.quantity == "sigma_S_per_m") return sigma[cell] > 0.0 ? sigma[cell] : std::nan("");
    if (probe.quantity == "q_W_per_m3") return run.q_W_per_m3[cell];
    throw Error("probe quantity " + probe.quantity + " passed the schema and has no field");
}

}  // namespace

ElectricRun run_electric(Backend& backend, const Scenario& scenario) {
    const auto start = std::chrono::steady_clock::now();
    ElectricRun run;
    run.bed = voxelise(scenario, run.findings);
    std::vector<std::size_t> cells;
    for (const Probe& probe : scenario.probes) cells.push_back(cell_at(run.bed.extents, probe.at, probe.name));

    ElectricField field(backend, run.bed, scenario.terminals, scenario.interfaces);
    run.percolation = field.percolation();
    if (run.percolation.pinned_cells > 0)
        run.findings.push_back(std::to_string(run.percolation.pinned_cells) +
                               " conducting cells lie in islands that no terminal feeds; they carry no current");
    const Heater& heater = *scenario.heater;  // the reader demands one
    const double drive = heater.program.at(0.0);
    run.report = heater.mode == Heater::Mode::current ? field.solve_current(drive) : field.solve_voltage(drive);
    if (run.report.cells_outside_laws > 0)
        run.findings.push_back(
            std::to_string(run.report.cells_outside_laws) +
            " cells are outside the temperature range of their conductivity law; the value at its end is used");
    for (const Terminal& terminal : scenario.terminals) run.terminal_names.push_back(terminal.name);
    run.phi_V = field.potential_V();
    run.J_A_per_m2 = field.current_density_A_per_m2();
    run.J_axis_A_per_m2 = field.current_density_A_per_m2(axis_of(scenario.terminals.front().face));
    run.q_W_per_m3 = field.joule_heat_W_per_m3();
    const auto sigma = field.conductivity_S_per_m(axis_of(scenario.terminals.front().face));
    for (std::size_t n = 0; n < cells.size(); ++n) {
        const double value = probe_value(scenario.probes[n], cells[n], run, sigma);
        run.probes[scenario.probes[n].name] = std::isfinite(value) ? std::optional(value) : std::nullopt;
    }
    run.bytes_per_cell = double(backend.peak_bytes()) / double(run.bed.extents.count());
    run.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return run;
}

}  // namespace jt
