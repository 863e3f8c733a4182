// SPDX-License-Identifier: Apache-2.0
#include "bridge/filter/diagnostics.hpp"

#include <Eigen/Cholesky>
#include <string>

#include "bridge/filter/distributions.hpp"
#include "bridge/filter/ensemble.hpp"
#include "kernels/error.hpp"

namespace jt {

double normalised_innovation_squared(const Matrix& Y, const Vector& d, const Vector& variance) {
    check_observations("NIS", Y, d, variance);
    if (d.size() == 0) return 0.0;
    // S = Y Y' / (N-1) + R
    Matrix S = Y * Y.transpose() / double(Y.cols() - 1);
    S.diagonal() += variance;
    // d' S^-1 d
    return d.dot(S.llt().solve(d));
}

ScoreBand nis_band(int readings, int analyses, double coverage) {
    if (readings < 1 || analyses < 1)
        throw InputError("NIS band: needs at least 1 reading and 1 analysis, got " + std::to_string(readings) + " and " +
                         std::to_string(analyses));
    const double degrees = double(readings) * analyses;
    return {chi_square_quantile(0.5 * (1.0 - coverage), degrees) / analyses,
            chi_square_quantile(0.5 * (1.0 + coverage), degrees) / analyses};
}

}  // namespace jt
