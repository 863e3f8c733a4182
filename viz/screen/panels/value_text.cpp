// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/value_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/screen/state/alarms.hpp"

namespace jt {

namespace {

constexpr double kThinSpace = 6.0;
constexpr double kNoCurrent = 1e-9;  // [A]

std::string printed(const char* format, double value) {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

// Value and unit with a prefix, so that the number has 1 to 4 digits before the point.
ValueText prefixed(double value, const char* unit, int digits) {
    const double size = std::abs(value);
    if (!(size > 0.0) || !std::isfinite(value)) return {format_number(value, digits), unit};
    struct Prefix {
        double from, factor;
        const char* name;
    };
    static constexpr Prefix prefixes[] = {
        {1e6, 1e-6, "M"}, {1e3, 1e-3, "k"}, {0.9995, 1.0, ""}, {0.9995e-3, 1e3, "m"}, {0.0, 1e6, "\u00b5"}};
    for (const Prefix& prefix : prefixes)
        if (size >= prefix.from) return {format_number(value * prefix.factor, digits), std::string(prefix.name) + unit};
    return {format_number(value, digits), unit};
}

// Volts and amperes that no instrument would show are none.
ValueText measured(double value, const char* unit) {
    if (std::abs(value) < 5e-4) value = 0.0;
    return {format_number(value, std::abs(value) < 1.0 ? 2 : std::abs(value) < 100.0 ? 3 : 4), unit};
}

bool is_temperature(std::string_view column) {
    for (const char* name : {"T_mean_K", "T_max_K", "T_min_K", "setpoint_K", "reading_K"})
        if (column == name) return true;
    return false;
}

}  // namespace

ValueText value_text(std::string_view column, double value, bool kelvin) {
    if (column == "T_spread_K") {
        if (std::abs(value) < 0.005) value = 0.0;
        return {std::abs(value) < 10.0 ? format_number(value, 2) : shown_number(quantity("T_K"), value, true), "K"};
    }
    if (column == "current_A") return measured(value, "A");
    if (column == "voltage_V") return measured(value, "V");
    if (column == "power_W") return std::abs(value) >= 1e4 ? prefixed(value, "W", 4) : measured(value, "W");
    if (column == "resistance_ohm") return prefixed(value, "\u03a9", 4);
    if (column == "J_crowding" || column == "J_crowding_max") return {format_number(value, 3), ""};
    if (column == "J_max_A_per_m2") column = "J_A_per_m2";
    const Quantity& q = quantity(is_temperature(column) ? "T_K" : column);
    return {shown_number(q, value, kelvin), shown_unit(q, kelvin)};
}

ValueText value_text(std::string_view column, const Interval& band, bool kelvin) {
    ValueText text = value_text(column, band.value, kelvin);
    // Electric values keep the digits of their instruments.
    if (is_temperature(column)) text.number = shown_number(quantity("T_K"), band.value, kelvin, std::max(band.half(), 0.1));
    return text;
}

std::string uncertainty_text(const Quantity& q) {
    if (!(q.uncertainty > 0.0)) return {};
    const double order = std::floor(std::log10(q.uncertainty) + 1e-9);
    const int decimals = std::max(0, int(-order) + (q.uncertainty / std::pow(10.0, order) < 1.95 ? 1 : 0));
    char text[64];
    std::snprintf(text, sizeof text, "\u00b1%.*f", decimals, q.uncertainty);
    return text;
}

std::string age_text(double s) {
    if (!std::isfinite(s) || s < 0.0) return kNoValue;
    if (s < 0.995) return printed("%.2f s", s);
    if (s < 9.95) return printed("%.1f s", s);
    return time_span_text(s);
}

std::string time_span_text(double s) {
    if (!std::isfinite(s) || s < 0.0) return kNoValue;
    if (s < 999.5) return printed("%.0f s", s);
    if (s < 599.5 * 60) return printed("%.0f min", s / 60);
    return printed("%.0f h", s / 3600);
}

std::string moment_text(double s) {
    return std::isfinite(s) ? printed(std::abs(s) < 9999.95 ? "%.1f s" : "%.0f s", s) : std::string(kNoValue);
}

bool source_stale(const ScreenModel& model) {
    if (model.twin && model.goes_on() && (model.twin->expired || model.twin->quality >= DataQuality::stale)) return true;
    return model.source.kind == SourceState::Kind::broken ||
           (model.source.kind == SourceState::Kind::live && model.source.age_s > kStaleAfter);
}

std::optional<double> stale_fields(const ScreenModel& model) {
    if (!model.live || !model.frame) return std::nullopt;
    const double behind = model.twin ? std::max(0.0, model.newest_s - model.frame->time_s) : 0.0;
    if (source_stale(model)) return source_age(model) + behind;
    return behind > kStaleAfter ? std::optional(behind) : std::nullopt;
}

double source_age(const ScreenModel& model) {
    return model.twin ? std::max(model.source.age_s, model.twin->age_s) : model.source.age_s;
}

Shown shown_now(const ScreenModel& model, const std::string& column) {
    if (!model.facts) return {std::nullopt, 0.0, false, "no run yet"};
    Shown one = model.shown(column);
    // Without a current there is no resistance and no crowding: nothing is missing.
    if (column == "resistance_ohm" || column.starts_with("J_")) {
        const auto current = model.history ? model.history->at("current_A", model.cursor_s) : std::nullopt;
        const bool missing = !one.value || one.stale;
        if (missing && current && std::abs(*current) < kNoCurrent) return {std::nullopt, 0.0, false, "no current"};
    }
    if (one.value && model.live && source_stale(model)) {
        one.stale = true;
        one.age_s = std::max(one.age_s, source_age(model));
    }
    // The twin itself says that it does not know this one any more.
    if (one.value && model.live && model.twin && !one.stale) {
        const auto scalar = model.twin->scalars.find(column);
        if (scalar != model.twin->scalars.end() && scalar->second.quality >= DataQuality::stale)
            one.stale = true, one.age_s = std::max(one.age_s, source_age(model));
    }
    return one;
}

TextStyle fitted(Ui& ui, std::string_view text, TextStyle style, double width) {
    while (style.px > kSmallestPx && ui.scribe.width(text, style) > width) style.px = std::max(kSmallestPx, style.px - 2.0);
    return style;
}

Rect write_value(Ui& ui, const std::string& id, const Shown& shown, const ValueText& text, Point top, double width,
                 const ValueStyle& how) {
    Scribe& scribe = ui.scribe;
    const Colour colour = shown.stale ? ui.theme.invalid : ui.theme.text;
    TextStyle number = ui.style(how.px, colour, Weight::medium);
    const TextStyle unit = ui.label();
    if (!shown.value) {
        // The dash, and the reason in as many lines as the type's height has room for.
        number.colour = ui.theme.muted;
        const double line = scribe.line_height(unit), height = scribe.line_height(number);
        const double dash = scribe.width(kNoValue, number), room = width - dash - kThinSpace;
        const auto lines = wrap(ui.painter(), shown.reason, unit, room, std::max<std::size_t>(1, std::size_t(height / line)));
        double longest = 0.0;
        for (const auto& one : lines) longest = std::max(longest, scribe.width(one, unit));
        const double left = how.align == Align::right ? top.x + width - dash - kThinSpace - longest : top.x;
        scribe.write(id, kNoValue, {left, top.y}, number);
        scribe.note("no value", std::nullopt, std::nullopt);
        double y = top.y + std::round((height - line * double(lines.size())) / 2);
        for (std::size_t n = 0; n < lines.size(); ++n, y += line)
            scribe.write(id + ".reason." + std::to_string(n), lines[n], {left + dash + kThinSpace, y}, unit);
        return {left, top.y, dash + kThinSpace + longest, height};
    }
    const double unit_width = text.unit.empty() ? 0.0 : kThinSpace + scribe.width(text.unit, unit);
    double after_width = how.after.empty() ? 0.0 : kThinSpace + scribe.width(how.after, unit);
    const double height = scribe.line_height(number);
    if (scribe.width(text.number, number) + unit_width + after_width > width) {
        number = fitted(ui, text.number, number, width - unit_width - after_width);
        // What follows goes before the number becomes small.
        if (number.px < 0.75 * how.px && after_width > 0.0) {
            number.px = how.px, after_width = 0.0;
            number = fitted(ui, text.number, number, width - unit_width);
        }
    }
    const double wide = scribe.width(text.number, number) + unit_width + after_width;
    const double left = how.align == Align::right ? top.x + width - wide : top.x;
    const double lower = std::round(ui.painter().measure("x", ui.style(how.px, colour, Weight::medium)).ascent -
                                    ui.painter().measure("x", number).ascent);
    const Rect digits = scribe.write(id, text.number, {left, top.y + lower}, number);
    scribe.note(shown.stale ? "stale" : "", shown.value, shown.age_s);
    const double drop =
        std::round(ui.painter().measure("x", number).ascent - ui.painter().measure("x", unit).ascent) + digits.y;
    double x = digits.right() + kThinSpace;
    if (!text.unit.empty()) x = scribe.write(id + ".unit", text.unit, {x, drop}, unit).right() + kThinSpace;
    if (after_width > 0.0) scribe.write(id + ".after", how.after, {x, drop}, unit);
    const Rect all{left, top.y, wide, height};
    if (shown.stale) ui.hatch(all);
    return all;
}

}  // namespace jt
