// SPDX-License-Identifier: Apache-2.0
// What the bed and its regulation give rise to: limit, set point, feedback sensor.
#include "viz/screen/state/alarm_judge.hpp"

#include <algorithm>
#include <cmath>

#include "twin/stepping/run_events.hpp"

namespace jt {
namespace {

constexpr double kLimitDeadband = 5.0;    // [K]
constexpr double kNearDeadband = 0.005;   // of the limit in K
constexpr double kHorizonDeadband = 3.0;  // [s]
constexpr double kFollowDeadband = 5.0;   // [K]
constexpr double kSlopeWindow = 2.5;      // [s] that a slope is taken over ...
constexpr double kFarthest = 4.0;         // ... and how many times as far it is continued
constexpr double kForecastStep = 0.05;    // [s]
constexpr double kAtSupplyLimit = 0.98;   // of the limit: the supply stands at it
constexpr double kCauseWithin = 10.0;     // [s]: an event so long ago may be the cause

}  // namespace

std::optional<AlarmJudge::Slope> AlarmJudge::slope(std::span<const double> values, const Program* program) const {
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

std::optional<double> AlarmJudge::time_to(double limit, double T_max, double horizon) const {
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

void AlarmJudge::limit() {
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

double AlarmJudge::floor_of_feedback() const {
    for (const Sensor& sensor : scenario_.sensors)
        if (scenario_.heater && sensor.name == scenario_.heater->feedback) return sensor.floor.value_or(0.0);
    return 0.0;
}

std::optional<double> AlarmJudge::reading(std::size_t row) const {
    const auto column = m_.history->column("reading_K");
    if (column.empty() || !std::isfinite(column[row]) || column[row] <= floor_of_feedback() + 0.5) return std::nullopt;
    return column[row];
}

void AlarmJudge::feedback() {
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

std::optional<double> AlarmJudge::distance(std::size_t row) const {
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

bool AlarmJudge::no_current(std::size_t row) const {
    const auto current = m_.history->column("current_A");
    return !current.empty() && std::abs(current[row]) < 1e-9;
}

bool AlarmJudge::below_its_past(std::size_t row) const {
    const Program* program = m_.temperature_program() ? m_.program() : nullptr;
    if (!program) return false;
    const double t = m_.history->times()[row], now = program->at(t);
    for (std::size_t n = 0; n < program->time.size() && program->time[n] <= t; ++n)
        if (program->value[n] > now + 1.0) return true;
    return false;
}

void AlarmJudge::set_point() {
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
    one.text =
        "Set point not followed: " + difference(*now) + (*now < 0 ? " below" : " above") + " for " + seconds_text(t_ - *from);
    one.cause = cause_of(*now);
    one.consequence = "The product is treated otherwise than planned; see the capacity at the end of the run.";
    one.action = *now < 0 ? "Check contact and supply limits, or lower the ramp; hold longer to make up for it."
                          : "Lower the set point or end the heating if it does not come down.";
    one.respond_s = 30.0;
    one.since_s = from;
}

std::string AlarmJudge::cause_of(double distance) const {
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
        which = "current, " + format_number(*supply.current, 3) + " A";
    else if (stands_at("voltage_V", supply.voltage))
        which = "voltage, " + format_number(*supply.voltage, 3) + " V";
    else if (m_.events)
        for (const ScreenEvent& event : *m_.events)
            if (event.time_s <= t_ + 1e-9 && event.time_s >= t_ - kCauseWithin &&
                event_kind(event.text) == RunEventKind::supply_limit)
                which = event.text.substr(event_text::kSupplyLimit.size());
    if (!which.empty()) return "The supply stands at its limit of " + which + ".";
    return "The heater gives too little for the bed, or its sensor sees a hot place.";
}

}  // namespace jt
