// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/curves_figure.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/error.hpp"
#include "tests/viz/readable.hpp"
#include "viz/figure/cairo_painter.hpp"

namespace jt {
namespace {

constexpr Rect kPage{0, 0, kCurvesWidth, kCurvesHeight};

CurvesFigure two_charts() {
    CurvesFigure figure;
    figure.title = "Energy", figure.subtitle = "of discs";
    CurvesChart lines;
    lines.title = "U", lines.unit = "kT", lines.abscissa_title = "angle, \u00b0";
    lines.abscissa = fixed_axis(0.0, 90.0, 7);
    lines.ordinate = decade_axis(-12.0, 6.0);
    for (const double level : {-9.0, -8.9, 3.0})
        lines.curves.push_back({"at " + std::to_string(int(level)), {0.0, 45.0, 90.0}, {std::nan(""), level - 1.0, level}});
    CurvesChart bars;
    bars.title = "Cells", bars.unit = "%", bars.abscissa_title = "|J|/J\u2080";
    bars.abscissa = octave_axis(-2.0, 2.0);
    bars.bar_edges = {-1.0, 0.0, 1.0};
    bars.bars = {10.0, 40.0};
    figure.charts = {lines, bars};
    figure.numbers = {{"u", "1", "V/m"}};
    figure.note = "A sentence that says what it means.";
    return figure;
}

TEST(CurvesFigure, IsReadableInBothThemes) {
    for (const Theme* theme : {&grey_theme(), &dark_theme()}) {
        CairoPainter painter(kCurvesWidth, kCurvesHeight);
        const auto items = draw_curves_figure(painter, two_charts(), *theme);
        expect_readable(items, kPage);
        ASSERT_TRUE(find(items, "chart.0.abscissa"));
        EXPECT_EQ(find(items, "chart.0.abscissa")->text, "angle, \u00b0");
        EXPECT_EQ(find(items, "chart.0.title")->text, "U, kT");
        EXPECT_TRUE(find(items, "note.0"));
    }
}

TEST(CurvesFigure, BarsStandOnZeroBetweenTheirEdges) {
    CairoPainter painter(kCurvesWidth, kCurvesHeight);
    CurvesFigure figure = two_charts();
    figure.charts.erase(figure.charts.begin());
    const auto items = draw_curves_figure(painter, figure);
    const Image pixels = painter.pixels();
    const auto centre = [&](const char* id) { return find(items, id)->rect.centre(); };
    // ticks 1/4, 1/2, 1, 2, 4
    EXPECT_EQ(find(items, "chart.0.t.1")->text, "1/2");
    const double half = centre("chart.0.t.1").x, one = centre("chart.0.t.2").x, two = centre("chart.0.t.3").x;
    const double zero = centre("chart.0.y.0").y, ten = centre("chart.0.y.1").y;
    ASSERT_EQ(find(items, "chart.0.y.1")->text, "10");
    const auto filled = [&](double x, double y) { return pixels.at(int(x), int(y)) == grey_theme().set_point; };
    EXPECT_TRUE(filled(half + 3, zero - 4));
    EXPECT_TRUE(filled((half + one) / 2, ten + 4));
    EXPECT_FALSE(filled((half + one) / 2, ten - 4));
    EXPECT_TRUE(filled((one + two) / 2, zero - 3.9 * (zero - ten)));
    EXPECT_FALSE(filled((one + two) / 2, zero - 4.1 * (zero - ten)));
    EXPECT_FALSE(filled(half - 3, zero - 4));
    EXPECT_FALSE(filled(two + 3, zero - 4));
}

TEST(CurvesFigure, RefusesWhatItCannotDraw) {
    CairoPainter painter(kCurvesWidth, kCurvesHeight);
    CurvesFigure none;
    EXPECT_THROW(draw_curves_figure(painter, none), InputError);
    CurvesFigure uneven = two_charts();
    uneven.charts[1].bars.push_back(1.0);
    EXPECT_THROW(draw_curves_figure(painter, uneven), InputError);
    CurvesFigure backwards = two_charts();
    backwards.charts[0].curves[0].x = {90.0, 45.0, 0.0};
    EXPECT_THROW(draw_curves_figure(painter, backwards), InputError);
}

TEST(AxisTicks, DecadesAndOctavesAreWholeAndLabelled) {
    const AxisTicks decades = decade_axis(-14.3, 5.8, 9);
    EXPECT_EQ(decades.low, -15.0);
    EXPECT_EQ(decades.high, 6.0);
    EXPECT_LE(decades.values.size(), 9u);
    for (std::size_t n = 0; n < decades.values.size(); ++n)
        if (decades.values[n] == 0.0) {
            EXPECT_EQ(decades.labels[n], "1");
        }
    EXPECT_EQ(decade_axis(0.0, 1.0).labels, (std::vector<std::string>{"1", "10"}));
    EXPECT_EQ(octave_axis(-2.0, 2.0).labels, (std::vector<std::string>{"1/4", "1/2", "1", "2", "4"}));
    EXPECT_EQ(octave_axis(-0.5, 3.5).labels, (std::vector<std::string>{"1", "2", "4", "8"}));
    EXPECT_LE(octave_axis(-60.0, 60.0, 5).labels.size(), 5u);
    const double infinite = std::numeric_limits<double>::infinity();
    for (const auto& axis :
         {decade_axis(-infinite, 3.0), decade_axis(NAN, NAN), octave_axis(NAN, 2.0), octave_axis(1e9, 2e9)}) {
        EXPECT_LT(axis.low, axis.high);
        EXPECT_EQ(axis.values.size(), axis.labels.size());
    }
}

}  // namespace
}  // namespace jt
