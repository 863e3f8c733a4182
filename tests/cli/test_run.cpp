// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/paths.hpp"
#include "tests/support/program.hpp"
#include "tests/support/scenario_text.hpp"

namespace jt {
namespace {

using support::kPlain;
using support::plain_with;
using test::Folder;
using test::Ran;
using test::run_program;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kData = std::string(JT_SOURCE_DIR) + "/data/scenarios/";

TEST(Run, LeavesAScenarioThatRunsAgainToTheSameSummary) {
    const Folder folder;
    folder.write("s.toml", plain_with("[run]", "[[probe]]\nname='p'\nat=['1 mm','1 mm','0.1 mm']\nquantity='phi_V'\n[run]"));
    const Ran first = run_program("run s.toml -o one --device cpu --json", folder);
    ASSERT_EQ(first.exit_code, 0) << first.err;
    auto one = nlohmann::json::parse(first.out);
    EXPECT_EQ(one, nlohmann::json::parse(folder.read("one/summary.json")));
    EXPECT_NEAR(one["final"]["resistance_ohm"].get<double>(), 1e-3 / (100.0 * 4e-6), 1e-8);
    EXPECT_NEAR(one["final"]["current_A"].get<double>(), 0.4, 1e-8);
    EXPECT_NEAR(one["probes"]["p"].get<double>(), 0.25, 1e-8);  // middle of the first of two cells: +V/2 - V/4
    EXPECT_EQ(one["device"], "cpu");
    EXPECT_EQ(one["cells"], 32);
    EXPECT_FALSE(one.contains("microstructure"));
    const Ran second = run_program("run one/scenario.toml -o two --device mirror --json", folder);
    ASSERT_EQ(second.exit_code, 0) << second.err;
    auto two = nlohmann::json::parse(second.out);
    for (const char* key : {"final", "peak", "probes", "terminals", "solver", "percolation"})
        EXPECT_EQ(one[key], two[key]) << key;
}

TEST(Run, LeavesTheHistogramOfItsCurrentDensity) {
    const Folder folder;
    folder.write("s.toml", kPlain);
    Ran ran = run_program("run s.toml -o even --json", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    auto h = nlohmann::json::parse(ran.out)["current_density_histogram"];
    ASSERT_EQ(h["share"].size(), 1u);  // an even current: every cell at 1
    EXPECT_EQ(h["share"][0], 1.0);
    EXPECT_NEAR(h["edges"][0].get<double>() * h["edges"][1].get<double>(), 1.0, 1e-12);
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "even/histogram_J_over_J0.png"));
    ran = run_program("run " + kData + "sphere_in_cube.toml -o hole --json", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    const auto summary = nlohmann::json::parse(ran.out);
    h = summary["current_density_histogram"];
    double sum = h["below"].get<double>() + h["above"].get<double>(), mean = 0.0;
    for (std::size_t n = 0; n < h["share"].size(); ++n) {
        const double share = h["share"][n], low = h["edges"][n], high = h["edges"][n + 1];
        EXPECT_LT(low, high);
        sum += share, mean += share * std::sqrt(low * high);
    }
    EXPECT_NEAR(sum, 1.0, 1e-12);
    // the mean of |J| over the cells that conduct, as far as the bins tell
    EXPECT_NEAR(mean * summary["final"]["J0_A_per_m2"].get<double>() / summary["final"]["J_mean_A_per_m2"].get<double>(), 1.0,
                0.05);
    EXPECT_GE(h["edges"].back(), summary["peak"]["J_crowding_max"].get<double>());
}

TEST(Run, SetChangesTheScenario) {
    const Folder folder;
    folder.write("s.toml", kPlain);
    const Ran ran =
        run_program("run s.toml -o r --json --set 'heater.program=\"2 V\"' --set material.matrix.sigma='\"50 S/m\"'", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_NEAR(nlohmann::json::parse(ran.out)["final"]["current_A"].get<double>(), 0.4, 1e-8);
    EXPECT_THAT(folder.read("r/scenario.toml"), AllOf(HasSubstr("2 V"), HasSubstr("50 S/m")));
}

TEST(Run, EveryScenarioOfTheDataFolderRuns) {
    for (const char* name : {"defects", "layers_contact", "sandwich_current", "sphere_in_cube"}) {
        const Folder folder;
        const Ran ran = run_program("run " + kData + name + ".toml --json", folder);
        ASSERT_EQ(ran.exit_code, 0) << name << ran.err;
        const auto summary = nlohmann::json::parse(ran.out);
        EXPECT_LE(summary["power_closure_relative"].get<double>(), 1e-9) << name;
        EXPECT_LE(summary["current_balance_relative"].get<double>(), 1e-8) << name;
        EXPECT_TRUE(std::filesystem::exists(folder.path() / "runs" / name / "summary.json"));
    }
}

// Fifteen scenarios no one should send, and what the program says: exit 2, the place and what is allowed, nothing written.
TEST(Run, BadScenariosAreRefusedWithReasonAndLeaveNothing) {
    struct Bad {
        std::string text, says;
    };
    const Bad all[] = {
        {"", "s.toml"},
        {"[bed", "not TOML"},
        {plain_with("voxel", "voxels"), "s.toml:4: bed.voxels: unknown key \"voxels\"; did you mean voxel?"},
        {plain_with("0.5 mm", "0.5 kg"), "bed.voxel: found \"0.5 kg\""},
        {plain_with("0.5 mm", "0.3 mm"), "does not divide size"},
        {plain_with("0.5 mm", "1 nm"), "cells; allowed: at most 2147483647"},
        {plain_with("\"1 V\"", "\"-1 V\""), "heater.program"},
        {plain_with("\"1 V\"", "1"), "heater.program"},
        {plain_with("100 S/m", "-100 S/m"), "material.matrix.sigma"},
        {plain_with("material = \"matrix\"", "material = \"matrics\""), "did you mean matrix?"},
        {plain_with("[electrodes]", ""), "drives no terminal"},
        {plain_with("[run]", "[furnace]\nwall = \"900 degC\"\n[run]"), "furnace"},
        {plain_with("sigma = \"100 S/m\"", "density = \"1 kg/m^3\""), "no material of the bed conducts"},
        {plain_with("[run]", "[[probe]]\nname='p'\nat=['9 mm','1 mm','1 mm']\nquantity='phi_V'\n[run]"), "probe"},
        {plain_with("[electrodes]",
                    "[[bed.region]]\nshape='box'\nfrom=['0 mm','0 mm','0 mm']\nto=['2 mm','2 mm','0.5 "
                    "mm']\nmaterial='void'\n[electrodes]"),
         "touches nothing that conducts"},
        {plain_with("[electrodes]", "[bed.map]\nfile='no.tif'\nvoxel='1 um'\nlabels={matrix=[1,2]}\n[electrodes]"), "no.tif"},
        {plain_with("size = [\"2 mm\", \"2 mm\", \"1 mm\"]", "size = [\"2 mm\", \"1 mm\", \"1 mm\"]\nshape = \"cylinder\""),
         "of a cylinder; allowed: two equal edges"},
        {std::string(5 << 20, 'x'), "s.toml"},
    };
    for (const Bad& bad : all) {
        const Folder folder;
        folder.write("s.toml", bad.text);
        const Ran ran = run_program("run s.toml", folder);
        EXPECT_EQ(ran.exit_code, 2) << bad.text.substr(0, 300);
        EXPECT_THAT(ran.err, HasSubstr(bad.says)) << bad.text.substr(0, 300);
        EXPECT_LT(ran.err.size(), 20000u);
        EXPECT_EQ(folder.files(), 1u) << bad.says;
    }
}

TEST(Run, BedThatNoCurrentCanCrossNamesTheBlockingPlane) {
    const Folder folder;
    folder.write("s.toml", plain_with("[electrodes]",
                                      "[[bed.region]]\nshape='box'\nfrom=['0 mm','0 mm','0.5 mm']\nto=['2 mm','2 mm','1 "
                                      "mm']\nmaterial='void'\n[electrodes]"));
    const Ran ran = run_program("run s.toml", folder);
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_THAT(
        ran.err,
        HasSubstr("no path for the current along z: what terminal \"zmin\" (zmin) feeds ends before plane 1 of 0..1 (0.5"));
}

TEST(Run, FullDiskIsExitFiveNamingTheFile) {
    const Folder folder;
    folder.write("s.toml", kPlain);
    folder.write("taken", "");
    const Ran ran = run_program("run s.toml -o taken", folder);
    EXPECT_EQ(ran.exit_code, 5);
    EXPECT_THAT(ran.err, HasSubstr("taken: cannot be made"));
}

TEST(Run, UnknownDeviceIsExitTwoAndAbsentCudaExitThree) {
    const Folder folder;
    folder.write("s.toml", kPlain);
    EXPECT_EQ(run_program("run s.toml --device tpu", folder).exit_code, 2);
    const Ran cuda = run_program("run s.toml --device cuda", folder);
    if (cuda.exit_code == 0) GTEST_SKIP() << "gpu: there is one, so its absence cannot be tested";
    EXPECT_EQ(cuda.exit_code, 3);
    EXPECT_THAT(cuda.err, HasSubstr("device cuda"));
    EXPECT_EQ(folder.files(), 1u);
}

TEST(Run, AutoSaysWhichDeviceItTookAndWhy) {
    const Folder folder;
    folder.write("s.toml", kPlain);
    EXPECT_THAT(run_program("run s.toml", folder).err, HasSubstr("device auto: "));
    EXPECT_THAT(run_program("run s.toml --device cpu", folder).err, Not(HasSubstr("device auto: ")));
}

TEST(Check, PrintsTheScenarioInSiWithItsCostAndRunsNothing) {
    const Folder folder;
    const Ran ran = run_program("check " + kData + "defects.toml", folder);
    EXPECT_EQ(ran.exit_code, 0);
    EXPECT_THAT(ran.out,
                AllOf(HasSubstr("# cells: 80 x 80 x 32 = 204800"), HasSubstr("# memory: about"), HasSubstr("# time: about")));
    EXPECT_EQ(folder.files(), 0u);
    folder.write("r.toml", ran.out);
    EXPECT_EQ(run_program("run r.toml", folder).exit_code, 0);
}

TEST(Schema, ListsEveryKeyAsTextAndJson) {
    const Folder folder;
    EXPECT_THAT(run_program("schema", folder).out, AllOf(HasSubstr("[bed]"), HasSubstr("sheet_thickness")));
    const auto rows = nlohmann::json::parse(run_program("schema --json", folder).out);
    EXPECT_GT(rows.size(), 100u);
}

TEST(Verify, PrintsRowsAsJsonAndKeepsTheirScenarios) {
    const Folder folder;
    const Ran ran = run_program("verify V05 V07 --json --keep kept", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    const auto rows = nlohmann::json::parse(ran.out);
    EXPECT_EQ(rows.size(), 15u);
    for (const auto& row : rows) {
        for (const char* key : {"case", "quantity", "expected", "got", "error", "tolerance", "pass", "source"})
            EXPECT_TRUE(row.contains(key)) << key;
        EXPECT_TRUE(row["pass"].get<bool>());
    }
    EXPECT_EQ(run_program("run kept/V07/random/scenario.toml", folder).exit_code, 0);
}

// They would be taken for another number.
TEST(Seeds, SignsAndTooManyDigitsAreRefused) {
    const test::Folder folder;
    const std::string live = kData + "live_r1.toml";
    for (const std::string& command :
         {"live " + live + " --seed -3", "heater " + live + " --start --seed -3", std::string("replay log.csv --seed +1"),
          std::string("experiment r1 --first -1"), std::string("bench potential --seed 1e3"),
          std::string("bench potential --seed 99999999999999999999999"), std::string("map demo --seed -1 a.tif")}) {
        const auto ran = run_program(command, folder);
        EXPECT_EQ(ran.exit_code, 2) << command;
        EXPECT_THAT(ran.err, HasSubstr("allowed: whole numbers below 1e18")) << command;
    }
}

TEST(Verify, UnknownCaseIsRefusedWithTheNearest) {
    const Folder folder;
    const Ran ran = run_program("verify V4", folder);
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_THAT(ran.err, HasSubstr("no case \"V4\"; did you mean V04?"));
}

TEST(Program, HelpListsTheCommandsThatWork) {
    const Folder folder;
    const Ran ran = run_program("--help", folder);
    EXPECT_EQ(ran.exit_code, 0);
    EXPECT_THAT(ran.out,
                AllOf(HasSubstr("run"), HasSubstr("check"), HasSubstr("schema"), HasSubstr("verify"), HasSubstr("bench")));
    EXPECT_EQ(run_program("fly", folder).exit_code, 2);
    EXPECT_EQ(run_program("", folder).exit_code, 2);
}

}  // namespace
}  // namespace jt
