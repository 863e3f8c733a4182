// SPDX-License-Identifier: Apache-2.0
#include "bridge/filter/letkf.hpp"

#include <cmath>
#include <string>

#include "bridge/filter/etkf.hpp"
#include "kernels/error.hpp"

namespace jt {
namespace {

constexpr double kSupportPerRadius = 1.82;  // about sqrt(10/3)
constexpr double kLeastShare = 1e-3;        // both as in DAPPER's tables

}  // namespace

double gaspari_cohn(double r) {
    r = std::abs(r);
    // -r^5/4 + r^4/2 + 5 r^3/8 - 5 r^2/3 + 1
    if (r <= 1.0) return (((-0.25 * r + 0.5) * r + 0.625) * r - 5.0 / 3.0) * r * r + 1.0;
    // r^5/12 - r^4/2 + 5 r^3/8 + 5 r^2/3 - 5 r + 4 - 2/(3 r)
    if (r < 2.0) return ((((r / 12.0 - 0.5) * r + 0.625) * r + 5.0 / 3.0) * r - 5.0) * r + 4.0 - 2.0 / (3.0 * r);
    return 0.0;
}

double localisation_share(double distance, double radius) {
    const double share = gaspari_cohn(distance / (kSupportPerRadius * radius));
    return share > kLeastShare ? share : 0.0;
}

EnsembleUpdate local_update(const Matrix& Y, const Vector& d, const Vector& variance, const Vector& distance, double radius) {
    check_observations("LETKF", Y, d, variance);
    if (!(radius > 0.0)) throw InputError("LETKF: radius " + std::to_string(radius) + " must be positive");
    if (distance.size() != d.size())
        throw InputError("LETKF: " + std::to_string(d.size()) + " observations, " + std::to_string(distance.size()) +
                         " distances");
    Matrix Y_near(Y.rows(), Y.cols());
    Vector d_near(d.size()), variance_near(d.size());
    Eigen::Index near = 0;
    for (Eigen::Index i = 0; i < d.size(); ++i) {
        if (!(distance[i] >= 0.0) || std::isinf(distance[i]))
            throw InputError("LETKF: observation " + std::to_string(i) + ": distance " + std::to_string(distance[i]) +
                             " must be finite and not negative");
        const double share = localisation_share(distance[i], radius);
        if (share == 0.0) continue;
        // R <- R / share, as Y <- sqrt(share) Y, d <- sqrt(share) d
        Y_near.row(near) = std::sqrt(share) * Y.row(i);
        d_near[near] = std::sqrt(share) * d[i];
        variance_near[near++] = variance[i];
    }
    return etkf(Y_near.topRows(near), d_near.head(near), variance_near.head(near));
}

void letkf(Matrix& E, const Matrix& Y, const Vector& d, const Vector& variance, const std::vector<LocalBlock>& blocks,
           double radius) {
    for (const LocalBlock& block : blocks) {
        for (const auto row : block.rows)
            if (row < 0 || row >= E.rows())
                throw InputError("LETKF: a block holds row " + std::to_string(row) + " of a state of " +
                                 std::to_string(E.rows()));
        Matrix local(Eigen::Index(block.rows.size()), E.cols());
        for (std::size_t i = 0; i < block.rows.size(); ++i) local.row(Eigen::Index(i)) = E.row(block.rows[i]);
        local_update(Y, d, variance, block.distance, radius).apply(local);
        for (std::size_t i = 0; i < block.rows.size(); ++i) E.row(block.rows[i]) = local.row(Eigen::Index(i));
    }
}

}  // namespace jt
