// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/measured_currents.hpp"

#include <algorithm>
#include <cmath>

#include "bridge/assimilation/archive_lists.hpp"

namespace jt {

MeasuredCurrent MeasuredCurrents::over(double from, double to) {
    constexpr double kBeyond = 0.2;  // of the window, at both ends
    constexpr int kForSlope = 4;     // readings that a slope needs
    double n = 0.0, st = 0.0, sy = 0.0, stt = 0.0, sty = 0.0;
    const double margin = kBeyond * (to - from);
    if (!readings_.empty()) last_at_ = std::max(last_at_, readings_.rbegin()->first);
    for (auto at = readings_.lower_bound(from - margin); at != readings_.end() && at->first <= to + margin; ++at) {
        const double x = at->first - from, y = at->second.value;
        n += 1.0, st += x, sy += y, stt += x * x, sty += x * y;
    }
    MeasuredCurrent out{from, to, last_A_, last_A_};
    if (n > 0.0) {
        const double t = st / n, y = sy / n, slope = n >= kForSlope ? (sty - n * t * y) / (stt - n * t * t) : 0.0;
        out.from_A = y - slope * t;
        out.to_A = y + slope * (to - from - t);
    }
    last_A_ = out.to_A;
    return out;
}

std::optional<MeasuredCurrents::Value> MeasuredCurrents::at(double t) const {
    constexpr double kNear = 0.03, kTogether = 1e-6;  // [s]
    const auto after = readings_.lower_bound(t - kTogether);
    if (after == readings_.end()) return {};
    const double b_sigma = after->second.sigma;
    if (after->first - t <= kTogether) return Value{after->second.value, b_sigma * b_sigma};
    if (after == readings_.begin()) return {};
    const auto before = std::prev(after);
    if (after->first - t > kNear || t - before->first > kNear) return {};
    const double w = (t - before->first) / (after->first - before->first), a_sigma = before->second.sigma;
    return Value{(1.0 - w) * before->second.value + w * after->second.value,
                 std::pow((1.0 - w) * a_sigma, 2) + std::pow(w * b_sigma, 2)};
}

void MeasuredCurrents::state(Archive& a, int sensor) {
    a("last_current", last_A_), a("last_current_at", last_at_);
    archive_rows(
        a, "currents", readings_, 5,
        [](const auto& one, std::vector<double>& row) {
            const Sample& r = one.second;
            row.insert(row.end(), {r.time_s, r.value, r.sigma, high_half(r.seq), low_half(r.seq)});
        },
        [&](const double* row) {
            readings_[row[0]] = {sensor, row[0], row[1], row[2], joined(row[3], row[4])};
        });
}

}  // namespace jt
