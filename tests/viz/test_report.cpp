// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "tests/viz/readable.hpp"
#include "twin/quantity/quantity.hpp"
#include "viz/figure/cairo_painter.hpp"
#include "viz/report/facts.hpp"
#include "viz/report/html.hpp"
#include "viz/report/plots.hpp"

namespace jt {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Html, NothingOfAFileIsMarkup) {
    EXPECT_EQ(escape_html("<b a=\"1\" b='2'>&amp;"), "&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;amp;");
    EXPECT_EQ(escape_html("a\r\n\tb\x01"), "a\n    b ");
    EXPECT_EQ(escape_html("\xff°"), "?°");
    EXPECT_THAT(html_page("</title><script>", ""), Not(HasSubstr("<script>")));
    EXPECT_THAT(html_figure("", PictureType::png, "\"><script>", ""), Not(HasSubstr("<script>")));
}

// Test vectors of RFC 4648.
TEST(Html, Base64) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foo"), "Zm9v");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
}

TEST(Facts, NumbersHaveTheDigitsOfTheirUncertainty) {
    EXPECT_EQ(decimals_for(25.0), 0);
    EXPECT_EQ(decimals_for(0.10), 2);
    EXPECT_EQ(decimals_for(0.003), 3);
    EXPECT_EQ(decimals_for(1.0), 1);
    EXPECT_EQ(decimals_for(0.5), 1);
    EXPECT_EQ(decimals_for(1.5), 1);
    EXPECT_EQ(value_text({"capacity_mAh_g", "", "mAh/g", 304.4, 3, 0.0, 25.0}), "304");
    EXPECT_EQ(value_text({"d002_nm", "", "nm", 0.37731, 3, 0.0, 0.003}), "0.377");
    EXPECT_EQ(value_text({"T_dwell_K", "", "°C", 1206.6, 4, -273.15, 0.0}), "933");
    EXPECT_EQ(fixed(-0.0004, 3), "0.000");
    EXPECT_EQ(fixed(-0.0006, 3), "−0.001");
    EXPECT_EQ(duration_text(7200.0), "2 h");
    EXPECT_EQ(duration_text(0.0), "0 s");
}

TEST(Facts, ARowOfThePaperPassesWithinItsToleranceOnly) {
    using Verdict = PaperComparison::Verdict;
    const PaperRow row{"JH-1000-30", "capacity_mAh_g", 306.83, 0.5, "anchor of the map"};
    EXPECT_EQ((PaperComparison{row, 307.33, 25.0}.verdict()), Verdict::within_tolerance);
    EXPECT_EQ((PaperComparison{row, 306.32, 25.0}.verdict()), Verdict::within_uncertainty);
    EXPECT_EQ((PaperComparison{row, 281.0, 25.0}.verdict()), Verdict::outside);
    EXPECT_TRUE((PaperComparison{row, 0.0, 0.0}.anchor()));
}

TimePlot time_plot_of(const std::string& title, const std::string& name) {
    TimePlot plot;
    plot.title = title, plot.unit = "K", plot.end = 60.0;
    plot.lines.push_back({name, SeriesStyle::solid, {0.0, 30.0, 60.0}, {1.0, std::nan(""), 3.0}, hex(0x2F5D8A)});
    return plot;
}

Plots all_kinds() {
    DistributionPlot d;
    d.title = "capacity", d.unit = "mAh/g";
    d.edges = {290, 292, 300, 301}, d.share = {0.1, 0.1, 0.8};
    d.p05 = 291.0, d.p50 = 300.5, d.p95 = 300.9;
    d.mean = 299.0, d.uncertainty = 25.0, d.paper = 306.83;
    DistributionPlot narrow = d;  // three percentiles in one place
    narrow.p05 = narrow.p50 = narrow.p95 = 301.0;
    narrow.mean.reset(), narrow.paper.reset();
    SettingPlot s;
    s.title = "capacity", s.unit = "mAh/g", s.x_title = "set temperature, °C", s.uncertainty = 25.0;
    s.points = {{900.0, 200.0, 180.0, 210.0, {}},
                {1000.0, 300.0, 280.0, 305.0, 306.83},
                {1100.0, {}, {}, {}, {}},
                {1300, 220.0, {}, {}, {}}};
    LegendPlot legend;
    for (int n = 0; n < 7; ++n) legend.entries.push_back({"run with a long name " + std::to_string(n), hex(0x443A83)});
    Plots plots = in_columns({time_plot_of("Spread", "one"), d, s, narrow, time_plot_of("Mean", "another line")}, 3, 210.0);
    plots.rows.insert(plots.rows.begin(), {legend.height(), {legend}});
    return plots;
}

TEST(Plots, AllTextsCanBeRead) {
    const Plots plots = all_kinds();
    CairoPainter painter(kPlotsWidth, plots_height(plots), 1.0);
    const auto items = draw_plots(painter, plots);
    expect_readable(items, {0, 0, kPlotsWidth, double(plots_height(plots))});
}

TEST(Plots, TheDrawingNeedsNothingElse) {
    const Plots plots = all_kinds();
    CairoPainter painter(CairoPainter::Svg{kPlotsWidth, plots_height(plots)});
    draw_plots(painter, plots);
    const std::string svg = painter.svg();
    for (const char* outside : {"font-family", "href=\"http", "<image"})
        EXPECT_EQ(svg.find(outside), std::string::npos) << outside;
    EXPECT_TRUE(svg.ends_with("</svg>\n"));
    EXPECT_THROW(CairoPainter(CairoPainter::Svg{0, 10}), InputError);
    EXPECT_THROW(CairoPainter(10, 10).svg(), Error);
}

// The bars' heights are shares by width: 0.1 in two and 0.1 in eight units are not alike.
TEST(Plots, BarsOfADistributionAreDensities) {
    DistributionPlot d;
    d.title = "x";
    d.edges = {0, 2, 10}, d.share = {0.5, 0.5};
    d.p05 = 0, d.p50 = 2, d.p95 = 10;
    const Plots plots = in_columns({d}, 1, 300.0);
    CairoPainter painter(kPlotsWidth, 300, 1.0);
    draw_plots(painter, plots);
    const Image picture = painter.pixels();
    const auto height = [&](int column) {
        int bar = 0;
        for (int row = 0; row < picture.height; ++row) bar += picture.at(column, row) == hex(0xB4C4D4);
        return bar;
    };
    const int tall = height(kPlotsWidth / 10), low = height(kPlotsWidth / 2);
    EXPECT_GT(low, 20);
    EXPECT_NEAR(tall, 4 * low, 4);
}

}  // namespace
}  // namespace jt
