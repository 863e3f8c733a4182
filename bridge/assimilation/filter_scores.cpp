// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/filter_scores.hpp"

#include <algorithm>

#include "bridge/assimilation/archive_lists.hpp"
#include "bridge/assimilation/quality_control.hpp"
#include "bridge/heater/instrument_model.hpp"
#include "twin/same_time.hpp"

namespace jt {
namespace {

constexpr int kFew = 3, kSettled = 100;  // innovations without which a sensor has no scores
constexpr double kSpans = 0.7;           // of the time asked for

}  // namespace

double NisHistory::mean(double from, double to, long& readings) const {
    double sum = 0.0, count = 0.0;
    for (const Window& one : windows_)
        if (one.time > from && one.time <= to + kSameTime) sum += one.value, count += one.count;
    readings = long(count);
    return count > 0.0 ? sum / count : 0.0;
}

void NisHistory::state(Archive& a) {
    archive_rows(
        a, "nis", windows_, 3,
        [](const Window& one, std::vector<double>& row) {
            row.insert(row.end(), {one.time, one.value, double(one.count)});
        },
        [&](const double* row) {
            windows_.push_back({row[0], row[1], int(row[2])});
        });
}

FilterScores filter_scores(const NisHistory& nis, const std::vector<QualityControl>& sensors,
                           const std::vector<InstrumentModel>& models, double from, double to, bool settled) {
    FilterScores out;
    out.nis = nis.mean(from, to, out.readings);
    for (std::size_t s = 0; s < models.size(); ++s) {
        double c0 = 0.0, c1 = 0.0, before = 0.0;
        int n = 0;
        double first = to;
        for (const auto& [t, z, noisy] : sensors[s].innovations) {
            if (t <= from || t > to + kSameTime || (settled && !noisy)) continue;
            first = std::min(first, t);
            c0 += z * z, c1 += n++ > 0 ? z * before : 0.0;
            before = z;
        }
        if (n < kFew || (settled && (n < kSettled || to - first < kSpans * (to - from)))) continue;
        out.autocorrelation[models[s].name] = c0 > 0.0 ? c1 / c0 : 0.0;
        out.nis_of[models[s].name] = c0 / n;
    }
    return out;
}

}  // namespace jt
