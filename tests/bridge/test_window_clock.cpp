// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/window_clock.hpp"

#include <gtest/gtest.h>

namespace jt {
namespace {

// Windows of 0.1 s, 30 ms grace, 0.25 s of silence, 1 s until a sensor is lost.
WindowClock clock_with(double fast_hz, double slow_hz, double until) {
    WindowClock clock(0, {});
    for (int n = 0; n / fast_hz <= until + 1e-9; ++n) clock.saw("fast", n / fast_hz);
    for (int n = 0; slow_hz > 0.0 && n / slow_hz <= until + 1e-9; ++n) clock.saw("slow", n / slow_hz);
    return clock;
}

TEST(WindowClock, ClosesWhenEverySensorHasSentWhatItHasToSend) {
    // Both have nothing more to send before 0.1 s.
    EXPECT_TRUE(clock_with(100.0, 50.0, 0.1).due(0.1));
    // The slow one sends at 0.08 s, which has not come.
    WindowClock waiting(0, {});
    for (int n = 0; n <= 10; ++n) waiting.saw("fast", 0.01 * n);
    for (int n = 0; n <= 3; ++n) waiting.saw("slow", 0.02 * n);
    EXPECT_FALSE(waiting.due(0.1));
    waiting.saw("slow", 0.08);
    EXPECT_TRUE(waiting.due(0.1));
}

TEST(WindowClock, DoesNotWaitForASensorSlowerThanTheWindow) {
    WindowClock clock(0, {});
    for (int n = 0; n <= 10; ++n) clock.saw("fast", 0.01 * n);
    for (const double t : {-0.9, -0.4, 0.05}) clock.saw("slow", t);
    EXPECT_TRUE(clock.due(0.1));
}

TEST(WindowClock, TheFastestIsWaitedForNoLongerThanTheGrace) {
    WindowClock clock(0, {});
    for (int n = 0; n <= 13; ++n) clock.saw("fast", 0.01 * n);
    for (int n = 0; n <= 2; ++n) clock.saw("slow", 0.02 * n);
    EXPECT_TRUE(clock.due(0.13));
}

TEST(WindowClock, ALostSensorIsNotWaitedForAndSilenceEndsAWindow) {
    WindowClock lost(0, {});
    for (int n = 0; n <= 5; ++n) lost.saw("slow", -2.0 + 0.02 * n);
    for (int n = 0; n <= 10; ++n) lost.saw("fast", 0.01 * n);
    EXPECT_TRUE(lost.due(0.1));
    WindowClock silent(0, {});
    EXPECT_FALSE(silent.due(0.3));
    EXPECT_TRUE(silent.due(0.351));
}

TEST(WindowClock, WindowsFollowOneAnotherAndMayBeLonger) {
    WindowClock clock(1'000'000'000, {});
    EXPECT_DOUBLE_EQ(clock.next(), 0.1);
    clock.close();
    EXPECT_DOUBLE_EQ(clock.next(), 0.2);
    EXPECT_DOUBLE_EQ(clock.next(3), 0.4);
    clock.close(3);
    EXPECT_EQ(clock.windows(), 4);
    EXPECT_DOUBLE_EQ(clock.run_s(3'500'000'000), 2.5);
    EXPECT_EQ(clock.ns(2.5), 3'500'000'000);
}

TEST(WindowClock, JitterDoesNotMakeASensorSeemSlow) {
    WindowClock clock(0, {});
    for (int n = 0; n < 50; ++n) clock.saw("slow", -1.0 + 0.02 * n);
    clock.saw("slow", 0.04);  // after a gap of three periods
    for (int n = 0; n <= 10; ++n) clock.saw("fast", 0.01 * n);
    EXPECT_FALSE(clock.due(0.1));
}

}  // namespace
}  // namespace jt
