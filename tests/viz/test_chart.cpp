// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/chart.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "kernels/error.hpp"
#include "tests/viz/readable.hpp"
#include "viz/figure/cairo_painter.hpp"

namespace jt {
namespace {

const double nan = std::numeric_limits<double>::quiet_NaN();
constexpr int kWidth = 800, kHeight = 300;

struct Drawing {
    CairoPainter painter;
    Rect plot;
    std::vector<FigureItem> items;
    Image pixels;

    explicit Drawing(const Chart& chart, const Theme& theme = grey_theme(), int width = kWidth, int height = kHeight)
        : painter(width, height) {
        Scribe scribe(painter);
        const Rect panel{0, 0, double(width), double(height)};
        painter.rectangle(panel, theme.panel);
        plot = draw_chart(scribe, panel, chart, theme);
        items = scribe.items();
        pixels = painter.pixels();
    }
    double x(const Chart& chart, double t) const { return plot.x + (t - chart.start) / (chart.end - chart.start) * plot.w; }
    // Pixels of about this colour in a part of the picture.
    int count(Colour colour, const Rect& in) const {
        int n = 0;
        for (int row = std::max(0, int(in.y)); row < std::min(pixels.height, int(in.bottom())); ++row)
            for (int column = std::max(0, int(in.x)); column < std::min(pixels.width, int(in.right())); ++column) {
                const Colour c = pixels.at(column, row);
                n += std::abs(c.r - colour.r) + std::abs(c.g - colour.g) + std::abs(c.b - colour.b) < 40;
            }
        return n;
    }
    Rect columns(const Chart& chart, double from, double to) const {
        return {x(chart, from), plot.y, x(chart, to) - x(chart, from), plot.h};
    }
};

// A series of 0 .. 60 s with its own data.
struct Heating {
    std::vector<double> time, value;
    Chart chart;
    explicit Heating(int samples = 601) {
        for (int n = 0; n < samples; ++n) {
            const double t = 60.0 * n / (samples - 1);
            time.push_back(t);
            value.push_back(t < 10 ? 25 + 97.5 * t : t < 40 ? 1000.0 : std::max(100.0, 1000 - 50 * (t - 40)));
        }
        chart.id = "T", chart.title = "Temperature", chart.unit = "\u00b0C", chart.end = 60.0;
    }
    Series series(const std::string& label, SeriesStyle style = SeriesStyle::solid) const {
        return {label, style, time, value, false};
    }
};

TEST(Chart, TextIsReadableAndNamesStandAtTheLinesEnds) {
    Heating run;
    std::vector<double> higher = run.value;
    for (double& v : higher) v += 4.0;
    run.chart.series = {run.series("set point", SeriesStyle::set_point),
                        run.series("T mean"),
                        {"T max", SeriesStyle::thin, run.time, higher, false}};
    run.chart.limits = {{"limit 1400 \u00b0C", 1400.0, true}};
    for (const Theme* theme : {&grey_theme(), &dark_theme()}) {
        const Drawing drawing(run.chart, *theme);
        expect_readable(drawing.items, {0, 0, kWidth, kHeight});
        EXPECT_EQ(find(drawing.items, "T.title")->text, "Temperature, \u00b0C");
        for (const char* id : {"T.label.0", "T.label.1", "T.label.2", "T.limit.0"}) {
            ASSERT_TRUE(find(drawing.items, id)) << id;
            EXPECT_GT(find(drawing.items, id)->rect.x, drawing.plot.right()) << id;
        }
        EXPECT_LT(find(drawing.items, "T.label.2")->rect.y, find(drawing.items, "T.label.1")->rect.y);  // T max is higher
    }
}

TEST(Chart, AValueStandsWhereItsTicksSay) {
    Heating run;
    run.value.assign(run.value.size(), 600.0);
    run.chart.range = {0.0, 1000.0};
    run.chart.series = {run.series("")};
    const Drawing drawing(run.chart);
    const auto* zero = find(drawing.items, "T.y.0");
    const auto* top = find(drawing.items, "T.y.5");
    ASSERT_TRUE(zero && top);
    EXPECT_EQ(zero->text, "0");
    EXPECT_EQ(top->text, "1000");
    const double y = zero->rect.centre().y + 0.6 * (top->rect.centre().y - zero->rect.centre().y);
    EXPECT_GE(drawing.count(grey_theme().text, {drawing.x(run.chart, 20), y - 2, 100, 4}), 100);  // a whole row of its 2 px
    EXPECT_EQ(drawing.count(grey_theme().text, {drawing.x(run.chart, 20), drawing.plot.y, 100, y - 4 - drawing.plot.y}), 0);
    const auto* start = find(drawing.items, "T.t.0");
    ASSERT_TRUE(start);
    EXPECT_EQ(start->text, "0");
    EXPECT_NEAR(start->rect.centre().x, drawing.plot.x, 1.0);
}

TEST(Chart, AGapIsDrawnAsAGap) {
    Heating run;
    for (std::size_t n = 200; n < 300; ++n) run.value[n] = nan;  // 20 .. 30 s
    run.chart.series = {run.series("")};
    const Drawing drawing(run.chart);
    EXPECT_EQ(drawing.count(grey_theme().text, drawing.columns(run.chart, 20.2, 29.8)), 0);
    EXPECT_GT(drawing.count(grey_theme().text, drawing.columns(run.chart, 15, 19.5)), 30);
    EXPECT_GT(drawing.count(grey_theme().text, drawing.columns(run.chart, 30.5, 35)), 30);
}

TEST(Chart, OneSampleOfAMillionIsSeen) {
    Heating run(1000001);
    run.value.assign(run.value.size(), 1.0);
    run.value[333333] = 2.0;
    run.chart.series = {run.series("")};
    run.chart.range = {0.0, 2.5};
    const Drawing drawing(run.chart);
    const Rect upper{drawing.plot.x, drawing.plot.y + 0.25 * drawing.plot.h, drawing.plot.w, 0.2 * drawing.plot.h};
    EXPECT_GT(drawing.count(grey_theme().text, upper), 20);
}

TEST(Chart, ALimitIsMutedUntilALineCrossesItAndASetPointDoesNot) {
    Heating run;
    run.chart.limits = {{"limit", 1010.0, true}};
    run.chart.series = {run.series("T mean")};
    EXPECT_EQ(find(Drawing(run.chart).items, "T.limit.0")->colour, grey_theme().muted);
    EXPECT_EQ(Drawing(run.chart).count(grey_theme().urgent, {0, 0, kWidth, kHeight}), 0);
    run.value[150] = 1011.0;
    const Drawing red(run.chart);
    EXPECT_EQ(find(red.items, "T.limit.0")->colour, grey_theme().urgent);
    EXPECT_GT(red.count(grey_theme().urgent, red.plot), 200);
    run.chart.series[0].style = SeriesStyle::set_point;
    EXPECT_EQ(find(Drawing(run.chart).items, "T.limit.0")->colour, grey_theme().muted);
    // A lower limit is crossed from above.
    run.chart.series[0].style = SeriesStyle::solid;
    run.chart.limits = {{"limit", 20.0, false}};
    EXPECT_EQ(find(Drawing(run.chart).items, "T.limit.0")->colour, grey_theme().muted);
    run.value[0] = 19.0;
    EXPECT_EQ(find(Drawing(run.chart).items, "T.limit.0")->colour, grey_theme().urgent);
}

TEST(Chart, ALimitFarAwayDoesNotPressTheDataFlatButIsTold) {
    Heating run;
    run.chart.series = {run.series("T mean")};
    run.chart.limits = {{"limit 3000 \u00b0C", 3000.0, true}};
    const Drawing drawing(run.chart);
    EXPECT_EQ(find(drawing.items, "T.limit.0")->text, "limit 3000 \u00b0C is off scale");
    EXPECT_EQ(find(drawing.items, "T.y.5")->text, "1000");
    expect_readable(drawing.items, {0, 0, kWidth, kHeight});
}

TEST(Chart, NamesOfLinesThatEndEarlyStandAtTheirEndsAndTouchNoLine) {
    Heating run;
    std::vector<double> early = run.value;
    for (std::size_t n = 470; n < early.size(); ++n) early[n] = nan;
    run.chart.series = {run.series("T mean"), {"pyrometer", SeriesStyle::measured, run.time, early, false}};
    const Drawing drawing(run.chart);
    const auto* name = find(drawing.items, "T.label.1");
    ASSERT_TRUE(name);
    EXPECT_LT(name->rect.right(), drawing.plot.right());
    EXPECT_NEAR(name->rect.x, drawing.x(run.chart, 47), 100.0);
    EXPECT_EQ(drawing.count(grey_theme().text, name->rect), 0);
    expect_readable(drawing.items, {0, 0, kWidth, kHeight});
}

TEST(Chart, TheFutureLiesRightOfNowWhichTakesItsRoomOnTheTimeAxis) {
    Heating run;
    for (std::size_t n = 231; n < run.value.size(); ++n) run.value[n] = nan;
    run.chart.now = 23.0;
    run.chart.series = {run.series("T mean")};
    const Drawing drawing(run.chart);
    expect_readable(drawing.items, {0, 0, kWidth, kHeight});
    EXPECT_EQ(find(drawing.items, "T.now")->text, "now 23.0 s");
    EXPECT_NEAR(find(drawing.items, "T.now")->rect.centre().x, drawing.x(run.chart, 23.0), 1.0);
    const int x = int(drawing.x(run.chart, 50.0)), y = int(drawing.plot.y) + 3;
    EXPECT_EQ(drawing.pixels.at(x, y), grey_theme().future);
    EXPECT_EQ(drawing.pixels.at(int(drawing.x(run.chart, 20.0)), y), grey_theme().panel);
}

TEST(Chart, NamesAreNotWrittenAcrossNowOrTheEdgeOfABand) {
    Heating run;
    for (std::size_t n = 0; n < run.value.size(); ++n) run.value[n] = n < 200 ? 500.0 : nan;
    run.chart.range = {0.0, 1000.0};
    run.chart.series = {run.series("a name that is long")};
    const auto name = [&] { return find(Drawing(run.chart).items, "T.label.0")->rect; };
    const Drawing drawing(run.chart);
    EXPECT_TRUE(name().overlaps({drawing.x(run.chart, 21.0), drawing.plot.y, 50.0, drawing.plot.h}));
    const std::vector<double> time{21.0, 60.0}, low{450.0, 450.0}, high{550.0, 550.0};
    run.chart.bands = {{time, low, high, false}};
    EXPECT_FALSE(
        name().overlaps({drawing.x(run.chart, 21.0), drawing.plot.y + 0.45 * drawing.plot.h, 600.0, 0.1 * drawing.plot.h}));
    run.chart.bands.clear();
    run.chart.now = 21.0;
    EXPECT_TRUE(name().right() < drawing.x(run.chart, 21.0) || name().x > drawing.x(run.chart, 21.0));
}

TEST(Chart, AStaleSeriesIsHatchedFromItsLastValueToNowAndSaysItsAge) {
    Heating run;
    std::vector<double> reading = run.value;
    for (std::size_t n = 206; n < reading.size(); ++n) reading[n] = nan;
    run.chart.now = 23.0;
    run.chart.series = {{"pyrometer", SeriesStyle::measured, run.time, reading, true}};
    const Drawing drawing(run.chart);
    ASSERT_TRUE(find(drawing.items, "T.label.0"));
    EXPECT_EQ(find(drawing.items, "T.label.0")->text, "pyrometer, 2.5 s old");
    EXPECT_EQ(find(drawing.items, "T.label.0")->colour, grey_theme().invalid);
    const Rect name = find(drawing.items, "T.label.0")->rect;  // not across "now"
    EXPECT_TRUE(name.right() < drawing.x(run.chart, 23.0) || name.x > drawing.x(run.chart, 23.0));
    const auto violet = [&](const Drawing& d, double from, double to) {
        int n = 0;
        const Rect in = d.columns(run.chart, from, to);
        for (int row = int(in.y); row < int(in.bottom()); ++row)
            for (int column = int(in.x) + 1; column < int(in.right()); ++column) {
                const Colour c = d.pixels.at(column, row);
                n += c.b > c.g + 12;
            }
        return n;
    };
    EXPECT_GT(violet(drawing, 20.6, 22.9), 20);
    EXPECT_EQ(violet(drawing, 10.0, 20.4), 0);
    expect_readable(drawing.items, {0, 0, kWidth, kHeight});
    run.chart.series[0].live = false;  // a record with a gap is not stale
    EXPECT_EQ(violet(Drawing(run.chart), 20.6, 22.9), 0);
}

TEST(Chart, WithoutAnyValueItSaysSo) {
    Heating run;
    run.value.assign(run.value.size(), nan);
    run.chart.series = {run.series("T mean")};
    const Drawing drawing(run.chart);
    EXPECT_EQ(find(drawing.items, "T.none")->text, "no value");
    EXPECT_EQ(find(drawing.items, "T.label.0"), nullptr);
    expect_readable(drawing.items, {0, 0, kWidth, kHeight});
    run.chart.series.clear();
    EXPECT_TRUE(find(Drawing(run.chart).items, "T.none"));
}

TEST(Chart, APowerOfTenCommonToTheLabelsIsSaidBesideTheUnit) {
    Heating run;
    for (double& v : run.value) v *= 1e-12;
    run.chart.series = {run.series("")};
    EXPECT_EQ(find(Drawing(run.chart).items, "T.title")->text, "Temperature, 10\u207b\u2079 \u00b0C");
}

TEST(Chart, ARunLongerThanTwoHoursIsInMinutesOrHours) {
    Heating run;
    for (double& t : run.time) t *= 200.0;
    run.chart.end = 12000.0;
    run.chart.series = {run.series("")};
    const auto last = [](const Drawing& drawing) {
        std::string text;
        for (const auto& item : drawing.items)
            if (item.id.starts_with("T.t.")) text = item.text;
        return text;
    };
    EXPECT_EQ(last(Drawing(run.chart)), "200 min");
    for (double& t : run.time) t *= 10.0;
    run.chart.end = 120000.0;
    EXPECT_TRUE(last(Drawing(run.chart)).ends_with(" h"));
}

TEST(Chart, ARunThatEndsAHairBeforeARoundTimeHasItsTickThere) {
    Heating run;
    run.chart.series = {run.series("")};
    run.chart.end = 59.9999;
    bool last = false;
    for (const auto& item : Drawing(run.chart).items) last |= item.text == "60 s";
    EXPECT_TRUE(last);
}

TEST(Chart, ABandIsFilledBetweenItsBounds) {
    Heating run;
    std::vector<double> low(run.time.size(), 200.0), high(run.time.size(), 800.0);
    low[300] = high[300] = nan;
    run.chart.range = {0.0, 1000.0};
    run.chart.bands = {{run.time, low, high, false}};
    const Drawing drawing(run.chart);
    const auto at = [&](double t, double v) {
        return drawing.pixels.at(int(drawing.x(run.chart, t)), int(drawing.plot.bottom() - v / 1000.0 * drawing.plot.h));
    };
    EXPECT_EQ(at(10, 100), grey_theme().panel);
    EXPECT_NE(at(10, 500), grey_theme().panel);
    EXPECT_EQ(at(10, 900), grey_theme().panel);
    EXPECT_EQ(at(50, 500), at(10, 500));
}

TEST(Chart, AnyDataInAnyThemeAndSizeIsReadable) {
    std::mt19937 random(5);
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    for (int n = 0; n < 60; ++n) {
        Heating run(101);
        const double size = std::pow(10.0, 24 * unit(random) - 12), level = n % 4 == 0 ? 0.0 : 10 * size * (unit(random) - 0.5);
        std::vector<std::vector<double>> values;
        for (int s = 0; s < 5; ++s) {
            values.emplace_back();
            const std::size_t end = n % 2 ? run.time.size() : std::size_t(101 * unit(random));
            for (std::size_t i = 0; i < run.time.size(); ++i)
                values.back().push_back(i < end ? level + size * std::sin(0.1 * double(i) + s) * (n % 5 ? 1 : 0) : nan);
        }
        for (int s = 0; s < 5; ++s)
            run.chart.series.push_back(
                {"a series " + std::to_string(s), SeriesStyle(s), run.time, values[std::size_t(s)], s == 3});
        run.chart.limits = {{"an upper limit with a long, long name", level + size, true}, {"low", level - 3 * size, false}};
        run.chart.marks = {10.0, 20.0};
        if (n % 3 == 0) run.chart.now = 60.0 * unit(random);
        const int width = 420 + int(500 * unit(random)), height = 120 + int(300 * unit(random));
        const Drawing drawing(run.chart, n % 2 ? grey_theme() : dark_theme(), width, height);
        SCOPED_TRACE(testing::Message() << "case " << n << ": " << width << " x " << height);
        expect_readable(drawing.items, {0, 0, double(width), double(height)});
        if (testing::Test::HasFailure()) return;
    }
}

TEST(Chart, DataThatDoNotFitTogetherAreRefused) {
    Heating run;
    run.chart.series = {run.series("T mean")};
    run.chart.series[0].time = run.chart.series[0].time.subspan(1);
    EXPECT_THROW(Drawing{run.chart}, InputError);
    run.chart.series = {run.series("T mean")};
    run.time[5] = 0.0;
    EXPECT_THROW(Drawing{run.chart}, InputError);
    run.chart.series.clear();
    run.chart.end = run.chart.start;
    EXPECT_THROW(Drawing{run.chart}, InputError);
}

}  // namespace
}  // namespace jt
