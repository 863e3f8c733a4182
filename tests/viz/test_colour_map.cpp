// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/colour_map.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/error.hpp"

namespace jt {
namespace {

constexpr ColourMapId kMaps[] = {ColourMapId::inferno, ColourMapId::diverging, ColourMapId::viridis, ColourMapId::uncertainty};

TEST(ColourMap, TheStopsAreMetExactly) {
    for (const auto map : kMaps) {
        const auto stops = colour_stops(map);
        for (std::size_t n = 0; n < stops.size(); ++n)
            EXPECT_EQ(colour_at(map, double(n) / double(stops.size() - 1)), stops[n]);
    }
    EXPECT_EQ(colour_stops(ColourMapId::inferno).size(), 10u);
    EXPECT_EQ(colour_at(ColourMapId::inferno, 0.0), hex(0x000004));
    EXPECT_EQ(colour_at(ColourMapId::viridis, 1.0), hex(0xFDE725));
    EXPECT_EQ(colour_at(ColourMapId::diverging, 0.5), hex(0xD9DCDE));
    EXPECT_EQ(colour_at(ColourMapId::uncertainty, 0.2), hex(0xC3C3D3));
}

TEST(ColourMap, BetweenTwoStopsEveryChannelIsMonotone) {
    const auto between = [](int a, int b, int c) { return (a <= b && b <= c) || (a >= b && b >= c); };
    for (const auto map : kMaps) {
        const auto stops = colour_stops(map);
        for (std::size_t n = 0; n + 1 < stops.size(); ++n) {
            Colour last = stops[n];
            for (int step = 1; step <= 16; ++step) {
                const Colour now = colour_at(map, (double(n) + step / 16.0) / double(stops.size() - 1));
                EXPECT_TRUE(between(last.r, now.r, stops[n + 1].r) && between(last.g, now.g, stops[n + 1].g) &&
                            between(last.b, now.b, stops[n + 1].b));
                last = now;
            }
        }
    }
}

TEST(ColourMap, ALog2RangeFromAQuarterToFourIsNeutralAtOne) {
    const ColourScale scale{ColourMapId::diverging, make_range(Scale::log2, 0.25, 4.0)};
    EXPECT_EQ(scale(1.0).colour, hex(0xD9DCDE));
    EXPECT_EQ(scale(0.25).colour, hex(0x14427A));
    EXPECT_EQ(scale(4.0).colour, hex(0x8A3A08));
    EXPECT_DOUBLE_EQ(scale.range.position(2.0), 0.75);
    EXPECT_DOUBLE_EQ(scale.range.value(0.75), 2.0);
}

TEST(ColourMap, ValuesOutsideGetTheEndColourAndAFlag) {
    const ColourScale scale{ColourMapId::diverging, make_range(Scale::log2, 0.25, 4.0)};
    EXPECT_EQ(scale(0.25).datum, Datum::inside);
    EXPECT_EQ(scale(4.0).datum, Datum::inside);
    EXPECT_EQ(scale(0.24).datum, Datum::below);
    EXPECT_EQ(scale(4.01).datum, Datum::above);
    EXPECT_EQ(scale(0.0).datum, Datum::below);
    EXPECT_EQ(scale(-1.0).datum, Datum::below);
    EXPECT_EQ(scale(std::numeric_limits<double>::infinity()).datum, Datum::above);
    EXPECT_EQ(scale(-1.0).colour, hex(0x14427A));
    EXPECT_EQ(scale(100.0).colour, hex(0x8A3A08));
}

TEST(ColourMap, NanIsNoDatum) {
    EXPECT_EQ((ColourScale{ColourMapId::viridis, Range{}})(std::nan("")).datum, Datum::none);
}

TEST(ColourMap, ASymmetricRangeIsNeutralAtItsCentre) {
    const ColourScale scale{ColourMapId::diverging, symmetric_range(1000.0, 25.0)};
    EXPECT_EQ(scale(1000.0).colour, hex(0xD9DCDE));
    EXPECT_EQ(scale(974.0).datum, Datum::below);
}

TEST(ColourMap, ImpossibleRangesAreRefused) {
    EXPECT_THROW(make_range(Scale::linear, 1.0, 1.0), InputError);
    EXPECT_THROW(make_range(Scale::linear, 2.0, 1.0), InputError);
    EXPECT_THROW(make_range(Scale::linear, 0.0, std::nan("")), InputError);
    EXPECT_THROW(make_range(Scale::log10, 0.0, 1.0), InputError);
}

TEST(ColourMap, TheCrowdingRangeWidensOnBothSidesUntilItHoldsTheField) {
    const std::vector<float> quiet(100, 1.0f), crowded(100, 7.0f);
    EXPECT_EQ(range_of(quantity("J_over_J0"), quiet).high, 4.0);
    EXPECT_EQ(range_of(quantity("J_over_J0"), crowded).high, 8.0);
    EXPECT_EQ(range_of(quantity("J_over_J0"), crowded).low, 0.125);
}

TEST(ColourMap, ARangeOfTheDataCopesWithUniformEmptyAndZeroFields) {
    const std::vector<float> values[] = {{}, {std::nanf("")}, {0.0f}, {5.0f, 5.0f}, {-3.0f}, {1e-30f, 1e30f}};
    for (const auto& entry : quantities())
        for (const auto& field : values) {
            const Range range = range_of(entry, field);
            EXPECT_LT(range.low, range.high) << entry.name;
            EXPECT_LE(round_ticks(range).size(), 12u) << entry.name;
        }
    const std::vector<float> potential{-0.5f, std::nanf(""), 0.5f};
    EXPECT_EQ(range_of(quantity("phi_V"), potential).low, -0.5);
    EXPECT_EQ(range_of(quantity("phi_V"), potential).high, 0.5);
}

std::string labels(const Range& range) {
    std::string all;
    for (const auto& tick : round_ticks(range)) all += (all.empty() ? "" : " ") + tick.label;
    return all;
}

TEST(ColourMap, TicksAreRound) {
    EXPECT_EQ(labels(make_range(Scale::log2, 0.25, 4.0)), "1/4 1/2 1 2 4");
    EXPECT_EQ(labels(make_range(Scale::log2, 1.0 / 64, 64.0)), "1/64 1/8 1 8 64");
    EXPECT_EQ(labels(make_range(Scale::linear, 0.0, 100.0)), "0 20 40 60 80 100");
    EXPECT_EQ(labels(make_range(Scale::linear, -0.5, 0.5)), "\u22120.4 \u22120.2 0 0.2 0.4");
    EXPECT_EQ(labels(make_range(Scale::linear, 25.0, 1100.0)), "200 400 600 800 1000");
    EXPECT_EQ(labels(make_range(Scale::log10, 1.0, 1000.0)), "1 10 100 1000");
    EXPECT_EQ(labels(make_range(Scale::log10, 1.5, 15.0)), "2 5 10");
}

}  // namespace
}  // namespace jt
