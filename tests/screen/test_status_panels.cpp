// SPDX-License-Identifier: Apache-2.0
// Header, alarm line, tab of alarms, tiles, probe line, overview: what they say, and that it can be read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "../viz/readable.hpp"
#include "status_fixture.hpp"
#include "viz/screen/panels/badge.hpp"
#include "viz/screen/panels/value_text.hpp"

namespace jt {
namespace {

using testing::HasSubstr;

constexpr std::pair<int, int> kSizes[] = {{1920, 1080}, {1280, 720}, {1180, 660}, {2560, 1440}};

std::string text_of(const StatusFrame& frame, std::string_view id) {
    const auto* item = find(frame.scribe.items(), id);
    return item ? item->text : "(nothing)";
}
std::string state_of(const StatusFrame& frame, std::string_view id) {
    const auto* item = find(frame.scribe.items(), id);
    return item ? item->state : "(nothing)";
}

void hot_inside(StatusFixture::Row& row) {
    if (row.t >= 21.0) row.T_max = StatusFixture::kLimit + 12.0;
}
void hot_and_blind(StatusFixture::Row& row) {
    hot_inside(row);
    if (row.t > 25.0) row.reading = std::nan("");
}

// Everything a screen may have to say, by name.
std::vector<std::pair<std::string, std::shared_ptr<StatusFixture>>> scenes() {
    std::vector<std::pair<std::string, std::shared_ptr<StatusFixture>>> all;
    const auto add = [&](const std::string& name, double end, const std::function<void(StatusFixture::Row&)>& change = {}) {
        all.emplace_back(name, std::make_shared<StatusFixture>(end, change));
        return all.back().second.get();
    };
    add("ramp", 5.0)->watch();
    add("dwell", 23.0)->watch();
    add("cooling", 57.0)->watch();
    add("finished", 60.0)->finish(22.0);
    auto* f = add("alarm", 30.0, hot_and_blind);
    f->events = {{22.0, "filamentation: the current gathers"},
                 {23.0, "31 cells are outside the range that the microstructure is fitted for (Th"}};
    f->watch();
    f = add("acknowledged", 30.0, hot_and_blind);
    f->events = {{22.0, "filamentation: the current gathers"},
                 {23.0, "31 cells are outside the range that the microstructure is fitted for (Th"}};
    f->watch();
    for (const char* id : {"T_limit", "feedback"}) f->book.acknowledge(id);
    f->book.shelve("filament");
    f = add("moment", 60.0, hot_and_blind);
    f->finish(30.0);
    f = add("stale", 23.0);
    f->model.source.age_s = 4.2;
    f->watch();
    f = add("lost", 23.0);
    f->model.source.kind = SourceState::Kind::broken, f->model.source.age_s = 190.0;
    f->model.source.text = "run.h5 is damaged";
    f->watch();
    f = add("tripped", 30.0, [](auto& row) {
        if (row.t > 25.0) row.current = row.voltage = row.power = 0.0, row.resistance = row.crowding = std::nan("");
    });
    f->events = {{25.0, "temperature limit of 1150 degC reached: the current is switched off"}};
    f->watch();
    f = add("connecting", -1.0);
    f->model.facts = nullptr, f->model.frame = nullptr, f->model.outlook.reset();
    f->model.source = {SourceState::Kind::connecting, "asked", "wait", "127.0.0.1:5703", 0.0};
    f->model.live = false, f->model.status = {};
    f = add("long", 23.0);
    f->facts.name = "a run with a name that somebody has written a whole sentence into, which goes on and on";
    f->model.source.name = "LIVE /home/operator/experiments/2026/march/series/with/many/folders/and/one/more/run";
    f->facts.device = "cpu AVX-512, 96 threads of a very large machine";
    f->facts.material_names[1] = "a_material_with_a_long_name_that_goes_on";
    f->model.notice = "picture written to /home/operator/experiments/2026/march/series/with/many/folders/picture_000123.png";
    f->watch();
    f = add("bare", 23.0);
    f->facts.scenario.heater.reset();
    f->history = History({"T_mean_K", "T_max_K", "T_spread_K"});
    f->history.append(23.0, std::vector<double>{1200.0, 1300.0, 0.2});
    f->model.outlook.reset(), f->model.status = {};
    f->watch();
    return all;
}

TEST(StatusPanels, EveryStateIsReadableAtEverySizeInBothThemes) {
    for (const auto& [name, f] : scenes())
        for (const auto& [width, height] : kSizes)
            for (const ThemeId theme : {ThemeId::grey, ThemeId::dark})
                for (const bool overview : {false, true}) {
                    if (overview && name != "dwell") continue;
                    SCOPED_TRACE(name + " " + std::to_string(width) + (theme == ThemeId::dark ? " dark" : " grey"));
                    StatusFrame frame(width, height);
                    frame.input.wall_s = 100.2;
                    f->view.theme = theme, f->view.overview = overview;
                    frame.draw(*f);
                    if (!overview) expect_readable(frame.scribe.items(), {0, 0, double(width), double(height)});
                    frame.keep((overview ? "overview" : name) + "_" + std::to_string(width) +
                               (theme == ThemeId::dark ? "_dark" : "_grey"));
                }
}

TEST(StatusPanels, TheOverviewShowsEveryKeyInFull) {
    for (const auto& [width, height] : kSizes) {
        SCOPED_TRACE(width);
        StatusFrame frame(width, height);
        StatusFixture f(10.0);
        Ui ui(frame.scribe, grey_theme(), frame.input, frame.memory);
        draw_overview(ui, frame.layout.window, f.view);
        expect_readable(frame.scribe.items(), {0, 0, double(width), double(height)});
        for (const auto& entry : action_table()) {
            const std::string id = "overview." + std::to_string(int(entry.action));
            EXPECT_EQ(text_of(frame, id), entry.text);
            EXPECT_EQ(text_of(frame, id + ".key"), key_text(entry.chord));
        }
        EXPECT_EQ(text_of(frame, "overview.close"), "Esc or F1 closes");
    }
}

TEST(StatusPanels, AHealthyScreenIsGreyButForTheBlueOfForecasts) {
    for (const char* name : {"ramp", "dwell", "cooling", "finished"})
        for (const ThemeId theme : {ThemeId::grey, ThemeId::dark}) {
            const auto all = scenes();
            const auto f = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.first == name; })->second;
            StatusFrame frame;
            f->view.theme = theme;
            frame.draw(*f);
            const Image picture = frame.painter.pixels();
            std::size_t loud = 0;
            for (const Colour& c : picture.pixels) {
                const int most = std::max({c.r, c.g, c.b}), least = std::min({c.r, c.g, c.b});
                const double saturation = most > 0 ? double(most - least) / most : 0.0;
                const bool blue = c.b == most && c.r == least;  // selection and its edges
                if (saturation > 0.35 && !blue && c.a == 255) ++loud;
            }
            EXPECT_EQ(loud, 0U) << name;
        }
}

TEST(StatusPanels, TilesShowWhatTheModelHas) {
    StatusFixture f(23.0);
    StatusFrame frame;
    frame.draw(f);
    const auto row = [&](const char* column) { return *f.history.at(column, 23.0); };
    const auto* mean = find(frame.scribe.items(), "tile.T_mean");
    ASSERT_TRUE(mean);
    EXPECT_EQ(mean->text, "951");
    EXPECT_EQ(mean->value, row("T_mean_K"));
    EXPECT_EQ(mean->px, 48.0);
    EXPECT_EQ(text_of(frame, "tile.T_mean.unit"), "\u00b0C");
    EXPECT_EQ(text_of(frame, "tile.T_max"), "1029");
    EXPECT_EQ(text_of(frame, "tile.phase"), "HOLD 17");
    EXPECT_EQ(text_of(frame, "tile.phase.unit"), "s left");
    EXPECT_EQ(text_of(frame, "tile.capacity"), "304");
    EXPECT_EQ(text_of(frame, "tile.capacity.after"), "\u00b125");
    EXPECT_EQ(find(frame.scribe.items(), "tile.capacity")->value, 304.2);
    EXPECT_EQ(text_of(frame, "tile.current"), "22.3");
    EXPECT_EQ(text_of(frame, "tile.voltage"), "4.52");
    EXPECT_EQ(text_of(frame, "tile.power"), "100.8");
    EXPECT_EQ(text_of(frame, "tile.resistance"), "202.6");
    EXPECT_EQ(text_of(frame, "tile.resistance.unit"), "m\u03a9");
    EXPECT_EQ(text_of(frame, "tile.crowding"), "1.31");
    f.view.kelvin = true;
    StatusFrame kelvin;
    kelvin.draw(f);
    EXPECT_EQ(text_of(kelvin, "tile.T_mean"), "1224");
    EXPECT_EQ(text_of(kelvin, "tile.T_mean.unit"), "K");
}

TEST(StatusPanels, WithoutAValueThereIsADashAndTheReason) {
    StatusFixture f(57.0);
    f.model.outlook.reset(), f.model.frame = nullptr;
    StatusFrame frame;
    frame.draw(f);
    EXPECT_EQ(text_of(frame, "tile.resistance"), kNoValue);
    EXPECT_EQ(text_of(frame, "tile.resistance.reason.0"), "no current");
    EXPECT_EQ(text_of(frame, "tile.capacity"), kNoValue);
    EXPECT_EQ(text_of(frame, "tile.capacity.reason.0"), "no fields yet");
    EXPECT_FALSE(find(frame.scribe.items(), "tile.capacity")->value);
    EXPECT_THAT(text_of(frame, "probe.none"), HasSubstr("no fields yet"));
    f.model.facts = nullptr;
    StatusFrame none;
    none.draw(f);
    for (const char* id : {"tile.T_mean", "tile.T_max", "tile.phase", "tile.capacity", "tile.current", "tile.spread"})
        EXPECT_EQ(text_of(none, id), kNoValue) << id;
    for (const auto& item : none.scribe.items()) {
        EXPECT_EQ(item.text.find("nan"), std::string::npos) << item.id;
        EXPECT_FALSE(item.id.starts_with("tile.") && item.text == "0") << item.id;
    }
}

TEST(StatusPanels, WhatIsOldSaysSoEverywhere) {
    StatusFixture f(23.0);
    f.model.source.age_s = 4.2;
    f.watch();
    StatusFrame frame;
    frame.draw(f);
    for (const char* id : {"tile.T_mean", "tile.T_max", "tile.phase", "tile.capacity", "tile.current", "tile.voltage",
                           "tile.power", "tile.resistance", "tile.crowding", "tile.spread"}) {
        EXPECT_EQ(state_of(frame, id), "stale") << id;
        ASSERT_TRUE(find(frame.scribe.items(), id)->age_s) << id;
        EXPECT_GE(*find(frame.scribe.items(), id)->age_s, 4.2) << id;
        EXPECT_EQ(find(frame.scribe.items(), id)->colour, grey_theme().invalid) << id;
    }
    EXPECT_EQ(text_of(frame, "tile.T_mean.aside"), "4.2 s old");
    EXPECT_EQ(state_of(frame, "header.source"), "stale");
    EXPECT_THAT(text_of(frame, "header.source"), HasSubstr("no data for 4.2 s"));
    EXPECT_EQ(text_of(frame, "alarm.badge.word"), "DATA");
    EXPECT_LE(frame.redraw_s, 1.0) << "an age grows";
    // A value that stays away while others come is old by itself.
    StatusFixture part(30.0, [](auto& row) {
        if (row.t > 26.0) row.T_max = std::nan("");
    });
    StatusFrame other;
    other.draw(part);
    EXPECT_EQ(state_of(other, "tile.T_max"), "stale");
    EXPECT_EQ(find(other.scribe.items(), "tile.T_max")->age_s, 4.0);
    EXPECT_EQ(state_of(other, "tile.T_mean"), "");
}

TEST(StatusPanels, PhasesFollowTheProgramAndTheTrip) {
    StatusFixture f(60.0);
    const auto phase = [&](double t) {
        f.finish(t);
        StatusFrame frame;
        frame.draw(f);
        return text_of(frame, "tile.phase") + " " + text_of(frame, "tile.phase.unit");
    };
    EXPECT_EQ(phase(0.0), "RAMP 10 s left");
    EXPECT_EQ(phase(9.0), "RAMP 1 s left");
    EXPECT_EQ(phase(10.0), "HOLD 30 s left");
    EXPECT_EQ(phase(44.0), "COOL 14 s left");
    EXPECT_EQ(phase(60.0), "END of the run");
    f.events = {{12.0, "temperature limit of 1150 degC reached: the current is switched off"}};
    EXPECT_EQ(phase(11.0), "HOLD 29 s left");
    EXPECT_EQ(phase(13.0), "OFF tripped at 12.0 s");
}

TEST(StatusPanels, TheHeaderDropsTheLeastImportantFirstAndNeverTheSource) {
    StatusFixture f(23.0);
    const std::vector<std::string> order{"header.device", "header.energy", "header.rate", "header.sensors", "header.recording"};
    std::size_t dropped_before = 0;
    for (const double width : {1920.0, 1280.0, 1000.0, 900.0, 800.0, 700.0, 600.0, 500.0}) {
        StatusFrame frame;
        Ui ui(frame.scribe, grey_theme(), frame.input, frame.memory);
        draw_header(ui, {0, 0, width, 44}, f.model, f.view);
        expect_readable(frame.scribe.items(), {0, 0, width, 44});
        std::size_t dropped = 0;
        while (dropped < order.size() && !find(frame.scribe.items(), order[dropped])) ++dropped;
        for (std::size_t n = dropped; n < order.size(); ++n) EXPECT_TRUE(find(frame.scribe.items(), order[n])) << order[n];
        EXPECT_GE(dropped, dropped_before);
        dropped_before = dropped;
        EXPECT_THAT(text_of(frame, "header.source"), HasSubstr("age 0.04 s"));
        EXPECT_EQ(text_of(frame, "header.clock"), "14:07:23");
        if (width >= 1280.0) {
            EXPECT_EQ(dropped, 0U) << width;
        }
    }
    EXPECT_GT(dropped_before, 0U);
}

TEST(StatusPanels, TheHeaderSaysWhatTheSourceIs) {
    StatusFixture f(23.0);
    const auto header = [&] {
        StatusFrame frame;
        frame.draw(f);
        return text_of(frame, "header.source");
    };
    EXPECT_EQ(header(), "LIVE in this process, age 0.04 s");
    f.finish(20.0);
    EXPECT_EQ(header(), "runs/jh, finished");
    f.model.status.phase = RunStatus::Phase::failed;
    EXPECT_EQ(header(), "runs/jh, failed");
    f.model.source.kind = SourceState::Kind::waiting;
    EXPECT_EQ(header(), "runs/jh, waiting");
    f.model.source.kind = SourceState::Kind::broken, f.model.source.age_s = 12.0;
    EXPECT_EQ(header(), "runs/jh, lost for 12 s");
    f.model.source.kind = SourceState::Kind::live, f.model.source.age_s = 0.5;
    EXPECT_EQ(header(), "LIVE runs/jh, age 0.50 s");
    StatusFrame frame;
    frame.draw(f);
    EXPECT_EQ(text_of(frame, "header.name"), "jh_1000_30");
    EXPECT_EQ(text_of(frame, "header.sensors"), "sensors 1/1");
    EXPECT_EQ(text_of(frame, "header.rate"), "\u00d73.2 real time");
    EXPECT_EQ(text_of(frame, "header.energy"), "energy 2\u00d710\u207b\u00b9\u2070");
    EXPECT_EQ(text_of(frame, "header.recording"), "REC 00:23");
}

// Clicks the middle of an item: press in one frame, release in the next.
void click(StatusFixture& f, std::string_view id) {
    StatusFrame look;
    look.draw(f);
    const auto* item = find(look.scribe.items(), id);
    ASSERT_TRUE(item) << id;
    UiMemory memory;
    for (const bool press : {true, false}) {
        StatusFrame frame;
        frame.memory = memory;
        frame.input.mouse = item->rect.centre();
        frame.input.pressed[0] = frame.input.down[0] = press, frame.input.released[0] = !press;
        frame.draw(f);
        memory = frame.memory;
    }
}

TEST(StatusPanels, TheAlarmLineShowsTheFirstAndAcknowledgesAndShelvesByMouse) {
    StatusFixture f(30.0, hot_and_blind);
    f.watch();
    StatusFrame frame;
    frame.draw(f);
    EXPECT_EQ(text_of(frame, "alarm.badge.word"), "URGENT");
    EXPECT_EQ(text_of(frame, "alarm.badge.number"), "1");
    EXPECT_THAT(text_of(frame, "alarm.text"), HasSubstr("above the limit"));
    EXPECT_THAT(text_of(frame, "alarm.first_out"), HasSubstr("first out 21.0 s"));
    EXPECT_EQ(text_of(frame, "alarm.count"), "1 of 2");
    EXPECT_EQ(state_of(frame, "alarm.text"), "not acknowledged");
    EXPECT_LE(frame.redraw_s, 0.51) << "it blinks";
    click(f, "alarm.acknowledge");
    StatusFrame seen;
    seen.draw(f);
    EXPECT_EQ(state_of(seen, "alarm.text"), "acknowledged");
    EXPECT_EQ(f.book.list()[1].state, AlarmState::unacknowledged);
    click(f, "alarm.shelve");
    StatusFrame shelved;
    shelved.draw(f);
    EXPECT_EQ(text_of(shelved, "alarm.badge.word"), "DATA");
    click(f, "alarm.text");
    EXPECT_EQ(f.view.tab, 1);
}

TEST(StatusPanels, TheListSelectsByMouseAndWheelAndShowsWhatToDo) {
    StatusFixture f(30.0, hot_and_blind);
    f.watch();
    click(f, "alarms.1.text");
    EXPECT_EQ(f.view.alarm_row, 1);
    StatusFrame frame;
    frame.draw(f);
    EXPECT_EQ(text_of(frame, "alarms.selected.do.head"), "Within 10 s");
    EXPECT_THAT(text_of(frame, "alarms.selected.do.0"), HasSubstr("Check the sensor"));
    click(f, "alarms.acknowledge");
    EXPECT_EQ(f.book.list()[0].state, AlarmState::unacknowledged);
    EXPECT_EQ(f.book.list()[1].state, AlarmState::acknowledged);
    StatusFrame wheel;
    wheel.input.mouse = wheel.layout.tabs.centre(), wheel.input.wheel = 1.0;
    wheel.draw(f);
    EXPECT_EQ(f.view.alarm_row, 0);
    f.view.alarm_row = 1000;
    StatusFrame bounded;
    bounded.draw(f);
    EXPECT_EQ(f.view.alarm_row, 1);
}

TEST(StatusPanels, ALongListIsCutAndSaysHowMuch) {
    StatusFixture f(23.0);
    std::vector<AlarmCondition> many;
    for (int n = 0; n < 30; ++n) {
        AlarmCondition one;
        one.id = "id" + std::to_string(n), one.text = "alarm number " + std::to_string(n), one.action = "look";
        many.push_back(one);
    }
    f.book.update(many, {100.0, 23.0, "14:07:23"});
    for (const auto& [width, height] : kSizes) {
        f.view.alarm_row = 15;
        StatusFrame frame(width, height);
        frame.draw(f);
        expect_readable(frame.scribe.items(), {0, 0, double(width), double(height)});
        EXPECT_TRUE(find(frame.scribe.items(), "alarms.15.text")) << width;
        EXPECT_THAT(text_of(frame, "alarms.more"), HasSubstr("below")) << width;
    }
}

TEST(StatusPanels, NoAlarmIsSaidOnlyWhereItIsKnown) {
    StatusFixture f(23.0);
    const auto line = [&] {
        StatusFrame frame;
        frame.draw(f);
        return text_of(frame, "alarm.text");
    };
    EXPECT_EQ(line(), "No active alarms");
    f.finish(23.0);
    EXPECT_EQ(line(), "No alarms at 23.0 s");
    f.model.facts = nullptr;
    EXPECT_THAT(line(), HasSubstr("not judged"));
}

TEST(StatusPanels, ShapesDifferWhereColoursMayNot) {
    // Without colour at all the four badges still differ.
    std::vector<std::vector<int>> grey;
    for (const auto& [priority, kind] : {std::pair{AlarmPriority::urgent, AlarmKind::process},
                                         {AlarmPriority::high, AlarmKind::process},
                                         {AlarmPriority::low, AlarmKind::process},
                                         {AlarmPriority::low, AlarmKind::validity}}) {
        StatusFrame frame(200, 100);
        Ui ui(frame.scribe, grey_theme(), frame.input, frame.memory);
        Alarm alarm;
        alarm.condition.priority = priority, alarm.condition.kind = kind, alarm.state = AlarmState::acknowledged;
        draw_badge(ui, {0, 0, kBadgeWidth, kBadgeHeight}, "b", alarm);
        std::vector<int> dark;  // pixels of the sign's outline
        const Image picture = frame.painter.pixels();
        for (int y = 3; y < int(kBadgeHeight) - 3; ++y)
            for (int x = 4; x < 38; ++x) {
                const Colour c = picture.at(x, y);
                dark.push_back(c.r + c.g + c.b < 200 ? 1 : 0);
            }
        grey.push_back(dark);
    }
    for (std::size_t a = 0; a < grey.size(); ++a)
        for (std::size_t b = 0; b < a; ++b) {
            int differ = 0;
            for (std::size_t n = 0; n < grey[a].size(); ++n) differ += grey[a][n] != grey[b][n];
            EXPECT_GT(differ, 30) << a << " " << b;
        }
}

TEST(StatusPanels, TheProbeLineSaysWhatIsInItsCell) {
    StatusFixture f(23.0);
    f.view.cell = {12, 7, 4};
    StatusFrame frame;
    frame.draw(f);
    EXPECT_EQ(text_of(frame, "probe.place"), "x 3.1  y 1.9  z 0.45 mm");
    EXPECT_EQ(text_of(frame, "probe.material"), "coconut char 600");
    EXPECT_EQ(text_of(frame, "probe.T_K"), "T 1002 \u00b0C");
    EXPECT_FLOAT_EQ(float(*find(frame.scribe.items(), "probe.T_K")->value), 1275.4F);
    EXPECT_EQ(text_of(frame, "probe.J_over_J0"), "|J|/J\u2080 1.31");
    EXPECT_EQ(text_of(frame, "probe.id_ig"), "I_D/I_G 1.25 \u00b10.10");
    EXPECT_EQ(text_of(frame, "probe.capacity_mAh_g"), "capacity 282 \u00b125 mAh/g");
    EXPECT_EQ(text_of(frame, "probe.time"), "fields of 23.0 s");
    EXPECT_EQ(text_of(frame, "probe.key.F1 keys"), "F1 keys");
    f.model.notice = "picture written to a.png";
    f.facts.in_product.assign(f.facts.extents.count(), false);
    auto hollow = std::make_shared<FieldFrame>(*f.model.frame);
    for (auto& [name, values] : hollow->fields) values.assign(values.size(), std::nanf(""));
    f.model.frame = hollow;
    StatusFrame other;
    other.draw(f);
    EXPECT_EQ(text_of(other, "probe.notice"), "picture written to a.png");
    EXPECT_FALSE(find(other.scribe.items(), "probe.key.F1 keys"));
    EXPECT_EQ(text_of(other, "probe.T_K"), std::string("T ") + kNoValue);
    EXPECT_FALSE(find(other.scribe.items(), "probe.id_ig"));
    // A field of another size is not read.
    auto odd = std::make_shared<FieldFrame>();
    odd->fields["T_K"] = {1.0F};
    f.model.frame = odd;
    StatusFrame last;
    last.draw(f);
    EXPECT_FALSE(find(last.scribe.items(), "probe.T_K"));
}

TEST(StatusPanels, AStillScreenAsksForNothingButItsClock) {
    StatusFixture f(60.0);
    f.finish(30.0);
    StatusFrame frame;
    frame.draw(f);
    EXPECT_GE(frame.redraw_s, 1.0);
    f.model.clock.clear();
    StatusFrame none;
    none.draw(f);
    EXPECT_TRUE(std::isinf(none.redraw_s));
}

TEST(ValueText, DigitsFollowTheQuantityAndItsUncertainty) {
    const auto shown = [](const char* name, double value, bool kelvin = false) {
        return shown_number(quantity(name), value, kelvin);
    };
    EXPECT_EQ(shown("T_K", 1273.15), "1000");
    EXPECT_EQ(shown("T_K", 1273.15, true), "1273");
    EXPECT_EQ(shown("T_K", 282.7), "10") << "9.55";
    EXPECT_EQ(shown("T_K", 273.0), "0");
    EXPECT_EQ(shown("T_K", 268.15), "\u22125");
    EXPECT_EQ(shown("id_ig", 1.2512), "1.25");
    EXPECT_EQ(shown("id_ig", 0.9951), "1.00");
    EXPECT_EQ(shown("d002_nm", 0.38073), "0.381");
    EXPECT_EQ(shown("capacity_mAh_g", 304.2), "304");
    EXPECT_EQ(shown("capacity_mAh_g", 9.7), "10");
    EXPECT_EQ(shown("La_nm", 2.64), "2.6");
    EXPECT_EQ(shown("ice_percent", 90.87), "90.9");
    EXPECT_EQ(shown("id_ig", -0.001), "0");
    EXPECT_EQ(shown("J_over_J0", 1.3049), "1.30");
    for (const char* name : {"T_K", "id_ig", "d002_nm", "capacity_mAh_g", "sigma_S_per_m"})
        for (const double value : {std::nan(""), std::numeric_limits<double>::infinity()})
            EXPECT_EQ(shown(name, value), kNoValue);
    for (const double huge : {1e300, -1.7e308, 1e-300}) EXPECT_FALSE(shown("d002_nm", huge).empty());
    for (const Quantity& q : quantities())
        if (q.uncertainty > 0.0) {
            // The uncertainty and the number end at the same decimal.
            const std::string number = shown_number(q, 12.3456789, true), spread = uncertainty_text(q);
            const auto decimals = [](const std::string& s) {
                return s.find('.') == std::string::npos ? std::size_t(0) : s.size() - s.find('.') - 1;
            };
            EXPECT_EQ(decimals(number), decimals(spread)) << q.name << " " << number << " " << spread;
        }
}

TEST(ValueText, NumbersOfTheSupplyAreWrittenAsAnInstrumentWould) {
    const auto text = [](const char* column, double value) {
        const ValueText t = value_text(column, value, false);
        return t.number + " " + t.unit;
    };
    EXPECT_EQ(text("current_A", 22.31), "22.3 A");
    EXPECT_EQ(text("current_A", 1e-7), "0 A");
    EXPECT_EQ(text("voltage_V", 4.524), "4.52 V");
    EXPECT_EQ(text("power_W", 100.84), "100.8 W");
    EXPECT_EQ(text("power_W", 23456.0), "23.46 kW");
    EXPECT_EQ(text("resistance_ohm", 0.20264), "202.6 m\u03a9");
    EXPECT_EQ(text("resistance_ohm", 9.2757), "9.276 \u03a9");
    EXPECT_EQ(text("resistance_ohm", 4.2e-5), "42.00 \u00b5\u03a9");
    EXPECT_EQ(text("T_spread_K", 9.13), "9.1 K");
    EXPECT_EQ(text("T_spread_K", 20.8), "21 K");
    EXPECT_EQ(text("T_spread_K", 1e-10), "0 K");
    EXPECT_EQ(age_text(0.04), "0.04 s");
    EXPECT_EQ(age_text(4.23), "4.2 s");
    EXPECT_EQ(age_text(17.4), "17 s");
    EXPECT_EQ(age_text(1800.0), "30 min");
    EXPECT_EQ(age_text(std::nan("")), kNoValue);
}

}  // namespace
}  // namespace jt
