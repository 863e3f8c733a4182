// SPDX-License-Identifier: Apache-2.0
// Pace: keeps a run at so many simulated seconds in a second, at most.
#pragma once
#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>

namespace jt::cli {

class Pace {
public:
    // From now on, at t.
    void start(double t, double rate) { since_ = Clock::now(), from_ = t, rate_ = rate; }
    // Waits until t is due at the rate that `rate` says, which may change meanwhile (0: at once), or `stop` does. Who is behind
    // catches up, but not on more than some seconds: what was lost to a pause of the machine is lost.
    void keep(double t, const std::function<double()>& rate, const std::function<bool()>& stop) {
        while (!stop()) {
            const auto now = Clock::now();
            const double asked = rate(), gone = Seconds(now - since_).count();
            if (asked != rate_) {
                // goes on from where it has come to
                from_ = rate_ > 0.0 ? std::min(t, from_ + gone * rate_) : t;
                since_ = now, rate_ = asked;
                continue;
            }
            if (rate_ <= 0.0) return;
            const double early = (t - from_) / rate_ - gone;
            if (early < -kMostBehind) since_ = now, from_ = t;
            if (early <= 0.0) return;
            std::this_thread::sleep_for(Seconds(std::min(early, 0.05)));
        }
    }

private:
    using Clock = std::chrono::steady_clock;
    using Seconds = std::chrono::duration<double>;
    static constexpr double kMostBehind = 5.0;  // [s]
    Clock::time_point since_ = Clock::now();
    double from_ = 0.0, rate_ = 0.0;  // rate: the one that since_ and from_ are of
};

}  // namespace jt::cli
