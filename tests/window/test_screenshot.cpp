// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/screen/fake_source.hpp"
#include "tests/viz/readable.hpp"
#include "tests/window/with_gl.hpp"
#include "viz/screen/gl/screen_app.hpp"
#include "viz/screen/panels/screen_picture.hpp"

namespace jt {
namespace {

nlohmann::json shoot(RunSource& source, ScreenshotOptions o, const std::string& name = "shot") {
    // Tests run side by side: each has files of its own.
    const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
    o.path = std::filesystem::path(testing::TempDir()) / (test + "_" + name + ".png");
    std::filesystem::remove(o.path);
    std::filesystem::remove(json_beside(o.path));
    take_screenshot(source, o);
    EXPECT_GT(std::filesystem::file_size(o.path), 1000u);
    std::ifstream in(json_beside(o.path));
    return nlohmann::json::parse(in);
}

TEST(Screenshot, ItsJsonSaysWhatThePictureShows) {
    WITH_GL();
    FakeSource source;
    ScreenshotOptions o;
    o.width = 1280, o.height = 720, o.at_s = 12.5;
    o.session.view.theme = ThemeId::dark;
    const auto json = shoot(source, o);
    EXPECT_EQ(json["run"], "fake");
    EXPECT_EQ(json["cursor_s"], 12.5);
    EXPECT_EQ(json["size"], (std::vector<int>{1280, 720}));
    EXPECT_EQ(json["theme"], "dark");
    EXPECT_EQ(json["frame_arrived"], true);
    EXPECT_THAT(json["frame_s"].get<double>(), testing::AnyOf(12.0, 13.0));
    // Values that panels noted are those of the run at that moment.
    for (const auto& item : json["items"]) {
        EXPECT_FALSE(item["id"].get<std::string>().empty());
        EXPECT_EQ(item["rect"].size(), 4u);
    }
}

TEST(Screenshot, AtScaleTwoEverythingIsTwiceAsLarge) {
    WITH_GL();
    FakeSource one, two;
    ScreenshotOptions o;
    o.width = 1280, o.height = 720;
    const auto small = shoot(one, o, "one");
    o.width = 2560, o.height = 1440, o.scale = 2.0;
    const auto large = shoot(two, o, "two");
    ASSERT_EQ(small["items"].size(), large["items"].size());
    for (std::size_t n = 0; n < small["items"].size(); ++n)
        for (std::size_t k = 0; k < 4; ++k)
            EXPECT_NEAR(small["items"][n]["rect"][k].get<double>(), large["items"][n]["rect"][k].get<double>(), 2.0)
                << small["items"][n]["id"];
}

TEST(Screenshot, WhatDoesNotExistIsAnError) {
    WITH_GL();
    FakeSource source;
    ScreenshotOptions o;
    o.path = std::filesystem::path(testing::TempDir()) / "never.png";
    std::filesystem::remove(o.path);
    const auto refused = [&](const ScreenshotOptions& options, const std::string& why) {
        try {
            take_screenshot(source, options);
            ADD_FAILURE() << "accepted, though " << why;
        } catch (const InputError& error) {
            EXPECT_THAT(error.what(), testing::HasSubstr(why));
        }
        EXPECT_FALSE(std::filesystem::exists(o.path));
    };
    auto late = o, early = o, wide = o, tiny = o, field = o, slice = o;
    late.at_s = 60.1, early.at_s = -1.0, wide.width = 100000, tiny.scale = 0.1, field.session.field = "phi_V",
    slice.session.slice = {{1, 12}};
    refused(late, "from 0 to 60");
    refused(early, "from 0 to 60");
    refused(wide, "1 to 16384");
    refused(tiny, "0.5 to 4");
    refused(field, "no field phi_V");
    refused(slice, "from 0 to 11");
    o.path = "/nowhere/never.png";
    EXPECT_THROW(take_screenshot(source, o), DiskError);
}

TEST(Screenshot, FieldsThatNeverComeAreNotWaitedForEndlessly) {
    WITH_GL();
    FakeSource source;
    source.deliver_fields = false;
    ScreenshotOptions o;
    o.patience_s = 0.05;
    EXPECT_EQ(shoot(source, o)["frame_arrived"], false);
}

TEST(Screenshot, AnEmptyFolderHasAPictureToo) {
    WITH_GL();
    FakeSource source;
    source.facts_known = false;
    source.shown_state = {SourceState::Kind::empty, "The folder holds no run.", "Start one.", "x", 0.0};
    const auto json = shoot(source, {});
    EXPECT_EQ(json["source"]["kind"], "empty");
    EXPECT_EQ(json["run"], "");
}

TEST(Screenshot, AFilterChangesThePictureAndIsNamed) {
    WITH_GL();
    FakeSource source;
    ScreenshotOptions o;
    o.vision = ColourVision::tritan;
    EXPECT_EQ(shoot(source, o)["filter"], "tritan");
}

}  // namespace
}  // namespace jt
