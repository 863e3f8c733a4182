// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/source_clock.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace jt {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kOff = 250 * kMillisecond;            // smaller ones are delays
constexpr std::int64_t kAgree = 60 * kMillisecond;           // messages of one jump, by what they differ on their way
constexpr std::int64_t kBelievedAfter = 200 * kMillisecond;  // for so long, and so many, before anything is believed
constexpr int kSoMany = 10;
constexpr double kLeak = 0.5;                                // [s/s] by which a sender may fall behind the clock
constexpr std::int64_t kLatest = 4'000'000'000'000'000'000;  // the year 2096
constexpr double kMostJump = 1e17;                           // [ns] three years

}  // namespace

std::int64_t SourceClock::take(std::int64_t t_source, std::int64_t t_receive) {
    if (t_source < 0 || t_source > kLatest) return t_source;  // nobody's clock
    const std::int64_t time = t_source - jumped_ns_, ahead = time - t_receive;
    if (!known_) {
        known_ = true, offset_ns_ = ahead, newest_ns_ = time, received_ns_ = t_receive;
        return time;
    }
    const double off = double(ahead) - double(offset_ns_);
    if (std::abs(off) > kMostJump) return time;
    if (std::abs(off) > double(kOff)) {
        stray(time, ahead, t_receive);
        return t_source - jumped_ns_;
    }
    const double since = std::max(0.0, double(t_receive - received_ns_));
    offset_ns_ = std::max(ahead, offset_ns_ - std::int64_t(std::min(kLeak * since, std::max(0.0, -off))));
    newest_ns_ = std::max(newest_ns_, time), received_ns_ = std::max(received_ns_, t_receive);
    strays_ = {};
    return time;
}

void SourceClock::stray(std::int64_t time, std::int64_t ahead, std::int64_t t_receive) {
    Strays& s = strays_;
    if (s.count++ == 0) s.first_time = time, s.first_received = t_receive, s.least = s.most = ahead;
    s.least = std::min(s.least, ahead), s.most = std::max(s.most, ahead);
    if (s.count < kSoMany || t_receive - s.first_received < kBelievedAfter) return;
    if (std::llabs(s.first_time - newest_ns_) > kOff) {
        if (s.most - s.least > kAgree) {
            s = {};  // held up by different times: nothing can be said yet
            return;
        }
        last_jump_ns_ = s.most - offset_ns_;
        jumped_ns_ += last_jump_ns_;
        ++jumps_;
        newest_ns_ = std::max(newest_ns_, time - last_jump_ns_);
    } else {
        offset_ns_ = ahead;
        newest_ns_ = std::max(newest_ns_, time);
    }
    received_ns_ = t_receive;
    s = {};
}

}  // namespace jt
