// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/elementary.hpp"
#include "kernels/material_law.hpp"

namespace jt {
namespace {

// Distance in units in the last place of the true value.
double places(double found, long double truth) {
    const double near = double(truth), place = std::nextafter(std::abs(near), 1e308) - std::abs(near);
    return double(std::abs(found - truth)) / place;
}

TEST(Elementary, ExponentialIsGoodToTwoPlaces) {
    for (int n = -70000; n <= 70000; ++n) {
        const double x = 0.01 * n * (n % 3 == 0 ? 1e-3 : 1.0);
        ASSERT_LE(places(cpu::exponential(x), std::exp((long double)x)), 2.0) << x;
    }
    EXPECT_EQ(cpu::exponential(0.0), 1.0);
}

TEST(Elementary, ExponentialBeyondItsRangeStaysFiniteAndKeepsNaN) {
    const double infinite = std::numeric_limits<double>::infinity();
    EXPECT_EQ(cpu::exponential(-infinite), cpu::exponential(-700.0));
    EXPECT_EQ(cpu::exponential(1e300), cpu::exponential(700.0));
    EXPECT_TRUE(std::isfinite(cpu::exponential(infinite)));
    EXPECT_TRUE(std::isnan(cpu::exponential(std::nan(""))));
}

TEST(Elementary, LogOfOnePlusIsGoodToThreePlaces) {
    for (int n = 0; n <= 100000; ++n)
        for (const double y : {1e-5 * n, std::exp(-7e-3 * n)})
            ASSERT_LE(places(cpu::log_one_plus(y), std::log1p((long double)y)), 3.0) << y;
    EXPECT_EQ(cpu::log_one_plus(0.0), 0.0);
}

// physics.md, sigma of a char bed: the formula in long double.
TEST(CharConductivity, IsItsFormula) {
    PropertyLaw law;
    law.kind = LawKind::char_bed;
    law.valid_min = 200.0, law.valid_max = 1500.0;
    const double ten = std::log(10.0);
    const double c[] = {std::log(0.4) - 4.0 * ten, 6.0 * ten, 820.0, 1.0 / 45.0, 1400.0, 900.0};
    std::copy(std::begin(c), std::end(c), law.c);
    for (double Th = 600.0; Th < 1400.0; Th += 37.0)
        for (double T = 150.0; T < 1600.0; T += 93.0) {
            const long double held = std::min(std::max(Th, kCharLeast), kCharMost),
                              kelvin = std::min(std::max(T, 200.0), 1500.0);
            const long double L = 1.0L / (1.0L + std::exp((820.0L - held) / 45.0L));
            const long double sigma = 0.4L * std::pow(10.0L, -4.0L + 6.0L * L) *
                                      std::exp(-(1400.0L + 900.0L * (1.0L - L)) * (1.0L / kelvin - 1.0L / 300.0L));
            const long double kept = std::min(std::max(sigma, 1e-6L), 1e6L);
            EXPECT_NEAR(double(cpu::char_conductivity(law, T, Th) / kept), 1.0, 1e-13) << T << " " << Th;
        }
}

}  // namespace
}  // namespace jt
