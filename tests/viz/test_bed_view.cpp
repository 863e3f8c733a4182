// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/bed_view.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "viz/figure/cairo_painter.hpp"

namespace jt {
namespace {

constexpr float kVoid = std::numeric_limits<float>::quiet_NaN();
const Rect kRect{0, 0, 200, 160};

Hits look(const Extents& e, const std::vector<float>& values, bool cut) {
    return cast_rays({e, values}, Projection::fit(e, kRect), 200, 160, 1.0, cut);
}

std::int64_t seen_at(const Hits& hits, Point at) {
    return hits.cell[std::size_t(at.y) * std::size_t(hits.width) + std::size_t(at.x)];
}

TEST(BedView, TheProjectionIsOrthonormalAndPutsXRightYAwayAndZUp) {
    const Projection p = Projection::fit({4, 4, 4, 1e-3, 1e-3, 1e-3}, kRect);
    const auto dot = [](const Vec3& a, const Vec3& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; };
    EXPECT_NEAR(dot(p.right, p.right), 1.0, 1e-12);
    EXPECT_NEAR(dot(p.up, p.up), 1.0, 1e-12);
    EXPECT_NEAR(dot(p.toward, p.toward), 1.0, 1e-12);
    EXPECT_NEAR(dot(p.right, p.up), 0.0, 1e-12);
    EXPECT_NEAR(dot(p.right, p.toward), 0.0, 1e-12);
    EXPECT_NEAR(dot(p.up, p.toward), 0.0, 1e-12);
    const Point origin = p({0, 0, 0});
    EXPECT_GT(p({1e-3, 0, 0}).x, origin.x);
    EXPECT_LT(p({0, 0, 1e-3}).y, origin.y);
    EXPECT_NEAR(p({0, 0, 1e-3}).x, origin.x, 1e-9);
    EXPECT_GT(p.toward[0], 0.0);
    EXPECT_LT(p.toward[1], 0.0);
    EXPECT_GT(p.toward[2], 0.0);
}

TEST(BedView, TheWholeBoxLandsInItsRectangleAndFillsItOneWay) {
    for (const Extents& e : {Extents{4, 4, 4, 1, 1, 1}, Extents{80, 40, 16, 0.25, 0.25, 0.1}, Extents{1, 1, 500, 1, 1, 1}}) {
        const Projection p = Projection::fit(e, kRect);
        double x0 = 1e9, x1 = -1e9, y0 = 1e9, y1 = -1e9;
        for (int n = 0; n < 8; ++n) {
            const auto s = e.size();
            const Point at = p({n & 1 ? s[0] : 0, n & 2 ? s[1] : 0, n & 4 ? s[2] : 0});
            x0 = std::min(x0, at.x), x1 = std::max(x1, at.x), y0 = std::min(y0, at.y), y1 = std::max(y1, at.y);
        }
        EXPECT_GE(x0, -1e-6);
        EXPECT_LE(x1, 200 + 1e-6);
        EXPECT_GE(y0, -1e-6);
        EXPECT_LE(y1, 160 + 1e-6);
        EXPECT_TRUE(x1 - x0 > 199.99 || y1 - y0 > 159.99);
    }
}

TEST(BedView, ASingleVoxelIsSeenWhereTheProjectionSaysAndNowhereElse) {
    const Extents e{9, 7, 5, 1e-3, 2e-3, 1.5e-3};
    for (const auto& [i, j, k] : {std::array{0, 0, 0}, std::array{8, 6, 4}, std::array{3, 5, 1}, std::array{6, 1, 3}}) {
        std::vector<float> values(e.count(), kVoid);
        values[e.index(i, j, k)] = 1.0f;
        const Projection p = Projection::fit(e, kRect);
        const Hits hits = look(e, values, false);
        EXPECT_EQ(seen_at(hits, p({(i + 0.5) * e.hx, (j + 0.5) * e.hy, (k + 0.5) * e.hz})), std::int64_t(e.index(i, j, k)));
        // Its three visible faces cover, in pixels, the sum of their projected areas.
        const double area =
            p.px_per_m * p.px_per_m * (e.hy * e.hz * p.toward[0] - e.hx * e.hz * p.toward[1] + e.hx * e.hy * p.toward[2]);
        int pixels = 0;
        for (const auto cell : hits.cell) {
            EXPECT_TRUE(cell == -1 || cell == std::int64_t(e.index(i, j, k)));
            pixels += cell >= 0;
        }
        EXPECT_NEAR(pixels, area, 0.06 * area + 4);
    }
}

TEST(BedView, RaysSeeWhatABruteForceSearchSees) {
    const Extents e{19, 11, 13, 1e-3, 2e-3, 0.7e-3};  // more than one brick along each axis
    std::vector<float> values(e.count(), kVoid);
    std::uint32_t random = 7;
    for (auto& value : values) {
        random = random * 1664525u + 1013904223u;
        if (random >> 28 == 0) value = 1.0f;
    }
    const Projection p = Projection::fit(e, kRect);
    const Hits hits = look(e, values, false);
    for (int row = 5; row < 160; row += 10)
        for (int column = 5; column < 200; column += 10) {
            const double s = (column + 0.5 - p.middle.x) / p.px_per_m, t = -(row + 0.5 - p.middle.y) / p.px_per_m;
            std::int64_t expected = -1;
            double nearest = 1e9;
            for (int k = 0; k < e.nz; ++k)
                for (int j = 0; j < e.ny; ++j)
                    for (int i = 0; i < e.nx; ++i) {
                        if (std::isnan(values[e.index(i, j, k)])) continue;
                        const int at[3] = {i, j, k};
                        double enter = -1e9, leave = 1e9;
                        for (std::size_t a = 0; a < 3; ++a) {
                            const double o = p.centre[a] + s * p.right[a] + t * p.up[a], h = e.spacing()[a];
                            const double t0 = (at[a] * h - o) / -p.toward[a], t1 = ((at[a] + 1) * h - o) / -p.toward[a];
                            enter = std::max(enter, std::min(t0, t1)), leave = std::min(leave, std::max(t0, t1));
                        }
                        if (enter < leave && enter < nearest) nearest = enter, expected = std::int64_t(e.index(i, j, k));
                    }
            EXPECT_EQ(hits.cell[std::size_t(row) * 200 + std::size_t(column)], expected) << column << ", " << row;
        }
}

TEST(BedView, TheTopFaceShowsTheTopLayerAndItsNormal) {
    const Extents e{8, 8, 4, 1e-3, 1e-3, 1e-3};
    const std::vector<float> values(e.count(), 1.0f);
    const Projection p = Projection::fit(e, kRect);
    const Hits hits = look(e, values, false);
    for (int j = 0; j < 8; ++j)
        for (int i = 0; i < 8; ++i) {
            const Point at = p({(i + 0.5) * 1e-3, (j + 0.5) * 1e-3, 4e-3});
            EXPECT_EQ(seen_at(hits, at), std::int64_t(e.index(i, j, 3)));
            EXPECT_EQ(hits.axis[std::size_t(at.y) * 200 + std::size_t(at.x)], 2);
        }
}

TEST(BedView, TheCutAwayShowsTheInnerCell) {
    const Extents e{8, 8, 8, 1e-3, 1e-3, 1e-3};
    const std::vector<float> values(e.count(), 1.0f);
    const Projection p = Projection::fit(e, kRect);
    // Looking at the inner corner of the cut: whole bed, the near corner is in front of it; cut, a centre cell shows.
    const Point at = p({4.3e-3, 3.7e-3, 4.0e-3});
    EXPECT_EQ(seen_at(look(e, values, true), at), std::int64_t(e.index(4, 3, 3)));
    EXPECT_NE(seen_at(look(e, values, false), at), std::int64_t(e.index(4, 3, 3)));
    EXPECT_TRUE(in_cut(e, 4, 3, 4));
    EXPECT_FALSE(in_cut(e, 3, 3, 4));
    EXPECT_FALSE(in_cut(e, 4, 4, 4));
    EXPECT_FALSE(in_cut(e, 4, 3, 3));
    EXPECT_FALSE(in_cut({1, 1, 1, 1, 1, 1}, 0, 0, 0));
}

TEST(BedView, ColoursAreUnlitOnEveryFace) {
    const Extents e{6, 6, 6, 1e-3, 1e-3, 1e-3};
    const std::vector<float> values(e.count(), 2.0f);
    const ColourScale scale{ColourMapId::diverging, make_range(Scale::log2, 0.25, 4.0)};
    CairoPainter painter(400, 400);
    Scribe scribe(painter);
    painter.rectangle({0, 0, 400, 400}, grey_theme().backdrop);
    draw_bed_view(scribe, {0, 0, 400, 400}, {e, values}, scale, {}, grey_theme());
    const Projection p = Projection::fit(e, {64, 64, 272, 272});
    const Image seen = painter.pixels();
    const auto pixel = [&](const Vec3& at) { return seen.at(int(p(at).x), int(p(at).y)); };
    const Colour expected = scale(2.0).colour;
    EXPECT_EQ(pixel({1.5e-3, 4.5e-3, 6e-3}), expected);  // top
    EXPECT_EQ(pixel({1.5e-3, 0.0, 1.5e-3}), expected);   // front
    EXPECT_EQ(pixel({6e-3, 4.5e-3, 1.5e-3}), expected);  // right
    EXPECT_EQ(pixel({3e-3, 1.4e-3, 4.4e-3}), expected);  // inside the cut
}

TEST(BedView, OutOfRangeTicksFallBelowAndRiseAbove) {
    EXPECT_FALSE(on_tick(Datum::inside, 0, 0, 1.0));
    EXPECT_FALSE(on_tick(Datum::none, 0, 0, 1.0));
    for (int n = 0; n < 40; ++n) {
        EXPECT_TRUE(on_tick(Datum::below, n, n, 1.0));
        EXPECT_TRUE(on_tick(Datum::above, n, 90 - n, 1.0));
    }
    EXPECT_FALSE(on_tick(Datum::below, 1, 0, 1.0));
}

TEST(BedView, LengthsForPeopleDropTrailingZeros) {
    EXPECT_EQ(length_text(20e-3, unit_of(20e-3), true), "20 mm");
    EXPECT_EQ(length_text(1.6e-3, unit_of(20e-3), true), "1.6 mm");
    EXPECT_EQ(length_text(130e-6, unit_of(130e-6), true), "130 \u00b5m");
    EXPECT_EQ(length_text(65.65e-6, unit_of(130e-6), true), "65.7 \u00b5m");
    EXPECT_STREQ(unit_of(2.0).name, "m");
    EXPECT_STREQ(unit_of(5e-9).name, "nm");
}

}  // namespace
}  // namespace jt
