// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/screen/fake_source.hpp"
#include "tests/window/with_gl.hpp"
#include "viz/screen/gl/screen_app.hpp"

namespace jt {
namespace {

TEST(Screenshot, IsWritten) {
    WITH_GL();
    FakeSource source;
    ScreenshotOptions o;
    o.path = testing::TempDir() + "screenshot.png";
    take_screenshot(source, o);
    std::ifstream in(testing::TempDir() + "screenshot.json");
    const auto json = nlohmann::json::parse(in);
    EXPECT_EQ(json["run"], "fake");
}

}  // namespace
}  // namespace jt
