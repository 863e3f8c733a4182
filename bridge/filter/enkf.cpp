// SPDX-License-Identifier: Apache-2.0
#include "bridge/filter/enkf.hpp"

#include <Eigen/Cholesky>
#include <cmath>

#include "kernels/error.hpp"

namespace jt {
namespace {

// Y' (Y Y' + (N-1) R)^-1 X: the gain in the space of the members, A times which is K X.
Matrix gain_times(const Matrix& Y, const Vector& variance, const Matrix& X) {
    // C = Y Y' + (N-1) R
    Matrix C = Y * Y.transpose();
    C.diagonal() += double(Y.cols() - 1) * variance;
    const Eigen::LLT<Matrix> cholesky(C);
    if (cholesky.info() != Eigen::Success) throw SolveError("EnKF: the covariance of the innovations is not positive definite");
    return Y.transpose() * cholesky.solve(X);
}

}  // namespace

EnsembleUpdate enkf(const Matrix& Y, const Vector& d, const Vector& variance, NormalDraws& draws) {
    check_observations("EnKF", Y, d, variance);
    const auto N = Y.cols();
    if (Y.rows() == 0) return EnsembleUpdate::none(N);
    // D = sqrt(N / (N-1)) R^1/2 (Z - mean(Z) 1')
    const Matrix D =
        std::sqrt(double(N) / double(N - 1)) * (variance.cwiseSqrt().asDiagonal() * anomalies(draws.matrix(Y.rows(), N)));
    Matrix X(Y.rows(), N + 1);
    X << Y + D, d;
    const Matrix KX = gain_times(Y, variance, X);
    // w = K d, T = I - K (Y + D)
    return {KX.col(N), Matrix::Identity(N, N) - KX.leftCols(N)};
}

EnsembleUpdate denkf(const Matrix& Y, const Vector& d, const Vector& variance) {
    check_observations("DEnKF", Y, d, variance);
    const auto N = Y.cols();
    if (Y.rows() == 0) return EnsembleUpdate::none(N);
    Matrix X(Y.rows(), N + 1);
    X << Y, d;
    const Matrix KX = gain_times(Y, variance, X);
    // w = K d, T = I - K Y / 2
    return {KX.col(N), Matrix::Identity(N, N) - 0.5 * KX.leftCols(N)};
}

}  // namespace jt
