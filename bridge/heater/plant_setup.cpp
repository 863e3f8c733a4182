// SPDX-License-Identifier: Apache-2.0
// Of Plant: what it is made of, and the begin of a run.
#include <algorithm>
#include <cmath>

#include "bridge/heater/plant_impl.hpp"
#include "kernels/error.hpp"
#include "twin/bed/voxelise.hpp"

namespace jt {
namespace {

constexpr double kAboveSetPoint = 50.0;  // [K] that the loop's table reaches above the program

// Program moved by `offset`, from now on; before that it stands at its value of now.
Program moved(const Program& program, double offset, double now) {
    Program out{{now}, {program.at(now - offset)}};
    for (std::size_t n = 0; n < program.time.size(); ++n) {
        const double t = program.time[n] + offset;
        if (t < now) continue;
        out.time.push_back(t);
        out.value.push_back(program.value[n]);
    }
    return out;
}

void refuse(const Scenario& s) {
    std::vector<std::string> problems;
    if (!s.heater || s.heater->mode == Heater::Mode::imposed)
        problems.push_back(
            s.source +
            ": heater: the plant needs [heater] that drives terminals; allowed: mode \"temperature\", \"current\", "
            "\"voltage\" or \"power\"");
    if (s.run.solve == RunSpec::Solve::current)
        problems.push_back(s.source + ": run.solve: found \"current\"; the plant runs in time; allowed: \"coupled\"");
    if (s.run.steady) problems.push_back(s.source + ": run.steady: found true; the plant runs in time; allowed: false");
    if (!problems.empty()) throw InputError(problems);
}

}  // namespace

Plant::Impl::Impl(Backend& b, const Scenario& nominal_scenario, const Hidden& hidden, const PlantOptions& o)
    : backend(b), options(o), largest_step(hidden.largest_step) {
    refuse(nominal_scenario);
    intact = scenario = hidden_scenario(nominal_scenario, hidden);
    std::vector<std::string> findings;
    bed = voxelise(scenario, findings);
    program = scenario.heater->program;
    if (scenario.heater->mode == Heater::Mode::temperature) make_table(nominal_scenario, hidden);
    build();
    make_sensors(nominal_scenario, hidden);
    twin->heat().refresh_surfaces(0.0);
    ArchiveMap kept;
    Archive archive(kept, true);
    twin->state(archive);
    fresh = std::move(kept);
    follow_program(0.0);
    settle();
}

void Plant::Impl::make_table(const Scenario& nominal_scenario, const Hidden& hidden) {
    const double highest = *std::max_element(program.value.begin(), program.value.end()) + kAboveSetPoint;
    if (options.table) {
        table = *options.table;
        return;
    }
    Hidden grid_only;
    grid_only.voxel = hidden.voxel;
    const Scenario known = hidden_scenario(nominal_scenario, grid_only);
    std::vector<std::string> findings;
    const Bed known_bed = voxelise(known, findings);
    Coupled model(backend, known_bed, known);
    FeedbackSensor sensor(backend, known.sensors[std::size_t(feedback())], known_bed, model.heat());
    table = tabulate_plant(model, known_bed, sensor, highest);
}

void Plant::Impl::build() {
    twin = std::make_unique<Coupled>(backend, bed, scenario);
    twin->largest_step = largest_step.value_or(std::max(0.5, scenario.run.duration / 200.0));
    if (!eyes.empty()) make_eyes();
}

void Plant::Impl::make_eyes() {
    eyes.clear();
    for (const Sensor& sensor : scenario.sensors) {
        if (sensor.kind == "voltage" || sensor.kind == "current")
            eyes.emplace_back();
        else
            eyes.emplace_back(std::in_place, backend, sensor, bed, twin->heat());
    }
}

void Plant::Impl::make_sensors(const Scenario& nominal_scenario, const Hidden& hidden) {
    make_eyes();
    if (scenario.heater->mode == Heater::Mode::temperature)
        reference_temperature = *std::max_element(program.value.begin(), program.value.end());
    for (std::size_t n = 0; n < scenario.sensors.size(); ++n) {
        const InstrumentModel model = instrument_model(nominal_scenario.sensors[n], nominal_scenario);
        HiddenError error = hidden_error(model, hidden, reference_temperature);
        if (model.kind == InstrumentModel::Kind::pyrometer) {
            const double known = eyes[n]->emissivity() / hidden.emissivity;
            error.emissivity = eyes[n]->emissivity() / model.set_emissivity.value_or(known);
        }
        models.push_back(model);
        errors.push_back(error);
        instruments.emplace_back(model, error, hidden.delivery, int(n), options.seed);
    }
}

int Plant::Impl::feedback() const {
    for (std::size_t n = 0; n < scenario.sensors.size(); ++n)
        if (scenario.sensors[n].name == scenario.heater->feedback) return int(n);
    throw Error("the heater's feedback sensor is not in the scenario");
}

void Plant::Impl::follow_program(double now) {
    reference = phase == HeaterPhase::holding ? Program{{now}, {program.at(held_at - offset)}} : moved(program, offset, now);
    if (now == 0.0 && offset == 0.0 && phase != HeaterPhase::holding) reference = program;
    if (control) control->follow(reference);
    corners = twin->heat().surfaces().corners();
    corners.insert(corners.end(), reference.time.begin(), reference.time.end());
    for (const Fault& fault : options.faults)
        for (const double t : {fault.from_s, fault.from_s + fault.duration_s})
            if (std::isfinite(t)) corners.push_back(t);
    std::sort(corners.begin(), corners.end());
}

void Plant::Impl::begin() {
    if (broken) {
        scenario = intact;
        broken = false;
        build();
    }
    Archive archive(fresh, false);
    twin->state(archive);
    const Heater& heater = *scenario.heater;
    control.reset(), supply.reset();
    drive = {};
    drive.most_current = heater.supply.current;
    drive.most_voltage = heater.supply.voltage;
    drive.mode = heater.mode == Heater::Mode::voltage ? Drive::Mode::voltage
                 : heater.mode == Heater::Mode::power ? Drive::Mode::power
                                                      : Drive::Mode::current;
    if (heater.mode == Heater::Mode::temperature ||
        (heater.mode == Heater::Mode::current && (heater.supply.slew || heater.supply.delay > 0.0)))
        supply.emplace(heater.supply);
    if (heater.mode == Heater::Mode::temperature)
        control.emplace(program, table, heater.supply, scenario.sensors[std::size_t(feedback())].floor);
    ++run;
    start_clock = clock;
    offset = held_at = 0.0;
    stopped_at.reset(), lost_since.reset();
    last = {};
    samples = 0, next_sample = 0.0;
    over = false, at_current = at_voltage = false, dead = false;
    acting.clear();
    events.clear();
    phase = HeaterPhase::running;
    message = "";
    follow_program(0.0);
    settle();
}

}  // namespace jt
