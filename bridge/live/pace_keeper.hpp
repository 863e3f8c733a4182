// SPDX-License-Identifier: Apache-2.0
// PaceKeeper: how coarsely a twin works that may be too slow for its machine, and what that means for the next window.
#pragma once
#include <algorithm>
#include <array>

namespace jt {

class PaceKeeper {
public:
    static constexpr int kMost = 4;

    // behind_s: how far the present is ahead of the last window that was closed; now_s: of a clock that never goes back.
    void look(double behind_s, double now_s) {
        if (behind_s < kInTime) {
            if (late_since_ >= 0.0 || in_time_since_ < 0.0) in_time_since_ = now_s;
            late_since_ = -1.0;
            if (level_ > 0 && now_s - in_time_since_ >= kBack) --level_, in_time_since_ = now_s;
        } else if (behind_s > kLate) {
            if (late_since_ < 0.0) late_since_ = now_s;
            in_time_since_ = -1.0;
            if (level_ < kMost && now_s - late_since_ >= kPatience) ++level_, late_since_ = now_s;
        }
    }
    int level() const { return level_; }
    int length() const { return std::array{1, 1, 1, 2, 5}[std::size_t(level_)]; }  // windows at once
    double forecast_every_s() const { return std::array{1.0, 2.0, 5.0, 5.0, 10.0}[std::size_t(level_)]; }
    double fields_every_s() const { return std::array{0.2, 0.5, 0.5, 1.0, 1e9}[std::size_t(level_)]; }

private:
    static constexpr double kInTime = 0.35, kLate = 0.6;    // [s] a window, what is waited for readings, and some
    static constexpr double kPatience = 1.0, kBack = 10.0;  // [s]
    int level_ = 0;
    double late_since_ = -1.0, in_time_since_ = -1.0;
};

}  // namespace jt
