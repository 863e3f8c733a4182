// SPDX-License-Identifier: Apache-2.0
// Runs for tests of panels: the model a screen would have at a moment, from a run folder or made up, without any source.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "twin/recording/read_run.hpp"
#include "viz/screen/state/screen_model.hpp"
#include "viz/screen/state/view_state.hpp"

namespace jt {

// Owns what a ScreenModel points to. `at` moves its cursor; the model is valid as long as this is.
struct RunModel {
    RunFacts facts;
    History history;
    std::vector<ScreenEvent> events;
    std::vector<double> frame_times;
    std::vector<std::string> field_names;
    ScreenModel model;
    std::unique_ptr<RunData> data;  // of a folder

    RunModel() = default;
    RunModel(const RunModel&) = delete;
    RunModel& operator=(const RunModel&) = delete;

    void link() {
        model.facts = &facts, model.history = &history, model.events = &events;
        model.frame_times = &frame_times, model.field_names = &field_names;
        model.newest_s = history.times().empty() ? 0.0 : history.times().back();
        model.start_s = 0.0, model.end_s = std::max(facts.scenario.run.duration, model.newest_s);
    }
    // A finished run looked at t, or one that goes on and is followed.
    void at(double t, bool live = false) {
        model.source.kind = live ? SourceState::Kind::live : SourceState::Kind::finished;
        model.status.phase = live ? RunStatus::Phase::running : RunStatus::Phase::complete;
        model.live = live;
        model.cursor_s = t;
        if (live) model.newest_s = t;
        if (!data || !data->fields()) return;
        const FieldReader& reader = *data->fields();
        const std::size_t output = data->output_near(t);
        auto frame = std::make_shared<FieldFrame>();
        frame->time_s = reader.times()[output];
        for (const auto& name : reader.fields()) frame->fields[name] = reader.read(name, output);
        model.frame = frame;
    }
};

// The rows up to `until`: the run as it was then.
inline std::unique_ptr<RunModel> run_of(const std::filesystem::path& folder, double until = 1e300) {
    auto run = std::make_unique<RunModel>();
    run->data = std::make_unique<RunData>(RunData::read(folder));
    const RunData& data = *run->data;
    run->facts.name = data.name(), run->facts.folder = folder.string(), run->facts.scenario = data.scenario();
    if (const auto* fields = data.fields()) {
        run->facts.extents = fields->extents(), run->facts.material = fields->material();
        run->facts.material_names = fields->material_names();
        run->frame_times = fields->times(), run->field_names = fields->fields();
        while (!run->frame_times.empty() && run->frame_times.back() > until + 1e-9) run->frame_times.pop_back();
    }
    run->facts.in_product = data.in_product();
    run->history = History(data.columns());
    std::vector<double> row(data.columns().size());
    for (std::size_t n = 0; n < data.times().size() && data.times()[n] <= until + 1e-9; ++n) {
        for (std::size_t c = 0; c < row.size(); ++c) row[c] = data.column(data.columns()[c])[n];
        run->history.append(data.times()[n], row);
    }
    for (const auto& event : data.events())
        if (event.time_s && *event.time_s <= until) run->events.push_back({*event.time_s, event.text});
    run->link();
    return run;
}

// What a made-up run is to be like.
struct MadeUp {
    double until = 60.0;                // [s] recorded so far
    double every = 0.1;                 // [s] between rows
    double overshoot = 0.0;             // of the set point in degC, around 15 s
    double lost_from = 1e300;           // [s] from here on the reading is missing
    std::array<int, 3> cells{8, 6, 4};  // of the bed, of 1 mm
};

// 25 to 1000 degC in 10 s, 30 s hold, down to 100 degC at 50 K/s, in 60 s; a pyrometer with a floor at 570 degC on top.
inline std::unique_ptr<RunModel> made_up_run(const MadeUp& how = {}) {
    auto run = std::make_unique<RunModel>();
    RunFacts& facts = run->facts;
    facts.name = "made up";
    Scenario& s = facts.scenario;
    s.title = "made up", s.source = "made_up.toml";
    Material nothing, coal;
    nothing.name = "void", nothing.is_void = true;
    coal.name = "char", coal.density = Law::make_constant(500.0);
    s.materials = {nothing, coal};
    Heater heater;
    heater.mode = Heater::Mode::temperature;
    heater.program.time = {0.0, 10.0, 40.0, 58.0};
    heater.program.value = {298.15, 1273.15, 1273.15, 373.15};
    heater.feedback = "pyrometer";
    heater.limit_temperature = 1673.15;
    heater.supply.current = 60.0, heater.supply.voltage = 20.0, heater.supply.slew = 50.0;
    s.heater = heater;
    Sensor pyrometer;
    pyrometer.name = "pyrometer", pyrometer.kind = "ratio_pyrometer", pyrometer.face = Face::zmax;
    pyrometer.spot_diameter = 2e-3, pyrometer.floor = 843.15;
    Sensor thermocouple;
    thermocouple.name = "side", thermocouple.kind = "thermocouple", thermocouple.at = std::array<double, 3>{1e-3, 1e-3, 1e-3};
    s.sensors = {pyrometer, thermocouple};
    s.run.duration = 60.0, s.run.output_every = 0.5;
    facts.extents = Extents{how.cells[0], how.cells[1], how.cells[2], 1e-3, 1e-3, 1e-3};
    facts.material.assign(facts.extents.count(), 1);
    facts.material_names = {"void", "char"};
    facts.in_product.assign(facts.extents.count(), true);

    run->history = History({"setpoint_K", "T_mean_K", "T_max_K", "reading_K", "current_A", "voltage_V", "power_W", "id_ig",
                            "capacity_mAh_g", "ice_percent"});
    const Program& program = heater.program;
    const double none = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t n = 0; double(n) * how.every <= how.until + 1e-9; ++n) {
        const double t = double(n) * how.every, r = program.at(t);
        const double bump = how.overshoot * (r - 273.15) * std::exp(-std::pow((t - 15.0) / 2.0, 2));
        const double T = r + bump, I = t < 55.0 ? 20.0 * (r - 298.15) / 975.0 + 1.0 : 0.0;
        const double done = std::clamp((t - 8.0) / 32.0, 0.0, 1.0);
        const double reading = t >= how.lost_from ? none : std::max(T, 843.15);
        const std::array<double, 10> row{r,
                                         T - 2.0,
                                         T + 6.0,
                                         reading,
                                         I,
                                         I * 0.17,
                                         I * I * 0.17,
                                         1.53 - 0.2 * done,
                                         124.0 + 140.0 * done,
                                         82.0 + 8.0 * done};
        run->history.append(t, row);
    }
    for (double t = 0.0; t <= how.until + 1e-9; t += 0.5) run->frame_times.push_back(t);
    run->field_names = {"T_K", "J_over_J0", "Th_K", "id_ig", "d002_nm", "capacity_mAh_g"};
    run->events = {{9.0, "the loop is closed: the pyrometer reads"}, {40.0, "cooling"}};
    run->link();

    auto frame = std::make_shared<FieldFrame>();
    frame->time_s = std::min(25.0, how.until);
    for (const auto& name : run->field_names) frame->fields[name].resize(facts.extents.count());
    for (std::size_t c = 0; c < facts.extents.count(); ++c) {
        const float share = float(c) / float(facts.extents.count());
        frame->fields["T_K"][c] = 1260.0f + 20.0f * share, frame->fields["Th_K"][c] = 1100.0f + 120.0f * share;
        frame->fields["J_over_J0"][c] = 1.0f, frame->fields["id_ig"][c] = 1.5f - 0.2f * share;
        frame->fields["d002_nm"][c] = 0.389f - 0.01f * share, frame->fields["capacity_mAh_g"][c] = 150.0f + 120.0f * share;
    }
    run->model.frame = frame;
    run->model.clock = "14:07:23";
    return run;
}

}  // namespace jt
