// SPDX-License-Identifier: Apache-2.0
// HeatHistory: the heat treatment of a char before a run, as people write it: "600 degC for 2 h at 5 K/min", several one after
// the other with "; ". The rate may be left out: then the temperature is reached at once. It starts at 25 degC and ends with
// the last hold; what comes after is left out (cooling at 5 K/min adds 0.9 K to Th after 2 h at 600 degC, 1.8 K at 1000 degC).
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace jt {

struct HeatTreatment {
    double T = 0.0, hold = 0.0;  // [K], [s]
    double rate = 0.0;           // [K/s] from the temperature before; 0: at once
};

// Throws InputError with what was found and what is allowed.
std::vector<HeatTreatment> parse_history(std::string_view text);

// Front of the ordering [J/mol] after the treatments; attempt frequency [1/s].
double front_after_history(const std::vector<HeatTreatment>& history, double attempt);

}  // namespace jt
