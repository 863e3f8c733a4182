// SPDX-License-Identifier: Apache-2.0
// The ensemble transform Kalman filter with the symmetric square root. Sources: Bishop, Etherton, Majumdar, Mon. Weather Rev.
// 129 (2001) 420; Hunt, Kostelich, Szunyogh, Physica D 230 (2007) 112, equations 20 to 24.
#pragma once
#include "bridge/filter/ensemble.hpp"

namespace jt {

// Y (m x N): anomalies of the predicted observations; d (m): reading less mean prediction; variance (m): diagonal of R.
// Without observations: nothing changes. Exact for a linear, Gaussian problem. Throws InputError as check_observations.
EnsembleUpdate etkf(const Matrix& Y, const Vector& d, const Vector& variance);

}  // namespace jt
