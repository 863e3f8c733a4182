// SPDX-License-Identifier: Apache-2.0
// Matrices of the ensemble filters. Letters as in the literature: E ensemble (state x members), A its anomalies, Y anomalies of
// the predicted observations (observations x members), d innovation, R variances of the observations (diagonal), N members.
#pragma once
#include <Eigen/Core>

namespace jt {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

}  // namespace jt
