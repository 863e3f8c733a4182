// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/state/screen_model.hpp"

#include <algorithm>
#include <cmath>

namespace jt {

Shown ScreenModel::shown(const std::string& column) const {
    Shown one;
    if (!history || !history->has(column)) {
        one.reason = "not in this run";
        return one;
    }
    const double at_s = shown_s.value_or(cursor_s);
    if (const auto now = history->at(column, at_s)) {
        one.value = *now;
        if (const auto row = history->row_at(at_s)) one.age_s = std::max(0.0, at_s - history->times()[*row]);
        return one;
    }
    if (const auto known = history->last_known(column, at_s)) {
        one.value = known->value;
        one.age_s = at_s - known->time_s;
        one.stale = true;
        return one;
    }
    one.reason = history->times().empty() ? "nothing recorded yet" : "no value so far";
    return one;
}

double ScreenModel::now_s() const {
    if (!twin || !goes_on()) return newest_s;
    const auto phase = twin->heater.phase;
    const bool runs = phase == HeaterFacts::Phase::running;
    const double silent = source.kind == SourceState::Kind::broken ? source.age_s : twin->expired ? twin->age_s : 0.0;
    return runs && std::isfinite(silent) ? std::max(newest_s, std::min(newest_s + silent, end_s)) : newest_s;
}

std::optional<Interval> ScreenModel::band(const std::string& column) const {
    if (!history) return std::nullopt;
    const double at_s = shown_s.value_or(cursor_s);
    const auto value = history->at(column, at_s), low = history->at(low_column(column), at_s),
               high = history->at(high_column(column), at_s);
    if (!value || !low || !high || !(*high >= *low)) return std::nullopt;
    return Interval{*value, *low, *high, DataQuality::good};
}

const TwinForecast* ScreenModel::forecast() const {
    return twin && twin->forecast && live ? &*twin->forecast : nullptr;
}

const Program* ScreenModel::program() const {
    if (!facts) return nullptr;
    const Scenario& s = facts->scenario;
    if (s.heater) return s.heater->program.time.empty() ? nullptr : &s.heater->program;
    if (s.furnace) return &s.furnace->wall;
    return nullptr;
}

bool ScreenModel::temperature_program() const {
    if (!facts) return false;
    const Scenario& s = facts->scenario;
    if (s.heater) return s.heater->mode == Heater::Mode::temperature || s.heater->mode == Heater::Mode::imposed;
    return s.furnace.has_value();
}

std::string_view name_of(Segment::Kind kind) {
    switch (kind) {
        case Segment::Kind::ramp:
            return "ramp";
        case Segment::Kind::hold:
            return "hold";
        case Segment::Kind::cool:
            return "cool";
        case Segment::Kind::step:
            return "step";
    }
    return "";
}

std::vector<Segment> segments_of(const Program& program, double end_s) {
    std::vector<Segment> segments;
    const auto add = [&](double from, double to, double a, double b) {
        const double scale = std::max({std::abs(a), std::abs(b), 1e-12});
        const auto kind = std::abs(b - a) < 1e-6 * scale ? Segment::Kind::hold
                          : b > a                        ? Segment::Kind::ramp
                                                         : Segment::Kind::cool;
        if (!segments.empty() && kind == Segment::Kind::hold && segments.back().kind == kind && segments.back().to_value == a) {
            segments.back().to_s = to;
            return;
        }
        segments.push_back({kind, from, to, a, b});
    };
    const auto& t = program.time;
    const auto& v = program.value;
    if (t.empty() || !(end_s > 0.0)) return segments;
    if (t.front() > 0.0) add(0.0, std::min(t.front(), end_s), v.front(), v.front());
    for (std::size_t n = 0; n + 1 < t.size(); ++n) {
        const double from = std::max(t[n], 0.0), to = std::min(t[n + 1], end_s);
        if (!(to > from)) continue;
        const double width = t[n + 1] - t[n];
        const auto at = [&](double s) { return v[n] + (v[n + 1] - v[n]) * (s - t[n]) / width; };
        add(from, to, at(from), at(to));
    }
    if (t.back() < end_s) add(std::max(t.back(), 0.0), end_s, v.back(), v.back());
    return segments;
}

double in_shown_unit(const Quantity& q, double value, bool kelvin) {
    return kelvin && q.offset != 0.0 ? value : value + q.offset;
}

std::string shown_unit(const Quantity& q, bool kelvin) {
    return kelvin && q.offset != 0.0 ? "K" : std::string(q.unit);
}

std::string plus_minus(double uncertainty) {
    if (!(uncertainty > 0.0) || !std::isfinite(uncertainty)) return {};
    const double first = uncertainty / std::pow(10.0, std::floor(std::log10(uncertainty) + 1e-9));
    return "\u00b1" + format_number(uncertainty, first < 1.95 || uncertainty >= 100.0 ? 2 : 1);
}

std::string shown_number(const Quantity& q, double value, bool kelvin) {
    return shown_number(q, value, kelvin, 0.0);
}

std::string shown_number(const Quantity& q, double value, bool kelvin, double uncertainty) {
    if (!(uncertainty > 0.0)) uncertainty = q.uncertainty;
    const double v = in_shown_unit(q, value, kelvin);
    // Digits of a number that is rounded to so many decimals; more than a double has do not mean anything.
    const auto rounded_to = [&](int decimals) {
        const double unit = std::pow(10.0, -decimals), rounded = std::round(v / unit) * unit;
        if (rounded == 0.0) return std::string("0");
        if (!std::isfinite(rounded)) return format_number(v, q.digits);
        const int before = int(std::floor(std::log10(std::abs(rounded)) + 1e-12)) + 1;
        return format_number(rounded, std::max(1, before + decimals));
    };
    if (!std::isfinite(v)) return format_number(v, q.digits);                                       // an em dash
    if (!(uncertainty > 0.0)) return q.offset != 0.0 ? rounded_to(0) : format_number(v, q.digits);  // whole degrees
    // The last decimal shown is that of the uncertainty's first digit, one more where that is a 1; whole numbers at least.
    const double order = std::floor(std::log10(uncertainty) + 1e-9);
    const int decimals = int(-order) + (uncertainty / std::pow(10.0, order) < 1.95 ? 1 : 0);
    return rounded_to(std::max(0, decimals));
}

}  // namespace jt
