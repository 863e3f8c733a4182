// SPDX-License-Identifier: Apache-2.0
// The screen of a live twin: every state can be read, says what the source has, and marks what is old.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>

#include "tests/screen/fake_twin.hpp"
#include "tests/viz/readable.hpp"
#include "viz/figure/cairo_painter.hpp"
#include "viz/screen/panels/screen_session.hpp"

namespace jt {
namespace {

using testing::HasSubstr;

struct Scene {
    std::string name;
    double until;
    std::function<void(FakeTwin&)> change;
};
std::vector<Scene> scenes() {
    return {{"ramp", 4.0, [](FakeTwin&) {}},
            {"dwell", 23.0, [](FakeTwin&) {}},
            {"cooling", 50.0, [](FakeTwin&) {}},
            {"lost_sensor", 23.0, [](FakeTwin& f) { f.lose_sensor(); }},
            {"refused", 23.0, [](FakeTwin& f) { f.refuse(); }},
            {"misfit", 23.0, [](FakeTwin& f) { f.misfit(); }},
            {"near_limit", 23.0, [](FakeTwin& f) { f.near_limit(); }},
            {"degraded", 23.0,
             [](FakeTwin& f) {
                 f.facts_of_twin().degradation = 2;
                 f.facts_of_twin().message = "8 of 16 members, every second reading";
             }},
            {"held", 23.0, [](FakeTwin& f) { f.facts_of_twin().heater.phase = HeaterFacts::Phase::holding; }},
            {"tripped", 23.0,
             [](FakeTwin& f) {
                 f.facts_of_twin().heater.phase = HeaterFacts::Phase::tripped;
                 f.facts_of_twin().heater.message = "over-temperature at the pyrometer, 1051 \u00b0C";
             }},
            {"stale", 23.0, [](FakeTwin& f) { f.expire(); }},
            {"disconnected", 23.0, [](FakeTwin& f) { f.disconnect(); }},
            {"waiting", 23.0, [](FakeTwin& f) { f.waiting(); }}};
}

struct Screen {
    FakeTwin source;
    CairoPainter painter;
    double scale;
    std::unique_ptr<ScreenSession> session;
    std::vector<FigureItem> items;
    double width, height, wall_s = 100.0;

    explicit Screen(const Scene& scene, int w = 1920, int h = 1080, double s = 1.0, ViewState view = {})
        : source(scene.until), painter(int(w * s), int(h * s), s), scale(s), width(w), height(h) {
        scene.change(source);
        SessionOptions options;
        options.view = view;
        session = std::make_unique<ScreenSession>(source, options);
        warm_up();
        if (source.facts()) source.extend(scene.until + 0.6), scene.change(source);
        wall_s += 2.0;  // what has a delay has had it
        warm_up();
        wall_s += 0.1;
        frame();
    }
    // A window too small for anything: the model and the alarms are formed, next to nothing is drawn.
    void warm_up() {
        session->poll(wall_s);
        Input input;
        input.wall_s = wall_s;
        session->frame(painter, 200, 100, input);
    }
    ScreenSession::Drawn frame(Input input = {}) {
        session->poll(wall_s);
        input.wall_s = wall_s;
        auto drawn = session->frame(painter, width, height, input);
        items = drawn.items;
        return drawn;
    }
    std::string text(std::string_view id) const {
        const auto* item = find(items, id);
        return item ? item->text : "(nothing)";
    }
    const FigureItem& item(std::string_view id) const {
        const auto* found = find(items, id);
        if (!found) throw std::runtime_error("no text " + std::string(id));
        return *found;
    }
    void keep(const std::string& name) const {
        if (const char* folder = std::getenv("JT_PICTURES")) painter.write_png(std::filesystem::path(folder) / (name + ".png"));
    }
};

const Scene& scene(const std::string& name) {
    static const auto all = scenes();
    for (const auto& one : all)
        if (one.name == name) return one;
    throw std::runtime_error("no scene " + name);
}

TEST(TwinScreen, EveryStateIsReadableAtEverySizeInBothThemes) {
    for (const Scene& one : scenes())
        for (const auto& [w, h] : {std::pair{1920, 1080}, {1280, 720}})
            for (const int tab : {2, 3, 5, 6}) {
                if (tab == 5 && one.name != "dwell") continue;
                ViewState view;
                view.tab = tab;
                view.theme = (tab + w / 640) % 2 ? ThemeId::grey : ThemeId::dark;
                SCOPED_TRACE(one.name + " " + std::to_string(w) + " tab " + std::to_string(tab));
                Screen s(one, w, h, 1.0, view);
                expect_readable(s.items, {0, 0, double(w), double(h)});
                s.keep(one.name + "_" + std::to_string(w) + "_" + std::to_string(tab));
            }
}

TEST(TwinScreen, IsReadableInAWindowOf4KAtEitherScale) {
    ViewState view;
    view.tab = 3;
    Screen twice(scene("dwell"), 1920, 1080, 2.0, view);
    expect_readable(twice.items, {0, 0, 1920, 1080});
    Screen large(scene("lost_sensor"), 3840, 2160, 1.0, view);
    expect_readable(large.items, {0, 0, 3840, 2160});
    EXPECT_NE(find(large.items, "innovations.title"), nullptr);  // there is room for it
    large.keep("lost_sensor_3840_3");
}

TEST(TwinScreen, ShowsTheTwinsNumbersWithTheirBands) {
    Screen s(scene("dwell"));
    const double t = s.session->model().newest_s, half = FakeTwin::half_K(t);
    EXPECT_EQ(s.item("tile.T_mean").value, FakeTwin::mean_K(t));
    const auto band = s.session->model().band("T_mean_K");
    ASSERT_TRUE(band);
    EXPECT_NEAR(band->half(), half, 1e-9);
    EXPECT_EQ(s.text("tile.T_mean.after"), "±2");
    EXPECT_EQ(s.text("header.sensors"), "sensors 5/5");
    EXPECT_EQ(s.text("header.latency"), "latency 45 ms");
    EXPECT_EQ(s.item("header.source").state, "live");
    // The forecast's median and half of its band at its end.
    const auto& last = s.source.facts_of_twin().forecast->points.back().bands.at("T_max_K");
    EXPECT_EQ(s.item("temperature.value.forecast.T_max_K").value, last[1]);
    EXPECT_THAT(s.text("temperature.value.forecast.T_max_K"), HasSubstr("±12"));
    // What the fit may be off by and what the members differ by: 25 and 8.
    EXPECT_EQ(s.item("tile.capacity").value, 304.0);
    EXPECT_EQ(s.text("tile.capacity.after"), "±30");
    // The probe's band is that of its cell: 1.645 times 3.5 K.
    EXPECT_THAT(s.text("probe.T_K"), HasSubstr("±6"));
    EXPECT_EQ(s.item("alarm.text").state, "none");
}

TEST(TwinScreen, SensorsTabShowsInnovationsVerdictsAndCounters) {
    ViewState view;
    view.tab = 2;
    Screen s(scene("lost_sensor"), 1920, 1080, 1.0, view);
    const auto& sensors = s.source.facts_of_twin().sensors;
    EXPECT_EQ(s.item("sensors.1.1").value, sensors[0].reading);
    EXPECT_EQ(s.item("sensors.1.2").value, sensors[0].predicted);
    EXPECT_EQ(s.item("sensors.1.3").value, sensors[0].innovation);
    EXPECT_EQ(s.text("sensors.1.3"), "−0.5 K");
    EXPECT_EQ(s.text("sensors.1.4"), "±2.1");
    EXPECT_EQ(s.text("sensors.1.6"), "+1.2 ±3.4");
    EXPECT_EQ(s.text("sensors.1.7"), "accepted");
    EXPECT_EQ(s.text("sensors.1.9"), "1150 of 1153; 3 late");
    EXPECT_EQ(s.item("sensors.2.7").state, "lost");
    EXPECT_EQ(s.text("sensors.2.7"), "LOST");
    EXPECT_EQ(s.text("sensors.2.1"), "—");
    EXPECT_EQ(s.item("sensors.2.8").age_s, 2.4);
    EXPECT_EQ(s.item("sensors.2.8").colour, grey_theme().invalid);
    EXPECT_EQ(s.text("header.sensors"), "sensors 4/5");
    EXPECT_EQ(s.item("bed.pin.2").state, "stale");
    EXPECT_THAT(s.text("alarm.text"), HasSubstr("tc_left lost"));
    Screen low(scene("ramp"), 1920, 1080, 1.0, view);
    EXPECT_EQ(low.text("sensors.1.7"), "below floor");
    EXPECT_EQ(low.item("alarm.text").state, "none");
}

TEST(TwinScreen, EstimateTabTellsWhatIsIdentifiedAndWhyNot) {
    ViewState view;
    view.tab = 3;
    Screen s(scene("dwell"), 1920, 1080, 1.0, view);
    EXPECT_EQ(s.item("estimate.contact.end.value").value, 0.71);
    EXPECT_EQ(s.text("estimate.conductivity.value"), "×1.46");
    EXPECT_EQ(s.text("estimate.conductivity.band"), "1.31 to 1.62");
    EXPECT_EQ(s.item("estimate.emissivity.state").state, "identified");
    EXPECT_EQ(s.item("estimate.bed.sigma.state").state, "not identified");
    EXPECT_EQ(s.text("estimate.bed.sigma.note"), "only as a product with contact.end");
    EXPECT_EQ(s.item("nis.value.nis").value, s.session->model().history->at("nis", s.session->model().newest_s));
    Screen off(scene("misfit"), 1920, 1080, 1.0, view);
    EXPECT_EQ(off.item("nis.value.misfit").state, "bad");
    EXPECT_EQ(off.item("estimate.emissivity.state").state, "not identified");
    EXPECT_THAT(off.text("alarm.text"), HasSubstr("Model misfit: NIS 3.1"));
}

TEST(TwinScreen, WhatIsOldIsMarkedEverywhere) {
    for (const char* name : {"stale", "disconnected"}) {
        SCOPED_TRACE(name);
        ViewState view;
        view.tab = 2;
        Screen s(scene(name), 1920, 1080, 1.0, view);
        const double age = s.source.facts_of_twin().age_s;
        for (const char* id :
             {"tile.T_mean", "tile.T_max", "tile.phase", "tile.capacity", "tile.current", "tile.voltage", "tile.power",
              "tile.resistance", "tile.crowding", "tile.spread", "bed.time", "slice.0.age", "slice.1.age", "slice.2.age",
              "probe.time", "sensors.1.1", "sensors.5.1", "temperature.value.forecast"}) {
            const auto* item = find(s.items, id);
            ASSERT_TRUE(item) << id;
            EXPECT_EQ(item->state, "stale") << id;
            EXPECT_GE(item->age_s.value_or(age), age - 1e-9) << id;
        }
        EXPECT_EQ(find(s.items, "header.sensors"), nullptr);
        EXPECT_EQ(s.item("header.source").colour, grey_theme().invalid);
        EXPECT_EQ(s.item("sensors.1.7").text, "unknown");
    }
    // The run goes on though nothing comes: "now" moves, lines do not.
    Screen s(scene("disconnected"));
    EXPECT_NEAR(s.session->model().now_s(), s.session->model().newest_s + 4.2, 1e-9);
    EXPECT_EQ(s.text("bed.lost.0"), "The link to the twin is lost");
    EXPECT_THAT(s.text("bed.lost.advice.0"), HasSubstr("tried again"));
}

TEST(TwinScreen, AHealthyLiveScreenIsGreyButForTheBlueOfForecasts) {
    for (const char* name : {"ramp", "dwell", "cooling"})
        for (const ThemeId theme : {ThemeId::grey, ThemeId::dark}) {
            ViewState view;
            view.theme = theme, view.tab = 3;
            Screen s(scene(name), 1920, 1080, 1.0, view);
            const Layout layout = layout_of(1920, 1080);
            const Image picture = s.painter.pixels();
            std::size_t loud = 0;
            for (int y = 0; y < picture.height; ++y)
                for (int x = 0; x < picture.width; ++x) {
                    const auto in = [&](const Rect& r) { return x >= r.x && x < r.right() && y >= r.y && y < r.bottom(); };
                    if (in(layout.bed) || in(*layout.slices[0]) || in(*layout.slices[1]) || in(*layout.slices[2])) continue;
                    const Colour c = picture.at(x, y);
                    const int most = std::max({c.r, c.g, c.b}), least = std::min({c.r, c.g, c.b});
                    const double saturation = most > 0 ? double(most - least) / most : 0.0;
                    if (saturation > 0.35 && !(c.b == most && c.r == least)) ++loud;
                }
            EXPECT_EQ(loud, 0u) << name;
        }
}

AlarmPriority priority(const Screen& s, const std::string& id) {
    for (const auto& alarm : s.session->model().alarms->list())
        if (alarm.condition.id == id) return alarm.condition.priority;
    return AlarmPriority(0);
}

TEST(TwinAlarms, ALimitThatIsLikelyCrossedIsToldWithProbabilityAndTime) {
    Screen s(scene("near_limit"));
    EXPECT_EQ(s.text("alarm.text"), "T max inside: 95 % above 1050 °C in 4.1 s");
    EXPECT_EQ(priority(s, "T_near"), AlarmPriority::high);
    Screen maybe({"maybe", 23.0, [](FakeTwin& f) { f.near_limit(0.2); }});
    EXPECT_EQ(priority(maybe, "T_near"), AlarmPriority::low);
    // Near the limit, and the twin is sure that it will not be crossed: no alarm.
    Screen never({"never", 23.0, [](FakeTwin& f) { f.near_limit(0.01); }});
    EXPECT_EQ(priority(never, "T_near"), AlarmPriority(0));
    // A forecast that is old tells nothing.
    Screen old({"old", 23.0, [](FakeTwin& f) { f.near_limit(), f.expire(); }});
    EXPECT_THAT(old.text("alarm.text"), HasSubstr("Twin silent for 2.1 s"));
    EXPECT_EQ(priority(old, "T_near"), AlarmPriority(0));
}

TEST(TwinAlarms, EachBadDayHasItsOwn) {
    const auto id_of = [](const Screen& s) {
        const auto all = s.session->model().alarms->list();
        return all.empty() ? std::string() : all.front().condition.id;
    };
    EXPECT_EQ(id_of(Screen(scene("dwell"))), "");
    EXPECT_EQ(id_of(Screen(scene("cooling"))), "");
    EXPECT_EQ(id_of(Screen(scene("lost_sensor"))), "sensor.tc_left");
    EXPECT_EQ(id_of(Screen(scene("degraded"))), "degraded");
    EXPECT_EQ(id_of(Screen(scene("tripped"))), "tripped");
    EXPECT_EQ(id_of(Screen(scene("refused"))), "command");
    EXPECT_EQ(id_of(Screen(scene("disconnected"))), "lost");
    Screen all({"all", 23.0, [](FakeTwin& f) {
                    for (auto& one : f.facts_of_twin().sensors) one.lost = true, one.verdict = "lost", one.age_s = 4.0;
                }});
    EXPECT_EQ(id_of(all), "sensors");
    EXPECT_EQ(all.session->model().alarms->list().size(), 1u);  // said once
    Screen silent(
        {"silent", 23.0, [](FakeTwin& f) { f.facts_of_twin().heater.heard = false, f.facts_of_twin().heater.age_s = 3.5; }});
    EXPECT_EQ(id_of(silent), "heater");
    EXPECT_EQ(silent.text("header.heater"), "heater silent 3.5 s");
    Screen feedback({"feedback", 23.0, [](FakeTwin& f) {
                         auto& one = f.facts_of_twin().sensors[0];
                         one.lost = true, one.verdict = "stuck", one.age_s = 5.0;
                     }});
    EXPECT_EQ(id_of(feedback), "sensor.pyrometer");
    EXPECT_EQ(priority(feedback, "sensor.pyrometer"), AlarmPriority::high);
}

TEST(TwinAlarms, AnAbortThatIsNotConfirmedIsUrgent) {
    const auto aborted = [](HeaterCommand::State state, double age) {
        return Screen({"abort", 23.0, [=](FakeTwin& f) {
                           f.control_of_heater().now = HeaterCommand{HeaterVerb::abort, state, "", age, "x"};
                       }});
    };
    EXPECT_EQ(priority(aborted(HeaterCommand::State::sent, 1.0), "abort"), AlarmPriority(0));
    EXPECT_EQ(priority(aborted(HeaterCommand::State::sent, 2.5), "abort"), AlarmPriority::urgent);
    EXPECT_EQ(priority(aborted(HeaterCommand::State::refused, 0.5), "abort"), AlarmPriority::urgent);
    EXPECT_EQ(priority(aborted(HeaterCommand::State::unanswered, 9.0), "abort"), AlarmPriority::urgent);
    EXPECT_EQ(priority(aborted(HeaterCommand::State::confirmed, 9.0), "abort"), AlarmPriority(0));
}

Input held(Action action, bool pressed) {
    Input input;
    for (const auto& entry : action_table())
        if (entry.action == action) {
            if (pressed) input.keys.push_back(entry.chord);
            input.held.push_back(entry.chord);
        }
    return input;
}

TEST(HeaterCommands, AbortIsOneKeyHeldForASecondAndGivenOnce) {
    Screen s(scene("dwell"));
    auto& control = s.source.control_of_heater();
    s.frame(held(Action::stop_run, true));
    s.wall_s += 0.9;
    s.frame(held(Action::stop_run, false));
    EXPECT_TRUE(control.given.empty());
    s.wall_s += 0.05;
    s.frame();  // let go
    s.wall_s += 1.0;
    s.frame();
    EXPECT_TRUE(control.given.empty());
    s.frame(held(Action::stop_run, true));
    for (int n = 0; n < 5; ++n) {
        s.wall_s += 0.6;
        s.frame(held(Action::stop_run, false));
    }
    EXPECT_THAT(control.given, testing::ElementsAre(HeaterVerb::abort));
}

TEST(HeaterCommands, WhatIsCommandedAndWhatIsConfirmedStandApart) {
    ViewState view;
    view.tab = 6;
    Screen s(scene("dwell"), 1920, 1080, 1.0, view);
    auto& control = s.source.control_of_heater();
    EXPECT_EQ(s.item("run.confirmed").state, "running");
    EXPECT_EQ(s.item("run.commanded").state, "none");
    s.frame(held(Action::hold_heater, true));
    EXPECT_THAT(control.given, testing::ElementsAre(HeaterVerb::hold));
    s.frame();
    EXPECT_EQ(s.item("run.confirmed").state, "running");
    EXPECT_EQ(s.item("run.commanded").state, "commanded");
    EXPECT_THAT(s.text("run.commanded"), HasSubstr("not yet confirmed"));
    control.now->state = HeaterCommand::State::confirmed;
    s.source.facts_of_twin().heater.phase = HeaterFacts::Phase::holding;
    s.frame();
    EXPECT_EQ(s.item("run.confirmed").state, "held");
    EXPECT_EQ(s.item("run.commanded").state, "confirmed");
    EXPECT_EQ(s.text("tile.phase"), "PAUSED");
    EXPECT_EQ(s.text("run.hold"), "Resume");
    s.frame(held(Action::hold_heater, true));
    EXPECT_EQ(control.given.back(), HeaterVerb::resume);
    control.now->state = HeaterCommand::State::refused, control.now->reason = "the interlock is open";
    s.frame();
    s.frame();
    EXPECT_EQ(s.item("run.commanded").state, "refused");
    EXPECT_THAT(s.text("run.commanded"), HasSubstr("REFUSED"));
    EXPECT_THAT(s.text("probe.notice"), HasSubstr("Resume refused: the interlock is open"));
    // Nothing is sent without a link.
    const std::size_t given = control.given.size();
    s.source.disconnect();
    s.frame(held(Action::start_heater, true));
    EXPECT_EQ(control.given.size(), given);
    s.frame();
    EXPECT_THAT(s.text("probe.notice"), HasSubstr("Not sent: no link"));
}

TEST(HeaterCommands, TheMouseAbortsByHoldingTheButton) {
    ViewState view;
    view.tab = 6;
    Screen s(scene("dwell"), 1920, 1080, 1.0, view);
    auto& control = s.source.control_of_heater();
    Input press;
    press.mouse = s.item("run.abort").rect.centre(), press.down[0] = press.pressed[0] = true;
    s.frame(press);
    press.pressed[0] = false;
    s.wall_s += 0.7;
    s.frame(press);
    EXPECT_EQ(s.item("run.abort").state, "held");
    EXPECT_TRUE(control.given.empty());
    for (int n = 0; n < 4; ++n) s.wall_s += 0.4, s.frame(press);
    EXPECT_THAT(control.given, testing::ElementsAre(HeaterVerb::abort));
}

TEST(HeaterCommands, AProgramOfTheWhatIfTableIsChosenAndThenSent) {
    ViewState view;
    view.tab = 5;
    Screen s(scene("dwell"), 1920, 1080, 1.0, view);
    auto& control = s.source.control_of_heater();
    const auto click = [&](const std::string& id) {
        Input press;
        press.mouse = s.item(id).rect.centre(), press.down[0] = press.pressed[0] = true;
        s.frame(press);
        press.down[0] = press.pressed[0] = false, press.released[0] = true;
        s.frame(press);
        s.frame();
    };
    click("what_if.send");
    EXPECT_TRUE(control.given.empty());  // nothing is chosen
    click("what_if.1.3");                // 50 K hotter, as long
    EXPECT_EQ(s.item("what_if.1.3").state, "chosen");
    EXPECT_THAT(s.text("what_if.command.0"), HasSubstr("To be sent: hold 1050 °C"));
    expect_readable(s.items, {0, 0, 1920, 1080});
    s.keep("what_if_1920");
    EXPECT_TRUE(control.given.empty());
    click("what_if.send");
    EXPECT_THAT(control.given, testing::ElementsAre(HeaterVerb::program));
    EXPECT_NEAR(control.program.at(35.0), 1323.15, 1e-6);
    EXPECT_NEAR(control.program.at(5.0), FakeSource::program_K(5.0), 1e-6);
}

TEST(TwinScreen, ARunWithoutATwinHasNothingOfIt) {
    FakeSource plain(30.0, true);
    CairoPainter painter(1920, 1080);
    ScreenSession session(plain, {});
    Input input;
    session.poll(1.0);
    const auto drawn = session.frame(painter, 1920, 1080, input);
    EXPECT_EQ(session.model().twin, nullptr);
    EXPECT_EQ(session.model().forecast(), nullptr);
    EXPECT_FALSE(session.model().band("T_mean_K"));
    EXPECT_EQ(find(drawn.items, "header.latency"), nullptr);
    EXPECT_EQ(find(drawn.items, "tile.T_mean.after"), nullptr);
}

}  // namespace
}  // namespace jt
