// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/measured_currents.hpp"

#include <algorithm>
#include <cmath>

#include "bridge/assimilation/archive_lists.hpp"

namespace jt {

MeasuredCurrent MeasuredCurrents::over(double from, double to) {
    constexpr double kBeyond = 0.2;  // of the window, at both ends: where it has none, readings that near stand for it
    constexpr int kForSlope = 4;     // readings that a slope needs
    const double margin = kBeyond * (to - from), middle = 0.5 * (from + to);
    if (!readings_.empty()) last_at_ = std::max(last_at_, readings_.rbegin()->first);
    const auto first = readings_.lower_bound(from - margin), end = readings_.upper_bound(to + margin);
    // Each reading stands for the time that is nearest to it.
    const auto share = [&](auto at) {
        const double low = at == first ? from : 0.5 * (std::prev(at)->first + at->first);
        const double high = std::next(at) == end ? to : 0.5 * (at->first + std::next(at)->first);
        return std::max(0.0, std::min(high, to) - std::max(low, from));
    };
    int n = 0;
    double sw = 0.0, st = 0.0, sy = 0.0, stt = 0.0, sty = 0.0, square = 0.0;
    for (auto at = first; at != end; ++at) {
        const double w = share(at), x = at->first - middle, y = at->second.value;
        n += w > 0.0, sw += w, st += w * x, sy += w * y, stt += w * x * x, sty += w * x * y;
        square += w * (y * y - at->second.sigma * at->second.sigma);
    }
    MeasuredCurrent out{from, to, last_A_, last_A_};
    if (sw > 0.0) {
        const double slope = n >= kForSlope ? (sty - sy * st / sw) / (stt - st * st / sw) : 0.0;
        const double rise = slope * (to - from), mean = (sy - slope * st) / sw;
        // the mean square of a line is that of its middle and rise^2 / 12
        const double heats = mean > 0.0 ? std::sqrt(std::max(0.0, square / sw - rise * rise / 12.0)) : mean;
        out.from_A = heats - 0.5 * rise;
        out.to_A = heats + 0.5 * rise;
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
