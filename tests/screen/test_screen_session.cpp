// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/screen_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/screen/fake_source.hpp"
#include "viz/figure/cairo_painter.hpp"
#include "viz/screen/panels/screen_json.hpp"

namespace jt {
namespace {

struct Screen {
    FakeSource source;
    CairoPainter painter{1280, 720};
    std::unique_ptr<ScreenSession> session;
    double wall_s = 100.0;

    explicit Screen(SessionOptions options = {}, double until = FakeSource::kEnd, bool live = false) : source(until, live) {
        session = std::make_unique<ScreenSession>(source, std::move(options));
    }
    ScreenSession::Drawn frame(Input input = {}) {
        session->poll(wall_s);
        input.wall_s = wall_s;
        return session->frame(painter, 1280, 720, input);
    }
    ScreenSession::Drawn press(Action action, bool held = false) {
        Input input;
        for (const auto& entry : action_table())
            if (entry.action == action) {
                input.keys.push_back(entry.chord);
                if (held) input.held.push_back(entry.chord);
            }
        return frame(input);
    }
    const ScreenModel& model() const { return session->model(); }
    const ViewState& view() const { return session->view(); }
};

std::filesystem::path empty_folder(const std::string& name) {
    const auto folder = std::filesystem::path(testing::TempDir()) / name;
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    return folder;
}

TEST(ScreenSession, TheModelIsWhatTheSourceHas) {
    Screen s;
    s.frame(), s.frame();
    EXPECT_EQ(s.model().newest_s, 60.0);
    EXPECT_EQ(s.model().cursor_s, 60.0);
    EXPECT_EQ(s.model().end_s, 60.0);
    EXPECT_FALSE(s.model().live);
    EXPECT_EQ(s.model().shown("T_mean_K").value, FakeSource::program_K(60.0));
    ASSERT_TRUE(s.model().frame);
    EXPECT_EQ(s.model().frame->time_s, 60.0);
    EXPECT_TRUE(s.session->frame_arrived());
}

TEST(ScreenSession, FieldsOfTheViewAreAskedForAtTheCursor) {
    Screen s;
    s.frame();
    EXPECT_THAT(s.source.asked_fields, testing::UnorderedElementsAre("T_K", "id_ig", "J_over_J0", "Th_K"));
    s.press(Action::to_start);
    EXPECT_EQ(s.source.asked_s, 0.0);
    EXPECT_FALSE(s.session->frame_arrived());
    s.frame();
    EXPECT_TRUE(s.session->frame_arrived());
    s.source.deliver_fields = false;
    s.press(Action::previous_field);  // to the last one
    EXPECT_THAT(s.source.asked_fields, testing::Contains("capacity_mAh_g"));
    s.frame();
    EXPECT_FALSE(s.session->frame_arrived());
}

TEST(ScreenSession, PlayingMovesTheCursorAndEndsAtTheNewestRow) {
    Screen s;
    s.frame();
    s.press(Action::play);  // at the end: again from the start
    EXPECT_TRUE(s.view().playing);
    EXPECT_EQ(s.model().cursor_s, 0.0);
    s.wall_s += 0.25;
    EXPECT_LT(s.frame().redraw_s, 0.1);
    EXPECT_DOUBLE_EQ(s.model().cursor_s, 0.25);
    for (int n = 0; n < 4; ++n) s.press(Action::faster);
    s.wall_s += 0.5;
    s.frame();
    EXPECT_DOUBLE_EQ(s.model().cursor_s, 0.25 + 8.0);
    for (int n = 0; n < 20; ++n) s.wall_s += 0.5, s.frame();
    EXPECT_FALSE(s.view().playing);
    EXPECT_EQ(s.model().cursor_s, 60.0);
}

TEST(ScreenSession, AStillScreenOfAFinishedRunAsksForNothingButItsClock) {
    Screen s;
    s.frame(), s.frame();
    EXPECT_FALSE(s.session->poll(s.wall_s));
    const auto drawn = s.frame();
    EXPECT_GE(drawn.redraw_s, 0.0);
    EXPECT_LE(drawn.redraw_s, 60.0);
    EXPECT_EQ(s.model().clock.size(), 5u);  // no seconds that would stand still
    Screen live({}, 30.0, true);
    EXPECT_LE(live.frame().redraw_s, 0.25);
    EXPECT_TRUE(live.model().live);
    EXPECT_EQ(live.model().clock.size(), 8u);
}

TEST(ScreenSession, NumbersOfALiveRunChangeFourTimesASecond) {
    Screen s({}, 30.0, true);
    s.frame();
    EXPECT_EQ(s.model().shown("current_A").value, 23.0);
    s.source.add_rows(31.0), s.wall_s += 0.1;
    s.frame();
    EXPECT_EQ(s.model().cursor_s, 31.0);  // charts go on
    EXPECT_EQ(s.model().shown("current_A").value, 23.0);
    s.wall_s += 0.2;
    s.frame();
    EXPECT_EQ(s.model().shown("current_A").value, 20.0 + 0.1 * 31.0);
    s.press(Action::step_back);  // no longer live: at once
    EXPECT_EQ(s.model().shown("current_A").value, 20.0 + 0.1 * 30.0);
}

TEST(ScreenSession, TheRunIsEndedByAKeyThatIsHeldForASecond) {
    Screen s({}, 30.0, true);
    s.source.with_control = true;
    s.frame();
    s.press(Action::stop_run, true);
    s.wall_s += 0.9;
    EXPECT_LT(s.press(Action::stop_run, true).redraw_s, 0.1);
    EXPECT_TRUE(s.view().stop_held_since);
    EXPECT_FALSE(s.source.controls.told_to_stop);
    s.frame();  // let go
    EXPECT_FALSE(s.view().stop_held_since);
    s.wall_s += 0.2;
    s.press(Action::stop_run, true);
    EXPECT_FALSE(s.source.controls.told_to_stop);
    s.wall_s += 1.0;
    s.press(Action::stop_run, true);
    EXPECT_TRUE(s.source.controls.told_to_stop);
    s.frame();
    EXPECT_THAT(s.model().notice, testing::HasSubstr("told to end"));
}

TEST(ScreenSession, RatesGoUpToTheFastestAndDownToRealTime) {
    Screen s({}, 30.0, true);
    s.source.with_control = true;
    s.frame();
    for (const double rate : {2.0, 5.0, 10.0, 0.0, 0.0}) {
        s.press(Action::rate_up);
        EXPECT_EQ(s.source.controls.rate, rate);
    }
    for (const double rate : {10.0, 5.0, 2.0, 1.0, 1.0}) {
        s.press(Action::rate_down);
        EXPECT_EQ(s.source.controls.rate, rate);
    }
    s.source.with_control = false;
    s.press(Action::rate_up);
    EXPECT_EQ(s.source.controls.rate, 1.0);
    EXPECT_THAT(s.model().notice, testing::HasSubstr("cannot be changed"));
}

TEST(ScreenSession, ANoticeStaysForSixSeconds) {
    Screen s;
    s.frame();
    s.session->notice("done", s.wall_s);
    s.wall_s += 5.9;
    EXPECT_LE(s.frame().redraw_s, 0.11);
    EXPECT_EQ(s.model().notice, "done");
    s.wall_s += 0.2;
    EXPECT_TRUE(s.session->poll(s.wall_s));
    s.frame();
    EXPECT_EQ(s.model().notice, "");
    EXPECT_FALSE(s.session->poll(s.wall_s));
}

TEST(ScreenSession, ExportsGoBelowTheFolderAndSayWhere) {
    SessionOptions options;
    options.folder = empty_folder("session_exports");
    options.csv = [](const ScreenModel& model, const ViewState&, const std::filesystem::path& folder) {
        EXPECT_TRUE(std::filesystem::is_directory(folder));
        return (folder / "a.csv").string() + " at " + std::to_string(int(model.cursor_s));
    };
    options.vtk = [](const ScreenModel&, const ViewState&, const std::filesystem::path&) -> std::string {
        throw DiskError("no room");
    };
    Screen s(options);
    s.frame();
    s.press(Action::csv);
    EXPECT_EQ(s.model().notice, "Table written to " + (options.folder / "screens" / "a.csv").string() + " at 60");
    s.press(Action::vtk);
    EXPECT_EQ(s.model().notice, "Fields not written: no room");
}

TEST(ScreenSession, WhatOnlyAWindowCanDoIsHandedBack) {
    Screen s;
    EXPECT_TRUE(s.press(Action::quit).wishes.quit);
    EXPECT_TRUE(s.press(Action::full_screen).wishes.full_screen);
    EXPECT_TRUE(s.press(Action::picture).wishes.picture);
    const auto none = s.frame().wishes;
    EXPECT_FALSE(none.quit || none.full_screen || none.picture);
}

TEST(ScreenSession, FieldAndSliceAreChosenWhenTheRunIsKnown) {
    SessionOptions options;
    options.field = "id_ig", options.slice = {{0, 3}};
    Screen s(options);
    s.source.facts_known = false;
    s.frame();
    EXPECT_EQ(s.view().bed_field, "T_K");
    s.source.facts_known = true;
    s.frame();
    EXPECT_EQ(s.view().bed_field, "id_ig");
    EXPECT_EQ(s.view().normal, 0);
    EXPECT_EQ(*s.view().cell, (std::array<int, 3>{3, 6, 4}));
    EXPECT_TRUE(s.session->problems().empty());
    options.field = "phi_V", options.slice = {{2, 8}};
    Screen wrong(options);
    wrong.frame();
    ASSERT_EQ(wrong.session->problems().size(), 2u);
    EXPECT_THAT(wrong.session->problems()[0], testing::HasSubstr("there are T_K, J_over_J0"));
    EXPECT_THAT(wrong.session->problems()[1], testing::HasSubstr("from 0 to 7"));
    EXPECT_EQ(wrong.view().cell->at(2), 7);
}

TEST(ScreenSession, NothingIsKnownYetAndEveryKeyIsPressed) {
    Screen s;
    s.source.facts_known = false;
    s.source.shown_state = {SourceState::Kind::empty, "The folder holds no run.", "Start one.", "x", 0.0};
    for (const auto& entry : action_table()) s.press(entry.action);
    EXPECT_FALSE(s.model().facts);
    EXPECT_EQ(s.model().cursor_s, 0.0);
}

TEST(ScreenSession, FreeNamesAreNotTaken) {
    const auto folder = empty_folder("free_names");
    EXPECT_EQ(free_name(folder, "a", ".png"), folder / "a.png");
    std::ofstream(folder / "a.png") << 1;
    EXPECT_EQ(free_name(folder, "a", ".png"), folder / "a_2.png");
    std::filesystem::create_symlink("nowhere", folder / "a_2.png");  // a link that leads nowhere is taken, too
    EXPECT_EQ(free_name(folder, "a", ".png"), folder / "a_3.png");
}

TEST(ScreenJson, SaysWhatTheItemsSay) {
    Screen s;
    s.frame(), s.frame();
    CairoPainter painter(100, 100);
    Scribe scribe(painter);
    scribe.enter({0, 0, 100, 100}, hex(0x102030));
    scribe.write("a.value", "987 \xFF", {10, 20}, {18.0, Weight::medium, hex(0xFFEEDD)});
    scribe.note("stale", 1260.25, 3.5);
    scribe.write("b.none", "\u2014", {10, 60}, {18.0, Weight::regular, hex(0xFFEEDD)});
    scribe.note("", std::nan(""), std::nullopt);
    const auto json = screen_json(scribe.items(), s.model(), s.view(), {1920, 1080, 1.0, true, "r", "none"});
    const auto again = nlohmann::json::parse(json.dump());
    EXPECT_EQ(again["run"], "fake");
    EXPECT_EQ(again["cursor_s"], 60.0);
    EXPECT_EQ(again["size"], (std::vector<int>{1920, 1080}));
    const auto& a = again["items"][0];
    EXPECT_EQ(a["id"], "a.value");
    EXPECT_EQ(a["text"], "987 ?");
    EXPECT_EQ(a["rect"][0], 10.0);
    EXPECT_EQ(a["rect"][1], 20.0);
    EXPECT_EQ(a["px"], 18.0);
    EXPECT_EQ(a["weight"], "medium");
    EXPECT_EQ(a["colour"], "#FFEEDD");
    EXPECT_EQ(a["background"], "#102030");
    EXPECT_EQ(a["state"], "stale");
    EXPECT_EQ(a["value"], 1260.25);
    EXPECT_EQ(a["age_s"], 3.5);
    EXPECT_TRUE(again["items"][1]["value"].is_null());
}

}  // namespace
}  // namespace jt
