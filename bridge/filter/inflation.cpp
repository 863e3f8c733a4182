// SPDX-License-Identifier: Apache-2.0
#include "bridge/filter/inflation.hpp"

#include <algorithm>
#include <cmath>

#include "bridge/filter/ensemble.hpp"
#include "kernels/error.hpp"

namespace jt {

AdaptiveInflation::AdaptiveInflation(const InflationLimits& limits) : limits_(limits), doubt_(limits.doubt) {
    if (!(limits.least > 0.0 && limits.least <= limits.most && std::isfinite(limits.most)))
        throw InputError("adaptive inflation: limits must be positive, the least not above the most");
    if (!(limits.doubt > 0.0 && limits.growth_of_doubt >= 1.0))
        throw InputError("adaptive inflation: doubt must be positive and must not shrink by itself");
    factor_ = std::clamp(1.0, limits.least, limits.most);
}

double AdaptiveInflation::update(const Matrix& Y, const Vector& d, const Vector& variance) {
    check_observations("adaptive inflation", Y, d, variance);
    const double m = double(d.size());
    // spread = tr(R^-1 Y Y') / (N-1)
    const double spread = (Y.rowwise().squaredNorm().array() / variance.array()).sum() / double(Y.cols() - 1);
    doubt_ = std::min(doubt_ * limits_.growth_of_doubt, limits_.doubt);
    if (spread > 0.0) {
        // lambda_o = (d' R^-1 d - m) / spread
        const double observed = ((d.array().square() / variance.array()).sum() - m) / spread;
        // var(lambda_o) = 2/m ((lambda spread + m) / spread)^2
        const double root = (factor_ * spread + m) / spread;
        const double gain = doubt_ / (doubt_ + 2.0 / m * root * root);
        factor_ = std::clamp(factor_ + gain * (observed - factor_), limits_.least, limits_.most);
        doubt_ *= 1.0 - gain;
    }
    return std::sqrt(factor_);
}

}  // namespace jt
