// SPDX-License-Identifier: Apache-2.0
#include "twin/stepping/run_view.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/error.hpp"
#include "twin/stepping/percentile.hpp"
#include "twin/units.hpp"

namespace jt {

RunView::RunView(Backend& backend, const Scenario& scenario, const Bed& bed, Coupled& twin)
    : scenario_(scenario), bed_(bed), twin_(twin) {
    std::vector<Index> places;
    for (const Probe& probe : scenario.probes) {
        const auto at = probe_cell(probe);
        places.push_back(twin.heat().grid().index(at[0], at[1], at[2]));
    }
    if (!places.empty()) probe_T_ = CellSamples(backend, places);
}

std::vector<std::string> RunView::available() const {
    std::vector<std::string> names{"T_K"};
    if (const Microstructure* m = twin_.microstructure(); m && m->has_product())
        for (const auto& name : observable_names(m->observed())) names.push_back(name);
    if (carries_current())
        for (const char* name : {"phi_V", "J_A_per_m2", "J_over_J0", "sigma_S_per_m", "q_W_per_m3"}) names.push_back(name);
    return names;
}

const std::vector<float>& RunView::field(const std::string& quantity) {
    auto& kept = fields_[quantity];
    if (kept.empty()) kept = form(quantity);
    return kept;
}

std::vector<float> RunView::form(const std::string& quantity) {
    const auto narrow = [](const std::vector<double>& wide) { return std::vector<float>(wide.begin(), wide.end()); };
    if (quantity == "T_K") return narrow(twin_.heat().temperature_K());
    if (Microstructure* m = twin_.microstructure())
        for (const auto& name : observable_names(m->observed()))
            if (name == quantity) return narrow(m->field(name));
    ElectricField& electric = *twin_.electric();
    if (quantity == "phi_V") return narrow(electric.potential_V());
    if (quantity == "J_A_per_m2") return electric.current_density_A_per_m2();
    if (quantity == "J_over_J0") {
        auto J = field("J_A_per_m2");
        const double J0 = moment_.current_A / bed_.section(axis_of(scenario_.terminals.front().face));
        for (float& one : J) one = float(double(one) / J0);
        return J;
    }
    if (quantity == "sigma_S_per_m") return narrow(electric.conductivity_S_per_m(axis_of(scenario_.terminals.front().face)));
    if (quantity == "q_W_per_m3") return narrow(electric.joule_heat_W_per_m3());
    throw Error("a run has no field of " + quantity);
}

RunView::Look RunView::look(double t, const Moment& moment) {
    moment_ = moment;
    fields_.clear();
    Look seen;
    RunRecord& r = seen.record;
    r.time_s = t;
    const auto T = twin_.heat().temperature_K();
    std::vector<double> product;
    double total = 0.0;
    r.T_max_K = -std::numeric_limits<double>::infinity();
    for (std::size_t c = 0; c < T.size(); ++c) {
        if (!std::isfinite(T[c])) continue;
        r.T_max_K = std::max(r.T_max_K, T[c]);
        if (!bed_.product.empty() && !bed_.product[c]) continue;
        product.push_back(T[c]);
        total += T[c] - product.front();  // differences: a uniform bed has its temperature to the last bit
    }
    r.T_mean_K = product.front() + total / double(product.size());
    const auto [least, most] = std::minmax_element(product.begin(), product.end());
    r.T_min_K = *least;
    seen.hotter_K = *most - r.T_mean_K;
    r.T_spread_K = percentile(product, 0.95) - percentile(product, 0.05);
    if (scenario_.heater && (scenario_.heater->mode == Heater::Mode::temperature || moment_.imposed))
        r.setpoint_K = scenario_.heater->program.at(t);
    r.reading_K = moment_.reading_K;
    if (Microstructure* m = twin_.microstructure(); m && m->has_product()) r.microstructure = m->means();
    r.voltage_V = moment_.voltage_V, r.current_A = moment_.current_A, r.power_W = moment_.power_W;
    if (carries_current()) {
        seen.electric = twin_.electric()->report(moment_.voltage_V);
        const ElectricReport& e = *seen.electric;
        r.resistance_ohm = e.resistance;
        r.J_crowding = e.crowding;
        r.J_crowding_max = e.crowding_max;
        r.J_max_A_per_m2 = e.crowding_max * e.J0_A_per_m2;
    }
    if (!scenario_.probes.empty()) {
        const auto& at_probes = probe_T_.read(twin_.heat().T());
        for (std::size_t n = 0; n < scenario_.probes.size(); ++n) {
            const Probe& probe = scenario_.probes[n];
            r.probes[probe.name] = probe_value(probe, at_probes[n]);
        }
    }
    return seen;
}

std::array<int, 3> RunView::probe_cell(const Probe& probe) const {
    const Extents& e = bed_.extents;
    std::array<int, 3> at{};
    for (std::size_t a = 0; a < 3; ++a) {
        const double size = e.size()[a];
        if (!(probe.at[a] >= 0.0 && probe.at[a] <= size * (1.0 + 1e-12)))
            throw InputError("probe " + quote(probe.name) + ".at: " + format_for_people(probe.at[a], Dimension::length) +
                             " along " + "xyz"[a] + " lies outside the bed; allowed: 0 to " +
                             format_for_people(size, Dimension::length));
        at[a] = std::min(int(probe.at[a] / e.spacing()[a]), e.cells()[a] - 1);
    }
    return at;
}

std::optional<double> RunView::probe_value(const Probe& probe, double T) {
    const auto at = probe_cell(probe);
    const std::size_t cell = bed_.extents.index(at[0], at[1], at[2]);
    if (bed_.materials[bed_.material[cell]].is_void) return {};
    double value = std::nan("");
    const Microstructure* m = twin_.microstructure();
    const auto observables = m && m->has_product() ? observable_names(m->observed()) : std::vector<std::string>();
    if (probe.quantity == "T_K")
        value = T;
    else if (std::find(observables.begin(), observables.end(), probe.quantity) != observables.end())
        value = double(field(probe.quantity)[cell]);
    else if (carries_current())
        value = double(field(probe.quantity)[cell]);
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

}  // namespace jt
