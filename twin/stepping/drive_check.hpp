// SPDX-License-Identifier: Apache-2.0
// What a run's program asks of its supply at the start, where the bed is coldest and a powder resists most.
#pragma once
#include <string>
#include <vector>

#include "twin/stepping/coupled.hpp"

namespace jt {

// Sentences like "the program needs 140 V at 25 degC; limit 40 V"; empty when the supply does. `twin` is at its initial
// temperature. Solves the potential once.
std::vector<std::string> drive_warnings(Coupled& twin, const Scenario& scenario);

}  // namespace jt
