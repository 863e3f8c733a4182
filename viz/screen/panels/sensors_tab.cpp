// SPDX-License-Identifier: Apache-2.0
// 2: the sensors of the scenario, numbered as the pins in the 3-D view: what they read, what the model has there.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "viz/screen/panels/panels.hpp"
#include "viz/screen/panels/reason.hpp"
#include "viz/screen/panels/table.hpp"
#include "viz/screen/panels/value_text.hpp"
#include "viz/screen/state/spot.hpp"

namespace jt {

namespace {

const std::string kDash = "\u2014";

// Cells that the sensors look at, formed once for a run.
struct Spots {
    const RunFacts* facts = nullptr;
    std::size_t cells = 0;
    std::vector<std::vector<std::size_t>> seen;  // by sensor
};

const Spots& spots(Ui& ui, const RunFacts& facts) {
    auto& kept = ui.memory.cache["sensors_tab"];
    if (!kept) kept = std::make_shared<Spots>();
    Spots& s = *std::static_pointer_cast<Spots>(kept);
    if (s.facts != &facts || s.cells != facts.extents.count() || s.seen.size() != facts.scenario.sensors.size()) {
        s = {&facts, facts.extents.count(), {}};
        for (const auto& sensor : facts.scenario.sensors) s.seen.push_back(cells_seen(sensor, facts));
    }
    return s;
}

std::string kind_text(std::string kind) {
    std::replace(kind.begin(), kind.end(), '_', ' ');
    return kind;
}

std::string modelled_age_text(double age_s) {
    return (age_s < 0.005 ? "0" : format_number(age_s, age_s < 10.0 ? 2 : 3)) + " s";
}

// A reading, and a difference of readings, with its unit.
std::string reading_text(const TwinSensor& sensor, double value, bool kelvin) {
    if (sensor.unit != "K") return format_number(value, 3) + " " + sensor.unit;
    const Quantity& T = quantity("T_K");
    return shown_number(T, value, kelvin) + " " + shown_unit(T, kelvin);
}
// With as many decimals as two digits of its uncertainty have; no sign.
std::string with_decimals(double value, double uncertainty) {
    const double of = uncertainty > 0.0 ? uncertainty : std::max(std::abs(value), 1e-12);
    const int decimals = std::clamp(1 - int(std::floor(std::log10(of) + 1e-9)), 0, 6);
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, std::min(std::abs(value), 1e9));
    return text;
}
std::string with_sign(double value, double uncertainty) {
    return (value < 0.0 ? "\u2212" : "+") + with_decimals(value, uncertainty);
}

// "2310 of 2325; 12 late, 3 gated": what became of its readings.
std::string counted_text(const TwinSensor& sensor) {
    std::uint64_t all = 0, accepted = 0;
    std::vector<std::pair<std::uint64_t, std::string>> others;
    for (const auto& [verdict, count] : sensor.counters) {
        all += count;
        if (verdict == "accepted")
            accepted = count;
        else if (count > 0)
            others.emplace_back(count, verdict);
    }
    std::sort(others.begin(), others.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::string text = std::to_string(accepted) + " of " + std::to_string(all);
    for (std::size_t n = 0; n < others.size(); ++n)
        text += (n == 0 ? "; " : ", ") + std::to_string(others[n].first) + " " + others[n].second;
    return text;
}

// What a twin beside a heater makes of each sensor, now.
void draw_twin_sensors(Ui& ui, const Rect& at, const ScreenModel& model, const ViewState& view) {
    const TwinFacts& twin = *model.twin;
    if (twin.sensors.empty()) return draw_reason(ui, at, "sensors", "the twin has not told of any sensor yet");
    const bool silent = source_stale(model);
    std::vector<TableRow> rows;
    for (std::size_t n = 0; n < twin.sensors.size(); ++n) {
        const TwinSensor& sensor = twin.sensors[n];
        const double age = sensor.age_s + (silent ? twin.age_s : 0.0);
        TableRow row;
        row.id = std::to_string(n + 1);
        row.stale = sensor.lost || silent;
        const std::string state = row.stale ? "stale" : "";
        TableCell name{row.id + " " + sensor.name, {}, {}, {}, true}, reading{kDash}, predicted{kDash}, innovation{kDash},
            sigma{kDash}, nis{kDash}, bias{kDash}, verdict, counted;
        if (sensor.reading)
            reading.text = reading_text(sensor, *sensor.reading, view.kelvin), reading.value = sensor.reading,
            reading.age_s = age;
        reading.state = row.stale ? "stale" : "ok";
        if (sensor.predicted)
            predicted.text = reading_text(sensor, *sensor.predicted, view.kelvin), predicted.value = sensor.predicted;
        if (sensor.innovation)
            innovation.text = with_sign(*sensor.innovation, sensor.sigma.value_or(0.0)) + " " + sensor.unit,
            innovation.value = sensor.innovation;
        if (sensor.sigma) sigma.text = "\u00b1" + with_decimals(*sensor.sigma, *sensor.sigma), sigma.value = sensor.sigma;
        if (std::isfinite(sensor.nis) && sensor.nis > 0.0) nis.text = with_decimals(sensor.nis, 0.1), nis.value = sensor.nis;
        if (sensor.bias.half() > 0.0) {
            bias.text = with_sign(sensor.bias.value, sensor.bias.half()) + " \u00b1" +
                        with_decimals(sensor.bias.half(), sensor.bias.half());
            bias.value = sensor.bias.value;
        }
        verdict.text = silent        ? "unknown"
                       : sensor.lost ? (sensor.verdict.empty() || sensor.verdict == "lost" ? "LOST" : "LOST, " + sensor.verdict)
                                     : sensor.verdict;
        if (verdict.text.empty()) verdict.text = kDash;
        verdict.state = silent ? "stale" : sensor.lost ? "lost" : sensor.verdict;
        verdict.strong = sensor.lost || (!silent && sensor.verdict != "accepted" && sensor.verdict != "below floor");
        counted.text = counted_text(sensor);
        row.cells = {name, reading, predicted, innovation, sigma, nis, bias, verdict, {age_text(age), age, age}, counted};
        rows.push_back(std::move(row));
    }
    const std::vector<TableColumn> columns{{"sensor", 0.6},
                                           {"reading", 0.6, Align::right},
                                           {"predicted", 0.6, Align::right},
                                           {"innovation", 0.6, Align::right},
                                           {"\u03c3", 0.4, Align::right, 3},
                                           {"NIS", 0.3, Align::right, 4},
                                           {"bias", 0.5, Align::right, 5},
                                           {"verdict", 0.8, Align::left},
                                           {"age", 0.4, Align::right},
                                           {"counted", 1.0, Align::left, 6, true}};
    Rect table = at;
    const double line = ui.scribe.line_height(ui.label());
    const bool past = !model.live;
    if (past) table.h -= line + 4;
    draw_table(ui, table, "sensors", columns, rows);
    if (past)
        ui.scribe.write_in("sensors.note", "As of now, not of the moment at the cursor: L goes there",
                           {at.x, at.bottom() - line}, at.w, ui.label());
}

}  // namespace

void draw_sensors_tab(Ui& ui, const Rect& at, const ScreenModel& model, ViewState& view) {
    if (!model.facts) return draw_reason(ui, at, "sensors", reason_without_run(model));
    if (model.twin) return draw_twin_sensors(ui, at, model, view);
    const Scenario& scenario = model.facts->scenario;
    const Quantity& T = quantity("T_K");
    const std::string unit = " " + shown_unit(T, view.kelvin);
    const Spots& places = spots(ui, *model.facts);
    const std::vector<float>* field = model.frame ? model.frame->find("T_K") : nullptr;
    std::vector<TableRow> rows;
    bool unread = false;
    for (std::size_t n = 0; n < scenario.sensors.size(); ++n) {
        const Sensor& sensor = scenario.sensors[n];
        TableRow row;
        row.id = std::to_string(n + 1);
        row.cells = {{row.id + " " + sensor.name, {}, {}, {}, true},
                     {kind_text(sensor.kind)},
                     {place_text(sensor, model.facts->extents)}};
        const bool electric = sensor.kind == "voltage" || sensor.kind == "current";
        const bool feedback = !electric && scenario.heater && sensor.name == scenario.heater->feedback;
        Shown reading;
        reading.reason = "no reading";
        if (electric)
            reading = model.shown(sensor.kind == "voltage" ? "voltage_V" : "current_A");
        else if (feedback)
            reading = model.shown("reading_K");
        const bool below = feedback && reading.value && sensor.floor && *reading.value <= *sensor.floor + 1e-6;
        const auto truth = !electric && field ? mean_over(*field, places.seen[n]) : std::nullopt;
        TableCell read{kDash}, modelled{kDash}, difference{kDash}, age{kDash}, state;
        if (electric && reading.value) {
            read.text = format_number(*reading.value, 3) + (sensor.kind == "voltage" ? " V" : " A");
        } else if (reading.value && !below) {
            read.text = shown_number(T, *reading.value, view.kelvin) + unit;
        }
        if (reading.value) {
            read.value = reading.value, read.age_s = reading.age_s;
            age.text = modelled_age_text(reading.age_s);
        }
        if (truth) modelled.text = shown_number(T, *truth, view.kelvin) + unit, modelled.value = truth;
        if (truth && reading.value && !below && !electric) {
            const double d = *reading.value - *truth;
            difference.text = (d < 0.0 ? "\u2212" : "+") + format_number(std::abs(d), std::abs(d) >= 100.0 ? 3 : 2) + " K";
            difference.value = d;
        }
        row.stale = reading.stale;
        state.text = reading.stale    ? "STALE"
                     : !reading.value ? "no reading"
                     : below          ? "below floor"
                     : electric       ? "simulated"
                                      : "ok";
        state.state = reading.stale ? "stale" : !reading.value ? "none" : below ? "below floor" : "ok";
        unread = unread || !reading.value;
        row.cells.insert(row.cells.end(), {read, modelled, difference, age, state});
        rows.push_back(std::move(row));
    }
    if (rows.empty())
        return draw_reason(ui, at, "sensors", "this scenario has no sensors: add [[sensor]] to it, or watch a live twin");
    const double line = ui.scribe.line_height(ui.label());
    const std::vector<TableColumn> columns{{"sensor", 1.0, Align::left, 0, true}, {"kind", 0.5, Align::left, 3},
                                           {"place", 0.5, Align::left, 0, true},  {"reading", 1.0, Align::right},
                                           {"model there", 1.0, Align::right},    {"difference", 1.0, Align::right},
                                           {"age", 0.6, Align::right, 2},         {"state", 0.2, Align::right}};
    Rect table = at;
    if (unread) table.h -= line + 4;
    draw_table(ui, table, "sensors", columns, rows);
    if (unread)
        ui.scribe.write_in("sensors.note", kDash + " no reading: readings of sensors come with `jouletwin live`",
                           {at.x, at.bottom() - line}, at.w, ui.label());
}

}  // namespace jt
