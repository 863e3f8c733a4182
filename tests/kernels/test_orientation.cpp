// SPDX-License-Identifier: Apache-2.0
#include "kernels/orientation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace jt {
namespace {

using cpu::equilibrium_order;

// The Boltzmann integrals themselves, by the composite Gauss rule of five points in long double, the largest factor taken out.
double integrated_order(double u) {
    const long double x[] = {0.0L, 0.5384693101056831L, 0.9061798459386640L};
    const long double w[] = {0.5688888888888889L, 0.4786286704993665L, 0.2369268850561891L};
    // Pieces dense where the weight is: near 0 for u > 0, near 1 for u < 0.
    long double top = 0.0L, whole = 0.0L;
    constexpr int pieces = 20000;
    const auto place = [&](double s) { return u > 0 ? s * s : 1.0 - (1.0 - s) * (1.0 - s); };
    for (int n = 0; n < pieces; ++n) {
        const double from = place(double(n) / pieces), to = place(double(n + 1) / pieces);
        for (int p = -2; p <= 2; ++p) {
            const long double t = 0.5L * (from + to) + 0.5L * (to - from) * (p < 0 ? -x[-p] : x[p]);
            const long double weight =
                w[std::abs(p)] * (to - from) * std::exp(-(long double)u * (t * t - (u < 0 ? 1.0L : 0.0L)));
            whole += weight;
            top += weight * (1.5L * t * t - 0.5L);
        }
    }
    return double(top / whole);
}

TEST(Orientation, OrderIsThatOfTheBoltzmannIntegrals) {
    for (const double u :
         {1e-3, 0.05, 0.5, 0.999, 1.001, 2.0, 7.0, 30.0, 200.0, 699.0, 701.0, 1e4, -1e-3, -0.7, -5.0, -39.0, -41.0, -300.0})
        EXPECT_NEAR(equilibrium_order(u), integrated_order(u), 1e-10 + 1e-10 * std::abs(u < 1 ? u : 0)) << u;
}

TEST(Orientation, SmallFieldsLoseNoDigits) {
    EXPECT_EQ(equilibrium_order(0.0), 0.0);
    for (const double u : {1e-300, 1e-13, 1e-9, -1e-13, -1e-9}) EXPECT_NEAR(equilibrium_order(u) / u, -2.0 / 15.0, 2e-10) << u;
    // the next term: S = -2u/15 + 4u^2/315
    EXPECT_NEAR((equilibrium_order(1e-3) + 2e-3 / 15.0) / 1e-6, 4.0 / 315.0, 1e-5);
}

TEST(Orientation, StrongFieldsLayEveryPlaneAlongAndRodsToo) {
    EXPECT_EQ(equilibrium_order(INFINITY), -0.5);
    EXPECT_NEAR(equilibrium_order(1e300), -0.5, 1e-15);
    EXPECT_NEAR(equilibrium_order(-1e300), 1.0, 1e-15);
    double before = 1.0;
    for (double u = -100.0; u < 800.0; u += 0.37) {
        const double S = equilibrium_order(u);
        EXPECT_LT(S, before) << u;
        before = S;
    }
    EXPECT_GE(before, -0.5);
    EXPECT_TRUE(std::isnan(equilibrium_order(NAN)));
}

TEST(Orientation, RelaxationIsExactWhateverTheStep) {
    const OrientationRelaxation law;
    EXPECT_DOUBLE_EQ(cpu::orientation_rate(law, 1273.0), 1.0 / 30.0);
    // E_r = 400 kJ/mol
    EXPECT_NEAR(std::log(cpu::orientation_rate(law, 1400.0) / cpu::orientation_rate(law, 1200.0)),
                400e3 / 8.314462618 * (1.0 / 1200.0 - 1.0 / 1400.0), 1e-12);
    const double rate = 0.2, S_eq = -0.3;
    double S = 0.1;
    for (int n = 0; n < 5000; ++n) S = cpu::relaxed_order(S, S_eq, rate, 1e-3);
    EXPECT_NEAR(S, S_eq + 0.4 * std::exp(-1.0), 1e-13);
    EXPECT_NEAR(cpu::relaxed_order(0.1, S_eq, rate, 5.0), S, 1e-13);
    EXPECT_EQ(cpu::relaxed_order(0.1, S_eq, rate, 0.0), 0.1);
    EXPECT_DOUBLE_EQ(cpu::relaxed_order(0.1, S_eq, rate, 1e9), S_eq);
    // no cancellation at the orders of a device
    EXPECT_NEAR(cpu::relaxed_order(0.0, -1e-13, 1.0 / 30.0, 1e-6) / (-1e-13 * 1e-6 / 30.0), 1.0, 1e-7);
}

}  // namespace
}  // namespace jt
