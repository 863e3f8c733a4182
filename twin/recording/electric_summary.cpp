// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/electric_summary.hpp"

#include "twin/recording/current_histogram.hpp"

namespace jt {

nlohmann::ordered_json electric_summary(const ElectricRun& run, const Backend& backend, const std::string& version) {
    const ElectricReport& r = run.report;
    nlohmann::ordered_json out;
    out["version"] = version;
    out["device"] = backend.name();
    out["hardware"] = backend.description();
    out["instruction_set"] = backend.instruction_set();
    out["cells"] = run.bed.extents.count();
    out["wall_s"] = run.wall_s;
    out["bytes_per_cell"] = run.bytes_per_cell;
    out["current_balance_relative"] = r.current_balance_relative;
    out["power_closure_relative"] = r.closure_relative;
    out["solver"] = {{"iterations", r.solve.iterations}, {"relative_residual", r.solve.relative_residual}};
    out["peak"] = {
        {"J_A_per_m2", r.crowding_max * r.J0_A_per_m2}, {"J_crowding", r.crowding}, {"J_crowding_max", r.crowding_max}};
    out["final"] = {{"resistance_ohm", r.resistance}, {"voltage_V", r.voltage},
                    {"current_A", r.current},         {"power_W", r.power},
                    {"joule_W", r.joule_W},           {"contact_W", r.contact_W},
                    {"J0_A_per_m2", r.J0_A_per_m2},   {"J_mean_A_per_m2", r.mean_J_A_per_m2}};
    if (const auto histogram = current_histogram(run)) out["current_density_histogram"] = histogram_json(*histogram);
    nlohmann::ordered_json terminals = nlohmann::ordered_json::object();
    for (std::size_t t = 0; t < run.terminal_names.size(); ++t)
        terminals[run.terminal_names[t]] = {{"current_A", r.terminal_currents[t]}};
    out["terminals"] = terminals;
    out["percolation"] = {{"percolates", run.percolation.percolates},
                          {"components", run.percolation.components},
                          {"pinned_cells", run.percolation.pinned_cells},
                          {"finding", run.percolation.finding}};
    nlohmann::ordered_json probes = nlohmann::ordered_json::object();
    for (const auto& [name, value] : run.probes) probes[name] = value ? nlohmann::ordered_json(*value) : nullptr;
    out["probes"] = probes;
    out["events"] = run.findings;
    return out;
}

}  // namespace jt
