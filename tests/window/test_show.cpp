// SPDX-License-Identifier: Apache-2.0
// The window, driven by a script on a virtual display.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/screen/fake_source.hpp"
#include "tests/window/virtual_display.hpp"
#include "viz/screen/gl/glfw_window.hpp"
#include "viz/screen/gl/screen_app.hpp"
#include "viz/screen/panels/screen_picture.hpp"

namespace jt {
namespace {

Input key(Action action) {
    Input input;
    for (const auto& entry : action_table())
        if (entry.action == action) input.keys.push_back(entry.chord);
    return input;
}

std::filesystem::path empty_folder(const std::string& name) {
    const auto folder = std::filesystem::path(testing::TempDir()) / name;
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    return folder;
}

ShowOptions small_window() {
    ShowOptions o;
    o.width = 1280, o.height = 720;
    o.close_after_s = 60.0;  // of a script that hangs
    return o;
}

TEST(Show, KeysReachTheirActionsAndQuitEnds) {
    WITH_DISPLAY();
    FakeSource source;
    auto o = small_window();
    ViewState at_end;
    o.closed = [&](const ViewState& view) { at_end = view; };
    const Action order[] = {Action::theme, Action::tab_4, Action::kelvin, Action::to_start, Action::quit};
    int frames = 0;
    o.script = [&](const ScriptFrame& f) {
        frames = f.index + 1;
        if (f.index == 0) {
            EXPECT_EQ(f.view.theme, ThemeId::grey);
        } else if (f.index == 1) {
            EXPECT_EQ(f.view.theme, ThemeId::dark);
        } else if (f.index == 4) {
            EXPECT_EQ(f.model.cursor_s, 0.0);
        }
        ScriptStep step;
        if (f.index < 5) step.input = key(order[f.index]);
        step.end = f.index >= 20;
        return step;
    };
    show(source, o);
    EXPECT_EQ(frames, 6);  // the one that quits is the last
    EXPECT_EQ(at_end.tab, 4);
    EXPECT_TRUE(at_end.kelvin);
}

TEST(Show, AWindowIsResizedAndItsFontsFollowTheScale) {
    WITH_DISPLAY();
    FakeSource source;
    auto o = small_window();
    bool wide = false;
    double largest_scale = 0.0;
    o.script = [&](const ScriptFrame& f) {
        ScriptStep step;
        if (f.index == 0) step.resize = {{1600, 900}};
        wide = wide || (f.width * f.scale == 1600.0 && f.height * f.scale == 900.0);
        if (wide) step.input = key(Action::larger);
        largest_scale = std::max(largest_scale, f.scale);
        step.end = (wide && f.scale >= 1.2) || f.index > 2000;
        return step;
    };
    show(source, o);
    EXPECT_TRUE(wide);
    EXPECT_NEAR(largest_scale, 1.2, 1e-9);
}

TEST(Show, PicturesAreNumberedAndNeverOverwritten) {
    WITH_DISPLAY();
    FakeSource source;
    source.own_facts().name = "a/b c";
    auto o = small_window();
    o.session.folder = empty_folder("show_pictures");
    std::string notice;
    o.script = [&](const ScriptFrame& f) {
        ScriptStep step;
        if (f.index < 2) step.input = key(Action::picture);
        if (f.index == 3) notice = f.model.notice;
        step.end = f.index == 4;
        return step;
    };
    show(source, o);
    const auto folder = o.session.folder / "screens";
    for (const char* name : {"screen_a_b_c_60.00s.png", "screen_a_b_c_60.00s_2.png", "screen_a_b_c_60.00s_2.json"})
        EXPECT_TRUE(std::filesystem::exists(folder / name)) << name;
    EXPECT_THAT(notice, testing::HasSubstr("_2.png"));
    std::ifstream in(folder / "screen_a_b_c_60.00s.json");
    EXPECT_EQ(nlohmann::json::parse(in)["size"], (std::vector<int>{1280, 720}));
}

TEST(Show, APictureThatCannotBeWrittenIsANotice) {
    WITH_DISPLAY();
    FakeSource source;
    auto o = small_window();
    o.session.folder = empty_folder("show_no_picture");
    std::ofstream(o.session.folder / "screens") << "a file where the folder should be";
    std::string notice;
    o.script = [&](const ScriptFrame& f) {
        ScriptStep step;
        if (f.index == 0) step.input = key(Action::picture);
        notice = f.model.notice;
        step.end = f.index == 3;
        return step;
    };
    show(source, o);
    EXPECT_THAT(notice, testing::HasSubstr("No picture"));
}

TEST(Show, AStillScreenIsNotDrawnAgain) {
    WITH_DISPLAY();
    FakeSource source;
    auto o = small_window();
    o.close_after_s = 1.5;
    ShowStatistics statistics;
    o.statistics = &statistics;
    show(source, o);
    // The first one, the fields, what the window asks for when it opens, the minute of the clock.
    EXPECT_LE(statistics.frames, 8);
    EXPECT_GE(statistics.frames, 1);
    EXPECT_GE(statistics.polls, 1);
}

TEST(Show, AnInterruptEndsIt) {
    WITH_DISPLAY();
    FakeSource source;
    auto o = small_window();
    int asked = 0;
    o.interrupted = [&] { return ++asked > 3; };
    show(source, o);
    EXPECT_EQ(asked, 4);
}

TEST(Show, WithoutADisplayItNamesTheVariable) {
    const char* before = std::getenv("DISPLAY");
    const std::string kept = before ? before : "";
    FakeSource source;
    for (const char* name : {"", ":98765"}) {
        ::setenv("DISPLAY", name, 1);
        try {
            show(source, small_window());
            ADD_FAILURE() << "there is a display " << name;
        } catch (const DeviceError& error) {
            EXPECT_THAT(error.what(), testing::HasSubstr("DISPLAY"));
            EXPECT_THAT(error.what(), testing::HasSubstr(name));
        }
    }
    before ? ::setenv("DISPLAY", kept.c_str(), 1) : ::unsetenv("DISPLAY");
}

TEST(Keys, AreTakenByWhatIsPrintedOnThem) {
    EXPECT_EQ(key_from_glfw('Y', "z"), key_of('Z'));  // a German keyboard
    EXPECT_EQ(key_from_glfw('Q', nullptr), key_of('Q'));
    EXPECT_EQ(key_from_glfw('Q', "\xC3\xB6"), key_of('Q'));
    EXPECT_EQ(key_from_glfw(334, "+"), key_of('+'));  // of the number pad
    EXPECT_EQ(key_from_glfw(335, nullptr), ScreenKey::enter);
    EXPECT_EQ(key_from_glfw(259, nullptr), ScreenKey::backspace);
    EXPECT_EQ(key_from_glfw(300, nullptr), ScreenKey::f11);
    EXPECT_EQ(key_from_glfw(32, nullptr), ScreenKey::space);
    EXPECT_EQ(key_from_glfw(341, nullptr), std::nullopt);  // Ctrl alone
    EXPECT_EQ(key_from_glfw(-1, nullptr), std::nullopt);
}

}  // namespace
}  // namespace jt
