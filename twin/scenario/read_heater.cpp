// SPDX-License-Identifier: Apache-2.0
// The heater, what is run and what it is to give.
#include <algorithm>

#include "twin/scenario/parts.hpp"

namespace jt {

Driven driven_by(Heater::Mode mode) {
    switch (mode) {
        case Heater::Mode::current:
            return {Dimension::current, {.min = 0.0, .max = 1e9}};
        case Heater::Mode::voltage:
            return {Dimension::voltage, {.min = 0.0, .max = 1e9}};
        case Heater::Mode::power:
            return {Dimension::power, {.min = 0.0, .max = 1e12}};
        case Heater::Mode::temperature:
        case Heater::Mode::imposed:
            break;
    }
    return {Dimension::temperature, {.min = 0.0, .max = 5000.0, .above_min = true}};
}

namespace {

std::optional<Heater::Mode> mode_named(const std::string& name) {
    static const std::pair<const char*, Heater::Mode> modes[] = {{"temperature", Heater::Mode::temperature},
                                                                 {"current", Heater::Mode::current},
                                                                 {"voltage", Heater::Mode::voltage},
                                                                 {"power", Heater::Mode::power},
                                                                 {"imposed", Heater::Mode::imposed}};
    for (const auto& [word, mode] : modes)
        if (name == word) return mode;
    return {};
}

void check_feedback(const Section& section, const Heater& heater, const Scenario& scenario) {
    if (heater.mode != Heater::Mode::temperature) {
        if (section.has("feedback")) section.problem("feedback", "belongs to mode \"temperature\"");
        return;
    }
    std::vector<std::string> thermometers;
    for (const Sensor& sensor : scenario.sensors)
        if (sensor.kind != "voltage" && sensor.kind != "current") thermometers.push_back(sensor.name);
    std::string list;
    for (const auto& name : thermometers) list += (list.empty() ? "" : ", ") + name;
    if (list.empty()) list = "the name of a [[sensor]] of temperature, of which there is none";
    if (!section.has("feedback"))
        section.problem("feedback", "missing; mode \"temperature\" needs a sensor; allowed: " + list);
    else if (!heater.feedback.empty() &&
             std::find(thermometers.begin(), thermometers.end(), heater.feedback) == thermometers.end())
        section.problem("feedback", "found " + quote(heater.feedback) + "; allowed: " + list);
}

}  // namespace

void read_heater(const Section& top, Scenario& scenario) {
    const auto section = top.section("heater", "heater");
    if (!section) return;
    Heater heater{};
    const auto name = section->text("mode");
    const auto mode = name ? mode_named(*name) : std::nullopt;
    if (mode) {
        heater.mode = *mode;
        const Driven driven = driven_by(heater.mode);
        const double start = driven.dimension == Dimension::temperature ? scenario.bed.initial_temperature : 0.0;
        if (auto program = section->program("program", driven.dimension, driven.range, start)) {
            const std::string_view needs = find_section("PROGRAM").needs;
            if (program->time.size() > 1 && !needs.empty())
                section->context().add_unavailable(*section->value("program"), "heater.program: a program that varies", needs);
            heater.program = std::move(*program);
        }
        heater.feedback = section->text("feedback").value_or("");
        check_feedback(*section, heater, scenario);
        if (heater.mode != Heater::Mode::imposed && scenario.terminals.empty())
            section->problem("drives no terminal; allowed: two [[terminal]] or [electrodes] with bed.current_axis");
    }
    if (const auto limits = section->section("limits", "heater.limits"))
        heater.limit_temperature = limits->number("temperature");
    if (const auto supply = section->section("supply", "heater.supply")) {
        heater.supply.current = supply->number("current");
        heater.supply.voltage = supply->number("voltage");
        heater.supply.slew = supply->number("slew");
        heater.supply.update = supply->number("update").value_or(10.0);
        heater.supply.delay = supply->number("delay").value_or(0.0);
    }
    scenario.heater = std::move(heater);
}

void read_target(const Section& top, Scenario& scenario) {
    const auto section = top.section("target", "target");
    if (!section) return;
    scenario.target.capacity_mAh_g = section->number("capacity");
    scenario.target.id_ig = section->number("id_ig");
}

void read_run(const Section& top, Scenario& scenario) {
    const auto section = top.section("run", "run");
    RunSpec& run = scenario.run;
    bool known = true;  // what is to be solved
    if (section) {
        const auto solve = section->text("solve");
        if (solve == "current") run.solve = RunSpec::Solve::current;
        known = solve.has_value() || !section->has("solve");
        run.duration = section->number("duration").value_or(0.0);
        run.output_every = section->number("output_every").value_or(run.duration / 100.0);
        run.steady = section->boolean("steady").value_or(false);
        if (run.duration > 0.0 && run.output_every > run.duration)
            section->problem("output_every", "found " + section->value("output_every")->describe() +
                                                 "; allowed: at most the duration, " +
                                                 format_for_people(run.duration, Dimension::time));
    }
    if (!known) return;
    const Value& at = section ? section->table() : top.table();
    if (run.solve == RunSpec::Solve::coupled) {
        if (!run.steady && !(section && section->has("duration")))
            top.context().add(at, "run.duration", "missing; allowed: a time, e.g. \"60 s\", or run.steady = true");
        return;
    }
    if (section)
        for (const char* key : {"duration", "output_every", "steady"})
            if (section->has(key)) section->problem(key, "has no effect with run.solve = \"current\"");
    if (!scenario.heater)
        top.context().add(at, "run.solve", "\"current\" needs [heater] with mode \"voltage\" or \"current\"");
    else if (top.value("heater") && !scenario.heater->program.value.empty() && scenario.heater->program.value.front() == 0.0 &&
             scenario.heater->program.time.size() == 1)
        top.context().add(*top.value("heater"), "heater.program", "found 0; with run.solve = \"current\" allowed: > 0");
}

}  // namespace jt
