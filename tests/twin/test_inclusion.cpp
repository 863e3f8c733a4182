// SPDX-License-Identifier: Apache-2.0
#include "twin/microstructure/inclusion.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "kernels/error.hpp"

namespace jt {
namespace {

// N along c: (a b c / 2) int_0^inf ds / ((s + c^2) sqrt((s + a^2)(s + b^2)(s + c^2))), with s = c^2 (1/x^2 - 1).
double integrated(double a, double b, double c) {
    const auto f = [&](double x) {
        const double s = c * c * (1.0 / (x * x) - 1.0);
        return x == 0.0 ? 0.0 : a * b / std::sqrt((s + a * a) * (s + b * b));
    };
    constexpr int n = 20000;
    double sum = f(0.0) + f(1.0);
    for (int i = 1; i < n; ++i) sum += (i % 2 ? 4.0 : 2.0) * f(double(i) / n);
    return sum / (3.0 * n);
}

TEST(Inclusion, DepolarisationIsThatOfTheIntegralAndSumsToOne) {
    for (const auto& axes :
         {std::array{1.0, 1.0, 1.0}, {1.0, 2.0, 3.0}, {3.0, 0.2, 1.0}, {1e-6, 2e-6, 5e-6}, {1.0, 1.0, 10.0}}) {
        const auto N = depolarisation(axes);
        EXPECT_NEAR(N[0] + N[1] + N[2], 1.0, 1e-13);
        for (std::size_t d = 0; d < 3; ++d)
            EXPECT_NEAR(N[d], integrated(axes[(d + 1) % 3], axes[(d + 2) % 3], axes[d]), 1e-10) << d;
    }
    const auto needle = depolarisation({1.0, 1.0, 1e8}), sheet = depolarisation({1.0, 1.0, 1e-8});
    EXPECT_NEAR(needle[0], 0.5, 1e-13);
    EXPECT_NEAR(sheet[2], 1.0 - 1e-8 * std::numbers::pi / 2.0, 1e-13);
}

TEST(Inclusion, ClosedFormsOfSpheroidsAgree) {
    for (const double aspect : {1e-4, 0.1, 0.5, 0.98, 0.9899, 0.995, 1.0, 1.0099, 1.02, 2.0, 5.0, 10.0, 1e4})
        EXPECT_NEAR(spheroid_depolarisation(aspect), depolarisation({1.0, 1.0, aspect})[2], 1e-13) << aspect;
    EXPECT_NEAR(spheroid_depolarisation(1.0), 1.0 / 3.0, 1e-14);
    EXPECT_NEAR(spheroid_depolarisation(2.0), 0.1736, 5e-5);
    EXPECT_NEAR(spheroid_depolarisation(0.5), 0.5272, 5e-5);
    for (const double bad : {0.0, -1.0, double(NAN), double(INFINITY)}) {
        EXPECT_THROW(spheroid_depolarisation(bad), InputError);
        EXPECT_THROW(depolarisation({1.0, bad, 1.0}), InputError);
    }
}

TEST(Inclusion, CurrentsAndHeatOfThePhysics) {
    const auto J = [](double aspect) { return inclusion_current(8.0, spheroid_depolarisation(aspect)); };
    EXPECT_DOUBLE_EQ(J(1.0), 2.4);
    EXPECT_NEAR(J(2.0), 3.612, 5e-4);
    EXPECT_NEAR(J(5.0), 5.752, 5e-4);
    EXPECT_NEAR(J(10.0), 7.005, 5e-4);
    EXPECT_NEAR(J(0.5), 1.706, 5e-4);
    EXPECT_NEAR(inclusion_current(8.0, 0.5 * (1.0 - spheroid_depolarisation(0.5))), 3.013, 5e-4);
    EXPECT_NEAR(inclusion_current(8.0, 0.5), 1.778, 5e-4);
    EXPECT_NEAR(inclusion_current(8.0, ellipse_depolarisation(2.0, 1.0)), 2.4, 1e-12);
    EXPECT_NEAR(inclusion_current(1e12, 1.0 / 3.0), 3.0, 1e-9);
    EXPECT_DOUBLE_EQ(inclusion_current(1.0, 0.2), 1.0);
    EXPECT_NEAR(hole_current(1.0 / 3.0), 1.5, 1e-12);
    EXPECT_NEAR(hole_current(0.5), 2.0, 1e-12);
    EXPECT_NEAR(hole_current(ellipse_depolarisation(1.0, 1.4)), 2.4, 1e-12);
    const InclusionHeat q = inclusion_heat(8.0, 1.0 / 3.0);
    EXPECT_NEAR(q.core, 0.72, 1e-12);
    EXPECT_NEAR(q.pole, 5.76, 1e-12);
    EXPECT_NEAR(q.equator, 0.09, 1e-12);
    EXPECT_NEAR(inclusion_excess_K(q.pole, 8.5e7, 0.5e-3, 0.2), 84.0, 0.5);
    EXPECT_NEAR(inclusion_excess_K(q.pole, 8.5e7, 0.1e-3, 0.2), 3.4, 0.1);
    // a lattice as in V04: R = L/4 to the square of its fraction
    EXPECT_NEAR(lattice_current(8.0, 1.0 / 3.0, 0.0654498), 2.51544, 3e-4);
}

// The steady excess obeys div grad T = 1 - q/q0 inside and outside, and is smooth at the surface.
TEST(Inclusion, ExcessTemperatureSolvesTheHeatEquation) {
    const double r = 8.0, beta = 0.7, h = 1e-3;
    const auto T = [&](double x, double y, double z) {
        const double rho = std::hypot(x, y, z);
        return sphere_excess(r, rho, z / rho);
    };
    for (const auto& [x, z] : {std::pair{0.3, 0.2}, {0.1, 0.7}, {1.2, 0.3}, {0.2, 1.4}, {1.5, 1.5}}) {
        const double rho = std::hypot(x, z), s = 1.0 / (rho * rho * rho), c = z / rho;
        const double q = rho < 1.0 ? 0.72 : std::pow((1 + 2 * beta * s) * c, 2) + std::pow(1 - beta * s, 2) * (1 - c * c);
        const double laplace =
            (T(x + h, 0, z) + T(x - h, 0, z) + T(x, h, z) + T(x, -h, z) + T(x, 0, z + h) + T(x, 0, z - h) - 6 * T(x, 0, z)) /
            (h * h);
        EXPECT_NEAR(laplace, 1.0 - q, 1e-4) << x << " " << z;
    }
    for (const double c : {0.0, 0.4, 1.0}) {
        EXPECT_NEAR(sphere_excess(r, 1.0 - 1e-9, c), sphere_excess(r, 1.0 + 1e-9, c), 1e-8) << c;
        const double in = (sphere_excess(r, 1.0 - 1e-6, c) - sphere_excess(r, 1.0 - 2e-6, c)) / 1e-6;
        const double out = (sphere_excess(r, 1.0 + 2e-6, c) - sphere_excess(r, 1.0 + 1e-6, c)) / 1e-6;
        EXPECT_NEAR(in, out, 1e-4) << c;
    }
    EXPECT_NEAR(sphere_excess(r, 1e6, 1.0), 0.0, 1e-5);
}

}  // namespace
}  // namespace jt
