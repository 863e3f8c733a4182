// SPDX-License-Identifier: Apache-2.0
// Orientation of platelets in a field: the order parameter S = (3 <cos^2 psi> - 1) / 2 of their normals, psi measured from the
// field. 0 at random, -1/2 when every plane lies along the field; |2S| is the alignment, 0 .. 1. A hypothesis: at the fields of
// a device it stays at 1e-10 and less. Physics 4.3.
#pragma once
#include <cmath>

#include "kernels/portability.hpp"

namespace jt {

// dS/dt = -rate(T) (S - S_eq), rate = 6 D_r = rate_reference exp(-(E_r/R) (1/T - 1/T_reference)).
struct OrientationRelaxation {
    double rate_reference = 1.0 / 30.0;         // [1/s] at T_reference
    double T_reference = 1273.0;                // [K]
    double activation_T = 400e3 / 8.314462618;  // E_r / R [K]
};

namespace JT_NS {

// Boltzmann's order parameter where the normal at psi has the energy u kT cos^2 psi:
// <cos^2 psi> = int_0^1 x^2 exp(-u x^2) dx / int_0^1 exp(-u x^2) dx. Any u; u < 0 is a rod, whose axis goes along the field.
// Every branch is a sum of terms of one sign, so that S = -2u/15 holds to rounding however small u is; exact to 1e-13.
JT_HD double equilibrium_order(double u) {
    if (u >= 0.0 && u <= 1.0) {
        // Kummer's transformation: both integrals are exp(-u) times series in u^n / (3/2)_n.
        double term = 1.0, whole = 1.0, part = 0.0;
        for (int n = 1; n <= 20; ++n) {
            term *= u / (n + 0.5);
            whole += term;
            part += term * n / (2 * n + 3);
        }
        return -part / whole;
    }
    if (u > 1.0) {
        // int_0^1 exp(-u x^2) dx = sqrt(pi/u) erf(sqrt u) / 2, by parts for the other
        const double edge = u < 700.0 ? 1.1283791670955126 * sqrt(u) * exp(-u) / erf(sqrt(u)) : 0.0;
        return -0.5 + 0.75 / u * (1.0 - edge);
    }
    const double w = -u;
    if (w > 40.0) {
        // Dawson's integral: 2 x D(x) = sum of (2n-1)!! / (2w)^n, x^2 = w
        double term = 1.0, sum = 1.0;
        for (int n = 1; n <= 20; ++n) {
            term *= (2 * n - 1) / (2.0 * w);
            sum += term;
        }
        return 1.5 / sum - 0.75 / w - 0.5;
    }
    double power = 1.0, whole = 1.0, part = 0.0;
    for (int n = 1; n <= 160; ++n) {
        power *= w / n;
        whole += power / (2 * n + 1);
        part += power * 2 * n / ((2.0 * n + 1) * (2 * n + 3));
    }
    return part / whole;
}

// 6 D_r [1/s] at T [K].
JT_HD double orientation_rate(const OrientationRelaxation& law, double T) {
    return law.rate_reference * exp(-law.activation_T * (1.0 / T - 1.0 / law.T_reference));
}

// S after dt [s] at constant rate and S_eq: exact, so that any number of steps gives the same.
JT_HD double relaxed_order(double S, double S_eq, double rate, double dt) {
    return S + (S_eq - S) * -expm1(-rate * dt);
}

}  // namespace JT_NS
}  // namespace jt
