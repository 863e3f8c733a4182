// SPDX-License-Identifier: Apache-2.0
// The models of Lorenz on which filters are compared. A matrix holds one state per column.
#pragma once
#include "bridge/filter/matrix.hpp"

namespace jt {

// dx_i/dt = (x_{i+1} - x_{i-2}) x_{i-1} - x_i + F on a ring, F = 8. Source: Lorenz, ECMWF Seminar on Predictability (1996).
// Needs at least 4 rows.
Matrix lorenz96_tendency(const Matrix& x);
// dx/dt = sigma (y - x), dy/dt = rho x - y - x z, dz/dt = x y - beta z, with 10, 28, 8/3. Source: Lorenz, J. Atmos. Sci. 20
// (1963) 130. Needs 3 rows.
Matrix lorenz63_tendency(const Matrix& x);

// One step of the classical Runge-Kutta method of order 4.
template <class Tendency>
void rk4_step(const Tendency& tendency, Matrix& x, double dt) {
    const Matrix k1 = tendency(x);
    const Matrix k2 = tendency(x + 0.5 * dt * k1);
    const Matrix k3 = tendency(x + 0.5 * dt * k2);
    const Matrix k4 = tendency(x + dt * k3);
    x += dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
}

}  // namespace jt
