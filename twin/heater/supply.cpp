// SPDX-License-Identifier: Apache-2.0
#include "twin/heater/supply.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jt {

PowerSupply::Ramp PowerSupply::current(double t, double resistance) {
    // along the ramp that has run since the last call
    const double moved = supply_.slew ? *supply_.slew * std::max(t - time_, 0.0) : std::abs(wanted_ - output_);
    output_ = std::clamp(wanted_, output_ - moved, output_ + moved);
    time_ = t;
    while (!pending_.empty() && pending_.front().first <= t + 1e-12) {
        commanded_ = pending_.front().second;
        pending_.pop_front();
    }
    wanted_ = std::max(commanded_, 0.0);
    at_current_ = supply_.current && wanted_ > *supply_.current;
    if (at_current_) wanted_ = *supply_.current;
    at_voltage_ = supply_.voltage && resistance > 0.0 && wanted_ * resistance > *supply_.voltage;
    if (at_voltage_) wanted_ = *supply_.voltage / resistance;
    if (!supply_.slew) output_ = wanted_;
    return {output_, wanted_, supply_.slew ? t + std::abs(wanted_ - output_) / *supply_.slew : t};
}

double PowerSupply::next_change(double t) const {
    for (const auto& [when, current] : pending_)
        if (when > t + 1e-12) return when;
    return std::numeric_limits<double>::infinity();
}

}  // namespace jt
