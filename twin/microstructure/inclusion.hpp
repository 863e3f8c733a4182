// SPDX-License-Identifier: Apache-2.0
// Current and heat in and around one ellipsoid in a uniform field: closed forms. An ellipsoid of conductivity sigma_i in a
// matrix sigma_m has a uniform field inside; all ratios are to the current density J_0 or the heat q_0 far away. Maxwell 1873,
// Stratton 1941; physics 4.1.
#pragma once
#include <array>

namespace jt {

// Depolarisation factors along the three axes of an ellipsoid with these semi-axes (any unit); they sum to 1.
// N_c = (a b c / 3) R_D(a^2, b^2, c^2), Carlson's integral by duplication, to 1e-14. Throws InputError unless all are above 0.
std::array<double, 3> depolarisation(const std::array<double, 3>& semi_axes);

// The factor along the axis of symmetry of a spheroid c/a, in closed form: prolate c/a > 1, oblate c/a < 1. The other two are
// (1 - N)/2. Throws InputError unless c/a is above 0.
double spheroid_depolarisation(double c_over_a);

// Of an ellipse (a cylinder across the field) with these semi-axes along and across the field.
double ellipse_depolarisation(double along, double across);

// J_i / J_0 = r / (1 + N (r - 1)), r = sigma_i / sigma_m; sphere and r = 8: 2.4. Just outside the pole J is the same, just
// outside the equator it is a factor r less.
double inclusion_current(double conductivity_ratio, double N);
// The same in a cubic lattice of inclusions that take the share `fraction` of the volume, over sigma_m times the mean field:
// each adds 1/3 (in two dimensions 1/2: `lorentz`) of its polarisation to the field of the others (Clausius-Mossotti, Maxwell
// Garnett). Good to the square of the fraction.
double lattice_current(double conductivity_ratio, double N, double fraction, double lorentz = 1.0 / 3.0);

// Heat over q_0: in the ellipsoid, in the matrix at the pole cap and at the equator. Sphere and r = 8: 0.72, 5.76, 0.09.
struct InclusionHeat {
    double core, pole, equator;
};
InclusionHeat inclusion_heat(double conductivity_ratio, double N);

// The largest |J|/J_0, at the equator of an insulating hole: 1 / (1 - N); sphere 1.5, cylinder 2, ellipse 1 + across/along.
double hole_current(double N);

// The scale of the excess temperature at the pole cap [K]: (pole - 1) q_0 R^2 / (6 k); q_0 [W/m3], R [m], k [W/(m K)]. The
// steady excess of a sphere, r = 8, comes to half of it at most: sphere_excess.
double inclusion_excess_K(double pole_heat, double q0, double radius, double thermal_conductivity);

// Steady temperature around a sphere above that far away, over q_0 R^2 / k, at the distance `rho` R and the angle of this
// cosine from the field; k the same inside. Derived from q: outside, with beta = (r - 1)/(r + 2) and s = rho^-3,
// q/q_0 - 1 = 2 beta^2 s^2 + (4 beta s + 2 beta^2 s^2) P2(cos), inside 9 r/(r + 2)^2 - 1.
double sphere_excess(double conductivity_ratio, double rho, double cosine);

}  // namespace jt
