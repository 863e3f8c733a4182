// SPDX-License-Identifier: Apache-2.0
// What a twin gives rise to: its forecast, sensors, heater, commands.
#include "viz/screen/state/alarm_judge.hpp"

#include <algorithm>
#include <cmath>

namespace jt {
namespace {

constexpr double kChanceDeadband = 0.05;  // of a probability

}  // namespace

const LimitChance* AlarmJudge::chance_of(std::string_view quantity) const {
    if (!m_.twin || !at_end_ || !m_.twin->forecast || m_.twin->forecast->expired) return nullptr;
    const LimitChance* worst = nullptr;
    for (const LimitChance& one : m_.twin->forecast->limits)
        if (one.quantity == quantity && (!worst || one.probability > worst->probability)) worst = &one;
    return worst;
}

bool AlarmJudge::likely(const LimitChance& chance, const std::string& id) {
    const double p = std::clamp(chance.probability, 0.0, 1.0);
    if (!(p >= kPossible)) {
        if (p >= kPossible - kChanceDeadband) hold(id, AlarmPriority::low);
        return false;
    }
    const bool temperature_limit = chance.quantity.starts_with("T_");
    const TwinForecast& forecast = *m_.twin->forecast;
    auto& one = add(id, p >= kLikely ? AlarmPriority::high : AlarmPriority::low);
    const std::string name = chance.quantity == "T_max_K"    ? "T max inside"
                             : chance.quantity == "T_mean_K" ? "T mean"
                                                             : chance.quantity;
    const double percent = std::min(99.0, std::round(100.0 * p));  // nothing is certain
    const double in_s = chance.in_s ? std::max(0.0, *chance.in_s - forecast.age_s) : 0.0;
    one.text = name + ": " + format_number(percent, 2) + " % above " +
               (temperature_limit ? temperature(chance.limit) : format_number(chance.limit, 3)) +
               (chance.in_s ? " in " + seconds_text(in_s) : " within " + seconds_text(forecast.to_s - forecast.from_s));
    one.cause = "By the twin's forecast so many of its members reach the " +
                (chance.what.empty() ? std::string("limit") : chance.what) + " under the heater's program.";
    one.consequence = "Above the limit the heater may switch off and the run is lost.";
    one.action = "Hold the heater (H) or lower its program before that; look at the forecast's band.";
    if (chance.in_s) one.respond_s = in_s;
    one.off_delay_s = 2 * kAlarmOffDelay;  // a new forecast comes once a second
    return true;
}

void AlarmJudge::twin() {
    const TwinFacts& twin = *m_.twin;
    if (twin.forecast && !twin.forecast->expired)
        for (const LimitChance& one : twin.forecast->limits)
            if (one.quantity != "T_max_K") likely(one, "limit." + one.quantity);
    heater(twin);
    command();
    if (source_silent()) return;  // what it said last of its sensors is not of now
    const std::size_t at_work = twin.sensors_at_work();
    if (!twin.sensors.empty() && at_work == 0) {
        auto& one = add("sensors", AlarmPriority::high, AlarmKind::validity);
        one.text = "All sensors lost: the twin predicts without correction";
        one.cause = "No sensor has given a reading that counts: link, supply of the instruments, or their faults.";
        one.consequence = "Bands widen; the bed may be in another state than shown.";
        one.action = "Check the sensors' link; go by the heater's own display; hold or abort if none comes back.";
        one.respond_s = 10.0;
    }
    for (const TwinSensor& sensor : twin.sensors) sensor_lost(sensor, at_work == 0);
    if (twin.misfit) {
        auto& one = add("misfit", AlarmPriority::low, AlarmKind::validity);
        one.text = "Model misfit: NIS " + format_number(twin.nis, 2) + ", expected " + format_number(twin.nis_low, 2) + " to " +
                   format_number(twin.nis_high, 2);
        one.cause = "The bed does what no member of the twin does: a defect, a wrong material, a contact that changes.";
        one.consequence = "Bands and forecasts are too narrow; parameters are not identified.";
        one.action = "Trust the sensors more than the twin; look at the innovations (3).";
        one.off_delay_s = 3 * kAlarmOffDelay;
    }
    if (twin.degradation > 0) {
        auto& one = add("degraded", AlarmPriority::low, AlarmKind::validity);
        one.text = "Twin degraded, step " + std::to_string(twin.degradation) +
                   (twin.message.empty() ? std::string() : ": " + twin.message);
        one.cause = "The twin's computer cannot keep up with the run at full resolution.";
        one.consequence = "Forecasts and fields come more rarely; at worst readings count every half second, and late.";
        one.action = "Free the computer of other work, or run the twin on a coarser bed or with fewer members.";
        one.off_delay_s = 3 * kAlarmOffDelay;
    }
}

bool AlarmJudge::source_silent() const {
    return m_.source.kind == SourceState::Kind::broken || m_.twin->expired ||
           (m_.source.kind == SourceState::Kind::live && m_.source.age_s > kStaleAfter);
}

void AlarmJudge::sensor_lost(const TwinSensor& sensor, bool all) {
    const bool low = sensor.verdict == "below floor";
    if (low || (!sensor.lost && !(sensor.age_s > kSensorUnused))) return;
    if (all) return;  // said once
    const bool feedback = scenario_.heater && scenario_.heater->feedback == sensor.name;
    auto& one = add("sensor." + sensor.name, feedback ? AlarmPriority::high : AlarmPriority::low, AlarmKind::validity);
    one.text = (feedback ? "Feedback sensor " : "Sensor ") + sensor.name + " " +
               (sensor.verdict.empty() || sensor.verdict == "accepted" ? "lost" : sensor.verdict) +
               ": nothing that counts for " + seconds_text(sensor.age_s);
    one.cause = sensor.verdict == "lost" || sensor.verdict.empty()
                    ? "The sensor or its line is interrupted, or its window is covered."
                    : "Its readings do not agree with time, range or what the twin can explain: " + sensor.verdict + ".";
    one.consequence = feedback ? "The heater may regulate blind; temperatures shown lean on the other sensors."
                               : "Bands widen where it looked.";
    one.action = "Check the sensor and its line; see its counters (2).";
    if (feedback) one.respond_s = 10.0;
}

void AlarmJudge::heater(const TwinFacts& twin) {
    const HeaterFacts& heater = twin.heater;
    if (!source_silent() && !heater.heard) {
        auto& one = add("heater", AlarmPriority::high, AlarmKind::validity);
        one.text = "Heater silent for " + seconds_text(heater.age_s);
        one.cause = "The heater's program has ended or its link is interrupted; the heater itself may go on.";
        one.consequence = "Phase, set point and confirmations shown are old; commands may not arrive.";
        one.action = "Go by the heater's own display; end the heating there if need be.";
        one.respond_s = 10.0;
        one.on_delay_s = 1.0;  // a screen that has just come may not have its status yet
    }
    if (heater.phase == HeaterFacts::Phase::tripped && !tripped()) {
        auto& one = add("tripped", AlarmPriority::high);
        one.text = "Heater tripped" + (heater.message.empty() ? std::string() : ": " + heater.message);
        one.cause = "The heater's own interlock switched the current off.";
        one.consequence = "The bed cools; the rest of the program is not carried out.";
        one.action = "Let it cool. Find out why before the heater is switched on again.";
        one.on_delay_s = 0.0;
    }
    if (heater.phase == HeaterFacts::Phase::aborted) {
        auto& one = add("aborted", AlarmPriority::low);
        one.text = "Heater aborted" + (heater.message.empty() ? std::string() : ": " + heater.message);
        one.cause = "It was told to, here or elsewhere.";
        one.consequence = "The bed cools; the rest of the program is not carried out.";
        one.action = "Start it again when what led to it is cleared.";
        one.on_delay_s = 0.0;
    }
    if (heater.watchdog && heater.heard) {
        auto& one = add("watchdog", AlarmPriority::low, AlarmKind::validity);
        one.text = "The heater misses the twin's heartbeat";
        one.cause = "The link from the twin to the heater is interrupted.";
        one.consequence = "The heater goes on by its own program; commands may not arrive.";
        one.action = "Check the link; command the heater at its own panel.";
    }
}

void AlarmJudge::command() {
    if (!m_.heater) return;
    const auto last = m_.heater->last();
    if (!last) return;
    using State = HeaterCommand::State;
    const std::string verb(name_of(last->verb));
    const bool abort = last->verb == HeaterVerb::abort;
    if (abort && (last->state == State::refused || last->state == State::unanswered ||
                  (last->state == State::sent && last->age_s > kCommandWaits))) {
        auto& one = add("abort", AlarmPriority::urgent);
        one.text = last->state == State::refused ? "Abort REFUSED" + (last->reason.empty() ? "" : ": " + last->reason)
                                                 : "Abort not confirmed for " + seconds_text(last->age_s);
        one.cause = last->state == State::refused ? "The heater has refused it." : "The heater has not answered.";
        one.consequence = "The heater may go on heating.";
        one.action = "Switch the heater off by hand now.";
        one.respond_s = 2.0;
        one.on_delay_s = 0.0;
    } else if (last->state == State::refused || last->state == State::unanswered) {
        auto& one = add("command", AlarmPriority::low);
        one.text = "Command " + verb + (last->state == State::refused ? " refused" : " not answered") +
                   (last->reason.empty() ? std::string() : ": " + last->reason);
        one.cause = last->state == State::refused ? "The heater checks each command against its phase and limits."
                                                  : "The heater did not answer in time; the command will not be done later.";
        one.consequence = "The heater goes on as before.";
        one.action = "See what it says; command again if it is still wanted (6).";
        one.on_delay_s = 0.0;
    }
}

}  // namespace jt
