// SPDX-License-Identifier: Apache-2.0
#include "bridge/filter/etkf.hpp"

#include <Eigen/Eigenvalues>

#include "kernels/error.hpp"

namespace jt {

EnsembleUpdate etkf(const Matrix& Y, const Vector& d, const Vector& variance) {
    check_observations("ETKF", Y, d, variance);
    const auto N = Y.cols();
    if (Y.rows() == 0) return EnsembleUpdate::none(N);
    // C = Y' R^-1 (N x m)
    const Matrix C = Y.transpose() * variance.cwiseInverse().asDiagonal();
    // V diag(s) V' = C Y / (N-1)
    const Eigen::SelfAdjointEigenSolver<Matrix> eigen(C * Y / double(N - 1));
    if (eigen.info() != Eigen::Success) throw SolveError("ETKF: the eigenvalues of the observed anomalies did not converge");
    const Matrix& V = eigen.eigenvectors();
    // s >= 0 but for rounding
    const Eigen::ArrayXd s = eigen.eigenvalues().array().max(0.0);
    EnsembleUpdate update;
    // w = V (1 + s)^-1 V' C d / (N-1)
    update.weights = V * ((V.transpose() * (C * d)).array() / ((1.0 + s) * double(N - 1))).matrix();
    // T = V (1 + s)^-1/2 V'
    update.transform = V * (1.0 + s).rsqrt().matrix().asDiagonal() * V.transpose();
    return update;
}

}  // namespace jt
