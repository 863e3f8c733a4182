// SPDX-License-Identifier: Apache-2.0
// Check values of the reference problem: bench/problem.md of the project's benchmark description, each met by hypre as well.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"

namespace jt {
namespace {

nlohmann::json bench(int cells, const std::string& more = "") {
    const test::Folder folder;
    const test::Ran ran = test::run_program(
        "bench potential --cells " + std::to_string(cells) + " --device cpu --repeat 1 --no-peer --json " + more, folder);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return nlohmann::json::parse(ran.out);
}

void expect_check_value(int cells, double current_over_h) {
    const auto out = bench(cells);
    EXPECT_NEAR(out["current_over_h"].get<double>(), current_over_h, 1e-6 * current_over_h) << cells;
    EXPECT_LE(out["iterations"].get<int>(), 14) << cells;
    EXPECT_LE(out["relative_residual"].get<double>(), 1e-8) << cells;
    EXPECT_LE(out["bytes_per_cell"].get<double>(), 120.0) << cells;
}

TEST(BenchPotential, MeetsTheCheckValueAndItsLimitsAt64) {
    expect_check_value(64, 65871.812);
}

TEST(BenchPotential, SlowMeetsTheCheckValuesAndItsLimitsUpTo192) {
    expect_check_value(96, 98758.258);
    expect_check_value(128, 131720.824);
    expect_check_value(192, 196542.59);
}

TEST(BenchPotential, PrintsWhatTheContractNames) {
    const auto out = bench(16, "--seed 7 --conductive 500 --insulating 0.1 --tolerance 1e-6");
    EXPECT_EQ(out["problem"], "P1");
    EXPECT_EQ(out["seed"], 7);
    for (const char* key : {"cells", "iterations", "relative_residual", "setup_s", "solve_s", "s_per_Mcell", "current_over_h",
                            "bytes_per_cell", "bandwidth_fraction"})
        EXPECT_TRUE(out.contains(key)) << key;
}

TEST(BenchPotential, NumbersOutOfRangeAreRefused) {
    const test::Folder folder;
    for (const char* bad : {"--cells 3", "--cells x", "--tolerance 2", "--aspect 0", "--repeat 0", "--device gpu"})
        EXPECT_EQ(test::run_program(std::string("bench potential ") + bad, folder).exit_code, 2) << bad;
}

}  // namespace
}  // namespace jt
