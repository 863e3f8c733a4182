// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/gl/resolution_control.hpp"

#include <algorithm>

namespace jt {

double ResolutionControl::quick() const {
    for (const double f : {1.0, 3.0 / 4.0, 1.0 / 2.0, 1.0 / 3.0})
        if (!cost_s_ || f * f * *cost_s_ <= budget_s_) return f;
    return 1.0 / 4.0;
}

double ResolutionControl::factor(bool moving, bool changed, double now, double budget) {
    if (moving || changed) changed_s_ = now, budget_s_ = moving ? budget : kBudget_s;
    const double since = now - changed_s_;
    if (moving || since < kSettled_s)
        last_ = quick();
    else if (since < kRested_s)
        last_ = 1.0;
    else
        last_ = finest();
    return last_;
}

void ResolutionControl::took(double f, double seconds) {
    const double whole = seconds / (f * f);
    cost_s_ = cost_s_ ? 0.5 * (*cost_s_ + whole) : whole;
}

std::optional<double> ResolutionControl::finer_in(double now) const {
    const double since = now - changed_s_;
    if (last_ < 1.0) return std::max(0.0, kSettled_s - since);
    if (last_ < finest()) return std::max(0.0, kRested_s - since);
    return std::nullopt;
}

}  // namespace jt
