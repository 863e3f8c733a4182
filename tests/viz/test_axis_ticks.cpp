// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/axis_ticks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <set>

namespace jt {
namespace {

using testing::ElementsAre;

// 1, 2 or 5 times a power of ten.
bool is_round(double step) {
    const double mantissa = step / std::pow(10.0, std::floor(std::log10(step) + 1e-9));
    return std::abs(mantissa - 1) < 1e-6 || std::abs(mantissa - 2) < 1e-6 || std::abs(mantissa - 5) < 1e-6;
}

void expect_sound(const AxisTicks& axis, double low, double high) {
    SCOPED_TRACE(testing::Message() << low << " .. " << high);
    EXPECT_TRUE(is_round(axis.step)) << axis.step;
    EXPECT_LE(axis.low, low);
    EXPECT_GE(axis.high, high);
    ASSERT_EQ(axis.values.size(), axis.labels.size());
    ASSERT_FALSE(axis.values.empty());
    // They cover the axis: no end is a whole step away from the next tick.
    EXPECT_LT(axis.values.front() - axis.low, axis.step * (1 + 1e-6));
    EXPECT_LT(axis.high - axis.values.back(), axis.step * (1 + 1e-6));
    EXPECT_EQ(std::set<std::string>(axis.labels.begin(), axis.labels.end()).size(), axis.labels.size()) << "labels repeat";
    for (std::size_t n = 1; n < axis.values.size(); ++n)
        EXPECT_NEAR(axis.values[n] - axis.values[n - 1], axis.step, 1e-6 * axis.step);
}

TEST(AxisTicks, AnyRangeGetsFourToSixRoundTicksThatCoverIt) {
    std::mt19937 random(7);
    std::uniform_real_distribution<double> unit(-1.0, 1.0), decade(-12.0, 12.0);
    for (int n = 0; n < 3000; ++n) {
        const double size = std::pow(10.0, decade(random));
        double low = size * unit(random), high = size * unit(random);
        if (n % 3 == 0) high = low + 1e-4 * std::abs(high);  // narrow and far from zero
        if (low > high) std::swap(low, high);
        const AxisTicks axis = value_axis(low, high);
        expect_sound(axis, low, high);
        EXPECT_GE(axis.values.size(), 4u) << low << " .. " << high;
        EXPECT_LE(axis.values.size(), 6u) << low << " .. " << high;
        // At least half of the axis is data.
        EXPECT_GT(high - low, 0.5 * (axis.high - axis.low)) << low << " .. " << high;
        if (testing::Test::HasFailure()) return;
    }
}

TEST(AxisTicks, SmallChartsGetFewerTicks) {
    for (int most = 2; most <= 6; ++most)
        for (const double high : {0.7, 1.0, 1.3, 1006.0, 2.2, 3.0, 4.4, 5.5, 7.0, 9.1}) {
            const AxisTicks axis = value_axis(0.1, high, most);
            expect_sound(axis, 0.1, high);
            EXPECT_LE(axis.values.size(), std::size_t(most));
            EXPECT_GE(axis.values.size(), 2u);
        }
}

TEST(AxisTicks, ARangeWithoutWidthIsWidenedAboutItsValue) {
    for (const double v : {20.0, -3.0, 1e-12, 1e12, 1e-30}) {
        const AxisTicks axis = value_axis(v, v);
        expect_sound(axis, v, v);
        EXPECT_LT(axis.low, v);
        EXPECT_GT(axis.high, v);
    }
    const AxisTicks noise = value_axis(20.0, 20.0 + 1e-12);  // rounding noise is not blown up
    EXPECT_GT(noise.high - noise.low, 1.0);
    expect_sound(value_axis(0.0, 0.0), 0.0, 0.0);
}

TEST(AxisTicks, BoundsThatAreNoNumbersGiveZeroToOne) {
    const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
    for (const auto& [low, high] : {std::pair{nan, nan}, {infinity, -infinity}, {0.0, infinity}, {-1e300, 1e300}, {nan, 1.0}}) {
        const AxisTicks axis = value_axis(low, high);
        EXPECT_EQ(axis.low, 0.0);
        EXPECT_EQ(axis.high, 1.0);
        EXPECT_EQ(axis.labels.front(), "0");
    }
}

TEST(AxisTicks, LabelsHaveTheDigitsOfTheStepAndATrueMinus) {
    EXPECT_THAT(value_axis(25.0, 1006.0).labels, ElementsAre("0", "200", "400", "600", "800", "1000"));
    EXPECT_THAT(value_axis(-0.4, 0.6).labels, ElementsAre("\u22120.4", "\u22120.2", "0", "0.2", "0.4", "0.6"));
    EXPECT_THAT(fixed_axis(-20.0, 20.0, 5).labels, ElementsAre("\u221220", "\u221210", "0", "10", "20"));
    EXPECT_THAT(fixed_axis(0.0, 60.0, 13).labels.size(), 13u);
}

TEST(AxisTicks, VeryLargeAndVerySmallNumbersShareOnePowerOfTen) {
    const AxisTicks small = value_axis(0.0, 2e-12);
    EXPECT_EQ(small.exponent, -12);
    EXPECT_THAT(small.labels, ElementsAre("0", "0.5", "1.0", "1.5", "2.0"));
    EXPECT_EQ(value_axis(0.0, 4e5).exponent, 3);
    EXPECT_EQ(value_axis(0.0, 5e4).exponent, 0);
    EXPECT_EQ(value_axis(0.0, 0.05).exponent, 0);
    EXPECT_EQ(power_of_ten(-12), "10\u207b\u00b9\u00b2");
}

TEST(AxisTicks, AFixedAxisKeepsItsEndsAndHasAtLeastTwoTicks) {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    for (int n = 0; n < 2000; ++n) {
        const double low = 100.0 * unit(random) - 50.0, high = low + std::pow(10.0, 4.0 * unit(random) - 2.0);
        const int most = 2 + n % 12;
        const AxisTicks axis = fixed_axis(low, high, most);
        EXPECT_EQ(axis.low, low);
        EXPECT_EQ(axis.high, high);
        EXPECT_TRUE(is_round(axis.step));
        EXPECT_GE(axis.values.size(), 2u);
        EXPECT_LE(axis.values.size(), std::size_t(std::max(most, 5)));
        EXPECT_GE(axis.values.front(), low - 1e-6 * axis.step);
        EXPECT_LE(axis.values.back(), high + 1e-6 * axis.step);
    }
}

TEST(AxisTicks, TimeIsInSecondsUpToTwoHours) {
    EXPECT_STREQ(time_unit(60.0).name, "s");
    EXPECT_STREQ(time_unit(7200.0).name, "s");
    EXPECT_STREQ(time_unit(7201.0).name, "min");
    EXPECT_STREQ(time_unit(86400.0).name, "h");
    EXPECT_EQ(time_unit(86400.0).seconds, 3600.0);
}

}  // namespace
}  // namespace jt
