// SPDX-License-Identifier: Apache-2.0
// A coupled run from its scenario: heater program or closed loop, supply, limits, stops and records.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "twin/heater/control.hpp"
#include "twin/heater/feedback.hpp"
#include "twin/stepping/coupled.hpp"

namespace jt {

// One row of the time series; absent where there is no such thing.
struct RunRecord {
    double time_s = 0.0;
    std::optional<double> setpoint_K, reading_K;
    double T_mean_K = 0.0, T_max_K = 0.0, T_min_K = 0.0, T_spread_K = 0.0;  // of the product; T_max of all solids
    double voltage_V = 0.0, current_A = 0.0, power_W = 0.0;
    std::optional<double> resistance_ohm, J_crowding, J_crowding_max, J_max_A_per_m2;
    std::map<std::string, std::optional<double>> probes;
};

struct RunEvent {
    double time_s;
    std::string text;
};

struct CoupledRun {
    Bed bed;
    std::vector<std::string> findings;
    std::vector<RunEvent> events;
    std::vector<RunRecord> records;
    Energy energy;
    double simulated_s = 0.0, wall_s = 0.0, bytes_per_cell = 0.0;
    double current_balance_relative = 0.0, energy_residual_relative = 0.0;  // worst step, whole run
    int steps = 0, rejected = 0;
    bool interrupted = false;
};

// Called after each step and each record; false ends the run, what was computed is kept.
using RunProgress = std::function<bool(const CoupledRun& so_far, const RunRecord* fresh)>;

// What a caller may do to the model beside its scenario: set fields, sources or the step before the first one; read fields
// whenever a record is made.
struct RunHooks {
    std::function<void(Coupled&)> before;
    std::function<void(Coupled&, const RunRecord&)> at_record;
};

// Throws as Coupled; a step that does not converge at its smallest ends the run with SolveError.
CoupledRun run_coupled(Backend& backend, const Scenario& scenario, const RunProgress& progress = {},
                       const RunHooks& hooks = {});

// The plant as the closed loop's feed-forward knows it, from steady states of the model at rising power: loss, heat capacity
// and resistance by what `sensor` sees, up to `highest` [K]. Leaves `twin` at its initial temperature.
PlantTable tabulate_plant(Coupled& twin, const Bed& bed, const FeedbackSensor& sensor, double highest);

}  // namespace jt
