// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"

namespace jt {
namespace {

using test::Folder;
using test::Ran;
using test::run_program;
using testing::AllOf;
using testing::HasSubstr;

TEST(Orientation, SaysThatCrystallitesAreNotOrientedInADevice) {
    const Folder folder;
    const Ran text = run_program("orientation", folder);
    ASSERT_EQ(text.exit_code, 0) << text.err;
    EXPECT_THAT(text.out, AllOf(HasSubstr("crystallites of 2 to 5 nm are not oriented"), HasSubstr("hypothesis")));
    const Ran ran = run_program("orientation --json", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    const auto said = nlohmann::json::parse(ran.out);
    EXPECT_FALSE(said["device"]["oriented"]);
    EXPECT_NEAR(said["device"]["u"][0].get<double>(), 5.4e-14, 0.1e-14);
    EXPECT_NEAR(said["device"]["u"][1].get<double>(), 8.4e-11, 0.1e-11);
    ASSERT_EQ(said["discs"].size(), 4u);
    EXPECT_NEAR(said["discs"][1]["fields"][1]["u"].get<double>(), 0.134, 0.001);
    ASSERT_EQ(said["stacks"].size(), 4u);
    EXPECT_NEAR(said["stacks"][3]["anisotropy_per_sheet"].get<double>(), 0.064, 5e-4);
    EXPECT_EQ(folder.files(), 0u);
}

TEST(Orientation, LeavesItsTableAndItsPicture) {
    const Folder folder;
    const Ran ran = run_program("orientation --radius '2 nm' --field '500 V/m' --field '1 kV/mm' --sheets 1,7 -o o", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    const std::string csv = folder.read("o/orientation.csv");
    EXPECT_THAT(csv, testing::StartsWith("radius_m,field_V_per_m,angle_deg,U_J,U_over_kT,torque_N_m\n2e-09,500,0,0,0,"));
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 2 * 91);
    const auto said = nlohmann::json::parse(folder.read("o/orientation.json"));
    EXPECT_EQ(said["discs"][0]["fields"][1]["field_V_per_m"], 1e6);
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "o/orientation.png"));
}

TEST(Orientation, BadOptionsAreRefusedAllAtOnce) {
    const Folder folder;
    const Ran ran = run_program(
        "orientation --radius '1 kg' --radius '0 m' --field '-1 V/m' --temperature '0 K' --sheets 0,1.5,x -o o", folder);
    EXPECT_EQ(ran.exit_code, 2);
    for (const char* says : {"--radius: found \"1 kg\"", "--radius: found \"0 m\"", "--field: found \"-1 V/m\"",
                             "--temperature: found \"0 K\"", "--sheets: found \"0\"", "--sheets: found 1.5", "\"x\""})
        EXPECT_THAT(ran.err, HasSubstr(says)) << ran.err;
    EXPECT_EQ(folder.files(), 0u);
    for (const char* bad : {"--radius nan", "--field 'inf V/m'", "--sheets 1e9", "--field ''", "--radius", "EXTRA"})
        EXPECT_EQ(run_program(std::string("orientation ") + bad, folder).exit_code, 2) << bad;
}

}  // namespace
}  // namespace jt
