// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "tests/support/program.hpp"
#include "tests/support/run_folder_maker.hpp"

namespace jt {
namespace {

using nlohmann::json;
using test::Folder;
using test::MadeRun;
using test::Ran;
using test::run_program;
using testing::AllOf;
using testing::HasSubstr;

// A build without the screen has no such command.
bool has_view() {
    const Folder folder;
    return run_program("view --help", folder).exit_code == 0;
}
#define WITH_VIEW() \
    if (!has_view()) GTEST_SKIP() << "gpu: this build has no screen (JT_SCREEN)"

#define WITH_PICTURE(ran) \
    if ((ran).exit_code == 3) GTEST_SKIP() << "gpu: " << (ran).err

TEST(View, APictureSaysWhatItWasAskedFor) {
    WITH_VIEW();
    const Folder folder;
    MadeRun().write(folder.path() / "run");
    const Ran ran = run_program(
        "view run --screenshot a.png --at 12.5s --size 1280x720 --theme dark --filter tritan --tab 3 --slice x=1 --kelvin",
        folder);
    WITH_PICTURE(ran);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_THAT(ran.out, AllOf(HasSubstr("a.png"), HasSubstr("a.json")));
    const json said = json::parse(folder.read("a.json"));
    EXPECT_EQ(said["run"], "run");
    EXPECT_EQ(said["cursor_s"], 12.5);
    EXPECT_EQ(said["size"], (std::vector<int>{1280, 720}));
    EXPECT_EQ(said["theme"], "dark");
    EXPECT_EQ(said["filter"], "tritan");
    EXPECT_EQ(said["frame_arrived"], true);
    EXPECT_EQ(folder.read("a.png").substr(1, 3), "PNG");
}

TEST(View, EveryWrongOptionIsNamedAtOnce) {
    WITH_VIEW();
    const Folder folder;
    MadeRun().write(folder.path() / "run");
    const Ran ran = run_program("view run --screenshot a.jpg --at soon --size 1280 --slice w=1 --field warmth", folder);
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_THAT(ran.err, AllOf(HasSubstr("--screenshot a.jpg"), HasSubstr("--at: "), HasSubstr("--size 1280: "),
                               HasSubstr("--slice w=1: "), HasSubstr("--field: ")));
    for (const char* size : {"0x5", "x", "10x", "10x10x10", "-4x4", "10 x 10", "99999999999x1"})
        EXPECT_EQ(run_program(std::string("view run --size '") + size + "'", folder).exit_code, 2) << size;
    for (const char* options :
         {"--theme blue", "--tab 8", "--tab 0", "--mode solid", "--scale 9", "--scale 3", "--filter protan"})
        EXPECT_EQ(run_program(std::string("view run ") + options, folder).exit_code, 2) << options;
    const Ran nowhere = run_program("view nowhere --screenshot a.png", folder);
    EXPECT_EQ(nowhere.exit_code, 2);
    EXPECT_THAT(nowhere.err, HasSubstr("RUNDIR nowhere: no such folder"));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "a.png"));
}

TEST(View, MomentsFieldsAndSlicesThatTheRunHasNot) {
    WITH_VIEW();
    const Folder folder;
    MadeRun().write(folder.path() / "run");
    const auto refused = [&](const std::string& options, const std::string& why) {
        const Ran ran = run_program("view run --screenshot a.png " + options, folder);
        if (ran.exit_code == 3) return;  // no OpenGL: said by the first test
        EXPECT_EQ(ran.exit_code, 2) << options;
        EXPECT_THAT(ran.err, HasSubstr(why)) << options;
        EXPECT_FALSE(std::filesystem::exists(folder.path() / "a.png"));
    };
    refused("--at 51s", "from 0 to 50 s");
    refused("--slice x=4", "from 0 to 3");
    refused("--field released", "no field released");
    refused("--size 20000x20", "1 to 16384");
}

#ifdef JT_BRIDGE
TEST(View, ATwinThatIsNotThereIsNamed) {
    WITH_VIEW();
    const Folder folder;
    // Nobody listens at port 1 of this machine.
    const Ran nobody = run_program("view --attach tcp://127.0.0.1:1 --screenshot a.png --timeout 0.1", folder);
    EXPECT_EQ(nobody.exit_code, 6);
    EXPECT_THAT(nobody.err, AllOf(HasSubstr("tcp://127.0.0.1:1"), HasSubstr("0.1")));
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "a.png"));
    const std::pair<const char*, const char*> bad[]{
        {"--attach localhost:5703 --screenshot a.png", "--attach"},
        {"--attach tcp://*:5703 --screenshot a.png", "--attach"},
        {"run --attach --screenshot a.png", "RUNDIR run and --attach"},
        {"--screenshot a.png", "RUNDIR is missing"},
        {"--attach --screenshot a.png --at '3 s'", "--at"},
        {"run --timeout 3 --screenshot a.png", "--timeout"},
        {"--attach --server-key none.pub --screenshot a.png", "--key"},
        {"--attach --timeout 0 --screenshot a.png", "--timeout"},
    };
    for (const auto& [options, named] : bad) {
        const Ran ran = run_program(std::string("view ") + options, folder);
        EXPECT_EQ(ran.exit_code, 2) << options << ran.err;
        EXPECT_THAT(ran.err, HasSubstr(named)) << options;
    }
}
#endif

TEST(View, WithoutADisplayItSuggestsAPicture) {
    WITH_VIEW();
    const Folder folder;
    MadeRun().write(folder.path() / "run");
    // The program inherits what this process has.
    const char* before = std::getenv("DISPLAY");
    const std::string kept = before ? before : "";
    ::unsetenv("DISPLAY");
    const Ran ran = run_program("view run", folder);
    if (before) ::setenv("DISPLAY", kept.c_str(), 1);
    EXPECT_EQ(ran.exit_code, 3);
    EXPECT_THAT(ran.err, AllOf(HasSubstr("DISPLAY is not set"), HasSubstr("--screenshot")));
}

}  // namespace
}  // namespace jt
