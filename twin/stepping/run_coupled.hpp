// SPDX-License-Identifier: Apache-2.0
// A coupled run from its scenario: heater program or closed loop, supply, limits, stops and records.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "twin/archive.hpp"
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
    std::map<std::string, double> microstructure;  // means over the mass of the product by quantity; empty: no kinetics
    std::map<std::string, double> extra;           // of a twin beside its heater: bands, innovations, estimates
};

// What the run has made of the char.
struct Product {
    std::map<std::string, double> means;
    std::map<std::string, Distribution> distributions;
    std::int64_t cells = 0, outside_calibration = 0;
    double mass_kg = 0.0, released_kg = 0.0;  // before any release
    Observed observed;
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
    double step_wall_s = 0.0;  // of wall_s: inside steps, without records, pace and start
    double current_balance_relative = 0.0, energy_residual_relative = 0.0;  // worst step, whole run
    int steps = 0, rejected = 0;
    long newton = 0, heat_iterations = 0, potential_iterations = 0;
    std::int64_t outside_calibration = 0;  // cells of the product, at most at a record
    std::optional<Product> product;        // of a bed with kinetics, at the end
    bool steady = false, interrupted = false;
    std::optional<std::string> failure;  // why the run ended before its time: no convergence, runaway
};

// Fields at the moment of a record or sample, packed, x fastest, NaN where there is no such thing; formed when first
// asked for.
class RunFields {
public:
    virtual ~RunFields() = default;
    // Quantities of twin/quantity that this run has now; those of a current are absent while none flows.
    virtual std::vector<std::string> available() const = 0;
    // Stays valid until the next record or sample.
    virtual const std::vector<float>& field(const std::string& quantity) = 0;
    virtual Coupled& twin() = 0;
};

// Watches a run. Whatever returns false ends it after the step; what was computed is kept.
class RunObserver {
public:
    virtual ~RunObserver() = default;
    virtual void starting(Coupled&) {}  // before the first step
    // What the closed loop knows of the plant, before it is built: a change here is a controller that is mistaken.
    virtual void tabulated(PlantTable&) {}
    virtual bool stepped(const CoupledRun&) { return true; }
    virtual bool recorded(const CoupledRun&, const RunRecord&, RunFields&) { return true; }
    // Asked after each step that no record follows: whether a row and fields of this moment are wanted; and they. A sample
    // changes nothing in the run: records, state and every step after it are the same to the last bit.
    virtual bool wants_sample(double /*t*/) { return false; }
    virtual void sampled(const CoupledRun&, const RunRecord&, RunFields&) {}
    // Asked after a record: whether the state is wanted now, and the state.
    virtual bool wants_state() { return false; }
    virtual void keep_state(const ArchiveMap&) {}
};

// Runs the scenario from its start, or from a state that keep_state got from the same scenario and program: then it goes on
// bit for bit. Throws as Coupled before the first step; later troubles end the run with `failure`.
CoupledRun run_coupled(Backend& backend, const Scenario& scenario, RunObserver& observer, ArchiveMap* state = nullptr);

// Called after each step and each record; false ends the run, what was computed is kept.
using RunProgress = std::function<bool(const CoupledRun& so_far, const RunRecord* fresh)>;

// What a caller may do to the model beside its scenario: set fields, sources or the step before the first one; read fields
// whenever a record is made.
struct RunHooks {
    std::function<void(Coupled&)> before;
    std::function<void(Coupled&, const RunRecord&)> at_record;
};

// The same without an observer's rest. Throws SolveError where the other one reports a failure.
CoupledRun run_coupled(Backend& backend, const Scenario& scenario, const RunProgress& progress = {},
                       const RunHooks& hooks = {});

// The plant as the closed loop's feed-forward knows it, from steady states of the model at rising power: loss, heat capacity
// and resistance by what `sensor` sees, up to `highest` [K]. Leaves `twin` at its initial temperature.
PlantTable tabulate_plant(Coupled& twin, const Bed& bed, FeedbackSensor& sensor, double highest);

}  // namespace jt
