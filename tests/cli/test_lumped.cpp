// SPDX-License-Identifier: Apache-2.0
// jouletwin lumped as a lab runs it: its own table, its own column names.
#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"

namespace jt {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// C = 50 J/K, G = 0.4 W/K, 10 mohm: solved exactly from step to step (the current stands still within a step).
std::string made_table() {
    std::string text = "t (min),Ofen (degC),U (mV),I (A)\n";
    double T = 400.0;
    for (int n = 0; n <= 600; ++n) {
        const double current = n < 400 ? 150.0 + 0.3 * n + (n / 40 % 2 ? 15.0 : 0.0) : 190.0, power = 0.01 * current * current;
        char row[120];
        std::snprintf(row, sizeof row, "%.6f,%.1f,%.3f,%.2f\n", n / 60.0, T - 273.15, -10.0 * current, current);
        text += row;
        const double end = 298.15 + power / 0.4;
        T = end + (T - end) * std::exp(-0.4 / 50.0);
    }
    return text;
}
const std::string kColumns = "--column time=t --column \"temperature=Ofen:degC\" --column voltage=-U:mV --column current=I ";

TEST(CliLumped, ALabRepeatsItWithItsOwnColumns) {
    const test::Folder folder;
    folder.write("run.csv", made_table());
    const test::Ran ran =
        test::run_program("lumped run.csv --fit 0-390 --predict 400-600 " + kColumns + "--json -o out", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    const auto out = nlohmann::json::parse(ran.out);
    EXPECT_LT(out["fit"]["rms_K"].get<double>(), 1.0);
    EXPECT_EQ(out["log"]["voltage"]["sign"], -1);
    for (const auto& p : out["fit"]["parameters"]) {
        if (p["symbol"] == "C") {
            EXPECT_NEAR(p["value"].get<double>(), 50.0, 2.5);
        }
        if (p["symbol"] == "R") {
            EXPECT_NEAR(p["value"].get<double>(), 0.01, 1e-5);
        }
    }
    EXPECT_EQ(nlohmann::json::parse(folder.read("out/lumped.json")), out);
    EXPECT_THAT(folder.read("out/lumped.csv"), HasSubstr("time_s,measured_K,model_K"));
    EXPECT_GE(folder.files(), 3u);
}

TEST(CliLumped, PrintsATableForPeople) {
    const test::Folder folder;
    folder.write("run.csv", made_table());
    const test::Ran ran =
        test::run_program("lumped run.csv --fit \"0 s-6.5 min\" --dwell 500-600 --hold \"700 degC\" " + kColumns, folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_THAT(ran.out, AllOf(HasSubstr("heat capacity"), HasSubstr("power to hold"), HasSubstr("closed loop of the twin")));
    EXPECT_EQ(folder.files(), 1u);
}

TEST(CliLumped, WithoutAWindowItShowsTheExtentAndSuggestsOne) {
    const test::Folder folder;
    folder.write("run.csv", made_table());
    const test::Ran ran = test::run_program("lumped run.csv " + kColumns, folder);
    EXPECT_EQ(ran.exit_code, 2);
    EXPECT_THAT(ran.err, AllOf(HasSubstr("--fit START-END"), HasSubstr("from 0 to 600 s"), HasSubstr("is --fit ")));
}

TEST(CliLumped, BadInputIsExitTwo) {
    const test::Folder folder;
    folder.write("run.csv", made_table());
    folder.write("bad.csv", "t (s),T (K),U (V),I (A)\n0,300,1,2\n1,300,1\n");
    EXPECT_EQ(test::run_program("lumped nowhere.csv --fit 0-1", folder).exit_code, 2);
    const test::Ran ragged = test::run_program("lumped bad.csv --fit 0-1", folder);
    EXPECT_EQ(ragged.exit_code, 2);
    EXPECT_THAT(ragged.err, HasSubstr("bad.csv:3: "));
    for (const char* option :
         {"--fit 390", "--fit 390-0", "--fit 0-1e999", "--fit \"0 K-3 K\"", "--fit 0-390 --predict 0-100",
          "--fit 0-390 --dwell 0-100", "--fit 0-390 --hold \"12 V\"", "--fit 0-390 --hold \"20 degC\"",
          "--fit 0-390 --floor 572", "--fit 0-9999", "--fit 0-390 --column x=y", "--fit 0-390 --ambient \"-300 degC\""}) {
        const test::Ran ran = test::run_program("lumped run.csv " + kColumns + option, folder);
        EXPECT_EQ(ran.exit_code, 2) << option;
        EXPECT_THAT(ran.err + ran.out, HasSubstr("allowed")) << option;
    }
    EXPECT_EQ(test::run_program("lumped run.csv --fit 0-390 --drive steam " + kColumns, folder).exit_code, 2);
    folder.write("file", "");
    EXPECT_EQ(test::run_program("lumped run.csv --fit 0-390 " + kColumns + "-o file/out", folder).exit_code, 5);
}

}  // namespace
}  // namespace jt
