// SPDX-License-Identifier: Apache-2.0
// MeasuredCurrents: the line that stands for a window's readings heats as they tell.
#include "bridge/assimilation/measured_currents.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "twin/bed/random.hpp"

namespace jt {
namespace {

MeasuredCurrents readings(double from, double to, double every, const std::function<double(double)>& I, double sigma = 0.0,
                          std::uint64_t seed = 1) {
    MeasuredCurrents out;
    SplitMix64 random{seed};
    std::uint64_t n = 0;
    for (double t = from; t <= to + 1e-9; t += every) {
        double noise = 0.0;
        for (int k = 0; k < 12; ++k) noise += random.unit() - 0.5;  // close to a normal draw
        out.add({0, t, I(t) + sigma * noise, sigma, ++n});
    }
    return out;
}
double mean_square(const MeasuredCurrent& line) {
    return (line.from_A * line.from_A + line.from_A * line.to_A + line.to_A * line.to_A) / 3.0;
}

TEST(MeasuredCurrents, AStraightLineComesBack) {
    auto currents = readings(0.0, 1.0, 0.01, [](double t) { return 20.0 + 7.0 * t; });
    const MeasuredCurrent line = currents.over(0.4, 0.5);
    EXPECT_NEAR(line.from_A, 22.8, 1e-4);
    EXPECT_NEAR(line.to_A, 23.5, 1e-4);
    EXPECT_EQ(currents.last_A(), line.to_A);
}

// A loop that sets the current every 0.1 s: a line through its steps has not their heat.
TEST(MeasuredCurrents, AWindowOfStepsHeatsAsTheyDo) {
    const double steps[] = {40.0, 46.0, 35.0, 49.0, 30.0};
    auto currents = readings(0.0, 0.5, 0.001, [&](double t) { return steps[std::min(4, int(t / 0.1 + 1e-6))]; });
    double heat = 0.0, mean = 0.0;
    for (const double I : steps) heat += I * I / 5.0, mean += I / 5.0;
    const MeasuredCurrent line = currents.over(0.0, 0.5);
    EXPECT_NEAR(mean_square(line) / heat, 1.0, 2e-3);
    EXPECT_GT(heat / (mean * mean), 1.03);  // which is what a mean would miss
}

TEST(MeasuredCurrents, NoiseIsNoHeat) {
    double squares = 0.0;
    const int draws = 20000;
    for (int n = 0; n < draws; ++n) {
        auto currents = readings(
            0.0, 0.5, 0.01, [](double) { return 10.0; }, 1.0, std::uint64_t(n) + 1);
        squares += mean_square(currents.over(0.0, 0.5)) / draws;
    }
    EXPECT_NEAR(squares, 100.0, 0.1);  // 1 A of noise on 10 A is 1 A^2 in the squares of the readings
}

TEST(MeasuredCurrents, ReadingsStandForTheTimeNearestToThem) {
    MeasuredCurrents currents;
    std::uint64_t n = 0;
    // many at first, few later: their plain mean would be 10.9
    for (int k = 0; k <= 10; ++k) currents.add({0, 0.005 * k, 10.0, 0.01, ++n});
    currents.add({0, 0.1, 20.0, 0.01, ++n});
    const MeasuredCurrent line = currents.over(0.0, 0.1);
    EXPECT_NEAR(mean_square(line), 0.75 * 100.0 + 0.25 * 400.0, 0.01);
}

TEST(MeasuredCurrents, WithoutReadingsTheLastOneStays) {
    auto currents = readings(
        0.0, 0.1, 0.01, [](double) { return 12.0; }, 1e-6);
    (void)currents.over(0.0, 0.1);
    const MeasuredCurrent line = currents.over(0.5, 0.6);
    EXPECT_NEAR(line.from_A, 12.0, 1e-4);
    EXPECT_EQ(line.from_A, line.to_A);
    EXPECT_FALSE(currents.at(0.55));
}

TEST(MeasuredCurrents, ACurrentOfNothingStaysNothing) {
    auto currents = readings(
        0.0, 0.1, 0.01, [](double) { return -0.05; }, 0.05);
    const MeasuredCurrent line = currents.over(0.0, 0.1);
    EXPECT_LT(std::abs(line.from_A), 0.15);
    EXPECT_LT(0.5 * (line.from_A + line.to_A), 0.0);
}

}  // namespace
}  // namespace jt
