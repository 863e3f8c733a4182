// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "tests/screen/run_model.hpp"
#include "tests/viz/readable.hpp"
#include "viz/figure/cairo_painter.hpp"
#include "viz/screen/panels/panels.hpp"
#include "viz/screen/state/spot.hpp"
#include "viz/screen/state/spread.hpp"
#include "viz/screen/state/what_if.hpp"

namespace jt {
namespace {

struct Control : RunControl {
    bool stopped = false;
    double asked = 1.0, runs = 1.0;
    void stop() override { stopped = true; }
    void set_rate(double rate) override { asked = rate; }
    bool stop_commanded() const override { return stopped; }
    double commanded_rate() const override { return asked; }
    double confirmed_rate() const override { return runs; }
};

struct Stage {
    CairoPainter painter{1920, 1080};
    Input input;
    UiMemory memory;
    ViewState view;
    std::vector<FigureItem> items;
    const Theme* theme = &grey_theme();
    double width = 1920, height = 1080;

    void frame(const ScreenModel& model) {
        Scribe scribe(painter);
        Ui ui(scribe, *theme, input, memory);
        draw_tabs(ui, layout_of(width, height), model, view);
        if (!input.down[0]) memory.active.clear();
        items = scribe.items();
        input.pressed = input.released = {};
    }
    const FigureItem& item(std::string_view id) const {
        const auto* found = find(items, id);
        if (!found) throw std::runtime_error("no text " + std::string(id));
        return *found;
    }
    void click(const ScreenModel& model, Point p) {
        input.mouse = p, input.down[0] = input.pressed[0] = true;
        frame(model);
        input.down[0] = false, input.released[0] = true;
        frame(model);
    }
};

TEST(Tabs, AllAreReadableAtEverySizeInBothThemes) {
    Control control;
    for (const auto& [w, h] : {std::pair{1920., 1080.}, {1280., 720.}, {1180., 660.}, {1600., 900.}})
        for (const Theme* theme : {&grey_theme(), &dark_theme()})
            for (int tab = 1; tab <= kTabs; ++tab)
                for (const bool live : {false, true})
                    for (const double t : {3.0, 25.0, 50.0}) {
                        const auto run = made_up_run({.until = live ? t : 60.0});
                        run->at(t, live);
                        run->model.outlook = Outlook{t, 60.0, {{"id_ig", 1.33}, {"capacity_mAh_g", 264.0}}, 200, 290};
                        run->facts.scenario.target.capacity_mAh_g = 300.0;
                        if (live) run->model.control = &control;
                        Stage stage;
                        stage.theme = theme, stage.width = w, stage.height = h, stage.view.tab = tab;
                        stage.frame(run->model);
                        expect_readable(stage.items, {0, 0, w, h});
                        if (HasFailure()) FAIL() << w << "x" << h << " tab " << tab << " live " << live << " t " << t;
                    }
}

TEST(Tabs, WithoutARunTheySayWhy) {
    ScreenModel empty;
    for (const auto& [w, h] : {std::pair{1920., 1080.}, {1280., 720.}})
        for (int tab = -1; tab <= kTabs + 1; ++tab) {
            Stage stage;
            stage.width = w, stage.height = h, stage.view.tab = tab;
            stage.frame(empty);
            expect_readable(stage.items, {0, 0, w, h});
        }
}

TEST(Tabs, AClickChoosesAndTheSeventhIsOfSmallWindows) {
    const auto run = made_up_run();
    run->at(25.0);
    Stage stage;
    stage.frame(run->model);
    EXPECT_EQ(stage.item("tabs.1").state, "on");
    EXPECT_EQ(find(stage.items, "tabs.7"), nullptr);
    stage.click(run->model, stage.item("tabs.4").rect.centre());
    EXPECT_EQ(stage.view.tab, 4);
    EXPECT_EQ(stage.item("tabs.4").state, "on");
    stage.view.tab = 7;
    stage.frame(run->model);
    EXPECT_EQ(stage.item("tabs.1").state, "on");
    stage.width = 1280, stage.height = 720;
    stage.frame(run->model);
    EXPECT_EQ(stage.item("tabs.7").state, "on");
    EXPECT_NE(find(stage.items, "power.title"), nullptr);
    EXPECT_NE(find(stage.items, "micro.title"), nullptr);
}

TEST(SensorsTab, ShowsReadingsAgainstTheModelAndWhatIsLost) {
    auto run = made_up_run({.lost_from = 20.0});
    run->at(15.0);
    Stage stage;
    stage.view.tab = 2;
    stage.frame(run->model);
    EXPECT_EQ(stage.item("sensors.1.0").text, "1 pyrometer");
    EXPECT_EQ(stage.item("sensors.1.3").value, run->history.at("reading_K", 15.0));
    const auto cells = cells_seen(run->facts.scenario.sensors[0], run->facts);
    ASSERT_FALSE(cells.empty());
    const double truth = *mean_over(*run->model.frame->find("T_K"), cells);
    EXPECT_DOUBLE_EQ(stage.item("sensors.1.4").value.value(), truth);
    EXPECT_DOUBLE_EQ(stage.item("sensors.1.5").value.value(), *run->history.at("reading_K", 15.0) - truth);
    EXPECT_EQ(stage.item("sensors.1.7").text, "ok");
    EXPECT_EQ(stage.item("sensors.2.3").text, "—");
    EXPECT_EQ(stage.item("sensors.2.7").text, "no reading");
    run->at(3.0);
    stage.frame(run->model);
    EXPECT_EQ(stage.item("sensors.1.7").text, "below floor");
    EXPECT_EQ(stage.item("sensors.1.3").text, "—");
    run->at(23.0);
    stage.frame(run->model);
    EXPECT_EQ(stage.item("sensors.1.3").state, "stale");
    EXPECT_NEAR(stage.item("sensors.1.3").age_s.value(), 3.1, 0.2);
    EXPECT_EQ(stage.item("sensors.1.7").text, "STALE");
    EXPECT_EQ(stage.item("sensors.1.7").colour, grey_theme().invalid);
}

TEST(Spot, APyrometerSeesTheFirstSolidCellsBelowItsSpot) {
    const auto run = made_up_run();
    const Sensor& pyrometer = run->facts.scenario.sensors[0];
    const Extents& e = run->facts.extents;
    const auto before = cells_seen(pyrometer, run->facts);
    ASSERT_EQ(before.size(), 4u);  // 2 mm about the middle of 8 x 6 cells of 1 mm
    for (const std::size_t c : before) EXPECT_GE(c, e.index(0, 0, e.nz - 1));
    run->facts.material[before.front()] = 0;  // a hole: it sees the cell below
    const auto after = cells_seen(pyrometer, run->facts);
    EXPECT_EQ(after.front(), before.front() - e.index(0, 0, 1));
    const auto inside = cells_seen(run->facts.scenario.sensors[1], run->facts);
    EXPECT_EQ(inside, (std::vector<std::size_t>{e.index(1, 1, 1)}));
}

TEST(ProductTab, ShowsTheFieldsOfItsFrame) {
    const auto run = made_up_run();
    run->at(25.0);
    run->model.outlook = Outlook{25.0, 60.0, {{"capacity_mAh_g", 264.0}}, 200, 290};
    run->facts.scenario.target.capacity_mAh_g = 300.0;
    Stage stage;
    stage.view.tab = 4;
    stage.frame(run->model);
    const auto& field = *run->model.frame->find("id_ig");
    double sum = 0.0;
    for (const float v : field) sum += double(v);
    EXPECT_NEAR(stage.item("product.id_ig.mean").value.value(), sum / double(field.size()), 1e-9);
    EXPECT_EQ(stage.item("product.end").value, 264.0);
    EXPECT_EQ(stage.item("product.end").text, "264 ±25, target 300");
    EXPECT_EQ(stage.item("product.ice").value, run->history.at("ice_percent", 25.0));
    EXPECT_EQ(stage.item("product.outside").value, 0.0);
    auto hot = std::make_shared<FieldFrame>(*run->model.frame);
    for (std::size_t c = 0; c < field.size() / 4; ++c) hot->fields["Th_K"][c] = 1900.0f;
    run->model.frame = hot;
    stage.frame(run->model);
    EXPECT_NEAR(stage.item("product.outside").value.value(), 0.25, 1e-6);
    EXPECT_EQ(stage.item("product.outside").state, "extrapolated");
}

TEST(Spread, WeighsByMassAndLeavesOthersOut) {
    const auto run = made_up_run();
    RunFacts& facts = run->facts;
    Material heavy = facts.scenario.materials[1];
    heavy.name = "heavy", heavy.density = Law::make_constant(1500.0);
    facts.scenario.materials.push_back(heavy), facts.material_names.push_back("heavy");
    std::vector<float> field(facts.extents.count(), 1.0f);
    const std::size_t half = field.size() / 2;
    for (std::size_t c = half; c < field.size(); ++c) field[c] = 2.0f, facts.material[c] = 2;
    Spread s = spread_of(field, facts, 10, 0.0, 1.5);
    EXPECT_NEAR(s.mean, 1.75, 1e-9);
    EXPECT_NEAR(s.outside, 0.75, 1e-9);
    EXPECT_NEAR(s.share.front(), 0.25, 1e-9);
    EXPECT_NEAR(s.share.back(), 0.75, 1e-9);
    for (std::size_t c = half; c < field.size(); ++c) facts.in_product[c] = false;
    s = spread_of(field, facts, 10, 0.0, 1.5);
    EXPECT_EQ(s.low, s.high);
    EXPECT_NEAR(s.mean, 1.0, 1e-12);
    std::fill(field.begin(), field.end(), std::nanf(""));
    EXPECT_FALSE(spread_of(field, facts, 10, 0.0, 1.0).any);
}

Program plan() {
    return {{0.0, 10.0, 40.0, 58.0}, {298.15, 1273.15, 1273.15, 373.15}};
}

TEST(WhatIf, AsPlannedIsThePlan) {
    for (const double now : {0.0, 5.0, 25.0}) {
        const auto same = what_if(plan(), now, 60.0, 0.0, 1.0);
        ASSERT_TRUE(same);
        EXPECT_NEAR(same->end_s, 60.0, 1e-9);
        for (double t = 0.05; t < 60.0; t += 0.1) EXPECT_NEAR(same->program.at(t), plan().at(t), 1e-6) << now << " " << t;
    }
}

TEST(WhatIf, ChangesWhatIsLeftOfTheHoldAlone) {
    const auto changed = what_if(plan(), 25.0, 60.0, 50.0, 2.0);
    ASSERT_TRUE(changed);
    EXPECT_NEAR(changed->end_s, 75.0, 1e-9);
    EXPECT_NEAR(changed->program.at(24.9), 1273.15, 1e-9);  // what was stays
    EXPECT_NEAR(changed->program.at(25.1), 1323.15, 1e-9);
    EXPECT_NEAR(changed->program.at(54.9), 1323.15, 1e-9);  // 15 s were left
    EXPECT_NEAR(changed->program.at(73.0), 373.15, 1e-9);
    const auto ahead = what_if(plan(), 5.0, 60.0, -100.0, 0.5);
    ASSERT_TRUE(ahead);
    EXPECT_NEAR(ahead->program.at(10.0), 1173.15, 1e-9);
    EXPECT_NEAR(ahead->end_s, 45.0, 1e-9);
    EXPECT_FALSE(what_if(plan(), 58.5, 58.0, 50.0, 1.0));
    EXPECT_EQ(set_option(Program{{0.0, 10.0}, {298.15, 1273.15}}),
              "--set 'heater.program={points=[[\"0 s\",\"298.15 K\"],[\"10 s\",\"1273.15 K\"]]}'");
}

TEST(WhatIf, TimesNeverDescend) {
    for (const double now : {0.0, 9.999, 10.0, 39.999})
        for (const double factor : {0.5, 1.0, 2.0}) {
            const auto changed = what_if(plan(), now, 60.0, 100.0, factor);
            ASSERT_TRUE(changed);
            for (std::size_t n = 1; n < changed->program.time.size(); ++n)
                EXPECT_GE(changed->program.time[n], changed->program.time[n - 1]) << now;
        }
}

TEST(RunTab, KeepsCommandedAndConfirmedApart) {
    Control control;
    const auto run = made_up_run({.until = 25.0});
    run->at(25.0, true);
    run->model.control = &control;
    Stage stage;
    stage.view.tab = 6;
    stage.frame(run->model);
    EXPECT_EQ(stage.item("run.program.1.0").state, "present");
    EXPECT_EQ(stage.item("run.program.1.5").text, "next in 15.0 s");
    EXPECT_EQ(stage.item("run.rate").state, "confirmed");
    stage.click(run->model, stage.item("run.faster").rect.centre());
    EXPECT_EQ(control.asked, 2.0);
    stage.frame(run->model);
    EXPECT_EQ(stage.item("run.rate").state, "commanded");
    EXPECT_NE(stage.item("run.rate").text.find("not yet confirmed"), std::string::npos);
    // Held for less than a second: nothing. Then for longer.
    stage.input.mouse = stage.item("run.stop").rect.centre();
    stage.input.down[0] = stage.input.pressed[0] = true;
    stage.frame(run->model);
    stage.input.wall_s = 0.5;
    stage.frame(run->model);
    EXPECT_FALSE(control.stopped);
    EXPECT_EQ(stage.item("run.stop").state, "held");
    stage.input.down[0] = false, stage.input.released[0] = true;
    stage.frame(run->model);
    stage.input.wall_s = 2.0;
    stage.frame(run->model);
    EXPECT_FALSE(control.stopped);
    stage.input.down[0] = stage.input.pressed[0] = true;
    stage.frame(run->model);
    stage.input.wall_s = 3.1;
    stage.frame(run->model);
    EXPECT_TRUE(control.stopped);
    stage.frame(run->model);
    EXPECT_EQ(stage.item("run.stopped").text, "end commanded at 14:07:23; not yet confirmed");
    run->model.clock = "14:07:29";
    run->at(25.0);
    stage.frame(run->model);
    EXPECT_EQ(stage.item("run.stopped").text, "end commanded at 14:07:23; confirmed");
    run->model.control = nullptr;
    stage.frame(run->model);
    EXPECT_EQ(stage.item("run.control.none.0").text, "A finished run: nothing to command.");
}

}  // namespace
}  // namespace jt
