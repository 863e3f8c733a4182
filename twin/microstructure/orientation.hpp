// SPDX-License-Identifier: Apache-2.0
// Orientation energy of a graphene platelet in a field: polarisabilities, energy and torque against the angle, and what a stack
// of platelets has instead of single ones. theta: angle between the plane and the field. Physics 4.2. The order parameter that
// follows and its relaxation: kernels/orientation.hpp.
#pragma once
#include <limits>

namespace jt {

inline constexpr double kBoltzmann = 1.380649e-23;               // [J/K]
inline constexpr double kVacuumPermittivity = 8.8541878128e-12;  // [F/m]
inline constexpr double kSheetThickness = 0.35e-9;               // [m] a sheet takes in a stack

// Largest that crystallites of such chars are (La 2 to 5 nm), and the fields of a device.
inline constexpr double kCrystalliteRadius[] = {1.0e-9, 2.5e-9};  // [m]
inline constexpr double kDeviceField[] = {200.0, 2000.0};         // [V/m]

// In the plane and along the normal [F m2].
struct Polarisability {
    double in_plane = 0.0, normal = 0.0;
    double anisotropy() const { return in_plane - normal; }
};

// A metallic disc of radius a [m]: (16/3) e0 a^3 in the plane, none along the normal.
Polarisability disc_polarisability(double radius);

// A spheroid with semi-axes a (in the plane) and c: alpha_j = e0 em V (r - 1) / (1 + N_j (r - 1)). r: ratio of the
// permittivities, or in a conducting host at rest of the conductivities; infinite for a metal. em: of the medium, relative.
Polarisability spheroid_polarisability(double a, double c, double ratio = std::numeric_limits<double>::infinity(),
                                       double medium = 1.0);

// U(theta) - U(0) = alpha E^2 sin^2(theta) / 2 [J] with the anisotropy alpha [F m2], E [V/m], theta [rad]; and the torque that
// turns theta, -dU/dtheta [N m].
double orientation_energy(double anisotropy, double field, double theta);
double orientation_torque(double anisotropy, double field, double theta);

// u = alpha E^2 / (2 kT), and the field [V/m] at which it is 1.
double orientation_ratio(double anisotropy, double field, double T);
double field_of_unit_ratio(double anisotropy, double T);

// n sheets of radius a as one metallic spheroid n times 0.35 nm thick; each value per sheet and over (16/3) e0 a^3. The
// anisotropy falls faster than 1/n, and below 0 where the stack is higher than wide; the energy -alpha_in E^2 / 2 rises.
Polarisability stack_per_sheet(int sheets, double radius);

}  // namespace jt
