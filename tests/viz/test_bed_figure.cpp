// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/bed_figure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "kernels/error.hpp"
#include "tests/viz/readable.hpp"
#include "viz/figure/cairo_painter.hpp"
#include "viz/figure/colour_bar.hpp"

namespace jt {
namespace {

BedFigure figure_of(Extents e) {
    BedFigure figure;
    figure.title = "Carbon-fibre preform";
    figure.subtitle = "a source line";
    figure.extents = e;
    for (std::size_t n = 0; n < e.count(); ++n) figure.values.push_back(float(0.1 + double(n % 101) / 12.0));
    figure.quantity = quantity("J_over_J0");
    figure.electrodes = {{Face::xmin, true}, {Face::xmax, false}};
    figure.numbers = {{"conductivity along x", "", "S/m"}, {"conductivity along y", "43210", "S/m"}, {"iterations", "12", ""}};
    figure.notes = {"x does not percolate: fibres fed from xmin reach 87 of 100 planes."};
    return figure;
}

void expect_readable(const std::vector<FigureItem>& items) {
    expect_readable(items, {0, 0, kFigureWidth, kFigureHeight});
}

std::vector<FigureItem> draw(const BedFigure& figure, const Theme& theme = grey_theme()) {
    CairoPainter painter(kFigureWidth, kFigureHeight, 0.5);  // the layout does not depend on the scale
    return draw_bed_figure(painter, figure, theme);
}

const Extents kShapes[] = {{1, 1, 1, 1e-3, 1e-3, 1e-3},   {20, 20, 20, 1e-6, 1e-6, 1e-6}, {40, 20, 16, 0.5e-3, 0.5e-3, 0.1e-3},
                           {100, 3, 3, 1e-3, 1e-3, 1e-3}, {3, 3, 100, 1e-3, 1e-3, 1e-3},  {3, 100, 3, 1e-3, 1e-3, 1e-3},
                           {64, 64, 1, 0.1, 0.1, 1e-5}};

TEST(BedFigure, TextIsNeverClippedSmallFaintOrOverlappingWhateverTheBedsShape) {
    for (const auto& shape : kShapes)
        for (int axis = 0; axis < 3; ++axis) {
            BedFigure figure = figure_of(shape);
            figure.electrodes = {{Face(2 * axis), true}, {Face(2 * axis + 1), false}};
            SCOPED_TRACE(testing::Message()
                         << shape.nx << " x " << shape.ny << " x " << shape.nz << ", current along " << axis);
            expect_readable(draw(figure));
        }
    expect_readable(draw(figure_of(kShapes[1]), dark_theme()));
}

TEST(BedFigure, LongAndManyTextsAreCutWithAnEllipsisNotDrawnOverOthers) {
    BedFigure figure = figure_of(kShapes[2]);
    const std::string endless = std::string(300, 'W') + " and " + std::string(300, 'w');
    figure.title = figure.subtitle = figure.field_title = endless;
    figure.numbers.assign(40, {endless, endless, endless});
    figure.notes.assign(12, endless);
    const auto items = draw(figure);
    expect_readable(items);
    EXPECT_TRUE(find(items, "title")->text.ends_with("\u2026"));
    bool counted = false;
    for (const auto& item : items) counted |= item.text.ends_with(" more not shown");
    EXPECT_TRUE(counted);
}

TEST(BedFigure, ValuesAreShownAsGivenAndAMissingOneIsAnEmDashWithoutUnit) {
    const auto items = draw(figure_of(kShapes[1]));
    EXPECT_EQ(find(items, "number.0.value")->text, "\u2014");
    EXPECT_EQ(find(items, "number.0.unit"), nullptr);
    EXPECT_EQ(find(items, "number.1.value")->text, "43210");
    EXPECT_EQ(find(items, "number.1.unit")->text, "S/m");
    EXPECT_EQ(find(items, "note.0.0")->text, "x does not percolate: fibres fed from xmin reach 87 of 100 planes.");
    EXPECT_EQ(find(items, "slice.z.title")->text, "z = 10.5 \u00b5m");
    EXPECT_EQ(find(items, "slice.y.size")->text, "20 \u00d7 20 \u00b5m");
    EXPECT_EQ(find(items, "bed_view.cut")->text, "nearest octant cut away");
    EXPECT_EQ(find(draw(figure_of(kShapes[0])), "bed_view.cut"), nullptr);  // one cell: nothing is cut
    EXPECT_EQ(find(items, "electrode.xmin")->text, "+");
    EXPECT_EQ(find(items, "electrode.xmax")->text, "\u2212");
    EXPECT_LT(find(items, "electrode.xmin")->rect.x, find(items, "electrode.xmax")->rect.x);
}

TEST(BedFigure, AFieldWithoutValuesSaysThatNothingConducts) {
    BedFigure figure = figure_of(kShapes[2]);
    figure.values.assign(figure.values.size(), std::numeric_limits<float>::quiet_NaN());
    const auto items = draw(figure);
    expect_readable(items);
    EXPECT_EQ(find(items, "bed_view.nothing")->text, "Nothing conducts: no cell has a value.");
    EXPECT_EQ(find(draw(figure_of(kShapes[2])), "bed_view.nothing"), nullptr);
}

TEST(BedFigure, ThePictureIsTheSameWhateverTheNumberOfThreads) {
    const int threads = omp_get_max_threads();
    const BedFigure figure = figure_of({33, 21, 17, 1e-3, 1e-3, 1e-3});
    const auto pixels = [&](int n) {
        omp_set_num_threads(n);
        CairoPainter painter(kFigureWidth, kFigureHeight, 0.5);
        draw_bed_figure(painter, figure);
        return painter.pixels().pixels;
    };
    EXPECT_TRUE(pixels(1) == pixels(3));
    omp_set_num_threads(threads);
}

TEST(BedFigure, ValuesThatDoNotFillTheBedAndImpossibleScalesAreRefused) {
    BedFigure figure = figure_of(kShapes[1]);
    figure.values.pop_back();
    EXPECT_THROW(draw(figure), InputError);
    EXPECT_THROW(write_bed_figure("/dev/null", figure_of(kShapes[0]), grey_theme(), 100.0), InputError);
    EXPECT_THROW(write_bed_figure("/dev/full", figure_of(kShapes[0])), DiskError);
}

TEST(ColourBar, TheHistogramCountsEveryCellOnce) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> values{nan, 0.1f, 0.25f, 0.3f, 1.0f, 3.9f, 4.0f, 5.0f, 6.0f};
    const Histogram histogram = histogram_of(values, make_range(Scale::log2, 0.25, 4.0), 4);
    EXPECT_EQ(histogram.none, 1);
    EXPECT_EQ(histogram.below, 1);
    EXPECT_EQ(histogram.above, 2);
    EXPECT_THAT(histogram.bins, testing::ElementsAre(2, 0, 1, 2));
    EXPECT_EQ(histogram.data(), 8);
}

TEST(ColourBar, TheBarStandsUprightWithTheHighEndOnTopAndTicksInOrder) {
    const auto items = draw(figure_of(kShapes[1]));
    const auto* low = find(items, "colour_bar.tick.1/4");
    const auto* one = find(items, "colour_bar.tick.1");
    const auto* high = find(items, "colour_bar.tick.4");
    ASSERT_TRUE(low && one && high);
    EXPECT_GT(low->rect.y, one->rect.y);
    EXPECT_GT(one->rect.y, high->rect.y);
    EXPECT_NEAR(low->rect.y - one->rect.y, one->rect.y - high->rect.y, 1e-6);
}

TEST(Theme, TheTextColoursOfBothThemesAreReadable) {
    for (const Theme* theme : {&grey_theme(), &dark_theme()}) {
        EXPECT_GE(contrast(theme->text, theme->panel), 11.0);
        EXPECT_GE(contrast(theme->muted, theme->panel), 4.5);
        EXPECT_GE(contrast(theme->backdrop_muted, theme->backdrop), 4.5);
    }
    EXPECT_NEAR(contrast(hex(0xFFFFFF), hex(0x000000)), 21.0, 1e-9);
    EXPECT_NEAR(contrast(grey_theme().muted, grey_theme().panel), 6.3, 0.1);
}

}  // namespace
}  // namespace jt
