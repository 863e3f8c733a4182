// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "twin/stepping/run_events.hpp"
#include "viz/screen/state/alarms.hpp"

namespace jt {

namespace {

constexpr double kLimitDeadband = 5.0;             // [K]
constexpr double kNearDeadband = 0.005;            // of the limit in K
constexpr double kHorizonDeadband = 3.0;           // [s]
constexpr double kFollowDeadband = 5.0;            // [K]
constexpr double kSlopeWindow = 2.5;               // [s] that a slope is taken over ...
constexpr double kFarthest = 4.0;                  // ... and how many times as far it is continued
constexpr double kForecastStep = 0.05;             // [s]
constexpr double kAtSupplyLimit = 0.98;            // of the limit: the supply stands at it
constexpr double kCauseWithin = 10.0;              // [s]: an event so long ago may be the cause
constexpr double kChanceDeadband = 0.05;           // of a probability
constexpr double kOnDelay = 0.3, kOffDelay = 1.0;  // [s] against chatter

std::string number_text(double value, int digits) {
    return format_number(value, digits);
}

// Seconds for people: one decimal below 100.
std::string seconds_text(double s) {
    char text[32];
    std::snprintf(text, sizeof text, s < 99.95 ? "%.1f s" : "%.0f s", s);
    return text;
}

class Judge {
public:
    Judge(const ScreenModel& model, double t, bool at_end, bool kelvin)
        : m_(model), t_(t), at_end_(at_end), kelvin_(kelvin), scenario_(model.facts->scenario) {}

    std::vector<AlarmCondition> conditions() {
        fate();
        if (m_.twin && at_end_) twin();
        if (m_.twin && at_end_ && source_silent()) {
            // What was known last is not of now: nothing begins, nothing ends.
            for (const char* id : {"T_limit", "T_near", "set_point", "feedback", "filament"}) hold(id, AlarmPriority::high);
        } else if (m_.history && !m_.history->times().empty() && m_.history->row_at(t_)) {
            limit();
            feedback();
            set_point();
        }
        events();
        energy();
        return std::move(out_);
    }

private:
    const ScreenModel& m_;
    double t_;
    bool at_end_, kelvin_;
    const Scenario& scenario_;
    std::vector<AlarmCondition> out_;

    std::string temperature(double K) const {
        const Quantity& q = quantity("T_K");
        return shown_number(q, K, kelvin_) + " " + shown_unit(q, kelvin_);
    }
    static std::string difference(double K) { return number_text(std::abs(K), std::abs(K) < 10.0 ? 2 : 3) + " K"; }

    AlarmCondition& add(std::string id, AlarmPriority priority, AlarmKind kind = AlarmKind::process) {
        AlarmCondition one;
        one.id = std::move(id), one.priority = priority, one.kind = kind;
        one.on_delay_s = kOnDelay, one.off_delay_s = kOffDelay;
        out_.push_back(std::move(one));
        return out_.back();
    }
    void hold(std::string id, AlarmPriority priority, AlarmKind kind = AlarmKind::process) {
        add(std::move(id), priority, kind).certain = false;
    }

    std::optional<double> at(const char* column) const { return m_.history->at(column, t_); }

    // Since when `holds(row)` is true without a break up to now; absent: it is not.
    template <class Holds>
    std::optional<double> since(Holds holds) const {
        std::optional<double> first;
        for (std::size_t n = *m_.history->row_at(t_) + 1; n-- > 0 && holds(n);) first = m_.history->times()[n];
        return first;
    }

    // Slope of a column above the set point where there is a program of temperature [K/s], and over how long it was seen. The
    // smaller one of the whole window and of its later half: what fades does not go on.
    struct Slope {
        double K_per_s, seen_s;
    };
    std::optional<Slope> slope(std::span<const double> values, const Program* program) const {
        const auto& times = m_.history->times();
        const std::size_t last = *m_.history->row_at(t_);
        if (last < 2) return std::nullopt;
        std::size_t from = last;
        while (from > 0 && times[from - 1] >= times[last] - kSlopeWindow) --from;
        from = std::min(from, last - 2);
        const auto fit = [&](std::size_t first) -> std::optional<double> {
            double n = 0, st = 0, sv = 0, stt = 0, stv = 0;
            for (std::size_t row = first; row <= last; ++row) {
                const double t = times[row] - times[last], v = values[row] - (program ? program->at(times[row]) : 0.0);
                if (!std::isfinite(v)) return std::nullopt;
                n += 1, st += t, sv += v, stt += t * t, stv += t * v;
            }
            const double det = n * stt - st * st;
            return det > 0.0 ? std::optional((n * stv - st * sv) / det) : std::nullopt;
        };
        const auto whole = fit(from), later = fit(std::min(last - 1, (from + last) / 2));
        if (!whole || !later) return std::nullopt;
        return Slope{std::min(*whole, *later), times[last] - times[from]};
    }

    // Time until T max reaches the limit when the set point follows its program and T max leaves it as it does now; absent: not
    // within the horizon.
    std::optional<double> time_to(double limit, double T_max, double horizon) const {
        const Program* program = m_.temperature_program() ? m_.program() : nullptr;
        const auto now = slope(m_.history->column("T_max_K"), program);
        if (!now) return std::nullopt;
        horizon = std::min(horizon, kFarthest * now->seen_s);
        for (double s = kForecastStep; s <= horizon; s += kForecastStep) {
            const double planned = program ? program->at(t_ + s) - program->at(t_) : 0.0;
            if (T_max + planned + now->K_per_s * s >= limit) return s;
        }
        return std::nullopt;
    }

    void limit() {
        if (!scenario_.heater || !scenario_.heater->limit_temperature) return;
        const double limit = *scenario_.heater->limit_temperature;
        const auto T = at("T_max_K");
        if (!T) {
            hold("T_limit", AlarmPriority::urgent), hold("T_near", AlarmPriority::high);
            return;
        }
        const auto column = m_.history->column("T_max_K");
        if (*T > limit) {
            auto& one = add("T_limit", AlarmPriority::urgent);
            one.text = "T max inside: " + temperature(*T) + ", above the limit of " + temperature(limit);
            one.cause = "The hottest place of the bed is above what the heater's interlock allows; its sensor may not see it.";
            one.consequence = "The product there is treated hotter than planned; electrodes and tube may be damaged.";
            one.action = "Lower the set point or end the heating at the heater. Look at the bed view for the place.";
            one.respond_s = 5.0;
            one.on_delay_s = 0.0;
            one.since_s = since([&](std::size_t row) { return column[row] > limit; });
        } else if (*T > limit - kLimitDeadband) {
            hold("T_limit", AlarmPriority::urgent);
        }
        if (*T > limit) {
            hold("T_near", AlarmPriority::high);  // what is above is no longer near
            return;
        }
        // A twin's forecast, of members that follow the heater's controller, in place of a straight line.
        const LimitChance* chance = chance_of("T_max_K");
        if (chance && likely(*chance, "T_near")) return;
        const bool near = !chance && *T > limit * (1.0 - kNearLimit);
        const auto crossing = chance ? std::nullopt : time_to(limit, *T, kForecastHorizon + kHorizonDeadband);
        if (near || (crossing && *crossing <= kForecastHorizon)) {
            auto& one = add("T_near", AlarmPriority::high);
            if (crossing && *crossing <= kForecastHorizon) {
                one.text = "T max inside: " + temperature(limit) + " in " + seconds_text(*crossing) + " at this rate";
                one.respond_s = *crossing;
            } else {
                one.text = "T max inside: " + temperature(*T) + ", " + difference(limit - *T) + " below the limit";
                one.since_s = since([&](std::size_t row) { return column[row] > limit * (1.0 - kNearLimit); });
            }
            one.cause = "The bed inside runs hotter than its set point, or the set point is close to the limit of " +
                        temperature(limit) + ".";
            one.consequence = "Above the limit the heater may switch off and the run is lost.";
            one.action = "Compare T max with the reading; lower the set point if it goes on rising.";
        } else if (!chance && (*T > limit * (1.0 - kNearLimit - kNearDeadband) || crossing)) {
            hold("T_near", AlarmPriority::high);
        }
    }

    double floor_of_feedback() const {
        for (const Sensor& sensor : scenario_.sensors)
            if (scenario_.heater && sensor.name == scenario_.heater->feedback) return sensor.floor.value_or(0.0);
        return 0.0;
    }

    // A reading counts above its sensor's floor.
    std::optional<double> reading(std::size_t row) const {
        const auto column = m_.history->column("reading_K");
        if (column.empty() || !std::isfinite(column[row]) || column[row] <= floor_of_feedback() + 0.5) return std::nullopt;
        return column[row];
    }

    void feedback() {
        if (!scenario_.heater || scenario_.heater->feedback.empty() || !m_.history->has("reading_K")) return;
        if (m_.twin && at_end_) return;  // it says more of each sensor
        if (at("reading_K")) return;
        const auto T = at("T_mean_K");
        if (!T) {
            hold("feedback", AlarmPriority::high, AlarmKind::validity);
            return;
        }
        if (*T <= floor_of_feedback()) return;
        const auto known = m_.history->last_known("reading_K", t_);
        auto& one = add("feedback", AlarmPriority::high, AlarmKind::validity);
        one.text = "Feedback sensor " + scenario_.heater->feedback + ": " +
                   (known ? "no reading for " + seconds_text(t_ - known->time_s) : "no reading");
        one.cause = "The sensor or its line is interrupted, or its window is covered.";
        one.consequence = "The heater regulates blind; temperatures shown are the model's alone.";
        one.action = "Check the sensor and its line; hold or end the heating if it does not come back.";
        one.respond_s = 10.0;
        const auto column = m_.history->column("reading_K");
        one.since_s = since([&](std::size_t row) { return !std::isfinite(column[row]); });
    }

    // Signed distance of the set point that nothing in the bed is at [K]: from the reading where the sensor sees, else from the
    // range of temperatures in the bed. Natural cooling below a falling program is as fast as it goes: no fault.
    std::optional<double> distance(std::size_t row) const {
        const auto sp = m_.history->column("setpoint_K");
        if (sp.empty() || !std::isfinite(sp[row])) return std::nullopt;
        double d = 0.0;
        if (const auto seen = reading(row)) {
            d = *seen - sp[row];
        } else {
            const auto low = m_.history->column("T_min_K"), high = m_.history->column("T_max_K");
            if (low.empty() || high.empty() || !std::isfinite(low[row]) || !std::isfinite(high[row])) return std::nullopt;
            d = sp[row] < low[row] ? low[row] - sp[row] : sp[row] > high[row] ? high[row] - sp[row] : 0.0;
        }
        if (d > 0.0 && no_current(row) && below_its_past(row)) return 0.0;
        return d;
    }
    bool no_current(std::size_t row) const {
        const auto current = m_.history->column("current_A");
        return !current.empty() && std::abs(current[row]) < 1e-9;
    }
    bool below_its_past(std::size_t row) const {
        const Program* program = m_.temperature_program() ? m_.program() : nullptr;
        if (!program) return false;
        const double t = m_.history->times()[row], now = program->at(t);
        for (std::size_t n = 0; n < program->time.size() && program->time[n] <= t; ++n)
            if (program->value[n] > now + 1.0) return true;
        return false;
    }

    void set_point() {
        if (!m_.temperature_program() || !m_.history->has("setpoint_K")) return;
        const std::size_t row = *m_.history->row_at(t_);
        const auto now = distance(row);
        if (!now) {
            if (at("setpoint_K")) hold("set_point", AlarmPriority::high);
            return;
        }
        if (std::abs(*now) <= kNotFollowed) {
            if (std::abs(*now) > kNotFollowed - kFollowDeadband) hold("set_point", AlarmPriority::high);
            return;
        }
        const auto from = since([&](std::size_t n) {
            const auto d = distance(n);
            return d && std::abs(*d) > kNotFollowed;
        });
        if (!from || t_ - *from <= kNotFollowedFor) {
            hold("set_point", AlarmPriority::high);
            return;
        }
        auto& one = add("set_point", AlarmPriority::high);
        one.text = "Set point not followed: " + difference(*now) + (*now < 0 ? " below" : " above") + " for " +
                   seconds_text(t_ - *from);
        one.cause = cause_of(*now);
        one.consequence = "The product is treated otherwise than planned; see the capacity at the end of the run.";
        one.action = *now < 0 ? "Check contact and supply limits, or lower the ramp; hold longer to make up for it."
                              : "Lower the set point or end the heating if it does not come down.";
        one.respond_s = 30.0;
        one.since_s = from;
    }

    std::string cause_of(double distance) const {
        const Supply& supply = scenario_.heater ? scenario_.heater->supply : Supply{};
        const auto stands_at = [&](const char* column, std::optional<double> limit) {
            const auto now = at(column);
            return limit && now && std::abs(*now) >= kAtSupplyLimit * *limit;
        };
        if (tripped()) return "The heater has switched the current off at its temperature limit.";
        if (distance > 0.0) {
            if (no_current(*m_.history->row_at(t_)))
                return "The heater gives no current any more; the bed cools as fast as it can.";
            return "The heater gives more than is needed, or the sensor sees a cold place.";
        }
        std::string which;
        if (stands_at("current_A", supply.current))
            which = "current, " + number_text(*supply.current, 3) + " A";
        else if (stands_at("voltage_V", supply.voltage))
            which = "voltage, " + number_text(*supply.voltage, 3) + " V";
        else if (m_.events)
            for (const ScreenEvent& event : *m_.events)
                if (event.time_s <= t_ + 1e-9 && event.time_s >= t_ - kCauseWithin &&
                    event_kind(event.text) == RunEventKind::supply_limit)
                    which = event.text.substr(event_text::kSupplyLimit.size());
        if (!which.empty()) return "The supply stands at its limit of " + which + ".";
        return "The heater gives too little for the bed, or its sensor sees a hot place.";
    }

    bool tripped() const {
        return m_.events && std::any_of(m_.events->begin(), m_.events->end(), [&](const ScreenEvent& event) {
                   return event.time_s <= t_ + 1e-9 && event_kind(event.text) == RunEventKind::limit_temperature;
               });
    }

    static std::string up_to(const std::string& text, char mark) { return text.substr(0, text.find(mark)); }

    void events() {
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
                           (crowding ? ", |J|/J\u2080 " + number_text(*crowding, 3) : std::string());
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

    void energy() {
        if (!m_.status.energy_residual) return;
        const double residual = std::abs(*m_.status.energy_residual);
        if (residual <= kEnergyTolerance) {
            if (residual > 0.5 * kEnergyTolerance) hold("energy", AlarmPriority::low, AlarmKind::validity);
            return;
        }
        auto& one = add("energy", AlarmPriority::low, AlarmKind::validity);
        one.text = "Energy balance does not close: " + number_text(residual, 2);
        one.cause = "The solver loses or gains energy.";
        one.consequence = "The numbers are not to be trusted.";
        one.action = "Go by the sensors. Report this run with its scenario.";
    }

    // What the twin's forecast says of a limit; null: nothing that is valid.
    const LimitChance* chance_of(std::string_view quantity) const {
        if (!m_.twin || !at_end_ || !m_.twin->forecast || m_.twin->forecast->expired) return nullptr;
        const LimitChance* worst = nullptr;
        for (const LimitChance& one : m_.twin->forecast->limits)
            if (one.quantity == quantity && (!worst || one.probability > worst->probability)) worst = &one;
        return worst;
    }

    // "T max inside: 95 % above 1050 degC in 4.1 s". False: not likely enough to be told.
    bool likely(const LimitChance& chance, const std::string& id) {
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
        one.text = name + ": " + number_text(percent, 2) + " % above " +
                   (temperature_limit ? temperature(chance.limit) : number_text(chance.limit, 3)) +
                   (chance.in_s ? " in " + seconds_text(in_s) : " within " + seconds_text(forecast.to_s - forecast.from_s));
        one.cause = "By the twin's forecast so many of its members reach the " +
                    (chance.what.empty() ? std::string("limit") : chance.what) + " under the heater's program.";
        one.consequence = "Above the limit the heater may switch off and the run is lost.";
        one.action = "Hold the heater (H) or lower its program before that; look at the forecast's band.";
        if (chance.in_s) one.respond_s = in_s;
        one.off_delay_s = 2 * kOffDelay;  // a new forecast comes once a second
        return true;
    }

    void twin() {
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
            one.text = "Model misfit: NIS " + number_text(twin.nis, 2) + ", expected " + number_text(twin.nis_low, 2) + " to " +
                       number_text(twin.nis_high, 2);
            one.cause = "The bed does what no member of the twin does: a defect, a wrong material, a contact that changes.";
            one.consequence = "Bands and forecasts are too narrow; parameters are not identified.";
            one.action = "Trust the sensors more than the twin; look at the innovations (3).";
            one.off_delay_s = 3 * kOffDelay;
        }
        if (twin.degradation > 0) {
            auto& one = add("degraded", AlarmPriority::low, AlarmKind::validity);
            one.text = "Twin degraded, step " + std::to_string(twin.degradation) +
                       (twin.message.empty() ? std::string() : ": " + twin.message);
            one.cause = "The twin's computer cannot keep up with the run at full resolution.";
            one.consequence = "Fewer members or a coarser model: bands are rougher than they look.";
            one.action = "Free the computer of other work, or run the twin on a coarser bed.";
            one.off_delay_s = 3 * kOffDelay;
        }
    }

    bool source_silent() const {
        return m_.source.kind == SourceState::Kind::broken || m_.twin->expired ||
               (m_.source.kind == SourceState::Kind::live && m_.source.age_s > kStaleAfter);
    }

    void sensor_lost(const TwinSensor& sensor, bool all) {
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

    void heater(const TwinFacts& twin) {
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

    void command() {
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
            one.cause = last->state == State::refused
                            ? "The heater checks each command against its phase and limits."
                            : "The heater did not answer in time; the command will not be done later.";
            one.consequence = "The heater goes on as before.";
            one.action = "See what it says; command again if it is still wanted (6).";
            one.on_delay_s = 0.0;
        }
    }

    // How the source and the run as a whole fare.
    void fate() {
        using Kind = SourceState::Kind;
        const bool expired = m_.twin && m_.twin->expired;
        if (m_.source.kind == Kind::live && (m_.source.age_s > kStaleAfter || expired)) {
            auto& one = add("stale", AlarmPriority::high, AlarmKind::validity);
            const double age = m_.twin ? std::max(m_.source.age_s, m_.twin->age_s) : m_.source.age_s;
            one.text = (m_.twin ? "Twin silent for " : "Nothing new for ") + seconds_text(age) + ": what is shown is old";
            one.cause = "The run computes slower than it is shown, is stopped, or its link is interrupted.";
            one.consequence = "The bed may be in another state than shown.";
            one.action = "Go by the heater's own display until data come again.";
            one.respond_s = 10.0;
            one.on_delay_s = 0.0;
        }
        if (m_.source.kind == Kind::broken) {
            auto& one = add("lost", AlarmPriority::high, AlarmKind::validity);
            one.text = m_.twin && !m_.source.text.empty()
                           ? m_.source.text
                           : "Data lost" + (m_.source.text.empty() ? std::string() : ": " + m_.source.text);
            one.cause = "The run's files or its link cannot be read any more.";
            one.consequence = "The bed may be in another state than shown.";
            one.action = m_.source.advice.empty() ? "Go by the heater's own display." : m_.source.advice;
            one.on_delay_s = 0.0;
        }
        if (!at_end_) return;
        const auto& status = m_.status;
        if (status.phase == RunStatus::Phase::failed) {
            auto& one = add("failed", AlarmPriority::urgent);
            one.text = "Run failed" + (status.failure.empty() ? std::string() : ": " + status.failure);
            one.cause = status.failure.empty() ? "The run did not say why." : "The solver: " + status.failure + ".";
            one.consequence = "There is no prediction from here on.";
            one.action = "Go by the sensors. If it is a thermal runaway, end the heating at the heater.";
            one.respond_s = 5.0;
            one.on_delay_s = 0.0;
        } else if (m_.source.kind == Kind::finished &&
                   (status.phase == RunStatus::Phase::interrupted || status.phase == RunStatus::Phase::unfinished)) {
            const bool interrupted = status.phase == RunStatus::Phase::interrupted;
            auto& one = add(interrupted ? "interrupted" : "killed", AlarmPriority::low);
            one.text = interrupted ? "Run interrupted before its end" : "Run ended without a word: killed, or power lost";
            one.cause = interrupted ? "It was stopped by its user." : "The program did not end by itself.";
            one.consequence = "What was computed is kept; the rest is missing.";
            one.action = "It can be resumed from its folder (run --resume).";
            one.on_delay_s = 0.0;
        }
    }
};

std::vector<AlarmCondition> conditions_at(const ScreenModel& model, double t, bool at_end, bool kelvin) {
    if (!model.facts) return {};
    return Judge(model, t, at_end, kelvin).conditions();
}

}  // namespace

std::vector<AlarmCondition> conditions_of(const ScreenModel& model, bool kelvin) {
    return conditions_at(model, model.cursor_s, model.cursor_s >= model.newest_s - 1e-9, kelvin);
}

void update_alarms(AlarmBook& book, const ScreenModel& model, bool kelvin) {
    if (!model.facts) return;  // nothing can be judged: all stays as it is
    const auto conditions = conditions_at(model, model.newest_s, true, kelvin);
    book.update(conditions, {model.wall_s, model.newest_s, model.clock});
}

}  // namespace jt
