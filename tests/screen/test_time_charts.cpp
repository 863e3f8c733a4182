// SPDX-License-Identifier: Apache-2.0
// Charts over time and the timeline: what they say, and what the mouse does in them.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/screen/run_model.hpp"
#include "tests/viz/readable.hpp"
#include "viz/figure/cairo_painter.hpp"
#include "viz/screen/panels/time_chart.hpp"

namespace jt {
namespace {

using Draw = void (*)(Ui&, const Rect&, const ScreenModel&, ViewState&);

// One panel, frame after frame, with a mouse.
struct ChartStage {
    Rect at{8, 8, 1036, 300};
    CairoPainter painter{1060, 330};
    Input input;
    UiMemory memory;
    ViewState view;
    std::vector<FigureItem> items;
    const Theme* theme = &grey_theme();

    void frame(Draw draw, const ScreenModel& model) {
        painter.rectangle({0, 0, 1060, 330}, theme->background);
        Scribe scribe(painter);
        Ui ui(scribe, *theme, input, memory);
        draw(ui, at, model, view);
        if (!input.down[0]) memory.active.clear();
        items = scribe.items();
        input.pressed = input.released = {};
        input.wheel = 0.0, input.double_clicked = false;
    }
    const FigureItem& item(std::string_view id) const {
        const auto* found = find(items, id);
        if (!found) throw std::runtime_error("no text " + std::string(id));
        return *found;
    }
};

// The x at which a time stands, from two labels of the time axis.
double x_of(const ChartStage& stage, const std::string& chart, double t) {
    std::vector<std::pair<double, double>> known;
    for (const auto& item : stage.items)
        if (item.id.starts_with(chart + ".t.")) {
            // The number is centred at its tick, the unit stands behind it.
            if (item.text.find(' ') != std::string::npos) continue;
            known.push_back({std::stod(item.text), item.rect.centre().x});
        }
    const auto [t0, x0] = known.front();
    const auto [t1, x1] = known.back();
    return x0 + (t - t0) / (t1 - t0) * (x1 - x0);
}

TEST(TimeCharts, AreReadableInEveryState) {
    for (const Theme* theme : {&grey_theme(), &dark_theme()})
        for (const bool live : {false, true})
            for (const double t : {0.0, 5.0, 25.0, 50.0})
                for (const Rect at : {Rect{8, 8, 1036, 300}, {8, 8, 684, 210}, {8, 8, 514, 164}, {8, 8, 342, 150}})
                    for (const Draw draw : {&draw_temperature_chart, &draw_power_chart, &draw_micro_chart}) {
                        const auto run = made_up_run({.until = live ? t : 60.0});
                        run->at(t, live);
                        run->model.outlook = Outlook{t, 60.0, {{"id_ig", 1.33}}, 0, 0};
                        run->facts.scenario.target.id_ig = 1.25;
                        ChartStage stage;
                        stage.theme = theme, stage.at = at;
                        stage.view.bookmarks = {12.0};
                        stage.frame(draw, run->model);
                        expect_readable(stage.items, {0, 0, 1060, 330});
                        if (HasFailure()) FAIL() << "live " << live << " t " << t << " width " << at.w;
                    }
}

TEST(TimeCharts, SayWhatTheHistorySays) {
    const auto run = made_up_run();
    run->at(25.0);
    ChartStage stage;
    stage.frame(&draw_temperature_chart, run->model);
    EXPECT_EQ(stage.item("temperature.time").text, "25.0 s");
    EXPECT_EQ(stage.item("temperature.value.T_mean_K").value, run->history.at("T_mean_K", 25.0));
    EXPECT_EQ(stage.item("temperature.value.T_mean_K").text, "T mean 998 °C");
    EXPECT_EQ(stage.item("temperature.value.T_max_K").value, run->history.at("T_max_K", 25.0));
    EXPECT_EQ(stage.item("temperature.value.reading").value, run->history.at("reading_K", 25.0));
    EXPECT_EQ(stage.item("temperature.2.value.dev_mean").text, "T mean −2.0 K");
    EXPECT_EQ(stage.item("temperature.dev.cursor").text, "25.0 s");
    EXPECT_EQ(find(stage.items, "temperature.dev.now"), nullptr);
    stage.view.kelvin = true;
    stage.frame(&draw_temperature_chart, run->model);
    EXPECT_EQ(stage.item("temperature.value.T_mean_K").text, "T mean 1271 K");
    EXPECT_EQ(stage.item("temperature.title").text, "Temperature, K");
    stage.frame(&draw_power_chart, run->model);
    EXPECT_EQ(stage.item("power.value.current_A").value, run->history.at("current_A", 25.0));
    EXPECT_EQ(stage.item("power.value.current_A").text, "21.0 A");
    stage.frame(&draw_micro_chart, run->model);
    EXPECT_EQ(stage.item("micro.value.id_ig").value, run->history.at("id_ig", 25.0));
    EXPECT_NE(stage.item("micro.value.id_ig").text.find("±0.10"), std::string::npos);
}

TEST(TimeCharts, AReadingAtTheFloorIsNone) {
    const auto run = made_up_run();
    run->at(3.0);
    ChartStage stage;
    stage.frame(&draw_temperature_chart, run->model);
    EXPECT_EQ(stage.item("temperature.value.reading").text, "reading below 570 °C");
    EXPECT_FALSE(stage.item("temperature.value.reading").value);
}

TEST(TimeCharts, UnderTheMouseAreTheValuesOfThatTime) {
    const auto run = made_up_run();
    run->at(25.0);
    ChartStage stage;
    stage.frame(&draw_temperature_chart, run->model);
    stage.input.mouse = {x_of(stage, "temperature.dev", 35.0), 100.0};
    stage.frame(&draw_temperature_chart, run->model);
    stage.frame(&draw_temperature_chart, run->model);
    const auto& time = stage.item("temperature.time");
    EXPECT_EQ(time.state, "mouse");
    ASSERT_TRUE(time.value);
    EXPECT_NEAR(*time.value, 35.0, 0.1);
    EXPECT_EQ(stage.item("temperature.value.T_mean_K").value, run->history.at("T_mean_K", *time.value));
    stage.input.mouse = {x_of(stage, "temperature.dev", 40.0), 100.0};
    stage.frame(&draw_temperature_chart, run->model);
    stage.frame(&draw_temperature_chart, run->model);
    EXPECT_EQ(stage.item("temperature.event").text, "40.0 s: cooling");
    stage.input.mouse = {1, 1};
    stage.frame(&draw_temperature_chart, run->model);
    stage.frame(&draw_temperature_chart, run->model);
    EXPECT_EQ(stage.item("temperature.time").state, "cursor");
}

TEST(TimeCharts, AnOvershootOfOnePercentIsMoreThanFivePixels) {
    const auto with = made_up_run({.overshoot = 0.01}), without = made_up_run();
    for (const Rect at : {Rect{8, 8, 1036, 300}, {8, 8, 684, 210}}) {
        ChartStage stage;
        stage.at = at;
        with->at(60.0);
        stage.frame(&draw_temperature_chart, with->model);
        const double zero = stage.item("temperature.dev.y.1").rect.centre().y;
        ASSERT_EQ(stage.item("temperature.dev.y.1").text, "0");
        const double twenty = stage.item("temperature.dev.y.2").rect.centre().y;
        ASSERT_EQ(stage.item("temperature.dev.y.2").text, "20");
        const double per_kelvin = (zero - twenty) / 20.0;
        EXPECT_GT(per_kelvin * 10.0, 5.0);
        // And it is drawn there: dark where T mean is 8 K above, not where it is without.
        const int x = int(std::lround(x_of(stage, "temperature.dev", 15.0)));
        const auto darkest = [&] {
            const Image picture = stage.painter.pixels();
            int dark = 255;
            for (int dx = -1; dx <= 1; ++dx)
                for (int dy = -1; dy <= 1; ++dy)
                    dark = std::min<int>(dark, picture.at(x + dx, int(std::lround(zero - 8.0 * per_kelvin)) + dy).g);
            return dark;
        };
        EXPECT_LT(darkest(), 100);
        ChartStage plain;
        plain.at = at;
        without->at(60.0);
        plain.frame(&draw_temperature_chart, without->model);
        const Image picture = plain.painter.pixels();
        EXPECT_GT(picture.at(x, int(std::lround(zero - 10.5 * per_kelvin))).g, 100);
    }
}

TEST(TimeCharts, DeviationsWidenOnlyWhereTheWholeDwellIsOutside) {
    const auto run = made_up_run();
    History cold(run->history.columns());
    for (std::size_t n = 0; n < run->history.times().size(); ++n) {
        std::vector<double> row;
        for (const auto& c : run->history.columns()) row.push_back(run->history.column(c)[n]);
        row[1] -= 60.0, row[3] = std::max(843.15, row[3] - 60.0);
        cold.append(run->history.times()[n], row);
    }
    run->model.history = &cold;
    run->at(25.0);
    ChartStage stage;
    stage.frame(&draw_temperature_chart, run->model);
    EXPECT_EQ(stage.item("temperature.dev.y.0").text, "−100");
}

TEST(TimeCharts, DragSetsTheCursorAndStopsFollowing) {
    const auto run = made_up_run({.until = 30.0});
    run->at(30.0, true);
    ChartStage stage;
    stage.frame(&draw_temperature_chart, run->model);
    const double x10 = x_of(stage, "temperature.dev", 10.0), x50 = x_of(stage, "temperature.dev", 50.0);
    stage.input.mouse = {x10, 100}, stage.input.down[0] = stage.input.pressed[0] = true;
    stage.frame(&draw_temperature_chart, run->model);
    EXPECT_FALSE(stage.view.follow);
    EXPECT_NEAR(stage.view.cursor_s, 10.0, 0.1);
    stage.input.mouse = {(x10 + x50) / 2 - (x50 - x10) / 4, 900};  // wherever the mouse goes
    stage.frame(&draw_temperature_chart, run->model);
    EXPECT_NEAR(stage.view.cursor_s, 20.0, 0.1);
    stage.input.mouse = {x50, 100};
    stage.frame(&draw_temperature_chart, run->model);
    EXPECT_EQ(stage.view.cursor_s, 30.0);  // there is nothing later yet
}

TEST(TimeCharts, TheWheelZoomsAboutTheMouseWithinTheRun) {
    const auto run = made_up_run();
    run->at(25.0);
    ChartStage stage;
    stage.frame(&draw_micro_chart, run->model);
    const double x = x_of(stage, "micro.mean", 20.0);
    stage.input.mouse = {x, 150}, stage.input.wheel = 3.0;
    stage.frame(&draw_micro_chart, run->model);
    ASSERT_TRUE(stage.view.time_view);
    const auto [from, to] = *stage.view.time_view;
    EXPECT_GT(from, 0.0);
    EXPECT_LT(to, 60.0);
    EXPECT_NEAR((20.0 - from) / (to - from), 20.0 / 60.0, 0.01);
    // Pan with the right button, as far as the run goes.
    stage.input.down[1] = stage.input.pressed[1] = true;
    stage.frame(&draw_micro_chart, run->model);
    stage.input.mouse.x += 50;
    stage.frame(&draw_micro_chart, run->model);
    EXPECT_LT((*stage.view.time_view)[0], from);
    EXPECT_NEAR((*stage.view.time_view)[1] - (*stage.view.time_view)[0], to - from, 1e-9);
    stage.input.mouse.x += 5000;
    stage.frame(&draw_micro_chart, run->model);
    EXPECT_NEAR((*stage.view.time_view)[0], 0.0, 1e-12);
    stage.input.down[1] = false, stage.input.mouse.x = x;
    for (int n = 0; n < 50; ++n) stage.input.wheel = 5.0, stage.frame(&draw_micro_chart, run->model);
    EXPECT_NEAR((*stage.view.time_view)[1] - (*stage.view.time_view)[0], 0.06, 1e-9);
    stage.input.double_clicked = true;
    stage.frame(&draw_micro_chart, run->model);
    EXPECT_FALSE(stage.view.time_view);
    stage.input.wheel = -5.0;
    stage.frame(&draw_micro_chart, run->model);
    EXPECT_FALSE(stage.view.time_view);
}

TEST(TimeCharts, AWindowOfNonsenseIsTheWholeRun) {
    const auto run = made_up_run();
    ViewState view;
    for (const auto bad : {std::array<double, 2>{std::nan(""), 3.0}, {5.0, 5.0}, {9.0, 2.0}}) {
        view.time_view = bad;
        EXPECT_EQ(time_window(run->model, view).start, 0.0);
        EXPECT_EQ(time_window(run->model, view).end, 60.0);
    }
    view.time_view = {-100.0, 20.0};
    EXPECT_GE(time_window(run->model, view).start, 0.0);
    EXPECT_LE(time_window(run->model, view).end, 60.0);
}

TEST(TimeCharts, ALostValueIsStaleWithItsAge) {
    const auto run = made_up_run({.until = 30.0});
    std::vector<double> row(run->history.columns().size(), std::nan(""));
    run->history.append(34.0, row);
    run->link();
    run->at(34.0, true);
    ChartStage stage;
    stage.frame(&draw_temperature_chart, run->model);
    const auto& mean = stage.item("temperature.value.T_mean_K");
    EXPECT_EQ(mean.state, "stale");
    EXPECT_NEAR(mean.age_s.value(), 4.0, 1e-9);
    EXPECT_EQ(mean.colour, grey_theme().invalid);
    bool hatched = false;
    for (const auto& item : stage.items)
        if (item.id.starts_with("temperature.T.label.") && item.state == "stale") {
            hatched = true;
            EXPECT_NEAR(item.age_s.value(), 4.0, 1e-9);
            EXPECT_NE(item.text.find("s old"), std::string::npos);
        }
    EXPECT_TRUE(hatched);
    stage.frame(&draw_power_chart, run->model);
    EXPECT_EQ(stage.item("power.value.current_A").state, "stale");
}

TEST(TimeCharts, AnAxisStaysWhileDataStayWithinIt) {
    EXPECT_EQ(steady_range(21.0, 987.0), steady_range(25.0, 999.0));
    EXPECT_EQ(steady_range(21.0, 987.0), (std::array<double, 2>{0.0, 1000.0}));
    EXPECT_EQ(steady_range(0.0, 1.0)[0], 0.0);
    const auto flat = steady_range(5.0, 5.0);
    EXPECT_LT(flat[0], 5.0);
    EXPECT_GT(flat[1], 5.0);
    EXPECT_LT(steady_range(std::nan(""), 1.0)[0], steady_range(std::nan(""), 1.0)[1]);
}

TEST(TimeCharts, AnHourAtHundredHertzIsDrawn) {
    const auto run = made_up_run({.until = 59.999, .every = 60.0 / 360000.0});
    ASSERT_GE(run->history.times().size(), 359990u);
    run->at(25.0);
    ChartStage stage;
    for (const Draw draw : {&draw_temperature_chart, &draw_power_chart, &draw_micro_chart}) {
        stage.frame(draw, run->model);
        expect_readable(stage.items, {0, 0, 1060, 330});
    }
    EXPECT_EQ(stage.item("micro.value.id_ig").value, run->history.at("id_ig", 25.0));
}

TEST(TimeCharts, WithoutARunTheySayWhy) {
    ScreenModel empty;
    empty.source.text = "Connecting to 127.0.0.1:5703";
    for (const Draw draw : {&draw_temperature_chart, &draw_power_chart, &draw_micro_chart, &draw_timeline}) {
        ChartStage stage;
        stage.at = {8, 8, 900, 164};
        stage.input.mouse = {300, 80}, stage.input.down[0] = stage.input.pressed[0] = true, stage.input.wheel = 1.0;
        stage.frame(draw, empty);
        expect_readable(stage.items, {0, 0, 1060, 330});
        bool said = false;
        for (const auto& item : stage.items) said = said || item.text.find("Connecting") != std::string::npos;
        EXPECT_TRUE(said);
    }
    // Facts, but no row yet; and a run without a heater.
    const auto run = made_up_run();
    History none(run->history.columns());
    run->model.history = &none, run->model.frame_times = nullptr, run->model.events = nullptr;
    run->facts.scenario.heater.reset();
    for (const Draw draw : {&draw_temperature_chart, &draw_power_chart, &draw_micro_chart, &draw_timeline}) {
        ChartStage stage;
        stage.at = {8, 8, 1036, 84};
        stage.frame(draw, run->model);
        expect_readable(stage.items, {0, 0, 1060, 330});
    }
}

TEST(Timeline, DragScrubsAndABookmarkIsJumpedTo) {
    const auto run = made_up_run();
    run->at(60.0);
    ChartStage stage;
    stage.at = {8, 8, 1036, 84};
    stage.view.bookmarks = {33.3};
    stage.frame(&draw_timeline, run->model);
    expect_readable(stage.items, {0, 0, 1060, 330});
    EXPECT_EQ(stage.item("timeline.live").text, "END");
    EXPECT_EQ(stage.item("timeline.segment.1").text, "hold 1000 °C");
    const double x20 = x_of(stage, "timeline", 20.0);
    stage.input.mouse = {x20, 30}, stage.input.down[0] = stage.input.pressed[0] = true;
    stage.frame(&draw_timeline, run->model);
    EXPECT_NEAR(stage.view.cursor_s, 20.0, 0.3);
    EXPECT_FALSE(stage.view.follow);
    stage.input.mouse.x = x_of(stage, "timeline", 45.0);
    stage.frame(&draw_timeline, run->model);
    EXPECT_NEAR(stage.view.cursor_s, 45.0, 0.3);
    stage.input.down[0] = false, stage.input.released[0] = true;
    stage.frame(&draw_timeline, run->model);
    stage.input.mouse.x = x_of(stage, "timeline", 33.3) + 3.0;
    stage.input.down[0] = stage.input.pressed[0] = true;
    stage.frame(&draw_timeline, run->model);
    EXPECT_EQ(stage.view.cursor_s, 33.3);
}

TEST(Timeline, ButtonsPlayAndGoLive) {
    const auto run = made_up_run({.until = 30.0});
    run->at(30.0, true);
    ChartStage stage;
    stage.at = {8, 8, 1036, 64};
    stage.frame(&draw_timeline, run->model);
    expect_readable(stage.items, {0, 0, 1060, 330});
    EXPECT_EQ(stage.item("timeline.live").text, "LIVE");
    EXPECT_EQ(stage.item("timeline.live").state, "on");
    const auto click = [&](Point p) {
        stage.input.mouse = p, stage.input.down[0] = stage.input.pressed[0] = true;
        stage.frame(&draw_timeline, run->model);
        stage.input.down[0] = false, stage.input.released[0] = true;
        stage.frame(&draw_timeline, run->model);
    };
    click({stage.at.x + 12 + 17, stage.at.centre().y});  // pause
    EXPECT_FALSE(stage.view.follow);
    run->model.live = false;
    click({stage.item("timeline.faster").rect.centre()});
    EXPECT_EQ(stage.view.play_speed, 2.0);
    EXPECT_EQ(stage.item("timeline.live").state, "off");
    click(stage.item("timeline.live").rect.centre());
    EXPECT_TRUE(stage.view.follow);
}

}  // namespace
}  // namespace jt
