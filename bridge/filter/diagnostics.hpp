// SPDX-License-Identifier: Apache-2.0
// What tells whether an ensemble's uncertainty is honest.
#pragma once
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

}  // namespace jt
