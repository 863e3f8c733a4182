// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/slices_figure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/error.hpp"
#include "tests/viz/readable.hpp"
#include "viz/figure/cairo_painter.hpp"
#include "viz/figure/slice_view.hpp"

namespace jt {
namespace {

const float kNan = std::numeric_limits<float>::quiet_NaN();
const Extents kThin{80, 40, 16, 0.25e-3, 0.25e-3, 0.1e-3};

struct Fields {
    Extents extents;
    std::vector<std::vector<float>> values;
    SlicesFigure figure;
    Fields(Extents e, std::size_t times, std::string_view name = "T_K") : extents(e), values(times) {
        figure.title = "char between two strips", figure.subtitle = "centre slices";
        figure.extents = e;
        figure.quantity = quantity(name);
        figure.electrodes = {{Face::xmin, true}, {Face::xmax, false}};
        for (std::size_t t = 0; t < times; ++t) {
            for (std::size_t n = 0; n < e.count(); ++n) values[t].push_back(float(500.0 + 200.0 * double(t) + double(n % 101)));
            figure.times.push_back({10.0 * double(t), t % 2 ? "end of ramp" : "", values[t], 0.0});
        }
    }
    std::vector<FigureItem> draw(const Theme& theme = grey_theme()) {
        CairoPainter painter(kSlicesWidth, slices_height(figure), 0.5);
        return draw_slices_figure(painter, figure, theme);
    }
    Rect page() const { return {0, 0, kSlicesWidth, double(slices_height(figure))}; }
};

TEST(SlicesFigure, TextIsReadableWhateverTheBedsShapeAndTheNumberOfTimes) {
    const Extents shapes[] = {kThin,
                              {1, 1, 1, 1e-3, 1e-3, 1e-3},
                              {20, 20, 20, 1e-6, 1e-6, 1e-6},
                              {100, 3, 3, 1e-3, 1e-3, 1e-3},
                              {3, 3, 100, 1e-3, 1e-3, 1e-3},
                              {3, 100, 3, 1e-3, 1e-3, 1e-3},
                              {64, 64, 1, 0.1, 0.1, 1e-5},
                              {20, 20, 60, 0.5e-3, 0.5e-3, 0.5e-3},
                              {64, 1, 1, 1e-3, 1e-6, 1e-6}};
    for (const auto& shape : shapes)
        for (std::size_t times = 1; times <= kMostSliceTimes; ++times)
            for (int axis = 0; axis < 3; ++axis) {
                Fields fields(shape, times);
                fields.figure.electrodes = {{Face(2 * axis), true}, {Face(2 * axis + 1), false}};
                SCOPED_TRACE(testing::Message() << shape.nx << " x " << shape.ny << " x " << shape.nz << ", " << times
                                                << " times, current along " << axis);
                expect_readable(fields.draw(), fields.page());
                EXPECT_LE(slices_height(fields.figure), 1200);
            }
    Fields fields(kThin, 3);
    expect_readable(fields.draw(dark_theme()), fields.page());
}

TEST(SlicesFigure, TimesRangesAndPlanesAreSaid) {
    Fields fields(kThin, 3);
    const auto items = fields.draw();
    EXPECT_EQ(find(items, "column.1.0")->text, "t = 10 s");
    EXPECT_EQ(find(items, "column.1.1")->text, "end of ramp");
    EXPECT_EQ(find(items, "column.1.2")->text, "426.9 to 526.9 \u00b0C");  // 700 .. 800 K
    EXPECT_EQ(find(items, "row.0.0")->text, "x right, y up");
    EXPECT_EQ(find(items, "row.0.1")->text, "at z = 0.85 mm");
    EXPECT_EQ(find(items, "row.1.2")->text, "20 \u00d7 1.6 mm");
    EXPECT_EQ(find(items, "colour_bar.title")->text, "temperature, \u00b0C");
    EXPECT_EQ(find(items, "slice.0.z.electrode.xmin")->text, "+");
    EXPECT_LT(find(items, "slice.0.z.electrode.xmin")->rect.x, find(items, "slice.0.z.electrode.xmax")->rect.x);
    EXPECT_EQ(find(items, "slice.0.x.electrode.xmin"), nullptr);  // that plane does not cut them
}

TEST(SlicesFigure, AThinDirectionIsStretchedByAWholeFactorThatIsSaid) {
    Fields many(kThin, 4), one({20, 20, 20, 1e-3, 1e-3, 1e-3}, 1);
    bool said = false;
    for (const auto& item : many.draw()) said |= item.text.ends_with(" along z, drawn 2 times larger");
    EXPECT_TRUE(said);
    for (const auto& item : one.draw()) EXPECT_EQ(item.text.find("larger"), std::string::npos);
}

// The rectangle in which colours of the map are found, at scale 1.
Rect coloured(const Image& pixels, Colour colour, const Rect& in) {
    int left = pixels.width, right = -1, top = pixels.height, bottom = -1;
    for (int row = int(in.y); row < int(in.bottom()); ++row)
        for (int column = int(in.x); column < int(in.right()); ++column)
            if (pixels.at(column, row) == colour) {
                left = std::min(left, column), right = std::max(right, column);
                top = std::min(top, row), bottom = std::max(bottom, row);
            }
    return right < 0 ? Rect{} : Rect{double(left), double(top), double(right - left + 1), double(bottom - top + 1)};
}

TEST(SlicesFigure, AMarkedCornerStandsWhereTheHeadsSay) {
    // One cell at high x, low y of the z plane; one at high x, high z of the y plane; one at low y, high z of the x plane.
    Fields fields({10, 10, 10, 1e-3, 1e-3, 1e-3}, 1);
    auto& v = fields.values[0];
    std::fill(v.begin(), v.end(), 300.0f);
    const Extents& e = fields.extents;
    const int c = centre_index(e, 2);
    v[e.index(9, 0, c)] = 400.0f;
    v[e.index(9, c, 9)] = 400.0f;
    v[e.index(c, 0, 9)] = 400.0f;
    fields.figure.range = make_range(Scale::linear, 26.85 - 1e-3, 126.85 + 1e-3);  // 300 .. 400 K in °C
    CairoPainter painter(kSlicesWidth, slices_height(fields.figure));
    const auto items = draw_slices_figure(painter, fields.figure, grey_theme());
    const Image pixels = painter.pixels();
    const Colour low = colour_at(ColourMapId::inferno, 0.0), high = colour_at(ColourMapId::inferno, 1.0);
    // A cube at one time: the three planes side by side.
    for (int p = 0; p < 3; ++p) {
        const auto* head = find(items, "column." + std::to_string(p) + ".0");
        ASSERT_TRUE(head);
        const Rect column{head->rect.x, head->rect.bottom(), 380.0, double(pixels.height) - head->rect.bottom() - 60};
        const Rect all = coloured(pixels, low, column), corner = coloured(pixels, high, column);
        ASSERT_GT(all.w, 200.0);
        EXPECT_NEAR(all.w, all.h, 1.5);  // true proportions
        EXPECT_NEAR(corner.w, all.w / 10, 2.0);
        const bool right = corner.x > all.centre().x, up = corner.y < all.centre().y;
        EXPECT_EQ(head->text, p == 0 ? "x right, y up" : p == 1 ? "x right, z up" : "y right, z up");
        EXPECT_EQ(right, p < 2);
        EXPECT_EQ(up, p > 0);
    }
}

TEST(SlicesFigure, VoidIsTheBackdropAndCountsNowhere) {
    Fields fields({10, 10, 10, 1e-3, 1e-3, 1e-3}, 1);
    std::fill(fields.values[0].begin(), fields.values[0].end(), kNan);
    const auto items = fields.draw();
    EXPECT_THAT(find(items, "row.0.1")->text, testing::StartsWith("no cell has a val"));  // wide fonts are shortened
    EXPECT_EQ(find(items, "colour_bar.cells")->text, "no cell has a value");
    expect_readable(items, fields.page());
}

TEST(SlicesFigure, ADeviationIsFromTheMeanOfItsOwnTimeAndInKelvin) {
    Fields fields(kThin, 2, "T_minus_mean_K");
    fields.figure.times[0].subtract = 550.0;
    fields.figure.times[1].subtract = 740.0;
    const auto items = fields.draw();
    EXPECT_EQ(find(items, "colour_bar.title")->text, "T \u2212 T mean, K");
    std::vector<std::string> said;
    for (const auto& item : items)
        if (item.text.ends_with(" K")) said.push_back(item.text);
    EXPECT_THAT(said, testing::Contains("\u221250 to 50 K"));
    EXPECT_THAT(said, testing::Contains("\u221240 to 60 K"));
    EXPECT_TRUE(find(items, "colour_bar.above"));  // the default range is +-25 K
    EXPECT_TRUE(find(items, "colour_bar.tick.\u221220"));
}

TEST(SlicesFigure, AllTimesShareOneRangeOfColours) {
    Fields fields(kThin, 3);
    fields.figure.times.resize(2);
    std::fill(fields.values[0].begin(), fields.values[0].end(), 273.15f);
    std::fill(fields.values[1].begin(), fields.values[1].end(), 1273.15f);
    fields.values[1][0] = 273.15f;
    const auto items = fields.draw();
    EXPECT_TRUE(find(items, "colour_bar.tick.1000"));
    EXPECT_TRUE(find(items, "colour_bar.tick.200"));
    EXPECT_EQ(find(items, "colour_bar.above"), nullptr);
    EXPECT_EQ(find(items, "colour_bar.below"), nullptr);
}

TEST(SlicesFigure, ATimeOfUniformValuesDoesNotWidenTheCommonRange) {
    Fields fields(kThin, 3);
    fields.figure.times.resize(2);
    std::fill(fields.values[0].begin(), fields.values[0].end(), 373.15f);
    std::fill(fields.values[1].begin(), fields.values[1].end(), 473.15f);
    fields.values[1][0] = 373.15f;
    const auto items = fields.draw();
    EXPECT_TRUE(find(items, "colour_bar.tick.160"));
    EXPECT_EQ(find(items, "colour_bar.tick.0"), nullptr);
    EXPECT_EQ(find(items, "colour_bar.tick.250"), nullptr);
    EXPECT_EQ(find(items, "colour_bar.below"), nullptr);
}

TEST(SlicesFigure, CrowdingKeepsItsLogarithmicScale) {
    Fields fields(kThin, 1, "J_over_J0");
    for (float& v : fields.values[0]) v = 1.0f;
    const auto items = fields.draw();
    EXPECT_TRUE(find(items, "colour_bar.tick.1/4"));
    EXPECT_TRUE(find(items, "colour_bar.tick.4"));
}

TEST(SlicesFigure, WhatCannotBeDrawnIsRefused) {
    Fields fields(kThin, 1);
    fields.figure.times.clear();
    EXPECT_THROW(fields.draw(), InputError);
    Fields five(kThin, 5);
    EXPECT_THROW(five.draw(), InputError);
    Fields shorter(kThin, 1);
    shorter.figure.times[0].values = shorter.figure.times[0].values.subspan(1);
    EXPECT_THROW(shorter.draw(), InputError);
    Fields ratio(kThin, 1, "J_over_J0");
    ratio.figure.times[0].subtract = 1.0;
    EXPECT_THROW(ratio.draw(), InputError);
    Fields good(kThin, 1);
    EXPECT_THROW(write_slices_figure("/dev/full", good.figure), DiskError);
    EXPECT_THROW(write_slices_figure("/dev/null", good.figure, grey_theme(), 0.1), InputError);
}

}  // namespace
}  // namespace jt
