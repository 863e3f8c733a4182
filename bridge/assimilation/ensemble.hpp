// SPDX-License-Identifier: Apache-2.0
// Ensemble: draws of members, the transform of an analysis, and bands from few members.
#pragma once
#include <Eigen/Dense>
#include <cstdint>

namespace jt {

// Draws with exact moments: columns are members, rows unknowns; row means 0, variances 1 and, where there are fewer unknowns
// than members, no correlations. With more of them rows are spread as evenly as they can be (a tight frame of equal norms, by
// alternating projections), so that no two are much alike.
Eigen::MatrixXd orthogonal_draws(int unknowns, int members, std::uint64_t seed);

// Weights of an analysis in the space of members (ensemble transform Kalman filter, symmetric square root; Hunt, Kostelich and
// Szunyogh 2007): mean += X w, X <- X W with anomalies X.
//     A = (N - 1) I + Y^T R^-1 Y,   w = A^-1 Y^T R^-1 d,   W = ((N - 1) A^-1)^(1/2)
// Y: anomalies of predicted observations, one row per observation; d: innovations; R: diagonal, variances.
struct Weights {
    Eigen::VectorXd w;
    Eigen::MatrixXd W;
};
Weights transform_weights(const Eigen::MatrixXd& Y, const Eigen::VectorXd& d, const Eigen::VectorXd& R);

// Half width of the 90 % band of one more draw, in standard deviations of N draws: quantile 0.95 of Student's t with N - 1
// degrees of freedom times sqrt(1 + 1/N). Members' own quantiles would be too narrow (5 and 95 % of 16 cover 80 %).
double band_factor(int members);
// P(t > x) of Student's t with nu degrees of freedom.
double student_tail(double x, int nu);

}  // namespace jt
