// SPDX-License-Identifier: Apache-2.0
// What is kept between sessions: it comes back, and nothing that stands in the file can do harm.
#include "viz/screen/state/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "tests/support/program.hpp"
#include "twin/quantity/quantity.hpp"

namespace jt {
namespace {

using test::Folder;
using testing::HasSubstr;
using testing::Not;

ViewState chosen() {
    ViewState v;
    v.theme = ThemeId::dark, v.font_scale = 1.3, v.kelvin = true, v.smooth = true, v.tab = 5;
    v.bed_field = "J_over_J0", v.micro_field = "capacity_mAh_g", v.bed_mode = BedMode::iso, v.streamlines = false;
    v.camera = {0.5, 0.25, 2.0, 0.125, -0.25};
    v.bookmarks = {1.5, 12.25};
    return v;
}

void expect_same(const ViewState& a, const ViewState& b) {
    EXPECT_EQ(a.theme, b.theme);
    EXPECT_EQ(a.font_scale, b.font_scale);
    EXPECT_EQ(a.kelvin, b.kelvin);
    EXPECT_EQ(a.smooth, b.smooth);
    EXPECT_EQ(a.tab, b.tab);
    EXPECT_EQ(a.bed_field, b.bed_field);
    EXPECT_EQ(a.micro_field, b.micro_field);
    EXPECT_EQ(a.bed_mode, b.bed_mode);
    EXPECT_EQ(a.streamlines, b.streamlines);
    EXPECT_EQ(a.camera, b.camera);
}

TEST(Settings, WhatWasChosenComesBackWithTheBookmarksOfItsRun) {
    const Folder folder;
    const auto file = folder.path() / "deep" / "er" / "screen.json";
    {
        Settings s(file);
        EXPECT_EQ(s.take_notice(), "");
        s.keep(chosen(), "runs/a", 0.0);
        ViewState other = chosen();
        other.bookmarks = {7.0};
        s.keep(other, "runs/b", 0.5);  // too early to be written; the end writes it
    }
    const Settings s(file);
    ViewState a, b, c;
    c.bookmarks = {3.0};
    c.follow = false, c.cursor_s = 4.0;
    s.restore(a, "runs/a");
    s.restore(b, "runs/b");
    s.restore(c, "runs/c");
    expect_same(a, chosen());
    EXPECT_EQ(a.bookmarks, (std::vector<double>{1.5, 12.25}));
    EXPECT_EQ(b.bookmarks, std::vector<double>{7.0});
    EXPECT_TRUE(c.bookmarks.empty());
    EXPECT_FALSE(c.follow);  // of the run at hand: left alone
    EXPECT_EQ(c.cursor_s, 4.0);
}

TEST(Settings, IsWrittenWhenSomethingHasChangedAndAtMostOnceASecond) {
    const Folder folder;
    const auto file = folder.path() / "screen.json";
    Settings s(file);
    ViewState v;
    s.keep(v, "", 10.0);
    EXPECT_FALSE(std::filesystem::exists(file));  // nothing has changed
    v.tab = 3;
    s.keep(v, "", 10.5);
    EXPECT_FALSE(std::filesystem::exists(file));
    s.keep(v, "", 11.1);
    const std::string first = folder.read("screen.json");
    EXPECT_THAT(first, HasSubstr("\"tab\": 3"));
    v.tab = 4;
    s.keep(v, "", 11.2);
    EXPECT_EQ(folder.read("screen.json"), first);
    s.write();
    EXPECT_THAT(folder.read("screen.json"), HasSubstr("\"tab\": 4"));
    EXPECT_EQ(folder.files(), 1u);  // nothing is left beside it
}

TEST(Settings, WhatIsOutOfRangeOrUnknownIsLeftOut) {
    const Folder folder;
    folder.write("screen.json", R"({"view": {"theme": "pink", "font_scale": 80, "kelvin": "yes", "tab": 99, "smooth": true,
        "bed_field": "no_such", "micro_field": 3, "bed_mode": "holographic", "camera": {"zoom": -1, "yaw": 0.75, "pitch": null},
        "cursor_s": 5, "evil": {"a": 1}}, "bookmarks": [{"folder": "/r", "times": [3, "x", 1, 1, null, 1e300]}, 7, {"folder": 3}],
        "unknown": [1, 2]})");
    Settings s(folder.path() / "screen.json");
    EXPECT_EQ(s.take_notice(), "");
    ViewState v, expected;
    expected.smooth = true, expected.camera.yaw = 0.75;
    s.restore(v, "/r");
    expect_same(v, expected);
    EXPECT_EQ(v.bookmarks, (std::vector<double>{1.0, 3.0}));
    EXPECT_EQ(v.cursor_s, 0.0);
    v.tab = 2;
    s.keep(v, "/r", 0.0);
    EXPECT_THAT(folder.read("screen.json"), Not(HasSubstr("unknown")));
    EXPECT_THAT(folder.read("screen.json"), Not(HasSubstr("evil")));
}

TEST(Settings, DamagedOrForeignContentIsSaidAndReplaced) {
    const Folder folder;
    for (const char* content :
         {"", "{", "[1, 2]", "null", "\"text\"", "{\"colour\": \"blue\"}", "\xff\xfe\x01", "{\"view\": [1]"}) {
        folder.write("screen.json", content);
        Settings s(folder.path() / "screen.json");
        EXPECT_THAT(s.take_notice(), HasSubstr("screen.json")) << content;
        EXPECT_EQ(s.take_notice(), "");
        ViewState v;
        s.restore(v, "/r");
        expect_same(v, ViewState{});
        s.keep(chosen(), "/r", 0.0);
        ViewState again;
        Settings(folder.path() / "screen.json").restore(again, "/r");
        expect_same(again, chosen());
    }
}

TEST(Settings, AFileThatCannotBeWrittenIsSaidOnceAndNoReasonToStop) {
    const Folder folder;
    folder.write("file", "in the way");
    Settings s(folder.path() / "file" / "screen.json");
    s.keep(chosen(), "/r", 0.0);
    EXPECT_THAT(s.take_notice(), HasSubstr("cannot be kept"));
    s.keep(chosen(), "/r", 5.0);
    EXPECT_EQ(s.take_notice(), "");
    Settings none{std::filesystem::path()};
    none.keep(chosen(), "/r", 0.0);
    EXPECT_EQ(none.take_notice(), "");
}

TEST(Settings, AFolderWithAnyNameKeepsItsBookmarks) {
    const Folder folder;
    const auto file = folder.path() / "screen.json";
    {
        Settings s(file);
        s.keep(chosen(), "/r/\"quoted\"\n\xff", 0.0);
        s.keep(chosen(), "/r/other", 2.0);
    }
    Settings s(file);
    EXPECT_EQ(s.take_notice(), "");
    ViewState v;
    s.restore(v, "/r/other");
    EXPECT_EQ(v.bookmarks, chosen().bookmarks);
}

TEST(Settings, StandsWhereTheUsersSettingsStand) {
    ::setenv("XDG_CONFIG_HOME", "/somewhere/config", 1);
    EXPECT_EQ(Settings::default_file(), "/somewhere/config/jouletwin/screen.json");
    ::setenv("XDG_CONFIG_HOME", "relative", 1);  // the specification: to be ignored
    ::setenv("HOME", "/home/somebody", 1);
    EXPECT_EQ(Settings::default_file(), "/home/somebody/.config/jouletwin/screen.json");
    ::unsetenv("XDG_CONFIG_HOME");
    ::unsetenv("HOME");
    EXPECT_TRUE(Settings::default_file().empty());
}

TEST(Settings, NoTruncationOrFlippedBitsLeadOutOfTheRanges) {
    const Folder folder;
    const auto file = folder.path() / "screen.json";
    {
        Settings s(file);
        s.keep(chosen(), "/r", 0.0);
    }
    const std::string whole = folder.read("screen.json");
    std::mt19937 random(5);
    for (int n = 0; n < 1000; ++n) {
        std::string text = whole;
        if (n % 3 == 0) text.resize(random() % text.size());
        for (unsigned flips = random() % 4; n % 3 != 0 && flips-- > 0;)
            text[random() % text.size()] ^= char(1u << random() % 8);
        if (n % 3 == 2) text.insert(random() % text.size(), whole.substr(random() % whole.size(), random() % 40));
        folder.write("screen.json", text);
        const Settings s(file);
        ViewState v;
        s.restore(v, "/r");
        ASSERT_TRUE(v.font_scale >= 0.8 && v.font_scale <= 2.0) << text;
        ASSERT_TRUE(v.tab >= 1 && v.tab <= kTabs) << text;
        ASSERT_TRUE(v.theme == ThemeId::grey || v.theme == ThemeId::dark);
        ASSERT_TRUE(int(v.bed_mode) >= 0 && int(v.bed_mode) <= 3);
        ASSERT_NO_THROW(quantity(v.bed_field)) << text;
        ASSERT_NO_THROW(quantity(v.micro_field)) << text;
        ASSERT_TRUE(v.camera.zoom >= 0.1 && v.camera.zoom <= 50.0) << text;
        ASSERT_TRUE(std::abs(v.camera.pitch) <= 1.6) << text;
        ASSERT_TRUE(std::is_sorted(v.bookmarks.begin(), v.bookmarks.end()));
        for (const double t : v.bookmarks) ASSERT_TRUE(std::abs(t) <= 1e9) << text;
    }
}

}  // namespace
}  // namespace jt
