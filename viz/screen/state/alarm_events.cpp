// SPDX-License-Identifier: Apache-2.0
// What the run's events give rise to, and its energy balance.
#include "viz/screen/state/alarm_judge.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "twin/stepping/run_events.hpp"

namespace jt {
namespace {

std::string up_to(const std::string& text, char mark) {
    return text.substr(0, text.find(mark));
}

}  // namespace

bool AlarmJudge::tripped() const {
    return m_.events && std::any_of(m_.events->begin(), m_.events->end(), [&](const ScreenEvent& event) {
               return event.time_s <= t_ + 1e-9 && event_kind(event.text) == RunEventKind::limit_temperature;
           });
}

void AlarmJudge::events() {
    if (!m_.events) return;
    std::map<RunEventKind, const ScreenEvent*> last, first;
    for (const ScreenEvent& event : *m_.events) {
        if (!(event.time_s <= t_ + 1e-9)) continue;
        if (const auto kind = event_kind(event.text)) last[*kind] = &event, first.try_emplace(*kind, &event);
    }
    const auto since_event = [&](AlarmCondition& one, RunEventKind kind) {
        one.on_delay_s = 0.0;
        one.since_s = first[kind]->time_s;
    };
    if (const auto at = last.find(RunEventKind::limit_temperature); at != last.end()) {
        auto& one = add("tripped", AlarmPriority::high);
        one.text = "Heater off: " + up_to(at->second->text, ':');
        one.cause = "The heater's own sensor saw more than its limit; the interlock switched the current off.";
        one.consequence = "The bed cools; the rest of the program is not carried out.";
        one.action = "Let it cool. Find out why it became hot before the heater is switched on again.";
        since_event(one, RunEventKind::limit_temperature);
    }
    if (const auto at = last.find(RunEventKind::filamentation); at != last.end()) {
        const auto current = m_.history ? m_.history->at("current_A", t_) : std::nullopt;
        if (!current) hold("filament", AlarmPriority::high);
        if (current && *current > 0.0) {
            auto& one = add("filament", AlarmPriority::high);
            const auto crowding = m_.history->at("J_crowding", t_);
            one.text = "Filamentation: the current gathers in hot channels" +
                       (crowding ? ", |J|/J\u2080 " + format_number(*crowding, 3) : std::string());
            one.cause = "Where the bed is hotter it conducts better: current and heat gather there.";
            one.consequence = "The product becomes uneven: overtreated in the channels, undertreated beside them.";
            one.action = "Lower the power or ramp more slowly; next time mix or press the bed more evenly.";
            one.respond_s = 5.0;
            since_event(one, RunEventKind::filamentation);
        }
    }
    if (const auto at = last.find(RunEventKind::outside_calibration); at != last.end()) {
        auto& one = add("calibration", AlarmPriority::low, AlarmKind::validity);
        one.text = up_to(at->second->text, '(');
        while (!one.text.empty() && one.text.back() == ' ') one.text.pop_back();
        one.cause = "Places are treated hotter or milder than any sample that the model was fitted to.";
        one.consequence = "Microstructure and capacity of these places are extrapolated.";
        one.action = "Do not rely on the microstructure there.";
        since_event(one, RunEventKind::outside_calibration);
    }
    if (const auto at = last.find(RunEventKind::outside_laws); at != last.end()) {
        auto& one = add("laws", AlarmPriority::low, AlarmKind::validity);
        one.text = up_to(at->second->text, ';');
        one.cause = "A property is not known at this temperature; its value at the end of the range is used.";
        one.consequence = "Temperatures of these places are less certain.";
        one.action = "Take T max with care.";
        since_event(one, RunEventKind::outside_laws);
    }
    if (const auto at = last.find(RunEventKind::inaccurate_step); at != last.end()) {
        auto& one = add("accuracy", AlarmPriority::low, AlarmKind::validity);
        one.text = "A step was less accurate than asked for";
        one.cause = "Something changes faster than the shortest step can follow.";
        one.consequence = "Numbers near that moment are less certain.";
        one.action = "Repeat the run with a finer tolerance or a softer program.";
        since_event(one, RunEventKind::inaccurate_step);
    }
}

void AlarmJudge::energy() {
    if (!m_.status.energy_residual) return;
    const double residual = std::abs(*m_.status.energy_residual);
    if (residual <= kEnergyTolerance) {
        if (residual > 0.5 * kEnergyTolerance) hold("energy", AlarmPriority::low, AlarmKind::validity);
        return;
    }
    auto& one = add("energy", AlarmPriority::low, AlarmKind::validity);
    one.text = "Energy balance does not close: " + format_number(residual, 2);
    one.cause = "The solver loses or gains energy.";
    one.consequence = "The numbers are not to be trusted.";
    one.action = "Go by the sensors. Report this run with its scenario.";
}

}  // namespace jt
