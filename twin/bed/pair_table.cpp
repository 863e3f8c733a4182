// SPDX-License-Identifier: Apache-2.0
#include "twin/bed/pair_table.hpp"

#include <limits>

namespace jt {

double contact_resistance(const std::optional<double>& conductance) {
    if (!conductance) return 0.0;
    return *conductance > 0.0 ? 1.0 / *conductance : std::numeric_limits<double>::infinity();
}

}  // namespace jt
