// SPDX-License-Identifier: Apache-2.0
// History: what a chart gets of many rows is what is in them, the same whatever the view, and gaps stay gaps.
#include "viz/screen/data/history.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

namespace jt {
namespace {

const double kGap = std::nan("");

History filled(std::size_t rows, double step, auto&& value) {
    History h({"T", "I"});
    for (std::size_t n = 0; n < rows; ++n) h.append(double(n) * step, std::vector<double>{value(n), double(n)});
    return h;
}

std::map<double, double> inside(const History::Points& p, double from, double to) {
    std::map<double, double> found;
    for (std::size_t n = 0; n < p.time.size(); ++n)
        if (p.time[n] >= from && p.time[n] < to) found[p.time[n]] = std::isnan(p.value[n]) ? -1e9 : p.value[n];
    return found;
}

TEST(History, RowsThatDoNotFitAreRefused) {
    History h({"T"});
    EXPECT_TRUE(h.append(1.0, std::vector<double>{2.0}));
    EXPECT_FALSE(h.append(1.0, std::vector<double>{2.0}));
    EXPECT_FALSE(h.append(0.5, std::vector<double>{2.0}));
    EXPECT_FALSE(h.append(kGap, std::vector<double>{2.0}));
    EXPECT_FALSE(h.append(2.0, std::vector<double>{2.0, 3.0}));
    EXPECT_EQ(h.times().size(), 1u);
    EXPECT_EQ(h.at("T", 5.0), 2.0);
    EXPECT_FALSE(h.at("T", 0.5));
    EXPECT_FALSE(h.at("U", 5.0));
    EXPECT_TRUE(h.reduced("U", 0.0, 1.0, 100).time.empty());
}

TEST(History, FewRowsAreShownAsTheyAreWithOneOnEitherSide) {
    const History h = filled(100, 1.0, [](std::size_t n) { return double(n * n); });
    const auto p = h.reduced("T", 10.0, 20.0, 100);
    ASSERT_EQ(p.time.size(), 13u);
    EXPECT_EQ(p.time.front(), 9.0);
    EXPECT_EQ(p.time.back(), 21.0);
    for (std::size_t n = 0; n < p.time.size(); ++n) EXPECT_EQ(p.value[n], p.time[n] * p.time[n]);
}

TEST(History, EveryPeakOfALongRunIsShown) {
    History h({"T"});
    std::mt19937 random(7);
    std::normal_distribution<double> noise;
    std::vector<double> values;
    double t = 0.0;
    for (int n = 0; n < 60000; ++n) {
        t += std::uniform_real_distribution<double>(0.001, 0.02)(random);
        values.push_back(n == 31234 ? 500.0 : n == 45678 ? -500.0 : noise(random));
        h.append(t, std::vector<double>{values.back()});
    }
    const auto p = h.reduced("T", 0.0, t, 400);
    EXPECT_LE(p.time.size(), 4u * 2u * 400u + 10u);
    EXPECT_EQ(*std::max_element(p.value.begin(), p.value.end()), 500.0);
    EXPECT_EQ(*std::min_element(p.value.begin(), p.value.end()), -500.0);
    EXPECT_TRUE(std::is_sorted(p.time.begin(), p.time.end()));
    // every point is a row
    for (std::size_t n = 0; n < p.time.size(); ++n) EXPECT_EQ(h.at("T", p.time[n]), p.value[n]);
    // and in each bucket there is its lowest and highest row
    const double width = std::exp2(std::floor(std::log2(t / 400)));
    for (double from = 0.0; from + width < t; from += width) {
        double lowest = 1e9, highest = -1e9;
        for (std::size_t n = 0; n < values.size(); ++n)
            if (h.times()[n] >= from && h.times()[n] < from + width)
                lowest = std::min(lowest, values[n]), highest = std::max(highest, values[n]);
        const auto here = inside(p, from, from + width);
        if (highest < lowest) {
            EXPECT_TRUE(here.empty());
            continue;
        }
        ASSERT_LE(here.size(), 4u);
        double low = 1e9, high = -1e9;
        for (const auto& [time, value] : here) low = std::min(low, value), high = std::max(high, value);
        EXPECT_EQ(low, lowest) << from;
        EXPECT_EQ(high, highest) << from;
    }
}

TEST(History, ABucketGivesTheSamePointsHoweverTheViewMovesOrGrows) {
    const auto value = [](std::size_t n) { return n % 997 == 3 ? kGap : std::sin(0.37 * double(n)) + 1e-3 * double(n % 13); };
    History h = filled(50000, 0.01, value);
    const auto reference = inside(h.reduced("T", 0.0, 400.0, 500), 100.0, 300.0);
    ASSERT_GT(reference.size(), 500u);
    for (const double shift : {0.001, 0.0137, 0.3, 1.7, 11.0}) {
        const auto moved = inside(h.reduced("T", shift, 400.0 + shift, 500), 100.0, 300.0);
        EXPECT_EQ(moved, reference) << shift;
    }
    // a little zoom, and rows that come: the same buckets
    EXPECT_EQ(inside(h.reduced("T", 0.0, 405.0, 500), 100.0, 300.0), reference);
    for (std::size_t n = 50000; n < 52000; ++n) h.append(double(n) * 0.01, std::vector<double>{value(n), 0.0});
    EXPECT_EQ(inside(h.reduced("T", 0.0, 400.0, 500), 100.0, 300.0), reference);
}

TEST(History, AGapStaysAGapHoweverNarrow) {
    for (const std::size_t missing : {std::size_t(1), std::size_t(40), std::size_t(3000)}) {
        const History h = filled(40000, 0.01, [&](std::size_t n) { return n >= 20000 && n < 20000 + missing ? kGap : 5.0; });
        const auto p = h.reduced("T", 0.0, 400.0, 300);
        std::size_t gaps = 0;
        for (std::size_t n = 0; n < p.time.size(); ++n)
            if (std::isnan(p.value[n])) {
                ++gaps;
                EXPECT_DOUBLE_EQ(p.time[n], 200.0);
            }
        EXPECT_EQ(gaps, 1u) << missing;
        if (missing > 50) continue;
        // seen row by row, too
        const auto near = h.reduced("T", 199.5, 200.5, 300);
        EXPECT_EQ(std::count_if(near.value.begin(), near.value.end(), [](double v) { return std::isnan(v); }), 1) << missing;
    }
}

TEST(History, ATimeWithoutRowsIsNoGap) {
    History h({"T"});
    for (int n = 0; n < 5000; ++n) h.append(n < 2500 ? 0.01 * n : 1000.0 + 0.01 * n, std::vector<double>{1.0});
    for (const double v : h.reduced("T", 0.0, 1100.0, 200).value) EXPECT_FALSE(std::isnan(v));
}

TEST(History, WhatNoAxisCanShowIsAGap) {
    const History h = filled(10000, 0.01, [](std::size_t n) { return n == 5000 ? HUGE_VAL : n == 7000 ? 1e300 : 1.0; });
    const auto p = h.reduced("T", 0.0, 100.0, 50);
    EXPECT_EQ(std::count_if(p.value.begin(), p.value.end(), [](double v) { return std::isnan(v); }), 2);
    for (const double v : p.value) EXPECT_TRUE(std::isnan(v) || v == 1.0);
}

TEST(History, TheLastKnownValueIsFoundBeforeALongSilence) {
    const History h = filled(100000, 0.01, [](std::size_t n) { return n < 10 ? kGap : n <= 1234 ? double(n) : kGap; });
    const auto known = h.last_known("T", 999.0);
    ASSERT_TRUE(known);
    EXPECT_DOUBLE_EQ(known->time_s, 12.34);
    EXPECT_EQ(known->value, 1234.0);
    EXPECT_FALSE(h.last_known("T", 0.05));
    EXPECT_EQ(h.last_known("T", 0.105)->value, 10.0);
    EXPECT_FALSE(h.last_known("T", -1.0));
    EXPECT_FALSE(h.last_known("U", 1.0));
}

TEST(History, AColumnWithoutAnyValueHasNoPoints) {
    const History h = filled(5000, 0.01, [](std::size_t) { return kGap; });
    EXPECT_TRUE(h.reduced("T", 0.0, 50.0, 100).time.empty());
    EXPECT_TRUE(h.reduced("T", 0.0, kGap, 100).time.empty());
    EXPECT_TRUE(h.reduced("T", 5.0, 5.0, 100).time.empty());
    EXPECT_FALSE(h.reduced("I", 0.0, 50.0, -3).time.empty());
}

}  // namespace
}  // namespace jt
