// SPDX-License-Identifier: Apache-2.0
#include "twin/heater/supply.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jt {

double PowerSupply::current(double t, double resistance) {
    while (!pending_.empty() && pending_.front().first <= t + 1e-12) {
        target_ = pending_.front().second;
        pending_.pop_front();
    }
    double wanted = std::max(target_, 0.0);
    at_current_ = supply_.current && wanted > *supply_.current;
    if (at_current_) wanted = *supply_.current;
    at_voltage_ = supply_.voltage && resistance > 0.0 && wanted * resistance > *supply_.voltage;
    if (at_voltage_) wanted = *supply_.voltage / resistance;
    if (supply_.slew) {
        const double most = *supply_.slew * std::max(t - time_, 0.0);
        wanted = std::clamp(wanted, output_ - most, output_ + most);
    }
    output_ = wanted;
    time_ = t;
    return output_;
}

double PowerSupply::next_change(double t) const {
    for (const auto& [when, current] : pending_)
        if (when > t + 1e-12) return when;
    return std::numeric_limits<double>::infinity();
}

}  // namespace jt
