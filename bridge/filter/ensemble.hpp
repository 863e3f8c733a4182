// SPDX-License-Identifier: Apache-2.0
// Statistics of an ensemble, and its change by an analysis as weights of its members.
#pragma once
#include <cmath>

#include "bridge/filter/distributions.hpp"
#include "bridge/filter/matrix.hpp"

namespace jt {

inline Vector ensemble_mean(const Matrix& E) {
    return E.rowwise().mean();
}
inline Matrix anomalies(const Matrix& E) {
    return E.colwise() - ensemble_mean(E);
}
// Per row, with N-1. NaN for fewer than 2 members.
inline Vector ensemble_variance(const Matrix& E) {
    return anomalies(E).rowwise().squaredNorm() / double(E.cols() - 1);
}

// Half width of the band of `coverage`, in standard deviations of N members: the truth and the members are draws of one
// distribution, whose mean and sd only the members tell. t(coverage, N-1) sqrt(1 + 1/N); 1.81 for 90 % and 16 members.
// Throws InputError for fewer than 2 members or a coverage outside (0, 1).
inline double band_factor(double coverage, int members) {
    return student_t_half_width(coverage, members - 1) * std::sqrt(1.0 + 1.0 / members);
}

// What an analysis does to every state, whatever it holds: E <- mean 1' + A (w 1' + T).
// The same update applied to blocks of rows is the update of the whole.
struct EnsembleUpdate {
    Vector weights;    // w (N): the new mean is mean + A w
    Matrix transform;  // T (N x N): the new anomalies are A T; T 1 = 1, so that they have no mean

    static EnsembleUpdate none(Eigen::Index members) { return {Vector::Zero(members), Matrix::Identity(members, members)}; }
    // Throws InputError if E has another number of members.
    void apply(Eigen::Ref<Matrix> E) const;
    void inflate(double factor) { transform *= factor; }                          // T <- factor T: after the update
    void rotate(const Matrix& theta) { transform = (transform * theta).eval(); }  // T <- T theta, see random_rotation
};

// Throws InputError, which names the observation, unless Y is m x N with N >= 2, d and variance have m finite rows and every
// variance is positive.
void check_observations(const char* who, const Matrix& Y, const Vector& d, const Vector& variance);

}  // namespace jt
