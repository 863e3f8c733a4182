// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/trends_figure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernels/error.hpp"
#include "tests/viz/readable.hpp"
#include "viz/figure/cairo_painter.hpp"

namespace jt {
namespace {

const double kTrendNan = std::numeric_limits<double>::quiet_NaN();
const Rect kPage{0, 0, kTrendsWidth, kTrendsHeight};

TrendsFigure run_of_60_s() {
    TrendsFigure figure;
    figure.title = "char between two strips", figure.subtitle = "80 x 40 x 16 voxels";
    TrendLine pyrometer{"pyrometer", {}};
    std::vector<double> current, resistance, none;
    for (int n = 0; n <= 600; ++n) {
        const double t = 0.1 * n;
        const double set = 273.15 + (t < 10 ? 25 + 97.5 * t : t < 40 ? 1000.0 : std::max(100.0, 1000 - 50 * (t - 40)));
        figure.time_s.push_back(t);
        figure.set_point.push_back(set);
        figure.T_mean.push_back(set - 5.0);
        figure.T_max.push_back(set + 3.0);
        pyrometer.values.push_back(set > 843.15 ? set - 4.0 : kTrendNan);
        current.push_back(t < 40 ? 20.0 + 0.1 * t : 0.0);
        resistance.push_back(t < 40 ? 0.2 : kTrendNan);
        none.push_back(kTrendNan);
    }
    figure.readings = {pyrometer};
    figure.T_limits = {{"limit 1400 \u00b0C", 1673.15, true}};
    figure.charts = {{"Current", "A", {{"", current}}, {{"limit 60 A", 60.0, true}}},
                     {"Resistance", "\u03a9", {{"", resistance}}, {}},
                     {"Capacity", "mAh/g", {{"mean", none}}, {}},
                     {"Spread", "K", {}, {}}};
    figure.events = {{0.0, "ramp"}, {10.0, "hold"}, {40.0, "cool"}};
    figure.numbers = {{"highest temperature", "1003", "\u00b0C"}, {"energy residual", "3\u00d710\u207b\u00b9\u00b9", ""}};
    return figure;
}

std::vector<FigureItem> draw(const TrendsFigure& figure, const Theme& theme = grey_theme()) {
    CairoPainter painter(kTrendsWidth, kTrendsHeight, 0.5);
    return draw_trends_figure(painter, figure, theme);
}

TEST(TrendsFigure, TextIsReadableAndNumbersAndEventsAreShownAsGiven) {
    const TrendsFigure figure = run_of_60_s();
    for (const Theme* theme : {&grey_theme(), &dark_theme()}) expect_readable(draw(figure, *theme), kPage);
    const auto items = draw(figure);
    EXPECT_EQ(find(items, "title")->text, figure.title);
    EXPECT_EQ(find(items, "number.0.value")->text, "1003");
    EXPECT_EQ(find(items, "event.1")->text, "hold");
    EXPECT_EQ(find(items, "T.title")->text, "Temperature, \u00b0C");
    EXPECT_EQ(find(items, "dT.title")->text, "T \u2212 set point, K");
    EXPECT_EQ(find(items, "chart.0.title")->text, "Current, A");
    EXPECT_EQ(find(items, "events.more"), nullptr);
}

TEST(TrendsFigure, TemperaturesAreShownInDegreesCelsius) {
    TrendsFigure figure = run_of_60_s();
    figure.T_limits.clear();
    const auto items = draw(figure);
    EXPECT_EQ(find(items, "T.y.0")->text, "0");
    EXPECT_EQ(find(items, "T.y.5")->text, "1000");
    EXPECT_EQ(find(items, "T.y.6"), nullptr);
    // A limit of 1000 °C is crossed by T max = 1003 °C, one of 1010 °C is not.
    figure.T_limits = {{"limit", 1273.15, true}, {"interlock", 1283.15, true}};
    const auto limited = draw(figure);
    EXPECT_EQ(find(limited, "T.limit.0")->colour, grey_theme().urgent);
    EXPECT_EQ(find(limited, "T.limit.1")->colour, grey_theme().muted);
}

TEST(TrendsFigure, TheDeviationIsThatFromTheSetPoint) {
    TrendsFigure figure = run_of_60_s();
    CairoPainter painter(kTrendsWidth, kTrendsHeight);
    const auto items = draw_trends_figure(painter, figure, grey_theme());
    // T mean is 5 K below the set point all the time: its line stands a quarter of the way from 0 to -20 K.
    double zero = 0, low = 0;
    for (const auto& item : items) {
        if (item.id.starts_with("dT.y.") && item.text == "0") zero = item.rect.centre().y;
        if (item.id.starts_with("dT.y.") && item.text == "\u221220") low = item.rect.centre().y;
    }
    ASSERT_GT(low, zero);
    const Image pixels = painter.pixels();
    const int y = int(std::lround(zero + 0.25 * (low - zero)));
    int dark = 0;
    for (int column = 400; column < 1000; ++column) dark += std::min(pixels.at(column, y).g, pixels.at(column, y - 1).g) < 0x40;
    EXPECT_GT(dark, 550);
}

TEST(TrendsFigure, ChartsWithoutAnyValueAreLeftOutAndTheRestTakeTheirRoom) {
    TrendsFigure figure = run_of_60_s();
    const auto items = draw(figure);
    EXPECT_TRUE(find(items, "chart.1.title"));
    EXPECT_EQ(find(items, "chart.2.title"), nullptr);
    EXPECT_EQ(find(items, "chart.3.title"), nullptr);
    EXPECT_EQ(find(items, "chart.0.title")->within.w, find(items, "chart.1.title")->within.w);
    figure.charts.resize(1);
    EXPECT_GT(find(draw(figure), "chart.0.title")->within.w, 2 * find(items, "chart.0.title")->within.w);
    figure.charts.clear();
    EXPECT_GT(find(draw(figure), "T.title")->within.h, find(items, "T.title")->within.h);
    figure = run_of_60_s();
    figure.set_point.clear();
    EXPECT_EQ(find(draw(figure), "dT.title"), nullptr);
    figure.T_mean.clear(), figure.T_max.clear(), figure.readings.clear();
    const auto cold = draw(figure);
    EXPECT_EQ(find(cold, "T.title"), nullptr);
    EXPECT_TRUE(find(cold, "chart.0.title"));
    expect_readable(cold, kPage);
}

TEST(TrendsFigure, ARunWithoutAnyValueSaysSo) {
    TrendsFigure figure;
    figure.title = "nothing";
    EXPECT_EQ(find(draw(figure), "nothing")->text, "The run has no value to show.");
    figure.time_s = {0.0};
    figure.T_mean = {300.0};
    expect_readable(draw(figure), kPage);
    EXPECT_TRUE(find(draw(figure), "T.title"));
}

TEST(TrendsFigure, ManyEventsAreGroupedOrCountedNeverDrawnOverOneAnother) {
    TrendsFigure figure = run_of_60_s();
    for (int n = 0; n < 100; ++n) figure.events.push_back({20.0 + 0.1 * n, "current limit"});
    const auto grouped = draw(figure);
    bool said = false;
    for (const auto& item : grouped) said |= item.text == "current limit \u00d7100";
    EXPECT_TRUE(said);
    expect_readable(grouped, kPage);
    for (int n = 0; n < 100; ++n) figure.events.push_back({20.0 + 0.1 * n, "event number " + std::to_string(n)});
    figure.events.push_back({1e9, "after the end"});
    figure.events.push_back({kTrendNan, "never"});
    const auto counted = draw(figure);
    expect_readable(counted, kPage);
    ASSERT_TRUE(find(counted, "events.more"));
    // The hair line of an event runs down left of its text and crosses no text below.
    for (const auto& upper : counted)
        for (const auto& lower : counted) {
            if (!upper.id.starts_with("event.") || !lower.id.starts_with("event.") || lower.rect.y <= upper.rect.y) continue;
            const double line = upper.rect.x - 5.0;
            EXPECT_TRUE(line < lower.rect.x || line > lower.rect.right()) << upper.text << " crosses " << lower.text;
        }
    std::size_t shown = 0;
    for (const auto& item : counted) shown += item.text.starts_with("event number ");
    EXPECT_GT(shown, 2u);
    EXPECT_EQ(find(counted, "events.more")->text, std::to_string(100 - shown) + " more events");
}

TEST(TrendsFigure, AnEventWhoseTextAHairLineWouldCrossIsCounted) {
    TrendsFigure figure = run_of_60_s();
    figure.events = {{57.0, "near"}, {59.9, "a text that reaches back beyond it"}};
    const auto items = draw(figure);
    EXPECT_EQ(find(items, "event.1"), nullptr);
    EXPECT_EQ(find(items, "events.more")->text, "1 more event");
    figure.events[0].time_s = 20.0;
    EXPECT_LT(find(draw(figure), "event.1")->rect.right(), kTrendsWidth - 90);  // left of its hair line
}

TEST(TrendsFigure, EventsStandAtTheirTimes) {
    const auto items = draw(run_of_60_s());
    const double first = find(items, "event.0")->rect.x, second = find(items, "event.1")->rect.x,
                 third = find(items, "event.2")->rect.x;
    EXPECT_NEAR((second - first) / (third - first), 10.0 / 40.0, 1e-6);
}

TEST(TrendsFigure, LongAndManyTextsAreShortened) {
    TrendsFigure figure = run_of_60_s();
    const std::string endless(300, 'W');
    figure.title = figure.subtitle = endless;
    figure.readings[0].label = endless;
    for (auto& limit : figure.T_limits) limit.label = endless;
    for (auto& event : figure.events) event.text = endless;
    for (int n = 0; n < 9; ++n)
        figure.charts.push_back({endless, endless, {{endless, figure.T_mean}, {endless, figure.T_max}}, {{endless, 1e9}}});
    figure.numbers.assign(40, {endless, endless, endless});
    expect_readable(draw(figure), kPage);
}

TEST(TrendsFigure, SeriesThatDoNotFitTheTimesAreRefusedByName) {
    TrendsFigure figure = run_of_60_s();
    figure.T_mean.pop_back();
    try {
        draw(figure);
        FAIL() << "accepted";
    } catch (const InputError& error) {
        EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("T mean"), testing::HasSubstr("600 values at 601 times")));
    }
    figure = run_of_60_s();
    figure.charts[0].lines[0].values.pop_back();
    EXPECT_THROW(draw(figure), InputError);
    figure = run_of_60_s();
    figure.time_s[7] = 0.0;
    EXPECT_THROW(draw(figure), InputError);
    EXPECT_THROW(write_trends_figure("/dev/null", run_of_60_s(), grey_theme(), 9.0), InputError);
    EXPECT_THROW(write_trends_figure("/dev/full", run_of_60_s()), DiskError);
}

}  // namespace
}  // namespace jt
