// SPDX-License-Identifier: Apache-2.0
#include "twin/microstructure/orientation.hpp"

#include <cmath>
#include <numbers>

#include "twin/microstructure/inclusion.hpp"

namespace jt {

Polarisability disc_polarisability(double radius) {
    return {16.0 / 3.0 * kVacuumPermittivity * radius * radius * radius, 0.0};
}

Polarisability spheroid_polarisability(double a, double c, double ratio, double medium) {
    const double along = spheroid_depolarisation(c / a), across = 0.5 * (1.0 - along);
    const double scale = kVacuumPermittivity * medium * 4.0 / 3.0 * std::numbers::pi * a * a * c;
    const auto of = [&](double N) { return scale * (std::isinf(ratio) ? 1.0 / N : (ratio - 1.0) / (1.0 + N * (ratio - 1.0))); };
    return {of(across), of(along)};
}

double orientation_energy(double anisotropy, double field, double theta) {
    const double sine = std::sin(theta);
    return 0.5 * anisotropy * field * field * sine * sine;
}

double orientation_torque(double anisotropy, double field, double theta) {
    return -0.5 * anisotropy * field * field * std::sin(2.0 * theta);
}

double orientation_ratio(double anisotropy, double field, double T) {
    return 0.5 * anisotropy * field * field / (kBoltzmann * T);
}

double field_of_unit_ratio(double anisotropy, double T) {
    return std::sqrt(2.0 * kBoltzmann * T / anisotropy);
}

Polarisability stack_per_sheet(int sheets, double radius) {
    const Polarisability stack = spheroid_polarisability(radius, 0.5 * sheets * kSheetThickness);
    const double unit = sheets * disc_polarisability(radius).in_plane;
    return {stack.in_plane / unit, stack.normal / unit};
}

}  // namespace jt
