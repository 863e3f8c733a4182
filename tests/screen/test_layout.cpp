// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/state/layout.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace jt {
namespace {

std::vector<Rect> all(const Layout& l) {
    std::vector<Rect> rects{l.header, l.alarm_line, l.bed, l.temperature, l.tabs, l.timeline, l.probe};
    rects.insert(rects.end(), l.tiles.begin(), l.tiles.end());
    rects.insert(rects.end(), l.small_tiles.begin(), l.small_tiles.end());
    for (const auto& r : l.slices)
        if (r) rects.push_back(*r);
    if (l.power_chart) rects.push_back(*l.power_chart);
    if (l.micro_chart) rects.push_back(*l.micro_chart);
    return rects;
}

TEST(Layout, PanelsNeverOverlapAndStayInTheWindow) {
    for (const auto& [w, h] :
         {std::pair{1920., 1080.}, {1280., 720.}, {1180., 660.}, {1600., 900.}, {2560., 1440.}, {1920., 700.}, {1371., 771.}}) {
        const auto rects = all(layout_of(w, h));
        for (std::size_t a = 0; a < rects.size(); ++a) {
            EXPECT_TRUE((Rect{0, 0, w, h}).contains(rects[a])) << w << " " << a;
            EXPECT_GT(rects[a].w, 60);
            EXPECT_GT(rects[a].h, 30);
            for (std::size_t b = 0; b < a; ++b)
                EXPECT_FALSE(rects[a].overlaps(rects[b])) << w << "x" << h << " " << a << " " << b;
        }
    }
}

TEST(Layout, TheFullOneIsTheGuides) {
    const Layout l = layout_of(1920, 1080);
    EXPECT_FALSE(l.small);
    EXPECT_NEAR(l.bed.x, 8, 1);
    EXPECT_NEAR(l.bed.y, 220, 1);
    EXPECT_NEAR(l.bed.w, 860, 1);
    EXPECT_NEAR(l.bed.h, 468, 2);
    EXPECT_NEAR(l.temperature.x, 876, 1);
    EXPECT_NEAR(l.temperature.w, 1036, 1);
    EXPECT_NEAR(l.temperature.h, 300, 1);
    EXPECT_NEAR(l.tiles[0].w, 300, 2);
    EXPECT_NEAR(l.tabs.h, 240, 2);
    EXPECT_NEAR(l.timeline.y, 948, 1);
    EXPECT_TRUE(layout_of(1280, 720).small);
    EXPECT_TRUE(layout_of(1280, 720).slices[0]);
    EXPECT_FALSE(layout_of(1280, 720).slices[1]);
}

}  // namespace
}  // namespace jt
