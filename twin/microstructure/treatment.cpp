// SPDX-License-Identifier: Apache-2.0
#include "twin/microstructure/treatment.hpp"

#include <algorithm>
#include <limits>

namespace jt {
namespace {

constexpr double kSlow = 1.0;      // [K/s] an imposed rise below it is a furnace's
constexpr double kAtTheTop = 0.5;  // [K]

const Program* program_of(const Scenario& scenario) {
    if (scenario.heater &&
        (scenario.heater->mode == Heater::Mode::temperature || scenario.heater->mode == Heater::Mode::imposed))
        return &scenario.heater->program;
    return scenario.furnace ? &scenario.furnace->wall : nullptr;
}

}  // namespace

std::optional<Treatment> treatment_of(const Scenario& scenario) {
    const Program* program = program_of(scenario);
    if (!program || program->time.empty() || scenario.run.steady || scenario.run.solve != RunSpec::Solve::coupled) return {};
    const double end = scenario.run.duration;
    Program p = *program;
    if (p.time.front() > 0.0) p.time.insert(p.time.begin(), 0.0), p.value.insert(p.value.begin(), p.value.front());
    if (p.time.back() < end) p.time.push_back(end), p.value.push_back(p.value.back());  // it stays where it ends
    Treatment treatment;
    // a run that ends inside a segment goes no further than it
    for (std::size_t n = 0; n < p.time.size(); ++n)
        if (p.time[n] <= end) treatment.T_K = std::max(treatment.T_K, p.value[n]);
    treatment.T_K = std::max(treatment.T_K, p.at(end));
    bool there = false;
    for (std::size_t n = 0; n < p.time.size() && p.time[n] <= end; ++n) {
        if (p.value[n] < treatment.T_K - kAtTheTop) continue;
        if (!there) treatment.dwell_from_s = p.time[n], there = true;
        treatment.dwell_to_s = p.time[n];
        if (n + 1 == p.time.size() || p.value[n + 1] < treatment.T_K - kAtTheTop) continue;
        const double until = std::min(p.time[n + 1], end);
        treatment.dwell_s += until - p.time[n];
        treatment.dwell_to_s = until;
    }
    if (!there) treatment.dwell_from_s = treatment.dwell_to_s = end;
    for (std::size_t n = 0; n + 1 < p.time.size() && p.time[n] < end; ++n) {
        const double rise = p.value[n + 1] - p.value[n], time = p.time[n + 1] - p.time[n];
        if (rise > 0.0)
            treatment.fastest_K_per_s =
                std::max(treatment.fastest_K_per_s, time > 0.0 ? rise / time : std::numeric_limits<double>::infinity());
    }
    const bool imposed_slowly = scenario.heater && scenario.heater->mode == Heater::Mode::imposed &&
                                treatment.fastest_K_per_s > 0.0 && treatment.fastest_K_per_s < kSlow;
    treatment.route = scenario.furnace || imposed_slowly ? PaperSample::Route::furnace : PaperSample::Route::joule;
    return treatment;
}

}  // namespace jt
