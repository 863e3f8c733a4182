// SPDX-License-Identifier: Apache-2.0
// Treatment: what a scenario does to the char, in the words of the paper: route, highest temperature of the program, time spent
// at it. The program, not what the bed reached.
#pragma once
#include <optional>

#include "twin/microstructure/paper.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

struct Treatment {
    PaperSample::Route route = PaperSample::Route::joule;
    double T_K = 0.0;                             // highest of the program
    double dwell_s = 0.0;                         // time at it, within half a kelvin
    double dwell_from_s = 0.0, dwell_to_s = 0.0;  // first and last moment at it
    double fastest_K_per_s = 0.0;                 // steepest rise; infinite for a step
};

// Absent when the run follows no program of temperature in time (current, voltage, power, steady states). The furnace's route:
// there is [furnace], or the bed is imposed a rise slower than 1 K/s.
std::optional<Treatment> treatment_of(const Scenario& scenario);

}  // namespace jt
