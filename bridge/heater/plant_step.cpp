// SPDX-License-Identifier: Apache-2.0
// Of Plant: steps, the loop with its interlocks, and instruments that follow.
#include <algorithm>
#include <cmath>

#include "bridge/heater/plant_impl.hpp"
#include "kernels/error.hpp"
#include "twin/same_time.hpp"
#include "twin/stepping/run_events.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
// A step ends with a ramp of the supply that takes more than this share of it; shorter ones are inside it (as run_coupled).
constexpr double kLongRamp = 0.2;
constexpr double kOldReading = 0.25;       // [s] from then on the loop takes a reading as lost
constexpr double kLostTrip = 5.0;          // [s] without the feedback sensor: the interlock
constexpr double kBeyondProgram = 3600.0;  // [s] holds may last in all

}  // namespace

void Plant::Impl::look(double I, double V, std::vector<double>& out) {
    out.resize(models.size());
    for (std::size_t n = 0; n < models.size(); ++n) {
        if (eyes[n])
            out[n] = eyes[n]->truth(twin->heat());
        else
            out[n] = models[n].kind == InstrumentModel::Kind::current ? I : V + models[n].lead_ohm * I;
    }
}

void Plant::Impl::settle() {
    look(0.0, 0.0, seen);
    std::vector<PlantReading> made;
    set_sensor_faults();
    for (std::size_t n = 0; n < instruments.size(); ++n) instruments[n].settle(clock, seen[n], made);
    keep(made);
}

void Plant::Impl::keep(std::vector<PlantReading>& made) {
    std::stable_sort(made.begin(), made.end(), [](const PlantReading& a, const PlantReading& b) {
        return std::pair(a.time_s, a.sensor) < std::pair(b.time_s, b.sensor);
    });
    for (PlantReading& r : made) {
        if (run > 0) r.run_s = r.time_s - start_clock;
        on_the_way.push_back(r);
    }
}

void Plant::Impl::cut(HeaterPhase to, const std::string& why) {
    if (phase == HeaterPhase::holding) offset += run_s() - held_at;
    phase = to;
    message = why;
    stopped_at = run_s();
    if (control) control.reset();
    supply.reset();
    drive.mode = Drive::Mode::none;
    drive.program = nullptr;
    last.current = last.voltage = last.power = last.resistance = 0.0;
    event(why);
}

std::optional<double> Plant::Impl::reading_of(std::size_t n) const {
    const auto& shown = instruments[n].shown();
    if (!shown || shown->time_s < clock - std::max(kOldReading, 1.5 / models[n].rate_Hz)) return {};
    return shown->below_floor ? models[n].floor_K : shown->value;
}

void Plant::Impl::interlocks() {
    const double t = run_s();
    if (scenario.heater->limit_temperature)
        for (std::size_t n = 0; n < models.size(); ++n) {
            if (!models[n].thermometer()) continue;
            const auto reading = reading_of(n);
            if (!reading || *reading <= *scenario.heater->limit_temperature) continue;
            return cut(HeaterPhase::tripped,
                       std::string(event_text::kLimitTemperature) +
                           format_for_people(*scenario.heater->limit_temperature, Dimension::temperature) +
                           " reached by sensor " + quote(models[n].name) + ": the current is switched off");
        }
    if (control) {
        const bool lost = control->lost();
        if (!lost) lost_since.reset();
        if (lost && !lost_since) lost_since = t, event("feedback sensor " + quote(scenario.heater->feedback) + " lost");
        if (lost_since && t - *lost_since >= kLostTrip - kSameTime)
            return cut(HeaterPhase::tripped, "feedback sensor " + quote(scenario.heater->feedback) + " lost for " +
                                                 format_for_people(kLostTrip, Dimension::time) +
                                                 ": the current is switched off");
    }
    const double longest = options.longest_run_s > 0.0 ? options.longest_run_s : length() + kBeyondProgram;
    if (t >= longest - kSameTime)
        cut(HeaterPhase::tripped, "the run has lasted " + format_for_people(longest, Dimension::time) +
                                      ", the longest allowed: the current is switched off");
}

void Plant::Impl::sample() {
    const double t = run_s();
    const Heater& heater = *scenario.heater;
    double command = heater.mode == Heater::Mode::current ? reference.at(t) : 0.0;
    if (control) command = control->command(t, {reading_of(std::size_t(feedback())), last.current, last.voltage});
    supply->command(t, command);
    interlocks();
}

void Plant::Impl::note_limit(bool now, const char* what, bool& before) {
    if (now && !before) {
        event(std::string(event_text::kSupplyLimit) + what);
        message = events.back().text;
    }
    if (!now && before && message == std::string(event_text::kSupplyLimit) + what) message = "";
    before = now;
}

void Plant::Impl::step(double to) {
    break_contacts();
    set_sensor_faults();
    double t = run_s();
    if (on()) {
        if (phase == HeaterPhase::running && program_s() >= length() - kSameTime)
            cut(HeaterPhase::finished, "the program has ended");
        else if (supply && t >= next_sample - kSameTime) {
            sample();
            next_sample = double(++samples) / scenario.heater->supply.update;
        } else if (!supply) {
            interlocks();
        }
    }
    const auto next_corner = std::upper_bound(corners.begin(), corners.end(), t + kSameTime);
    double until = std::min(to - start_clock, next_corner == corners.end() ? kNever : *next_corner);
    if (phase == HeaterPhase::running) {
        const double end = length() + offset;
        if (end > t + kSameTime) until = std::min(until, end);
    }
    Drive now = drive;
    Program ramp;
    if (on() && supply) {
        until = std::min(until, next_sample);
        const PowerSupply::Ramp r = supply->current(t, last.resistance);
        ramp.time = {t, std::max(r.end, t)};
        ramp.value = {r.now, r.target};
        now.program = &ramp;
        note_limit(supply->at_current_limit(), "current", at_current);
        note_limit(supply->at_voltage_limit(), "voltage", at_voltage);
        if (const double change = supply->next_change(t); change < until - kSameTime) until = change;
        if (r.end > t + kSameTime && r.end - t > kLongRamp * (until - t)) until = std::min(until, r.end);
    } else if (on()) {
        now.program = &reference;
    }
    const StepReport before = last;
    StepReport done;
    try {
        done = twin->advance(until, now);
    } catch (const SolveError& error) {
        dead = true;
        cut(HeaterPhase::tripped, error.what());
        return;
    }
    last = done;
    if (on() && !supply) {
        note_limit(done.at_current_limit, "current", at_current);
        note_limit(done.at_voltage_limit, "voltage", at_voltage);
    }
    if (done.outside_laws > 0 && !over) {
        over = true;
        event(std::to_string(done.outside_laws) + std::string(event_text::kOutsideLaws) + "; the value at its end is used");
    }
    measure(t, before, done, now);
}

void Plant::Impl::measure(double t0, const StepReport& before, const StepReport& done, const Drive& driven) {
    std::vector<double> at_end;
    look(done.current, done.voltage, at_end);
    const double t1 = done.time;
    const bool limited = done.at_current_limit || done.at_voltage_limit;
    const bool ramped = driven.mode == Drive::Mode::current && driven.program && !limited;
    const double R0 = before.current > 0.0 ? before.voltage / before.current : done.resistance, R1 = done.resistance;
    // Current and voltage from a time in the step on; at a jump of the program after it.
    const auto electric = [&](double t, bool after) -> std::pair<double, double> {
        const double share = (t - t0) / (t1 - t0);
        if (!ramped) {
            if (driven.mode == Drive::Mode::none) return {0.0, 0.0};
            return {before.current + share * (done.current - before.current),
                    before.voltage + share * (done.voltage - before.voltage)};
        }
        const Program& p = *driven.program;
        double I = p.at(t);
        if (after)
            for (std::size_t n = 0; n < p.time.size(); ++n)
                if (p.time[n] == t) I = p.value[n];
        return {I, I * (R0 + share * (R1 - R0))};
    };
    std::vector<double> ends{t1};
    if (ramped)
        for (const double t : driven.program->time)
            if (t > t0 + kSameTime && t < t1 - kSameTime) ends.push_back(t);
    std::sort(ends.begin(), ends.end());
    std::vector<PlantReading> made;
    for (std::size_t n = 0; n < instruments.size(); ++n) {
        double from_t = t0;
        for (const double t : ends) {
            double low, high;
            const double a = (from_t - t0) / (t1 - t0), b = (t - t0) / (t1 - t0);
            if (eyes[n]) {
                low = seen[n] + a * (at_end[n] - seen[n]);
                high = t == t1 ? at_end[n] : seen[n] + b * (at_end[n] - seen[n]);
            } else {
                const auto value = [&](std::pair<double, double> now) {
                    return models[n].kind == InstrumentModel::Kind::current ? now.first
                                                                            : now.second + models[n].lead_ohm * now.first;
                };
                low = value(electric(from_t, true));
                high = value(electric(t, false));
            }
            instruments[n].follow(start_clock + t, low, high, made);
            from_t = t;
        }
    }
    seen = at_end;
    clock = start_clock + t1;
    keep(made);
}

void Plant::Impl::advance(double to) {
    while (clock < to - kSameTime) {
        if (run > 0 && !dead) {
            step(to);
            continue;
        }
        // nothing moves
        set_sensor_faults();
        std::vector<PlantReading> made;
        for (std::size_t n = 0; n < instruments.size(); ++n) {
            if (!eyes[n]) seen[n] = 0.0;
            instruments[n].follow(to, seen[n], seen[n], made);
        }
        clock = to;
        keep(made);
    }
}

}  // namespace jt
