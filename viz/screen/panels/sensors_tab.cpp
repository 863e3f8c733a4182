// SPDX-License-Identifier: Apache-2.0
// 2: the sensors of the scenario, numbered as the pins in the 3-D view: what they read, what the model has there.
#include <algorithm>
#include <cmath>

#include "viz/screen/panels/panels.hpp"
#include "viz/screen/panels/reason.hpp"
#include "viz/screen/panels/table.hpp"
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

std::string age_text(double age_s) {
    return (age_s < 0.005 ? "0" : format_number(age_s, age_s < 10.0 ? 2 : 3)) + " s";
}

}  // namespace

void draw_sensors_tab(Ui& ui, const Rect& at, const ScreenModel& model, ViewState& view) {
    if (!model.facts) return draw_reason(ui, at, "sensors", reason_without_run(model));
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
            age.text = age_text(reading.age_s);
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
