// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/coupled_summary.hpp"

#include <algorithm>
#include <cmath>

#include "twin/quantity/quantity.hpp"
#include "twin/recording/current_histogram.hpp"
#include "twin/recording/timeseries.hpp"

namespace jt {
namespace {

using Json = nlohmann::ordered_json;

// The largest value of a column, over the records that have it.
template <class Get>
void put_peak(Json& out, const char* name, const CoupledRun& run, Get get) {
    std::optional<double> most;
    for (const RunRecord& r : run.records) {
        const std::optional<double> value = get(r);
        if (value && std::isfinite(*value)) most = most ? std::max(*most, *value) : *value;
    }
    if (most) out[name] = *most;
}

Json peaks(const CoupledRun& run, bool electric) {
    Json out = Json::object();
    put_peak(out, "T_K", run, [](const RunRecord& r) { return std::optional(r.T_max_K); });
    put_peak(out, "T_mean_K", run, [](const RunRecord& r) { return std::optional(r.T_mean_K); });
    put_peak(out, "T_spread_K", run, [](const RunRecord& r) { return std::optional(r.T_spread_K); });
    if (electric) {
        put_peak(out, "J_A_per_m2", run, [](const RunRecord& r) { return r.J_max_A_per_m2; });
        put_peak(out, "J_crowding", run, [](const RunRecord& r) { return r.J_crowding; });
        put_peak(out, "J_crowding_max", run, [](const RunRecord& r) { return r.J_crowding_max; });
    }
    return out;
}

Json last_values(const CoupledRun& run, bool electric) {
    Json out = Json::object();
    if (run.records.empty()) return out;
    const RunRecord& last = run.records.back();
    out = {{"T_mean_K", last.T_mean_K}, {"T_max_K", last.T_max_K}, {"T_min_K", last.T_min_K}, {"T_spread_K", last.T_spread_K}};
    if (!electric) return out;
    // Known while a current flows: the last one known, where the run ends without.
    const auto known =
        std::find_if(run.records.rbegin(), run.records.rend(), [](const RunRecord& r) { return r.resistance_ohm; });
    if (known != run.records.rend()) out["resistance_ohm"] = *known->resistance_ohm;
    out["voltage_V"] = last.voltage_V;
    out["current_A"] = last.current_A;
    out["power_W"] = last.power_W;
    return out;
}

// What the run has made: means over mass, what each may be off by, how it is spread over the bed.
Json microstructure(const Product& product) {
    Json out = Json::object(), uncertainty = Json::object(), spread = Json::object();
    for (const std::string& name : observable_names(product.observed)) {
        out[name] = product.means.at(name);
        if (const double u = quantity(name).uncertainty; u > 0.0) uncertainty[name] = u;
        if (const auto d = product.distributions.find(name); d != product.distributions.end())
            spread[name] = {{"p05", d->second.p05},
                            {"p50", d->second.p50},
                            {"p95", d->second.p95},
                            {"edges", d->second.edges},
                            {"share", d->second.share}};
    }
    out["uncertainty"] = uncertainty;
    out["distribution"] = spread;
    out["outside_calibrated_cells"] = product.outside_calibration;
    out["outside_calibrated_share"] = double(product.outside_calibration) / double(std::max<std::int64_t>(1, product.cells));
    out["mass_kg"] = product.mass_kg;
    if (product.observed.releases) {
        out["released_kg"] = product.released_kg;
        out["mass_left_kg"] = product.mass_kg - product.released_kg;
    }
    return out;
}

}  // namespace

Json coupled_summary(const CoupledRun& run, const Scenario& scenario, const Backend& backend, const std::string& version,
                     const RunFile* fields) {
    const bool electric = time_series_columns(scenario).electric;
    Json out;
    out["version"] = version;
    out["device"] = backend.name();
    out["hardware"] = backend.description();
    out["instruction_set"] = backend.instruction_set();
    out["cells"] = run.bed.extents.count();
    if (!run.steady) {
        out["steps"] = run.steps;
        out["rejected_steps"] = run.rejected;
        out["simulated_s"] = run.simulated_s;
    }
    out["wall_s"] = run.wall_s;
    out["step_wall_s"] = run.step_wall_s;
    if (!run.steady && run.wall_s > 0.0) out["realtime_factor"] = run.simulated_s / run.wall_s;
    out["bytes_per_cell"] = run.bytes_per_cell;
    out["interrupted"] = run.interrupted;
    if (run.failure) out["failure"] = *run.failure;
    out["solver"] = {{"newton", run.newton}, {"heat_iterations", run.heat_iterations}};
    if (electric) out["solver"]["potential_iterations"] = run.potential_iterations;
    const Energy& e = run.energy;
    if (run.steady)
        out["power"] = {{"electrical_W", e.electrical_J},
                        {"source_W", e.source_J},
                        {"lost_W", e.lost_J},
                        {"residual_relative", run.energy_residual_relative}};
    else
        out["energy"] = {{"electrical_J", e.electrical_J},   {"source_J", e.source_J},
                         {"stored_J", e.stored_J},           {"lost_J", e.lost_J},
                         {"assimilated_J", e.assimilated_J}, {"residual_relative", run.energy_residual_relative}};
    if (electric) out["current_balance_relative"] = run.current_balance_relative;
    out["peak"] = peaks(run, electric);
    out["final"] = last_values(run, electric);
    if (run.product) out["microstructure"] = microstructure(*run.product);
    if (fields)
        if (const auto histogram = current_histogram(run, *fields))
            out["current_density_histogram"] = histogram_json(*histogram);
    Json probes = Json::object();
    if (!run.records.empty())
        for (const auto& [name, value] : run.records.back().probes) probes[name] = value ? Json(*value) : Json(nullptr);
    out["probes"] = probes;
    out["findings"] = run.findings;
    out["events"] = Json::array();
    for (const RunEvent& event : run.events) out["events"].push_back({{"time_s", event.time_s}, {"text", event.text}});
    return out;
}

}  // namespace jt
