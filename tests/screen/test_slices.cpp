// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "../viz/readable.hpp"
#include "bed_run.hpp"
#include "viz/figure/slice_view.hpp"

namespace jt {
namespace {

// Rectangle of device pixels whose colour is not the backdrop's: the slice with its frame and plates, found in the panel's
// middle row and column between the plates.
std::optional<Rect> slice_of(const Image& pixels, const Rect& panel, const Extents& e, int normal) {
    (void)e, (void)normal;
    const Colour edge = grey_theme().backdrop_edge;
    int x0 = -1, x1 = -1, y0 = -1, y1 = -1;
    for (int y = int(panel.y) + 30; y < int(panel.bottom()) - 40; ++y)
        for (int x = int(panel.x) + 14; x < int(panel.right()) - 14; ++x)
            if (pixels.at(x, y) == edge) {
                if (x0 < 0 || x < x0) x0 = x;
                if (x > x1) x1 = x;
                if (y0 < 0) y0 = y;
                y1 = y;
            }
    if (x0 < 0) return std::nullopt;
    return Rect{double(x0 + 1), double(y0 + 1), double(x1 - x0 - 1), double(y1 - y0 - 1)};
}

TEST(Slices, TextsFitInAllSizesPlanesAndThemes) {
    for (const auto& [w, h] : {std::pair{1920., 1080.}, {1280., 720.}, {1180., 660.}, {1600., 900.}, {2560., 1440.}})
        for (const Theme* theme : {&grey_theme(), &dark_theme()})
            for (int normal = 0; normal < 3; ++normal)
                for (int slice = 0; slice < (w < 1600 ? 3 : 1); ++slice) {
                    BedRun run;
                    run.bed_panel = false;
                    run.view.normal = normal, run.view.small_slice = slice;
                    SCOPED_TRACE(std::to_string(int(w)) + " " + std::to_string(normal) + " " + std::to_string(slice));
                    const auto items = run.draw(w, h, *theme).items;
                    expect_readable(items, {0, 0, w, h});
                    if (w < 1600) {
                        EXPECT_TRUE(find(items, "slice." + std::to_string(slice) + ".title"));
                        EXPECT_EQ(find(items, "slice.hint")->text, "E next");
                    } else {
                        for (const char* id : {"slice.0.title", "slice.1.title", "slice.2.title", "slice.2.plane"})
                            EXPECT_TRUE(find(items, id)) << id;
                    }
                }
}

TEST(Slices, TitlesSayWhatAndInWhichRange) {
    BedRun run;
    const auto items = run.draw().items;
    EXPECT_EQ(find(items, "slice.0.title")->text, "T \u2212 T mean, \u00b125 K");
    EXPECT_EQ(find(items, "slice.0.low")->text, "\u221225");
    EXPECT_EQ(find(items, "slice.0.high")->text, "+25");
    EXPECT_EQ(find(items, "slice.1.title")->text, "|J|/J\u2080, 1/4 .. 4");
    EXPECT_EQ(find(items, "slice.2.title")->text, "I_D/I_G");
    EXPECT_EQ(find(items, "slice.2.low")->text, "0.5");
    EXPECT_EQ(find(items, "slice.2.plane")->text, "z 1.25 mm");
    run.view.normal = 0;
    EXPECT_EQ(find(run.draw().items, "slice.2.plane")->text, "x 5.5 mm");
}

TEST(Slices, AClickSetsTheCellAndADragFollows) {
    for (int normal = 0; normal < 3; ++normal) {
        BedRun run;
        run.view.normal = normal;
        run.view.cell = std::array<int, 3>{0, 0, 0};
        const auto drawn = run.draw();
        const Rect panel = *layout_of(1920, 1080).slices[1];
        const auto slice = slice_of(drawn.pixels, panel, run.facts.extents, normal);
        ASSERT_TRUE(slice);
        const int u = normal == 0 ? 1 : 0, v = normal == 2 ? 1 : 2;
        const auto n = run.facts.extents.cells();
        const auto place = [&](int across, int up) {
            return Point{slice->x + (across + 0.5) * slice->w / n[std::size_t(u)],
                         slice->bottom() - (up + 0.5) * slice->h / n[std::size_t(v)]};
        };
        run.click(place(3, 2));
        auto cell = cell_of(run.view, run.model);
        EXPECT_EQ(cell[std::size_t(u)], 3);
        EXPECT_EQ(cell[std::size_t(v)], 2);
        EXPECT_EQ(cell[std::size_t(normal)], 0);
        run.input.mouse = place(1, 1), run.input.pressed[0] = run.input.down[0] = true;
        run.draw();
        run.input.pressed[0] = false, run.input.mouse = {panel.right() + 400, panel.y - 400};
        run.draw();
        cell = cell_of(run.view, run.model);
        EXPECT_EQ(cell[std::size_t(u)], n[std::size_t(u)] - 1);
        EXPECT_EQ(cell[std::size_t(v)], n[std::size_t(v)] - 1);
    }
}

TEST(Slices, TheWheelMovesThePlane) {
    BedRun run;
    run.view.cell = std::array<int, 3>{1, 1, 1};
    const Rect panel = *layout_of(1920, 1080).slices[2];
    run.input.mouse = {panel.centre().x, panel.y + 100};
    run.input.wheel = 1;
    run.draw();
    EXPECT_EQ((*run.view.cell)[2], 2);
    run.input.wheel = 0.5;
    run.draw();
    EXPECT_EQ((*run.view.cell)[2], 2);
    run.draw();
    EXPECT_EQ((*run.view.cell)[2], 3);
    run.input.wheel = -9;
    run.draw();
    EXPECT_EQ((*run.view.cell)[2], 0);
}

TEST(Slices, TheyAreInTheirTrueProportions) {
    BedRun run({20, 10, 4, 0.5e-3, 1e-3, 2e-3});  // 10 x 10 x 8 mm
    for (int normal = 0; normal < 3; ++normal) {
        run.view.normal = normal;
        const auto drawn = run.draw();
        const auto slice = slice_of(drawn.pixels, *layout_of(1920, 1080).slices[1], run.facts.extents, normal);
        ASSERT_TRUE(slice);
        EXPECT_NEAR(slice->w / slice->h, normal == 2 ? 1.0 : 10.0 / 8.0, 0.03);
    }
}

TEST(Slices, ColoursAreThoseOfTheValuesAndVoidShowsTheBackdrop) {
    BedRun run;
    run.view.cell = std::array<int, 3>{9, 5, 2};
    run.make_void(run.facts.extents.index(2, 1, 2));
    const auto drawn = run.draw();
    const Rect panel = *layout_of(1920, 1080).slices[2];
    const auto slice = slice_of(drawn.pixels, panel, run.facts.extents, 2);
    ASSERT_TRUE(slice);
    for (int j = 0; j < 5; ++j)
        for (int i = 0; i < 9; ++i) {
            const int x = int(slice->x + (i + 0.5) * slice->w / 10), y = int(slice->bottom() - (j + 0.5) * slice->h / 6);
            const Colour expected =
                i == 2 && j == 1 ? grey_theme().backdrop : colour_at(ColourMapId::viridis, (1.0 + 0.01 * j - 0.5) / 1.1);
            const Colour got = drawn.pixels.at(x, y);
            EXPECT_NEAR(got.r, expected.r, 2) << i << " " << j;
            EXPECT_NEAR(got.g, expected.g, 2) << i << " " << j;
            EXPECT_NEAR(got.b, expected.b, 2) << i << " " << j;
        }
}

TEST(Slices, AnAbsentFieldSaysWhy) {
    BedRun run;
    run.view.micro_field = "capacity_mAh_g";
    for (float& v : run.frame->fields["J_over_J0"]) v = std::numeric_limits<float>::quiet_NaN();
    const auto items = run.draw().items;
    EXPECT_EQ(find(items, "slice.1.reason.0")->text, "\u2014 no current flows");
    EXPECT_EQ(find(items, "slice.2.reason.0")->text, "\u2014 not recorded in this run");
    expect_readable(items, {0, 0, 1920, 1080});
    BedRun nothing;
    nothing.model = {};
    expect_readable(nothing.draw().items, {0, 0, 1920, 1080});
    EXPECT_EQ(find(nothing.draw().items, "slice.0.reason.0")->text, "\u2014 no run yet");
}

TEST(Slices, BedsOfOneCellAreShown) {
    for (const Extents& e : {Extents{1, 1, 1, 1e-3, 1e-3, 1e-3}, Extents{200, 1, 1, 1e-3, 1e-3, 1e-3}})
        for (int normal = 0; normal < 3; ++normal) {
            BedRun run(e);
            run.view.normal = normal;
            expect_readable(run.draw().items, {0, 0, 1920, 1080});
        }
}

TEST(Slices, SmoothOnesKeepTheirVoid) {
    const Extents e{4, 4, 1, 1e-3, 1e-3, 1e-3};
    std::vector<float> values(16, 1.0f);
    values[5] = std::numeric_limits<float>::quiet_NaN();
    values[0] = 0.0f;
    const ColourScale scale{ColourMapId::viridis, make_range(Scale::linear, 0, 1)};
    const Image image = smooth_slice_image({e, values}, 2, 0, scale, 40, 40);
    for (int y = 0; y < 40; ++y)
        for (int x = 0; x < 40; ++x) EXPECT_EQ(image.at(x, y).a == 0, x >= 10 && x < 20 && y >= 20 && y < 30) << x << " " << y;
    EXPECT_EQ(image.at(39, 0), colour_at(ColourMapId::viridis, 1.0));
    // Between two cells the mean of both.
    const Colour middle = image.at(9, 35), half = colour_at(ColourMapId::viridis, 0.45);
    EXPECT_NEAR(middle.g, half.g, 1);
}

}  // namespace
}  // namespace jt
