// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/label_placement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace jt {
namespace {

using testing::ElementsAre;

TEST(LabelPlacement, LabelsThatDoNotTouchStayWhereTheyAreWanted) {
    EXPECT_THAT(spread_labels(std::vector{80.0, 20.0, 50.0}, 18.0, 0.0, 100.0), ElementsAre(80.0, 20.0, 50.0));
    EXPECT_TRUE(spread_labels({}, 18.0, 0.0, 100.0).empty());
}

TEST(LabelPlacement, LabelsThatTouchAreMovedApartEvenlyAndKeepTheirOrder) {
    EXPECT_THAT(spread_labels(std::vector{51.0, 49.0}, 18.0, 0.0, 100.0), ElementsAre(59.0, 41.0));
    EXPECT_THAT(spread_labels(std::vector{50.0, 50.0, 50.0}, 10.0, 0.0, 100.0), ElementsAre(40.0, 50.0, 60.0));
}

TEST(LabelPlacement, LabelsStayInTheColumn) {
    EXPECT_THAT(spread_labels(std::vector{100.0, 99.0}, 18.0, 0.0, 100.0), ElementsAre(91.0, 73.0));
    EXPECT_THAT(spread_labels(std::vector{-50.0}, 18.0, 0.0, 100.0), ElementsAre(9.0));
}

TEST(LabelPlacement, AColumnTooShortForAllIsSharedEvenly) {
    EXPECT_THAT(spread_labels(std::vector{1.0, 2.0, 3.0}, 18.0, 0.0, 40.0), ElementsAre(9.0, 20.0, 31.0));
}

TEST(LabelPlacement, AnyLabelsAreApartInsideAndInOrder) {
    std::mt19937 random(11);
    std::uniform_real_distribution<double> place(-20.0, 320.0);
    for (int n = 0; n < 500; ++n) {
        std::vector<double> wanted(std::size_t(1 + n % 15));
        for (double& w : wanted) w = place(random);
        const auto centre = spread_labels(wanted, 18.0, 0.0, 300.0);
        for (std::size_t a = 0; a < wanted.size(); ++a) {
            EXPECT_GE(centre[a], 9.0 - 1e-9);
            EXPECT_LE(centre[a], 291.0 + 1e-9);
            for (std::size_t b = 0; b < wanted.size(); ++b)
                EXPECT_TRUE(wanted[a] >= wanted[b] || centre[b] - centre[a] > 17.999);
        }
    }
}

TEST(LabelPlacement, ALineTouchesTheRectangleItPassesThrough) {
    const Rect r{10, 10, 20, 10};
    EXPECT_TRUE(touches(r, std::vector<Point>{{0, 15}, {40, 15}}));
    EXPECT_TRUE(touches(r, std::vector<Point>{{0, 0}, {40, 30}}));
    EXPECT_TRUE(touches(r, std::vector<Point>{{15, 12}, {16, 13}}));
    EXPECT_TRUE(touches(r, std::vector<Point>{{15, 12}}));
    EXPECT_FALSE(touches(r, std::vector<Point>{{0, 5}, {40, 5}}));
    EXPECT_FALSE(touches(r, std::vector<Point>{{0, 20}, {9, 0}}));
    EXPECT_FALSE(touches(r, std::vector<Point>{{0, 15}, {9, 15}}));
    EXPECT_FALSE(touches(r, std::vector<Point>{{35, 15}, {50, 15}}));
    EXPECT_FALSE(touches(r, {}));
}

TEST(LabelPlacement, APlaceBesideALineIsOnNoLineAndNoOtherLabel) {
    const Rect within{0, 0, 400, 300};
    const std::vector<std::vector<Point>> lines{{{0, 150}, {100, 150}}, {{0, 160}, {400, 140}}};
    const std::vector<Rect> taken{{100, 100, 200, 40}};
    const auto place = place_near({100, 150}, 80, 18, within, taken, lines);
    ASSERT_TRUE(place);
    EXPECT_TRUE(within.contains(*place));
    for (const auto& line : lines) EXPECT_FALSE(touches(*place, line));
    EXPECT_FALSE(place->overlaps(taken[0]));
    // With nothing in the way it stands right of the point.
    const auto free = place_near({100, 150}, 80, 18, within, {}, {});
    ASSERT_TRUE(free);
    EXPECT_GT(free->x, 100.0);
    EXPECT_NEAR(free->centre().y, 150.0, 1e-9);
}

TEST(LabelPlacement, ALabelWiderThanTheRoomHasNoPlace) {
    EXPECT_FALSE(place_near({50, 50}, 200, 18, {0, 0, 100, 100}, {}, {}));
}

}  // namespace
}  // namespace jt
