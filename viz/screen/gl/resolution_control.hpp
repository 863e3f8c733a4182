// SPDX-License-Identifier: Apache-2.0
// ResolutionControl: at how many pixels a picture is drawn that takes time. While it moves, or has just changed, few enough for
// a smooth motion; then finer; at last twice as fine as the screen, where that takes no more than half a second.
#pragma once
#include <optional>

namespace jt {

class ResolutionControl {
public:
    // Pixels per device pixel, along each axis, for a picture that is drawn now [s of any clock that never goes back].
    // `budget_s`: longest picture while a hand moves it; one that only new data change may take kBudget_s.
    double factor(bool moving, bool changed, double now_s, double budget_s = kBudget_s);
    // What one took.
    void took(double factor, double seconds);
    // Seconds after which a finer one is due; absent: the last one was the finest.
    std::optional<double> finer_in(double now_s) const;

    static constexpr double kBudget_s = 0.06, kFinest_s = 0.5;  // longest picture in motion, at rest
    static constexpr double kSettled_s = 0.2, kRested_s = 0.5;  // since the last change

private:
    std::optional<double> cost_s_;  // of a picture at factor 1
    double changed_s_ = -1e9, last_ = 0.0, budget_s_ = kBudget_s;

    double quick() const;
    double finest() const { return cost_s_ && 4.0 * *cost_s_ <= kFinest_s ? 2.0 : 1.0; }
};

}  // namespace jt
