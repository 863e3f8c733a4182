// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/gl/resolution_control.hpp"

#include <gtest/gtest.h>

namespace jt {
namespace {

TEST(ResolutionControl, MotionIsDrawnInAsManyPixelsAsItsTimeAllows) {
    for (const auto& [cost, factor] : {std::pair{0.02, 1.0}, {0.1, 3.0 / 4}, {0.2, 1.0 / 2}, {0.5, 1.0 / 3}, {3.0, 1.0 / 4}}) {
        ResolutionControl control;
        control.took(control.factor(true, true, 0.0), cost);
        EXPECT_EQ(control.factor(true, true, 0.1), factor);
        EXPECT_TRUE(control.finer_in(0.1));
    }
}

TEST(ResolutionControl, AtRestItIsRefinedAndThenAsksForNothing) {
    ResolutionControl control;
    control.took(1.0, 0.12);
    double now = 0.0;
    EXPECT_EQ(control.factor(true, true, now), 0.5);
    now += *control.finer_in(now);
    EXPECT_EQ(control.factor(false, false, now), 1.0);
    now += *control.finer_in(now);
    EXPECT_EQ(control.factor(false, false, now), 2.0);
    EXPECT_FALSE(control.finer_in(now));
    // What changes begins anew.
    EXPECT_EQ(control.factor(false, true, now + 5.0), 0.5);
}

TEST(ResolutionControl, AHandMayAskForMorePicturesThanNewData) {
    ResolutionControl control;
    control.took(1.0, 0.04);
    EXPECT_EQ(control.factor(false, true, 0.0, 0.02), 1.0);
    EXPECT_EQ(control.factor(true, true, 0.1, 0.02), 0.5);
    EXPECT_EQ(control.factor(false, false, 0.2, 0.02), 0.5);  // until it has rested
    EXPECT_EQ(control.factor(false, true, 0.25, 0.02), 1.0);
}

TEST(ResolutionControl, APictureThatTakesTooLongIsNotDrawnFinerThanTheScreen) {
    ResolutionControl control;
    control.took(1.0, 0.3);
    control.factor(true, true, 0.0);
    EXPECT_EQ(control.factor(false, false, 10.0), 1.0);
    EXPECT_FALSE(control.finer_in(10.0));
}

}  // namespace
}  // namespace jt
