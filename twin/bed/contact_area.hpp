// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "twin/bed/bed.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

// What a terminal touches of a bed of this scenario [m2]: the cells on its face of its material, or all that conduct.
double contact_area(const Bed& bed, const Scenario& scenario, const Terminal& terminal);

}  // namespace jt
