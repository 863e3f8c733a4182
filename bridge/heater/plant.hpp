// SPDX-License-Identifier: Apache-2.0
// Plant: the heater in truth. A bed with hidden properties on its own grid and step, its supply, closed loop and interlocks,
// and the instruments that look at it. No sockets, files or wall clocks: the caller advances its clock, gives orders and takes
// readings. Same input, same bits.
//
// The bed rests at its initial temperature until a start; every start puts a fresh one in. The closed loop is the one of
// run_coupled, fed by the instrument of heater.feedback; what it knows of the plant (PlantTable) is the scenario's, not the
// truth. An abort and every interlock cut the current at once.
// Between the ends of a step what sensors look at is taken as straight; current and voltage follow the supply's ramp.
// Interlocks: a thermometer above heater.limits.temperature; the feedback sensor lost for 5 s while it is needed; a run much
// longer than its program.
#pragma once
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridge/heater/faults.hpp"
#include "bridge/heater/hidden.hpp"
#include "bridge/heater/instrument.hpp"
#include "bridge/wire/message.hpp"
#include "twin/stepping/run_coupled.hpp"

namespace jt {

struct PlantOptions {
    std::uint64_t seed = 1;  // of noise and delivery
    // What the loop knows; empty: tabulated from the scenario on the plant's grid (seconds).
    std::optional<PlantTable> table = {};
    std::vector<Fault> faults = {};  // those of clock, garbage and silence are left to the caller
    double longest_run_s = 0.0;      // interlock; 0: an hour beyond program and scenario
};

struct PlantTimes {
    double run_s = 0.0, program_s = 0.0;
    std::optional<double> setpoint;  // [K], [A], [V] or [W]; empty: nothing is followed
};
// The bed at a moment.
struct PlantTruth {
    double T_mean_K = 0.0, T_max_K = 0.0, T_min_K = 0.0;            // of the product
    double T_max_solid_K = 0.0;                                     // of all solids
    double current_A = 0.0, voltage_V = 0.0, resistance_ohm = 0.0;  // resistance: 0 while no current flows
};

class Plant {
public:
    // Throws InputError as Coupled, and for a scenario without a heater that drives terminals or with steady or electric
    // solves.
    Plant(Backend& backend, const Scenario& scenario, const Hidden& hidden, const PlantOptions& options = {});
    ~Plant();

    // Orders. False: not in this phase, nothing has changed.
    bool start();   // idle, finished, aborted, tripped: a fresh bed, the program from its begin
    bool hold();    // running: the program's time stands still
    bool resume();  // holding
    bool abort();   // running, holding: no current from now on
    // Replaces the program in its own time: what the new one says of now counts from now, or from the next start.
    void set_program(const Program& program);

    // Moves the clock to `to` [s]. Never throws for what the model does: a plant whose model fails is tripped.
    void advance(double to);

    HeaterPhase phase() const;
    const std::string& message() const;  // why it tripped, what it does
    std::uint64_t run() const;           // counts starts
    double clock() const;                // [s] since it was made
    double start_clock() const;          // of the last start
    const Program& program() const;
    PlantTimes times() const;
    PlantTruth truth();
    std::vector<double> temperature_K();  // by cell of bed(), NaN in void
    // Readings that have arrived by `until` on the plant's clock, now at most, and were not taken yet, in order of arrival.
    std::vector<PlantReading> take(double until = std::numeric_limits<double>::infinity());

    const Bed& bed() const;
    Coupled& twin();
    const Scenario& scenario() const;                         // the true one
    const PlantTable& table() const;                          // what the loop knows; empty without closed loop
    const std::vector<InstrumentModel>& instruments() const;  // by sensor
    const std::vector<HiddenError>& hidden_errors() const;    // by sensor
    double reference_temperature() const;         // [K] where biases that go with temperature are taken: the highest set point
    const std::vector<RunEvent>& events() const;  // of this run

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
