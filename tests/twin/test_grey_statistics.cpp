// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "twin/stack/grey_statistics.hpp"

namespace jt {
namespace {

TEST(GreyStatistics, LeastMostMeanAndCounts) {
    const GreyStatistics s = grey_statistics({.nx = 4, .ny = 1, .nz = 1, .bits = 8, .grey = {3, 5, 5, 11}});
    EXPECT_EQ(s.least, 3);
    EXPECT_EQ(s.most, 11);
    EXPECT_DOUBLE_EQ(s.mean, 6.0);
    EXPECT_EQ(s.count.size(), 256u);
    EXPECT_EQ(s.count_between(5, 5), 2);
    EXPECT_EQ(s.count_between(0, 65535), 4);
    EXPECT_EQ(s.count_between(6, 10), 0);
}

TEST(GreyStatistics, OtsuPutsTheThresholdIntoTheMiddleOfTheGap) {
    const GreyStatistics s = grey_statistics({.nx = 6, .ny = 1, .nz = 1, .bits = 16, .grey = {10, 12, 10, 200, 205, 201}});
    EXPECT_EQ(s.count.size(), 65536u);
    EXPECT_EQ(s.otsu, (13 + 200 + 1) / 2);
}

// Worked by hand: dark 0 0 1, bright 3 or dark 0 0, bright 1 3. Between-class variance n0 n1 (m1 - m0)^2: 3 (8/3)^2 > 4 2^2.
TEST(GreyStatistics, OtsuChoosesTheSplitWithTheLargestVarianceBetweenClasses) {
    EXPECT_EQ(grey_statistics({.nx = 4, .ny = 1, .nz = 1, .bits = 8, .grey = {0, 0, 1, 3}}).otsu, 3);
}

TEST(GreyStatistics, AUniformStackHasNoThreshold) {
    EXPECT_FALSE(grey_statistics({.nx = 2, .ny = 1, .nz = 1, .bits = 8, .grey = {7, 7}}).otsu);
}

}  // namespace
}  // namespace jt
