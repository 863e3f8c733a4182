// SPDX-License-Identifier: Apache-2.0
#include "twin/scenario/scenario.hpp"

#include <algorithm>

namespace jt {

const char* name_of(Face face) {
    static constexpr const char* kNames[] = {"xmin", "xmax", "ymin", "ymax", "zmin", "zmax"};
    return kNames[static_cast<int>(face)];
}

double Program::at(double t) const {
    if (time.empty()) return 0.0;
    // First point at or after t: at a step this is the earlier one, so the value before the step.
    const auto upper = std::lower_bound(time.begin(), time.end(), t);
    if (upper == time.begin()) return value.front();
    if (upper == time.end()) return value.back();
    const auto n = static_cast<std::size_t>(upper - time.begin());
    if (*upper == t) return value[n];
    return value[n - 1] + (value[n] - value[n - 1]) * (t - time[n - 1]) / (time[n] - time[n - 1]);
}

int Scenario::material_index(const std::string& name) const {
    for (std::size_t n = 0; n < materials.size(); ++n)
        if (materials[n].name == name) return static_cast<int>(n);
    return -1;
}

}  // namespace jt
