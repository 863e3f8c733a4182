// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/current_histogram.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace jt {
namespace {

double total(const CurrentHistogram& h) {
    return std::accumulate(h.share.begin(), h.share.end(), h.below + h.above);
}

// Share of the bin that holds a value.
double share_at(const CurrentHistogram& h, double value) {
    for (std::size_t n = 0; n < h.share.size(); ++n)
        if (h.edges[n] <= value && value < h.edges[n + 1]) return h.share[n];
    return -1.0;
}

TEST(CurrentHistogram, CountsTheProductsConductingCells) {
    Bed bed;
    bed.product = {1, 1, 1, 1, 1, 1, 0, 1, 1, 1};
    const float values[] = {1.0f, 0.99999f, 1.00001f, 2.4f, 2.0f, NAN, 7.0f, 0.0f, 1000.0f, 0.5f};
    const auto h = current_histogram(values, bed);
    ASSERT_TRUE(h);
    EXPECT_NEAR(total(*h), 1.0, 1e-12);
    EXPECT_DOUBLE_EQ(share_at(*h, 1.0), 3.0 / 8.0);  // rounding does not part them
    EXPECT_DOUBLE_EQ(share_at(*h, 2.4), 1.0 / 8.0);
    EXPECT_DOUBLE_EQ(share_at(*h, 2.0), 1.0 / 8.0);
    EXPECT_DOUBLE_EQ(share_at(*h, 7.0), 0.0);  // not of the product
    EXPECT_DOUBLE_EQ(h->below, 1.0 / 8.0);
    EXPECT_DOUBLE_EQ(h->above, 1.0 / 8.0);
    EXPECT_DOUBLE_EQ(share_above(*h, std::exp2(0.875)), 3.0 / 8.0);
    EXPECT_DOUBLE_EQ(share_below(*h, std::exp2(-0.875)), 2.0 / 8.0);
    for (std::size_t n = 0; n + 1 < h->edges.size(); ++n) EXPECT_NEAR(h->edges[n + 1] / h->edges[n], std::exp2(0.25), 1e-12);
}

// The powder between strips that carry the current: device R1 has 6.7e-5 to 1.3e-3.
TEST(CurrentHistogram, HoldsABedThatTheCurrentPassesBy) {
    const auto h = current_histogram(std::vector<float>{6.7e-5f, 1.3e-3f}, Bed{});
    ASSERT_TRUE(h);
    EXPECT_DOUBLE_EQ(h->below, 0.0);
    EXPECT_DOUBLE_EQ(share_at(*h, 6.7e-5), 0.5);
    EXPECT_DOUBLE_EQ(share_below(*h, 0.55), 1.0);
}

TEST(CurrentHistogram, OfNothingIsNone) {
    EXPECT_FALSE(current_histogram(std::vector<float>{NAN, NAN}, Bed{}));
    EXPECT_FALSE(current_histogram(std::vector<float>{}, Bed{}));
}

TEST(CurrentHistogram, AsJsonKeepsTheBinsInUse) {
    const auto h = current_histogram(std::vector<float>{1.0f, 2.0f}, Bed{});
    const auto json = histogram_json(*h);
    ASSERT_EQ(json["share"].size(), 5u);  // an octave of quarters, both ends
    EXPECT_EQ(json["edges"].size(), 6u);
    EXPECT_EQ(json["share"][0], 0.5);
    EXPECT_EQ(json["share"][4], 0.5);
    EXPECT_FALSE(json.contains("time_s"));
    const auto low = histogram_json(*current_histogram(std::vector<float>{0.0f}, Bed{}));
    EXPECT_TRUE(low["edges"].empty());
    EXPECT_EQ(low["below"], 1.0);
}

}  // namespace
}  // namespace jt
