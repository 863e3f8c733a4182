// SPDX-License-Identifier: Apache-2.0
// Filters with the Kalman gain of the ensemble: perturbed observations (Burgers, van Leeuwen, Evensen, Mon. Weather Rev. 126
// (1998) 1719) and the deterministic EnKF (Sakov and Oke, Tellus A 60 (2008) 361). Arguments and errors as etkf.
#pragma once
#include "bridge/filter/ensemble.hpp"
#include "bridge/filter/random_draws.hpp"

namespace jt {

// Each member is corrected towards its own noisy copy of the readings. The noise is centred, so that it does not move the mean,
// and multiplied by sqrt(N / (N-1)), so that each member's still has variance R.
EnsembleUpdate enkf(const Matrix& Y, const Vector& d, const Vector& variance, NormalDraws& draws);

// Anomalies corrected with half the gain. Close to the exact update where the readings tell less than the ensemble knows.
EnsembleUpdate denkf(const Matrix& Y, const Vector& d, const Vector& variance);

}  // namespace jt
