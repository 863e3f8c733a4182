// SPDX-License-Identifier: Apache-2.0
#include "bridge/filter/random_draws.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <cmath>
#include <numbers>
#include <string>

#include "kernels/error.hpp"

namespace jt {
namespace {

// Orthonormal columns from draws (rows >= columns), uniform: R of Z = Q R is given a positive diagonal.
Matrix orthonormal(const Matrix& Z) {
    const Eigen::HouseholderQR<Matrix> qr(Z);
    Matrix Q = qr.householderQ() * Matrix::Identity(Z.rows(), Z.cols());
    for (Eigen::Index i = 0; i < Z.cols(); ++i)
        if (qr.matrixQR()(i, i) < 0.0) Q.col(i) *= -1.0;
    return Q;
}

// The unit vector v of the reflection H = I - 2 v v' that takes e_1 to 1 / sqrt(N), so that the columns of H after the first
// are an orthonormal basis of what has no mean.
Vector mean_reflection(Eigen::Index N) {
    Vector v = Vector::Constant(N, -1.0 / std::sqrt(double(N)));
    v[0] += 1.0;
    return v.normalized();
}

}  // namespace

double NormalDraws::next() {
    const double u = 1.0 - uniform_.unit();  // (0, 1]: its logarithm is finite
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * uniform_.unit());
}

Matrix NormalDraws::matrix(Eigen::Index rows, Eigen::Index columns) {
    Matrix Z(rows, columns);
    for (Eigen::Index j = 0; j < columns; ++j)
        for (Eigen::Index i = 0; i < rows; ++i) Z(i, j) = next();
    return Z;
}

Matrix exact_normals(Eigen::Index rows, Eigen::Index members, NormalDraws& draws) {
    if (rows < 0 || rows >= members)
        throw InputError("exact normal draws: " + std::to_string(rows) + " rows need more than " + std::to_string(members) +
                         " members");
    const Matrix Q = orthonormal(draws.matrix(members - 1, rows));
    const Vector v = mean_reflection(members);
    Matrix Z = Matrix::Zero(members, rows);
    Z.bottomRows(members - 1) = Q;
    // Z <- H Z: orthonormal columns without a mean
    Z -= 2.0 * v * (v.transpose() * Z);
    return std::sqrt(double(members - 1)) * Z.transpose();
}

Matrix spread_normals(Eigen::Index rows, Eigen::Index members, NormalDraws& draws) {
    if (rows < members) return exact_normals(rows, members, draws);
    if (members < 2) throw InputError("spread normal draws: " + std::to_string(members) + " members, at least 2");
    const Eigen::Index room = members - 1;
    Matrix frame(rows, room);
    for (Eigen::Index r = 0; r < rows; ++r)
        for (Eigen::Index c = 0; c < room; ++c) frame(r, c) = draws.next();
    constexpr int kPasses = 300;
    for (int pass = 0; pass < kPasses; ++pass) {
        const Eigen::SelfAdjointEigenSolver<Matrix> eigen(frame.transpose() * frame);
        frame = frame * eigen.operatorInverseSqrt();
        frame.rowwise().normalize();
    }
    return std::sqrt(double(room)) * frame * (exact_normals(room, members, draws) / std::sqrt(double(room)));
}

Matrix random_rotation(Eigen::Index N, NormalDraws& draws) {
    if (N < 2) throw InputError("random rotation: " + std::to_string(N) + " members, at least 2");
    Matrix theta = Matrix::Identity(N, N);
    theta.bottomRightCorner(N - 1, N - 1) = orthonormal(draws.matrix(N - 1, N - 1));
    const Vector v = mean_reflection(N);
    // theta <- H diag(1, Q) H
    theta -= 2.0 * v * (v.transpose() * theta);
    theta -= 2.0 * (theta * v) * v.transpose();
    return theta;
}

}  // namespace jt
