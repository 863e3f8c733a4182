// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "twin/microstructure/orientation.hpp"

namespace jt {
namespace {

TEST(OrientationEnergy, OfADiscFallsByAQuarterFrom45DegreesAndItsTorqueIsItsSlope) {
    const double alpha = disc_polarisability(1e-8).anisotropy(), E = 1e7, quarter = std::numbers::pi / 4;
    EXPECT_NEAR(alpha, 4.72e-35, 0.01e-35);
    EXPECT_EQ(orientation_energy(alpha, E, 0.0), 0.0);
    EXPECT_NEAR(orientation_energy(alpha, E, quarter) / (alpha * E * E / 4), 1.0, 1e-14);
    for (const double theta : {0.1, 0.8, 1.3}) {
        const double slope = (orientation_energy(alpha, E, theta + 1e-6) - orientation_energy(alpha, E, theta - 1e-6)) / 2e-6;
        EXPECT_NEAR(orientation_torque(alpha, E, theta) / -slope, 1.0, 1e-8) << theta;
    }
    EXPECT_NEAR(orientation_ratio(alpha, 1e7, 1273.0), 0.134, 0.001);
    EXPECT_NEAR(orientation_ratio(alpha, field_of_unit_ratio(alpha, 1273.0), 1273.0), 1.0, 1e-14);
}

TEST(OrientationEnergy, StacksLoseTheirAnisotropyFasterThanTheirNumber) {
    double before = 1.0;
    for (const auto& [n, expected] : {std::pair{1, 1.049}, {2, 0.509}, {3, 0.297}, {5, 0.064}}) {
        const Polarisability p = stack_per_sheet(n, 1e-9);
        EXPECT_NEAR(p.anisotropy(), expected, 5.1e-4) << n;
        if (n > 1) {
            EXPECT_LT(n * p.anisotropy(), before) << n;
        }
        before = 1.0 * n * p.anisotropy();
    }
    EXPECT_LT(stack_per_sheet(6, 1e-9).anisotropy(), 0.0);  // higher than wide
}

TEST(OrientationEnergy, SpheroidHasTheLimitsOfDiscSphereAndMatchedMedium) {
    const double a = 2e-9;
    const Polarisability flat = spheroid_polarisability(a, 1e-6 * a), disc = disc_polarisability(a);
    EXPECT_NEAR(flat.in_plane / disc.in_plane, 1.0, 1e-5);
    EXPECT_LT(flat.normal / disc.in_plane, 1e-5);
    const Polarisability ball = spheroid_polarisability(a, a);
    EXPECT_NEAR(ball.in_plane / (4 * std::numbers::pi * kVacuumPermittivity * a * a * a), 1.0, 1e-12);
    EXPECT_NEAR(ball.anisotropy() / ball.in_plane, 0.0, 1e-12);
    EXPECT_EQ(spheroid_polarisability(a, a / 3, 1.0).in_plane, 0.0);
    EXPECT_NEAR(spheroid_polarisability(a, a / 3, 1e14).in_plane / spheroid_polarisability(a, a / 3).in_plane, 1.0, 1e-12);
    EXPECT_NEAR(spheroid_polarisability(a, a / 3, 4.0, 2.0).normal / spheroid_polarisability(a, a / 3, 4.0).normal, 2.0, 1e-12);
}

}  // namespace
}  // namespace jt
