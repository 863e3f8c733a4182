// SPDX-License-Identifier: Apache-2.0
// Inside of Plant, for the files that define it.
#pragma once
#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bridge/heater/plant.hpp"
#include "twin/archive.hpp"
#include "twin/heater/control.hpp"
#include "twin/heater/feedback.hpp"
#include "twin/heater/supply.hpp"
#include "twin/stepping/coupled.hpp"

namespace jt {

struct Plant::Impl {
    // ---- set-up (plant_setup.cpp)

    Impl(Backend& b, const Scenario& nominal_scenario, const Hidden& hidden, const PlantOptions& o);

    // What the loop knows: the scenario without its secrets, on the plant's grid.
    void make_table(const Scenario& nominal_scenario, const Hidden& hidden);
    void build();
    void make_eyes();
    void make_sensors(const Scenario& nominal_scenario, const Hidden& hidden);
    int feedback() const;
    bool on() const { return phase == HeaterPhase::running || phase == HeaterPhase::holding; }
    double run_s() const { return run > 0 ? clock - start_clock : 0.0; }
    double program_s() const {
        return phase == HeaterPhase::holding ? held_at - offset : stopped_at.value_or(run_s()) - offset;
    }
    double length() const { return std::max(program.end_time(), scenario.run.duration); }

    // The program in time of the run, from now on.
    void follow_program(double now);
    // Fresh bed, loop and supply.
    void begin();

    // ---- steps and instruments (plant_step.cpp)

    // What instruments look at now, by sensor.
    void look(double I, double V, std::vector<double>& out);
    void settle();
    void keep(std::vector<PlantReading>& made);
    void event(const std::string& text) { events.push_back({run_s(), text}); }
    // Ends the run, or its current.
    void cut(HeaterPhase to, const std::string& why);

    // ---- faults (plant_faults.cpp)

    void set_sensor_faults();
    // Faults that begin or end now and act on the bed itself.
    void break_contacts();

    // ---- the loop and its interlocks (plant_step.cpp)

    // The newest reading of a thermometer that is not too old; below its floor it reads the floor.
    std::optional<double> reading_of(std::size_t n) const;
    void interlocks();
    // One control sample: interlocks, command.
    void sample();
    void note_limit(bool now, const char* what, bool& before);
    void step(double to);
    // Instruments follow the step that has been made. A step may be long against their sampling, current and voltage are not
    // straight in it: they are followed in pieces.
    void measure(double t0, const StepReport& before, const StepReport& done, const Drive& driven);
    void advance(double to);

    Backend& backend;
    PlantOptions options;
    std::optional<double> largest_step;
    Scenario scenario, intact;  // as it is now; without broken contacts
    Bed bed;
    Program program, reference;  // as given; in time of the run, holds inserted, from now on
    PlantTable table;
    std::unique_ptr<Coupled> twin;
    std::vector<std::optional<FeedbackSensor>> eyes;  // of thermometers
    std::vector<InstrumentModel> models;
    std::vector<HiddenError> errors;
    std::vector<Instrument> instruments;
    std::optional<TemperatureControl> control;
    std::optional<PowerSupply> supply;
    Drive drive;
    ArchiveMap fresh;
    StepReport last;
    std::vector<double> corners, seen;  // in time of the run; what instruments look at now
    std::vector<PlantReading> on_the_way;
    std::vector<RunEvent> events;
    HeaterPhase phase = HeaterPhase::idle;
    std::string message;
    std::uint64_t run = 0;
    double clock = 0.0, start_clock = 0.0, offset = 0.0, held_at = 0.0, next_sample = 0.0, whole_resistance = 0.0;
    double reference_temperature = 1273.15;  // of a run without a set point of temperature
    std::optional<double> stopped_at, lost_since;
    long samples = 0;
    std::set<std::size_t> acting;  // faults of contacts
    bool broken = false, over = false, at_current = false, at_voltage = false, dead = false;
};

}  // namespace jt
