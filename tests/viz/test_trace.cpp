// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/trace.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace jt {
namespace {

const double kTraceNan = std::numeric_limits<double>::quiet_NaN();

TEST(Trace, FewPointsAreKeptAsTheyAre) {
    const std::vector<double> time{0, 1, 2, 3}, value{5, 6, 4, 7};
    const auto traces = reduce_trace(time, value, 0, 3, 1000);
    ASSERT_EQ(traces.size(), 1u);
    ASSERT_EQ(traces[0].size(), 4u);
    for (std::size_t n = 0; n < 4; ++n) {
        EXPECT_EQ(traces[0][n].time, time[n]);
        EXPECT_EQ(traces[0][n].value, value[n]);
    }
}

TEST(Trace, OneSampleOfAMillionIsNotLostHighOrLow) {
    std::vector<double> time(1000000), value(time.size());
    for (std::size_t n = 0; n < time.size(); ++n) time[n] = 1e-3 * double(n), value[n] = std::sin(1e-4 * double(n));
    value[123456] = 50.0, value[765432] = -60.0;
    const auto traces = reduce_trace(time, value, 0, 1000, 1500);
    ASSERT_EQ(traces.size(), 1u);
    EXPECT_LE(traces[0].size(), 4u * 1501u);
    double low = 0, high = 0, last = -1;
    for (const auto& p : traces[0]) {
        EXPECT_GT(p.time, last);
        last = p.time;
        if (p.value == 50.0) high = p.time;
        if (p.value == -60.0) low = p.time;
    }
    EXPECT_EQ(high, time[123456]);
    EXPECT_EQ(low, time[765432]);
}

TEST(Trace, AGapEndsALineAndWhatIsNoNumberIsAGap) {
    const std::vector<double> time{0, 1, 2, 3, 4, 5, 6},
        value{1, 2, kTraceNan, 3, std::numeric_limits<double>::infinity(), 1e200, 4};
    const auto traces = reduce_trace(time, value, 0, 6, 600);
    ASSERT_EQ(traces.size(), 3u);
    EXPECT_EQ(traces[0].size(), 2u);
    EXPECT_EQ(traces[0].back().time, 1.0);
    EXPECT_EQ(traces[1].size(), 1u);
    EXPECT_EQ(traces[2].front().time, 6.0);
}

TEST(Trace, AGapNarrowerThanAColumnIsBridged) {
    std::vector<double> time, value;
    for (int n = 0; n < 1000; ++n) time.push_back(n), value.push_back(n % 2 ? kTraceNan : n);
    EXPECT_LE(reduce_trace(time, value, 0, 1000, 10).size(), 10u);
    EXPECT_EQ(reduce_trace(time, value, 0, 1000, 10000).size(), 500u);
}

TEST(Trace, SeriesWithoutAnyValueGiveNothing) {
    EXPECT_TRUE(reduce_trace({}, {}, 0, 1, 10).empty());
    EXPECT_TRUE(reduce_trace(std::vector{0.0, 1.0}, std::vector{kTraceNan, kTraceNan}, 0, 1, 10).empty());
    EXPECT_TRUE(reduce_trace(std::vector{0.0, 1.0}, std::vector{1.0, 2.0}, 1, 1, 10).empty());
}

TEST(Trace, OutsideTheViewOnlyTheNearestPointsAreKept) {
    std::vector<double> time, value;
    for (int n = 0; n <= 100; ++n) time.push_back(n), value.push_back(n);
    const auto traces = reduce_trace(time, value, 40.5, 50.5, 1000);
    ASSERT_EQ(traces.size(), 1u);
    EXPECT_EQ(traces[0].front().time, 40.0);
    EXPECT_EQ(traces[0].back().time, 51.0);
}

TEST(Trace, ColumnsAreAnchoredAtAbsoluteTimeSoThatTheyDoNotFlicker) {
    std::vector<double> time, value;
    for (int n = 0; n < 10000; ++n) time.push_back(0.01 * n), value.push_back(std::sin(0.37 * n) + 1e-4 * n);
    const auto inside = [](const std::vector<Trace>& traces) {
        std::vector<double> times;
        for (const auto& p : traces.at(0))
            if (p.time > 30 && p.time < 60) times.push_back(p.time);
        return times;
    };
    // The view moves by a part of a column.
    EXPECT_EQ(inside(reduce_trace(time, value, 20.0, 70.0, 100)), inside(reduce_trace(time, value, 20.1, 70.1, 100)));
}

}  // namespace
}  // namespace jt
