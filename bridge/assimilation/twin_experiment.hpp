// SPDX-License-Identifier: Apache-2.0
// Twin experiment: a plant with hidden truths on its own grid and step, its instruments, and a twin that knows the scenario
// and the readings alone; and beside it a twin with the priors under the same measured current. What the filter claims is held
// against what is true.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bridge/assimilation/twin_filter.hpp"
#include "bridge/heater/hidden.hpp"

namespace jt {

inline constexpr double kBetweenScores = 0.5;  // [s]; windows are whole parts of it

struct ExperimentSetup {
    Scenario scenario;
    Hidden hidden;
    FilterOptions filter;
    std::uint64_t seed = 1;             // of noise, biases and members
    double from_s = 10.0, to_s = 40.0;  // scored
    bool baseline = true, forecasts = true;
    std::optional<PlantTable> table;  // of the plant's loop; empty: tabulated
    std::optional<Shape> watched;     // cells of the product whose bands are held against the truth one by one
    bool verbose = false;
};

struct ScoredParameter {
    std::string name;
    double truth = 1.0, estimate = 1.0, prior_sd = 0.0, sd = 0.0, low = 0.0, high = 0.0;  // as people see them; sd of ln
    bool identified = false;
};

struct ExperimentResult {
    std::uint64_t seed = 0;
    double rmse_K = 0.0, baseline_rmse_K = 0.0;
    int scored = 0;                                 // times at which bands were held against the truth
    std::map<std::string, int> covered;             // by quantity
    double nis = 0.0;                               // mean per reading
    std::map<std::string, double> autocorrelation;  // by sensor
    std::map<std::string, double> nis_of;           // by sensor, of each reading by itself
    std::vector<ScoredParameter> parameters;
    bool misfit = false;
    std::string message;
    long watched = 0, watched_covered = 0;
    int forecasts = 0;
    std::map<std::string, int> forecast_covered;
    double wall_s = 0.0, plant_s = 0.0;
    long steps = 0;
    PlantTable table;
};

ExperimentResult run_experiment(const ExperimentSetup& setup);

}  // namespace jt
