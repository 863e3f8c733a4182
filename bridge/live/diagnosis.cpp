// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/diagnosis.hpp"

#include <algorithm>
#include <cmath>

#include "bridge/assimilation/quality_control.hpp"
#include "bridge/heater/instrument_model.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr double kSilent = 1.0;        // [s] without a message, for sensors that send often
constexpr double kOneSilent = 1.3;     // [s] of one alone: all of them do not fall silent at the same instant
constexpr double kPeriods = 6.0;       // periods without one, for slow sensors
constexpr double kDisagrees = 0.5;     // [s] of readings out of the gate without one within
constexpr double kAgreesAgain = 2.0;   // [s] then it is over
constexpr double kShown = 10.0;        // [s] for what happens at one moment
constexpr double kBroken = 1.5;        // voltage over the one expected: no bias of an instrument
constexpr std::uint64_t kGarbage = 5;  // rejected frames in 5 s: not a stray one

std::string signed_number(double value, const std::string& unit) {
    const double shown = unit == "K" ? std::round(value * 10.0) / 10.0 : value;
    return (value < 0.0 ? "" : "+") + format_for_people(shown, Dimension::number) + " " + unit;
}

std::uint64_t count(const std::map<std::string, std::uint64_t>& counters, const char* what) {
    const auto found = counters.find(what);
    return found == counters.end() ? 0 : found->second;
}

}  // namespace

Diagnosis::Diagnosis(const Scenario& scenario) {
    for (const Sensor& sensor : scenario.sensors) {
        Watched one;
        one.period_s = 1.0 / std::max(1e-3, instrument_model(sensor, scenario).rate_Hz);
        sensors_.push_back(one);
    }
}

void Diagnosis::look(const Batch& batch, TwinState& state, AlarmLedger& alarms) {
    const double t = batch.to_s;
    const std::size_t n = std::min({sensors_.size(), batch.sensors.size(), state.sensors.size()});
    bool all_silent = n > 0;
    for (std::size_t s = 0; s < n; ++s)
        all_silent = all_silent && batch.sensors[s].silent_s > std::max(kSilent, kPeriods * sensors_[s].period_s);
    alarms.set(all_silent, "heater.silent", 1, "nothing comes from the heater's sensors", "look at the heater and its network",
               t);
    for (std::size_t s = 0; s < n; ++s) {
        Watched& w = sensors_[s];
        const SensorIntake& in = batch.sensors[s];
        SensorState& shown = state.sensors[s];
        for (const auto& [what, number] : in.counters) shown.counters[what] += number;
        const double patience = std::max(kOneSilent, kPeriods * w.period_s);
        const bool lost = in.silent_s > patience;
        const bool empty = !lost && !in.below_range && in.without_value_s > patience;
        if (lost) shown.verdict = verdict::kLost;
        if (empty) shown.verdict = "without a value";
        alarms.set(lost && !all_silent, "sensor." + shown.name + ".lost", 2, shown.name + ": no readings come",
                   "the twin goes on without it; look at the sensor", t);
        alarms.set(empty, "sensor." + shown.name + ".empty", 2, shown.name + ": it sends no value",
                   "the twin goes on without it; look at the sensor", t);

        const std::uint64_t accepted = count(shown.counters, verdict::kAccepted),
                            gated = count(shown.counters, verdict::kGated), stuck = count(shown.counters, verdict::kStuck);
        if (stuck > w.stuck) w.stuck_at = t;
        alarms.set(!lost && !empty && t < w.stuck_at + kSilent, "sensor." + shown.name + ".stuck", 2,
                   shown.name + ": it is stuck, the same value again and again",
                   "the twin goes on without it; look at the sensor", t);
        if (gated > w.gated) {
            w.gated_at = t;
            if (w.gated_since < 0.0) w.gated_since = t;
        }
        if (accepted > w.accepted) w.gated_since = -1.0;
        const std::string id = "sensor." + shown.name + ".disagrees";
        if (w.gated_since >= 0.0 && t - w.gated_since >= kDisagrees && !alarms.active(id) && shown.innovation) {
            const bool contact = shown.kind == "voltage" && shown.reading && shown.predicted && *shown.predicted > 0.0 &&
                                 *shown.reading > kBroken * *shown.predicted;
            if (contact)
                alarms.raise(id, 1,
                             "the resistance between the terminals is " +
                                 format_for_people(*shown.reading / *shown.predicted, Dimension::number) +
                                 " times the twin's: a contact may have broken",
                             "look at the contacts; abort if the bed cools or arcs", t);
            else
                alarms.raise(id, 2, shown.name + ": off the twin by " + signed_number(*shown.innovation, shown.unit),
                             "a sensor that has shifted, or a twin that is wrong; compare with the other sensors", t);
        }
        if (t - w.gated_at >= kAgreesAgain) alarms.clear(id, t);
        w.accepted = accepted, w.gated = gated, w.stuck = stuck;
    }
    if (batch.clock_jumps > clock_jumps_) {
        clock_jumps_ = batch.clock_jumps, jumped_at_s_ = t;
        alarms.raise("clock", 3, "the heater's clock has jumped by " + signed_number(batch.last_clock_jump_s, "s"),
                     "none needed: the twin takes the jump out of the times", t);
    }
    if (t > jumped_at_s_ + kShown) alarms.clear("clock", t);
    alarms.set(batch.rejected_lately >= kGarbage, "garbage", 3, "messages come that cannot be read",
               "look at what else sends to this address: " + batch.last_rejection, t);
    alarms.set(state.misfit, "misfit", 2, "the model does not explain the readings",
               "take estimates as uncertain: " + state.message, t);
    alarms.set(state.quality == Quality::predicted && t > 2.0, "uncorrected", 1,
               "no sensor corrects the twin" + (state.message.empty() ? "" : ": " + state.message),
               "rely on nothing but the heater's own limits", t);
    const bool tripped = batch.heater.phase == HeaterPhase::tripped;
    alarms.set(tripped, "heater.tripped", 1,
               "the heater has tripped" + (batch.heater.message.empty() ? "" : ": " + batch.heater.message),
               "find the cause before the next start", t);
    alarms.set(!batch.problem.empty(), "heater.program", 3, "the heater's program cannot be read", batch.problem, t);
    alarms.set(state.degradation > 0, "degraded", 3, "this machine does not keep the pace",
               "the twin works more coarsely; give it more processors or a smaller bed", t);
}

}  // namespace jt
