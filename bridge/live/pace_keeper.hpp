// SPDX-License-Identifier: Apache-2.0
// PaceKeeper: how coarsely a twin works that may be too slow for its machine, and what that means for the next window.
#pragma once
#include <algorithm>
#include <array>

namespace jt {

class PaceKeeper {
public:
    static constexpr int kMost = 4;

    // late_s: how far the present is beyond the end of the next window; now_s: of a clock that never goes back.
    void look(double late_s, double now_s) {
        if (late_s < kInTime && together_ < kRarely) {
            if (late_since_ >= 0.0 || in_time_since_ < 0.0) in_time_since_ = now_s;
            late_since_ = -1.0;
            if (level_ > 0 && now_s - in_time_since_ >= kBack) --level_, in_time_since_ = now_s;
        } else if (late_s > kLate || together_ > kOften) {
            if (late_since_ < 0.0) late_since_ = now_s;
            in_time_since_ = -1.0;
            if (level_ < kMost && now_s - late_since_ >= kPatience) ++level_, late_since_ = now_s;
        }
    }
    // A window was taken: whether together with others that were due as well, to catch up.
    void took(bool together) { together_ += kShare * ((together ? 1.0 : 0.0) - together_); }
    // How long the last forecast took [s]. Forecasts that take longer than the time between two make it coarser too, no further
    // than to those every 5 s: windows do not wait for them.
    void forecast_took(double seconds) {
        took_[std::size_t(forecasts_++ % kJudgedBy)] = seconds;
        if (forecasts_ < kJudgedBy) return;
        const auto [least, most] = std::minmax_element(took_.begin(), took_.end());
        const auto every = [](int level) { return kForecastEvery[std::size_t(level)]; };
        const bool late = every(rarer_) < *least;
        if (late && rarer_ < kRarest)
            ++rarer_, forecasts_ = 0;
        else if (rarer_ > 0 && *most < kEasily * every(rarer_ - 1))
            --rarer_, forecasts_ = 0;
    }
    int level() const { return std::max(level_, rarer_); }
    int length() const { return std::array{1, 1, 1, 2, 5}[std::size_t(level())]; }  // windows at once
    double forecast_every_s() const { return kForecastEvery[std::size_t(level())]; }
    double fields_every_s() const { return std::array{0.2, 0.5, 0.5, 1.0, 1e9}[std::size_t(level())]; }

private:
    static constexpr std::array kForecastEvery{1.0, 2.0, 5.0, 5.0, 10.0};
    static constexpr int kJudgedBy = 3, kRarest = 2;  // forecasts: one that was held up says nothing
    static constexpr double kEasily = 0.7;
    static constexpr double kInTime = 0.3, kLate = 0.5;  // [s] of which what is waited for readings, 0.25 at most
    static constexpr double kShare = 0.1, kRarely = 0.1, kOften = 0.3;  // of the newest window; of windows taken together
    static constexpr double kPatience = 1.0, kBack = 10.0;              // [s]
    int level_ = 0, rarer_ = 0;
    long forecasts_ = 0;
    std::array<double, kJudgedBy> took_{};
    double late_since_ = -1.0, in_time_since_ = -1.0, together_ = 0.0;
};

}  // namespace jt
