// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/clock_offset.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace jt {
namespace {

constexpr std::size_t kSamples = 32;    // exchanges of which the best counts
constexpr std::size_t kSuspects = 3;    // that agree with each other make a step
constexpr double kDrift = 1e-4;         // of two quartz clocks without discipline, each within 50 ppm
constexpr double kLongest_ns = 4.0e18;  // times beyond are no Unix times [ns]

}  // namespace

std::int64_t ClockOffset::error(const Sample& sample, std::int64_t now) {
    const double age = std::max(0.0, double(now) - double(sample.at));
    return sample.delay / 2 + std::int64_t(std::min(kDrift * age, 1e18));
}

ClockOffset::Outcome ClockOffset::add(const FourStamps& s, std::int64_t now) {
    const auto sane = [](std::int64_t t) { return t >= 0 && double(t) < kLongest_ns; };
    if (!sane(s.t1) || !sane(s.t2) || !sane(s.t3) || !sane(s.t4) || s.t4 < s.t1 || s.t3 < s.t2 || s.t4 - s.t1 < s.t3 - s.t2) {
        ++impossible_;
        return Outcome::impossible;
    }
    // (a + b) / 2 as a + (b - a) / 2: each fits.
    const std::int64_t a = s.t2 - s.t1, b = s.t3 - s.t4;
    const Sample sample{now, a + (b - a) / 2, (s.t4 - s.t1) - (s.t3 - s.t2)};
    const auto agree = [&](const Sample& x, const Sample& y) {
        return std::abs(double(x.offset) - double(y.offset)) <= double(error(x, now)) + double(error(y, now));
    };
    Outcome outcome = Outcome::taken;
    if (known() && !agree(best_, sample)) {
        while (!suspects_.empty() && !agree(suspects_.front(), sample)) suspects_.pop_front();
        suspects_.push_back(sample);
        if (suspects_.size() < kSuspects) return Outcome::suspicious;
        samples_ = std::exchange(suspects_, {});
        ++steps_;
        outcome = Outcome::step;
    } else {
        suspects_.clear();
        samples_.push_back(sample);
        if (samples_.size() > kSamples) samples_.pop_front();
    }
    best_ = *std::min_element(samples_.begin(), samples_.end(),
                              [&](const Sample& x, const Sample& y) { return error(x, now) < error(y, now); });
    return outcome;
}

std::int64_t ClockOffset::offset_ns() const {
    return known() ? best_.offset : 0;
}
std::int64_t ClockOffset::error_ns(std::int64_t now) const {
    return known() ? error(best_, now) : 0;
}

std::int64_t ClockWatch::check(std::int64_t unix_ns, std::int64_t monotonic_ns) {
    const std::int64_t difference = unix_ns - monotonic_ns;
    const std::int64_t step = difference_ ? difference - *difference_ : 0;
    // Slow discipline by NTP is followed; a jump is told.
    difference_ = difference;
    if (std::abs(step) <= tolerance_) return 0;
    ++steps_;
    return step;
}

}  // namespace jt
