// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "twin/stepping/run_events.hpp"
#include "viz/screen/panels/analogue_bar.hpp"
#include "viz/screen/panels/panels.hpp"
#include "viz/screen/panels/value_text.hpp"
#include "viz/screen/state/alarms.hpp"

namespace jt {

namespace {

constexpr double kTileInset = 12.0, kLabelTop = 6.0, kBarBottom = 9.0, kValueGap = 3.0;
constexpr double kSmallInset = 10.0, kSmallBarBottom = 6.0;
constexpr double kLineOfPx = 1.172;       // height of a line of Roboto
constexpr double kMeanTolerance = 100.0;  // T mean so far from the set point is usual: the sensor sees one place only [K]
constexpr double kAhead = 10.0;           // [s] of the open pointer
constexpr double kUsualCapacity = 400.0;  // end of its bar [mAh/g]

// What a forecast says of a quantity kAhead after now, or at its end; absent: nothing that is valid.
std::optional<Interval> told_ahead(const ScreenModel& model, const std::string& column) {
    const TwinForecast* forecast = model.forecast();
    if (!forecast || forecast->expired) return std::nullopt;
    std::optional<Interval> nearest;
    double away = 0.0;
    for (const TwinForecastPoint& point : forecast->points)
        if (const auto band = point.bands.find(column); band != point.bands.end()) {
            const double d = std::abs(point.run_s - model.cursor_s - kAhead);
            if (nearest && d >= away) continue;
            nearest = Interval{band->second[1], band->second[0], band->second[2], forecast->quality}, away = d;
        }
    return nearest;
}

// What the run became some seconds after the moment shown; absent where that is not known yet.
std::optional<double> recorded_ahead(const ScreenModel& model, const std::string& column) {
    if (!model.history || model.live || model.cursor_s + kAhead > model.newest_s + 1e-9) return std::nullopt;
    return model.history->at(column, model.cursor_s + kAhead);
}

struct TileText {
    std::string id, label, aside;  // aside: muted, at the right of the label where there is room
};

// A large tile's frame and label; returns the room of its value and the groove of its bar.
struct Places {
    Rect value, groove;
    double px;
};
Places frame_tile(Ui& ui, const Rect& at, const TileText& text, const Shown& shown) {
    ui.panel(at, "tile." + text.id);
    Scribe& scribe = ui.scribe;
    const TextStyle label = ui.label();
    const double width = at.w - 2 * kTileInset;
    Rect used = scribe.write_in("tile." + text.id + ".label", text.label, {at.x + kTileInset, at.y + kLabelTop}, width, label);
    std::string aside = text.aside;
    TextStyle style = label;
    if (shown.value && shown.stale)
        aside = age_text(shown.age_s) + " old", style = ui.style(kLabelPx, ui.theme.invalid, Weight::medium);
    if (!aside.empty() && scribe.width(aside, style) <= at.right() - kTileInset - used.right() - 12.0) {
        scribe.write("tile." + text.id + ".aside", aside, {at.right() - kTileInset, used.y}, style, Align::right);
        if (shown.value && shown.stale) scribe.note("stale", std::nullopt, shown.age_s);
    }
    const Rect groove{at.x + kTileInset, at.bottom() - kBarBottom - kGroove, width, kGroove};
    const double top = used.bottom(), height = groove.y - kValueGap - top;
    // Even sizes only: as few as possible are baked.
    const double px = std::clamp(2.0 * std::floor(height / kLineOfPx / 2), kTitlePx, kPrimaryPx);
    return {{at.x + kTileInset, top, width, height}, groove, px};
}

struct TemperatureScale {
    double low, high;
    std::optional<double> limit, set_point;
};
TemperatureScale scale_of(const ScreenModel& model) {
    TemperatureScale s{298.15, 1300.0, std::nullopt, std::nullopt};
    if (!model.facts) return s;
    const Scenario& scenario = model.facts->scenario;
    s.low = scenario.bed.initial_temperature;
    if (scenario.heater) s.limit = scenario.heater->limit_temperature;
    double most = s.limit.value_or(0.0);
    if (const Program* program = model.temperature_program() ? model.program() : nullptr) {
        s.set_point = program->at(model.cursor_s);
        for (const double v : program->value) s.low = std::min(s.low, v), most = std::max(most, v);
    }
    if (most <= s.low) {
        // Nothing bounds it: in steps, so that it seldom moves.
        const double now = model.history ? model.history->at("T_max_K", model.cursor_s).value_or(s.low) : s.low;
        most = s.low + 500.0 * std::ceil(std::max(1.0, (now - s.low) / 450.0));
    }
    s.high = s.low + 1.05 * (most - s.low);
    return s;
}

void temperature_tile(Ui& ui, const Rect& at, const ScreenModel& model, const ViewState& view, bool mean) {
    const std::string column = mean ? "T_mean_K" : "T_max_K";
    const Shown shown = shown_now(model, column);
    const TemperatureScale scale = scale_of(model);
    TileText text{mean ? "T_mean" : "T_max", mean ? "T mean" : "T max inside", {}};
    const auto& aside = mean ? scale.set_point : scale.limit;
    if (aside) text.aside = (mean ? "set point " : "limit ") + value_text(column, *aside, view.kelvin).number;
    const Places places = frame_tile(ui, at, text, shown);
    const auto band = shown.value ? model.band(column) : std::nullopt;
    ValueText value = shown.value ? value_text(column, *shown.value, view.kelvin) : ValueText{};
    ValueStyle style{places.px};
    // A value's uncertainty, to whole degrees: tenths cannot be read from afar.
    if (band) {
        value = value_text(column, Interval{*shown.value, band->low, band->high}, view.kelvin);
        value.number = shown_number(quantity("T_K"), *shown.value, view.kelvin, std::max(band->half(), 2.0));
        style.after = band->half() < 0.5 ? "\u00b1<1"
                                         : plus_minus(band->half() < 1.0    ? 1.0
                                                      : band->half() < 1.95 ? std::round(band->half())
                                                                            : band->half());
    }
    write_value(ui, "tile." + text.id, shown, value, {places.value.x, places.value.y}, places.value.w, style);
    AnalogueBar bar;
    bar.low = scale.low, bar.high = scale.high, bar.set_point = scale.set_point, bar.now = shown.value, bar.stale = shown.stale;
    if (band) bar.band = {band->low, band->high};
    if (scale.limit) bar.limits.push_back(*scale.limit);
    if (scale.set_point) {
        const double upper = scale.limit ? *scale.limit * (1.0 - kNearLimit) : *scale.set_point + kMeanTolerance;
        bar.normal = {*scale.set_point - kMeanTolerance, mean ? *scale.set_point + kMeanTolerance : upper};
    }
    if (shown.value && !shown.stale) {
        bar.predicted = recorded_ahead(model, column);
        if (const auto ahead = told_ahead(model, column))
            bar.predicted = ahead->value, bar.predicted_band = {ahead->low, ahead->high};
    }
    draw_analogue_bar(ui, places.groove, bar);
}

std::string upper_case(std::string_view text) {
    std::string upper(text);
    for (char& c : upper)
        if (c >= 'a' && c <= 'z') c = char(c - 'a' + 'A');
    return upper;
}

// What the heater says of itself, where that is not the program.
void heater_phase(const TwinFacts& twin, ValueText& value) {
    using Phase = HeaterFacts::Phase;
    switch (twin.heater.phase) {
        case Phase::idle:
            value = {"IDLE", "not started"};
            break;
        case Phase::running:
            break;
        case Phase::holding:
            value = {"PAUSED", "held"};
            break;
        case Phase::finished:
            value = {"END", "of the program"};
            break;
        case Phase::aborted:
            value = {"OFF", "aborted"};
            break;
        case Phase::tripped:
            value = {"OFF", "tripped"};
            break;
    }
}

void phase_tile(Ui& ui, const Rect& at, const ScreenModel& model) {
    Shown shown;
    ValueText value;
    AnalogueBar bar;
    bar.low = model.start_s, bar.high = model.end_s;
    if (!model.facts) {
        shown.reason = "no run yet";
    } else {
        const double t = model.cursor_s;
        shown.value = std::max(0.0, model.end_s - t);
        shown.stale = model.live && source_stale(model), shown.age_s = shown.stale ? source_age(model) : 0.0;
        if (model.twin && model.live && !model.twin->heater.heard)
            shown.stale = true, shown.age_s = std::max(shown.age_s, model.twin->heater.age_s);
        value = {"RUN " + time_span_text(*shown.value), "left"};
        const Program* program = model.program();
        if (program)
            for (const Segment& segment : segments_of(*program, model.end_s)) {
                if (t < segment.from_s - 1e-9 || t >= segment.to_s - 1e-9) continue;
                shown.value = segment.to_s - t;
                value.number = upper_case(name_of(segment.kind)) + " " + time_span_text(*shown.value);
                bar.low = segment.from_s, bar.high = segment.to_s;
            }
        // "HOLD 17" large, "s left" small.
        const std::size_t space = value.number.rfind(' ');
        value.unit = value.number.substr(space + 1) + " left", value.number.resize(space);
        bar.now = t, bar.stale = shown.stale;
        if (t >= model.end_s - 1e-9) value = {"END", "of the run"};
        if (model.twin && model.live) heater_phase(*model.twin, value);
        if (model.events)
            for (const ScreenEvent& event : *model.events)
                if (event.time_s <= t + 1e-9 && event_kind(event.text) == RunEventKind::limit_temperature) {
                    value = {"OFF", "tripped at " + moment_text(event.time_s)};
                    break;
                }
    }
    const TileText text{"phase", "Phase",
                        model.facts ? moment_text(model.cursor_s) + " of " + moment_text(model.end_s) : std::string()};
    const Places places = frame_tile(ui, at, text, shown);
    write_value(ui, "tile.phase", shown, value, {places.value.x, places.value.y}, places.value.w, {places.px});
    draw_analogue_bar(ui, places.groove, bar);
}

void capacity_tile(Ui& ui, const Rect& at, const ScreenModel& model, const ViewState& view) {
    const std::string name = "capacity_mAh_g";
    const Quantity& q = quantity(name);
    Shown shown;
    AnalogueBar bar;
    bar.high = kUsualCapacity;
    std::optional<double> target;
    std::optional<std::array<double, 2>> told;  // what the twin's members say: 5 and 95 %
    if (!model.facts) {
        shown.reason = "no run yet";
    } else {
        target = model.facts->scenario.target.capacity_mAh_g;
        const Shown now = shown_now(model, name);
        if (now.value) bar.now = now.value;
        const Outlook* outlook = model.shown_outlook();
        const auto mean = outlook ? outlook->means.find(name) : std::map<std::string, double>::const_iterator{};
        const TwinForecast* forecast = model.forecast();
        const auto end =
            forecast ? forecast->end_of_run.find(name) : std::map<std::string, std::array<double, 3>>::const_iterator{};
        if (forecast && end != forecast->end_of_run.end() && std::isfinite(end->second[1])) {
            shown.value = end->second[1];
            told = {end->second[0], end->second[2]};
            shown.stale = forecast->expired || source_stale(model), shown.age_s = forecast->age_s;
        } else if (outlook && mean != outlook->means.end() && std::isfinite(mean->second)) {
            shown.value = mean->second;
            shown.stale = model.live && source_stale(model);
            shown.age_s = std::max({0.0, model.cursor_s - outlook->from_s, shown.stale ? source_age(model) : 0.0});
        } else if (!now.value) {
            shown.reason = "no kinetics in this run";
        } else {
            shown.reason = model.frame ? "no program to follow" : "no fields yet";
        }
    }
    TileText text{"capacity", "Capacity at end of run", target ? "target " + shown_number(q, *target, view.kelvin) : ""};
    const Places places = frame_tile(ui, at, text, shown);
    ValueText value;
    if (shown.value) value = value_text(name, *shown.value, view.kelvin);
    ValueStyle style{places.px};
    // The twin's band is of the temperatures; what the fit may be off by comes on top.
    style.after = told ? plus_minus(std::hypot(((*told)[1] - (*told)[0]) / 2, q.uncertainty)) : uncertainty_text(q);
    bar.predicted_band = told;
    write_value(ui, "tile.capacity", shown, value, {places.value.x, places.value.y}, places.value.w, style);
    bar.predicted = shown.value, bar.stale = shown.stale;
    bar.high = std::max({bar.high, shown.value.value_or(0.0), target.value_or(0.0) * 1.05});
    if (target) bar.normal = {*target, bar.high}, bar.set_point = target;
    draw_analogue_bar(ui, places.groove, bar);
}

struct SmallTile {
    const char *id, *column, *label, *brief;
};
constexpr SmallTile kSmallTiles[] = {
    {"current", "current_A", "Current", "I"},
    {"voltage", "voltage_V", "Voltage", "U"},
    {"power", "power_W", "Power", "P"},
    {"resistance", "resistance_ohm", "Resistance", "R"},
    {"crowding", "J_crowding", "|J|/J\u2080 p99", "J p99"},
    {"spread", "T_spread_K", "T spread", "\u0394T"},
};

std::optional<double> supply_limit(const ScreenModel& model, std::string_view column) {
    if (!model.facts || !model.facts->scenario.heater) return std::nullopt;
    const Supply& supply = model.facts->scenario.heater->supply;
    if (column == "current_A") return supply.current;
    if (column == "voltage_V") return supply.voltage;
    if (column == "power_W" && supply.current && supply.voltage) return *supply.current * *supply.voltage;
    return std::nullopt;
}

void small_tile(Ui& ui, const Rect& at, const ScreenModel& model, const ViewState& view, const SmallTile& tile) {
    const std::string id = std::string("tile.") + tile.id;
    ui.panel(at, id);
    Scribe& scribe = ui.scribe;
    const Shown shown = shown_now(model, tile.column);
    const ValueText value = shown.value ? value_text(tile.column, *shown.value, view.kelvin) : ValueText{};
    const auto limit = supply_limit(model, tile.column);
    const bool with_bar = limit && *limit > 0.0;
    const Rect groove{at.x + kSmallInset, at.bottom() - kSmallBarBottom - kSmallGroove, at.w - 2 * kSmallInset, kSmallGroove};
    const double bottom = with_bar ? groove.bottom() - kSmallPointer * 0.9 : at.bottom();
    const double px = std::clamp(2.0 * std::floor((bottom - at.y - 2.0) / kLineOfPx / 2), 18.0, kSecondaryPx);

    // The label is brief where the value needs the room.
    const TextStyle label = ui.label();
    const double room = at.w - 2 * kSmallInset;
    const double needed =
        !shown.value
            ? scribe.width(kNoValue, ui.style(px, label.colour)) + scribe.width(shown.reason, label) + 6
            : scribe.width(value.number, ui.style(px, label.colour, Weight::medium)) + scribe.width(value.unit, label) + 6.0;
    std::string name = tile.label;
    if (scribe.width(name, label) + 10.0 + needed > room) name = tile.brief;
    TextStyle style = label;
    if (shown.value && shown.stale) {
        const std::string age = age_text(shown.age_s) + " old";
        style = ui.style(kLabelPx, ui.theme.invalid, Weight::medium);
        name = scribe.width(name + " " + age, style) + 10.0 + needed <= room ? name + " " + age
               : scribe.width(age, style) + 10.0 + needed <= room            ? age
                                                                             : age_text(shown.age_s);
    }
    const double line = scribe.line_height(ui.style(px, label.colour, Weight::medium));
    const double top = std::round(at.y + (bottom - at.y - line) / 2 + (with_bar ? 1.0 : 0.0));
    const double drop = std::round(ui.painter().measure("x", ui.style(px, label.colour, Weight::medium)).ascent -
                                   ui.painter().measure("x", label).ascent);
    const double left_room = std::max(0.0, room - std::min(needed, room * 0.75) - 8.0);
    const Rect written = scribe.write_in(id + ".label", name, {at.x + kSmallInset, top + drop}, left_room, style);
    if (shown.stale) scribe.note("stale", std::nullopt, shown.age_s);
    const double left = written.right() + 8.0;
    write_value(ui, id, shown, value, {left, top}, at.right() - kSmallInset - left, {px, Align::right, {}});
    if (!with_bar) return;
    AnalogueBar bar;
    bar.high = *limit * 1.05, bar.limits = {*limit}, bar.now = shown.value, bar.stale = shown.stale;
    draw_analogue_bar(ui, groove, bar, kSmallPointer);
}

}  // namespace

void draw_tiles(Ui& ui, const Layout& layout, const ScreenModel& model, const ViewState& view) {
    temperature_tile(ui, layout.tiles[0], model, view, true);
    temperature_tile(ui, layout.tiles[1], model, view, false);
    phase_tile(ui, layout.tiles[2], model);
    capacity_tile(ui, layout.tiles[3], model, view);
    for (std::size_t n = 0; n < layout.small_tiles.size(); ++n)
        small_tile(ui, layout.small_tiles[n], model, view, kSmallTiles[n]);
}

}  // namespace jt
