// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/ensemble.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "bridge/heater/random_draw.hpp"

namespace jt {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

Matrix orthogonal_draws(int unknowns, int members, std::uint64_t seed) {
    SplitMix64 random = stream(seed, "members");
    const int most = members - 1;
    // an orthonormal basis of the members' space without its mean, by Gram and Schmidt from random vectors
    Matrix basis(members, most);
    for (int c = 0; c < most; ++c) {
        for (int r = 0; r < members; ++r) basis(r, c) = normal(random);
        for (int pass = 0; pass < 2; ++pass) {
            basis.col(c).array() -= basis.col(c).mean();
            for (int b = 0; b < c; ++b) basis.col(c) -= basis.col(b).dot(basis.col(c)) * basis.col(b);
            basis.col(c).normalize();
        }
    }
    Matrix rows = Matrix::Identity(unknowns, most);
    if (unknowns > most) {
        constexpr int kPasses = 300;
        for (int r = 0; r < unknowns; ++r)
            for (int c = 0; c < most; ++c) rows(r, c) = normal(random);
        for (int pass = 0; pass < kPasses; ++pass) {
            const Eigen::SelfAdjointEigenSolver<Matrix> eigen(rows.transpose() * rows);
            rows = rows * eigen.operatorInverseSqrt();
            rows.rowwise().normalize();
        }
    }
    return std::sqrt(double(most)) * rows * basis.transpose();
}

Weights transform_weights(const Matrix& Y, const Vector& d, const Vector& R) {
    const int N = int(Y.cols());
    const Matrix C = Y.transpose() * R.cwiseInverse().asDiagonal();
    const Eigen::SelfAdjointEigenSolver<Matrix> eigen((N - 1) * Matrix::Identity(N, N) + C * Y);
    const Matrix& Q = eigen.eigenvectors();
    const Vector inverse = eigen.eigenvalues().cwiseInverse();
    return {Q * (inverse.asDiagonal() * (Q.transpose() * (C * d))),
            Q * ((N - 1) * inverse).cwiseSqrt().asDiagonal() * Q.transpose()};
}

double student_tail(double x, int nu) {
    if (x < 0.0) return 1.0 - student_tail(-x, nu);
    // x = sqrt(nu) tan u: the density becomes c cos(u)^(nu-1), smooth on a bounded range (Simpson's rule)
    const double c = std::exp(std::lgamma(0.5 * (nu + 1)) - std::lgamma(0.5 * nu)) / std::sqrt(std::numbers::pi);
    const double from = std::atan(x / std::sqrt(double(nu))), to = 0.5 * std::numbers::pi;
    constexpr int kPieces = 400;
    double sum = 0.0;
    for (int i = 0; i <= kPieces; ++i) {
        const double u = from + (to - from) * i / kPieces, f = std::pow(std::max(std::cos(u), 0.0), nu - 1);
        sum += f * (i == 0 || i == kPieces ? 1.0 : i % 2 ? 4.0 : 2.0);
    }
    return c * sum * (to - from) / kPieces / 3.0;
}

double band_factor(int members) {
    const int nu = std::max(members - 1, 1);
    double low = 0.0, high = 100.0;
    for (int i = 0; i < 60; ++i) {
        const double t = 0.5 * (low + high);
        (student_tail(t, nu) > 0.05 ? low : high) = t;
    }
    return 0.5 * (low + high) * std::sqrt(1.0 + 1.0 / std::max(members, 1));
}

}  // namespace jt
