// SPDX-License-Identifier: Apache-2.0
// WindowClock: cuts the time of a run into windows of assimilation. A window is due once every sensor that is alive has sent
// what it has to send before the window's end (by the period at which it sends), or the fastest is well past it; or, where
// nothing comes any more, once its end lies `silence` behind.
#pragma once
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

namespace jt {

class WindowClock {
public:
    struct Options {
        double window_s = 0.1;
        double grace_s = 0.03;    // [s] of source time: by so much the fastest sensor may be ahead of the others
        double silence_s = 0.25;  // [s] behind the present
        double lost_s = 1.0;      // [s] without a reading: a sensor is not waited for
    };
    WindowClock(std::int64_t start_ns, const Options& options) : start_ns_(start_ns), options_(options) {}

    double run_s(std::int64_t t_ns) const { return 1e-9 * double(t_ns - start_ns_); }
    std::int64_t ns(double run_s) const { return start_ns_ + std::int64_t(run_s * 1e9); }

    // A reading of `sensor` measured at t [s of the run].
    void saw(const std::string& sensor, double t) {
        Pulse& pulse = pulses_[sensor];
        if (t > pulse.newest) {
            // Of intervals that are gaps only a little, of shorter ones all: jitter must not make a sensor seem slow.
            if (const double since = t - pulse.newest; since < options_.lost_s)
                pulse.period = pulse.period > 0.0 ? std::min(since, pulse.period + 0.1 * (since - pulse.period)) : since;
            pulse.newest = t;
        }
        furthest_ = std::max(furthest_, t);
    }

    // End of the next window. `length`: of this one, a multiple of the window.
    double next(int length = 1) const { return options_.window_s * double(windows_ + length); }
    // now_s: the present, in seconds of the run.
    bool due(double now_s, int length = 1) const {
        const double end = next(length);
        if (now_s >= end + options_.silence_s) return true;
        if (furthest_ >= end + options_.grace_s) return true;
        if (furthest_ < end - 0.5 * options_.grace_s) return false;
        return std::all_of(pulses_.begin(), pulses_.end(), [&](const auto& one) {
            const Pulse& p = one.second;
            return p.newest + 1.1 * p.period >= end || p.newest < end - options_.lost_s;
        });
    }
    void close(int length = 1) { windows_ += length; }
    long windows() const { return windows_; }

private:
    struct Pulse {
        double newest = -1e300, period = 0.0;  // [s]
    };
    std::int64_t start_ns_;
    Options options_;
    std::map<std::string, Pulse> pulses_;
    double furthest_ = -1e300;
    long windows_ = 0;
};

}  // namespace jt
