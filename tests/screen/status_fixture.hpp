// SPDX-License-Identifier: Apache-2.0
// A run of 60 s for the tests of what the screen says: 1000 degC held for 30 s, limit 1150 degC, sensor above 570 degC only.
#pragma once
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "viz/figure/cairo_painter.hpp"
#include "viz/screen/panels/panels.hpp"
#include "viz/screen/state/alarms.hpp"

namespace jt {

struct StatusFixture {
    static constexpr double kAmbient = 298.15, kHold = 1273.15, kLimit = 1423.15, kFloor = 843.15;
    struct Row {
        double t, set_point, T_mean, T_max, T_min, spread, current, voltage, power, resistance, crowding, reading, id_ig,
            capacity;
    };
    RunFacts facts;
    History history;
    std::vector<ScreenEvent> events;
    std::vector<double> frame_times;
    std::vector<std::string> field_names{"T_K", "J_over_J0", "id_ig", "capacity_mAh_g"};
    AlarmBook book;
    ScreenModel model;
    ViewState view;

    // `change` may alter every row before it is recorded; rows end at `end`.
    explicit StatusFixture(double end = 60.0, const std::function<void(Row&)>& change = {}, double step = 0.5) {
        facts.name = "jh_1000_30", facts.folder = "runs/jh", facts.device = "cpu AVX-512";
        facts.extents = Extents{40, 20, 16, 2.5e-4, 2.5e-4, 1e-4};
        facts.material.assign(facts.extents.count(), 1), facts.in_product.assign(facts.extents.count(), true);
        facts.material_names = {"void", "coconut_char_600"};
        Scenario& s = facts.scenario;
        s.bed.initial_temperature = kAmbient;
        Heater heater{};
        heater.mode = Heater::Mode::temperature;
        heater.program = {{0, 10, 40, 58}, {kAmbient, kHold, kHold, 373.15}};
        heater.feedback = "pyrometer";
        heater.limit_temperature = kLimit;
        heater.supply.current = 60.0, heater.supply.voltage = 20.0;
        Sensor pyrometer;
        pyrometer.name = "pyrometer", pyrometer.kind = "ratio_pyrometer", pyrometer.floor = kFloor;
        s.sensors.push_back(pyrometer);
        s.run.duration = 60.0;
        s.heater = heater;
        history = History({"setpoint_K", "T_mean_K", "T_max_K", "T_min_K", "T_spread_K", "current_A", "voltage_V", "power_W",
                           "resistance_ohm", "J_crowding", "reading_K", "id_ig", "capacity_mAh_g"});
        for (double t = 0.0; t <= end + 1e-9; t += step) {
            Row r{};
            r.t = t, r.set_point = heater.program.at(t);
            r.T_mean = kAmbient + 0.95 * (r.set_point - kAmbient), r.T_max = kAmbient + 1.03 * (r.set_point - kAmbient);
            r.T_min = r.T_mean - 15.0, r.spread = r.T_max - r.T_min;
            const bool on = t > 0.0 && t < 55.0;
            r.current = on ? 22.3 : 0.0, r.voltage = on ? 4.52 : 0.0, r.power = r.current * r.voltage;
            r.resistance = on ? 0.2026 : std::nan(""), r.crowding = on ? 1.31 : std::nan("");
            r.reading = std::max(r.set_point, kFloor);
            r.id_ig = 1.5 - 0.2 * std::min(1.0, t / 40.0), r.capacity = 124.0 + 140.0 * std::min(1.0, t / 40.0);
            if (change) change(r);
            history.append(t, std::vector<double>{r.set_point, r.T_mean, r.T_max, r.T_min, r.spread, r.current, r.voltage,
                                                  r.power, r.resistance, r.crowding, r.reading, r.id_ig, r.capacity});
            frame_times.push_back(t);
        }
        model.facts = &facts, model.history = &history, model.events = &events, model.frame_times = &frame_times;
        model.field_names = &field_names, model.alarms = &book;
        model.end_s = 60.0, model.newest_s = history.times().empty() ? 0.0 : history.times().back();
        model.cursor_s = model.newest_s;
        model.wall_s = 100.0, model.clock = "14:07:23";
        model.source.kind = SourceState::Kind::live, model.source.name = "LIVE in this process", model.source.age_s = 0.04;
        model.live = true;
        model.status.realtime_factor = 3.2, model.status.energy_residual = 2e-10;
        auto frame = std::make_shared<FieldFrame>();
        frame->time_s = model.cursor_s;
        frame->fields["T_K"].assign(facts.extents.count(), 1275.4F);
        frame->fields["J_over_J0"].assign(facts.extents.count(), 1.312F);
        frame->fields["id_ig"].assign(facts.extents.count(), 1.2512F);
        frame->fields["capacity_mAh_g"].assign(facts.extents.count(), 281.6F);
        model.frame = frame;
        Outlook outlook;
        outlook.from_s = model.cursor_s, outlook.end_s = 60.0, outlook.means["capacity_mAh_g"] = 304.2;
        model.outlook = outlook;
    }
    void finish(double cursor) {
        model.source.kind = SourceState::Kind::finished, model.source.name = "runs/jh", model.source.age_s = 0.0;
        model.status.phase = RunStatus::Phase::complete;
        model.live = false, model.cursor_s = cursor;
    }
    // The book as a live screen would have it by now: asked at every row.
    void watch() {
        const double newest = model.newest_s;
        const std::vector<ScreenEvent> all = events;
        for (const double t : history.times()) {
            if (t > newest) break;
            model.newest_s = t, model.wall_s = 100.0 + t;
            update_alarms(book, model, view.kelvin);
        }
        model.newest_s = newest;
    }
};

// What is drawn in one frame: the panels of status, or whatever `draw` draws.
struct StatusFrame {
    CairoPainter painter;
    Scribe scribe{painter};
    UiMemory memory;
    Input input;
    double redraw_s = 0.0;
    Layout layout;

    explicit StatusFrame(int width = 1920, int height = 1080) : painter(width, height), layout(layout_of(width, height)) {}
    void draw(StatusFixture& f, bool tab = true) {
        const Theme& theme = f.view.theme == ThemeId::grey ? grey_theme() : dark_theme();
        Ui ui(scribe, theme, input, memory);
        painter.rectangle(layout.window, theme.background);
        draw_header(ui, layout.header, f.model, f.view);
        draw_alarm_line(ui, layout.alarm_line, f.model, f.view);
        draw_tiles(ui, layout, f.model, f.view);
        Rect below = layout.tabs;
        below.y += 32.0, below.h -= 32.0;
        if (tab) draw_alarms_tab(ui, ui.panel(below, "tabs"), f.model, f.view);
        draw_probe_line(ui, layout.probe, f.model, f.view);
        if (f.view.overview) draw_overview(ui, layout.window, f.view);
        redraw_s = ui.next_redraw_s();
        if (!input.down[0]) memory.active.clear();
    }
    // For a look at it: pictures are kept where JT_PICTURES names a folder.
    void keep(const std::string& name) const {
        if (const char* folder = std::getenv("JT_PICTURES")) painter.write_png(std::filesystem::path(folder) / (name + ".png"));
    }
};

}  // namespace jt
