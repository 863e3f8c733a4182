// SPDX-License-Identifier: Apache-2.0
// Inflation that follows the innovations. (A fixed factor after the update: EnsembleUpdate::inflate.)
#pragma once
#include "bridge/filter/matrix.hpp"

namespace jt {

struct InflationLimits {
    double least = 1.0, most = 1.5;  // of the factor on variances; a failed sensor must not blow up the ensemble
    double doubt = 0.04;             // variance of the factor that is carried from one analysis to the next
    double growth_of_doubt = 1.03;   // per analysis, so that the factor can follow
};

// One factor lambda on the forecast's variances, estimated so that the innovations are as large as the ensemble says,
// E[d' R^-1 d] = lambda tr(R^-1 Y Y' / (N-1)) + m, each analysis' estimate being an observation of lambda in a scalar Kalman
// filter. Sources: Li, Kalnay, Miyoshi, Q. J. R. Meteorol. Soc. 135 (2009) 523; Miyoshi, Mon. Weather Rev. 139 (2011) 1519.
class AdaptiveInflation {
public:
    // Throws InputError unless 0 < least <= most, doubt > 0 and growth_of_doubt >= 1.
    explicit AdaptiveInflation(const InflationLimits& limits = {});
    // Takes in the innovations of a forecast that is not yet inflated. Returns what its anomalies (and Y) are to be multiplied
    // by: sqrt(lambda). Throws InputError as check_observations. Readings that the gate refuses must be left out.
    double update(const Matrix& Y, const Vector& d, const Vector& variance);
    double variance_factor() const { return factor_; }

private:
    InflationLimits limits_;
    double factor_ = 1.0, doubt_;
};

}  // namespace jt
