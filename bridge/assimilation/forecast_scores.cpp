// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/forecast_scores.hpp"

#include <cmath>

#include "bridge/assimilation/archive_lists.hpp"
#include "twin/same_time.hpp"

namespace jt {
namespace {

constexpr double kScoredAt = 5.0;  // [s] ahead, where a forecast is scored afterwards
const std::array<std::string, 2> kForetold{"T_mean_K", "T_max_K"};

}  // namespace

void ForecastScores::issue(const Forecast& made, double now_s) {
    const double at = made.from_s + kScoredAt;
    if (at < now_s - kSameTime) return;
    for (const ForecastPoint& point : made.points)
        if (std::abs(point.run_s - at) < kSameTime)
            for (const std::string& name : kForetold)
                issued_.push_back({at, name, point.bands.at(name), made.points.front().bands.at(name)[1]});
}

void ForecastScores::score(const TwinState& state) {
    while (!issued_.empty() && issued_.front().time <= state.run_s + kSameTime) {
        const Issued& one = issued_.front();
        const double now = state.scalars.at(one.name).value;
        Score& s = scores_[one.name];
        s.error += std::pow(one.band[1] - now, 2), s.persistence += std::pow(one.before - now, 2);
        s.covered += now >= one.band[0] && now <= one.band[2], ++s.count;
        issued_.pop_front();
    }
}

void ForecastScores::tell(std::map<std::string, double>& skill, std::map<std::string, double>& coverage) const {
    for (const auto& [name, s] : scores_) {
        if (s.count == 0) continue;
        skill[name] = s.persistence > 0.0 ? std::sqrt(s.error / s.persistence) : 1.0;
        coverage[name] = double(s.covered) / s.count;
    }
}

void ForecastScores::state(Archive& a) {
    archive_rows(
        a, "issued", issued_, 6,
        [&](const Issued& one, std::vector<double>& row) {
            row.insert(row.end(),
                       {one.time, double(one.name == kForetold[1]), one.band[0], one.band[1], one.band[2], one.before});
        },
        [&](const double* row) {
            issued_.push_back({row[0], kForetold[row[1] != 0.0], {row[2], row[3], row[4]}, row[5]});
        });
    for (const std::string& name : kForetold)
        a.scope("score_" + name, [&](Archive& inner) {
            Score& s = scores_[name];
            inner("error", s.error), inner("persistence", s.persistence), inner("covered", s.covered);
            inner("count", s.count);
        });
}

}  // namespace jt
