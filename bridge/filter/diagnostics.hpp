// SPDX-License-Identifier: Apache-2.0
// What tells whether an ensemble's uncertainty is honest.
#pragma once
#include <span>
#include <vector>

#include "bridge/filter/matrix.hpp"

namespace jt {

struct ScoreBand {
    double low = 0.0, high = 0.0;
    bool holds(double value) const { return value >= low && value <= high; }
};

// Normalised innovation squared d' (Y Y' / (N-1) + R)^-1 d: chi-square with m degrees of freedom where the filter is right.
// Throws InputError as check_observations.
double normalised_innovation_squared(const Matrix& Y, const Vector& d, const Vector& variance);

// Where the mean NIS of `analyses` analyses of m readings each lies with probability `coverage`: quantiles of chi-square of
// m x analyses degrees over the number of analyses. 0.675 to 1.388 for m = 1, 60 analyses and 95 %.
ScoreBand nis_band(int readings, int analyses, double coverage = 0.95);

// Whether readings of this NIS are refused as gross errors: beyond the chi-square quantile of `probability` for m degrees. NaN
// is refused. Right readings are refused with probability 1 - `probability`.
bool gate_refuses(double nis, int readings, double probability = 0.999);

// Correlation of each value with the next. White noise of K values: 0 with sd 1/sqrt(K). NaN for fewer than 3 values or where
// all are equal.
double lag1_autocorrelation(std::span<const double> values);

// Continuous ranked probability score of an ensemble: mean |x_i - truth| - mean |x_i - x_j| / 2, in the unit of x; the absolute
// error for one member. Source: Hersbach, Weather Forecast. 15 (2000) 559. Throws InputError for no members.
double crps(std::span<const double> members, double truth);

// How often the truth is the (i+1)-th smallest among N members and itself. Flat where the ensemble is honest, a U where it is
// too narrow, a hump where too wide.
class RankHistogram {
public:
    // Throws InputError for fewer than 1 member.
    explicit RankHistogram(int members);
    // Throws InputError for another number of members.
    void add(std::span<const double> members, double truth);
    const std::vector<long>& counts() const { return counts_; }  // N+1
    // Probability of a histogram at least as uneven, were the ranks independent and the ensemble honest. NaN when empty.
    double flatness() const;

private:
    std::vector<long> counts_;
};

// Spread and error over time. An honest ensemble has ratio 1: its variance counts (1 + 1/N)-fold, for the mean is uncertain
// too.
class SpreadSkill {
public:
    void add(std::span<const double> members, double truth);  // throws InputError for fewer than 2 members
    double rmse() const;
    double spread() const;
    double ratio() const { return spread() / rmse(); }

private:
    long count_ = 0;
    double squared_error_ = 0.0, variance_ = 0.0;
};

}  // namespace jt
