// SPDX-License-Identifier: Apache-2.0
// Check values of the reference problem: bench/problem.md of the project's benchmark description, each met by hypre as well.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"

namespace jt {
namespace {

nlohmann::json bench_of(const std::string& what) {
    const test::Folder folder;
    const test::Ran ran = test::run_program("bench " + what + " --device cpu --json", folder);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return nlohmann::json::parse(ran.out);
}

nlohmann::json bench(int cells, const std::string& more = "") {
    return bench_of("potential --cells " + std::to_string(cells) + " --repeat 1 --no-peer " + more);
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

// Values of hypre at 16 and 24 cells (tests/bench/peers), those at 64 and above of the benchmark description.
void expect_heat(int cells, double mean_T_K) {
    const auto out = bench_of("heat --repeat 1 --no-peer --cells " + std::to_string(cells));
    EXPECT_NEAR(out["mean_T_K"].get<double>(), mean_T_K, 2e-9 * mean_T_K) << cells;
    EXPECT_LE(out["iterations"].get<int>(), 8) << cells;
    EXPECT_LE(out["relative_residual"].get<double>(), 1e-8) << cells;
}

TEST(BenchHeat, MeetsTheCheckValues) {
    expect_heat(24, 563.319162);
    expect_heat(64, 345.574147);
}

TEST(BenchHeat, SlowMeetsTheCheckValuesUpTo192) {
    expect_heat(128, 311.989330);
    expect_heat(192, 305.391551);
}

TEST(BenchHeat, PrintsWhatTheContractNames) {
    const auto out = bench_of("heat --cells 16 --repeat 2 --no-peer");
    EXPECT_EQ(out["problem"], "P2");
    EXPECT_EQ(out["total_s"]["repeats"], 2);
    EXPECT_GE(out["max_T_K"].get<double>(), out["mean_T_K"].get<double>());
    EXPECT_LE(out["bytes_per_cell"].get<double>(), 250.0);
    for (const char* key : {"cells", "seed", "iterations", "relative_residual", "setup_s", "solve_s", "s_per_Mcell", "mean_T_K",
                            "bytes_per_cell", "bandwidth_fraction"})
        EXPECT_TRUE(out.contains(key)) << key;
}

TEST(BenchCoupled, FollowsHypreOverAHundredSteps) {
    const auto out = bench_of("coupled --cells 16 --repeat 1 --tolerance 1e-9 --no-peer");
    EXPECT_NEAR(out["mean_T_K"].get<double>(), 112924.0, 1.0);
    EXPECT_NEAR(out["max_T_K"].get<double>(), 310107.0, 1.0);
}

TEST(BenchCoupled, StartsEachStepFromThePastAndKeepsItsCurrentAndHeat) {
    const auto out = bench_of("coupled --cells 16 --repeat 1 --no-peer");
    EXPECT_NEAR(out["mean_T_K"].get<double>(), 112924.0, 1.0);
    // hypre, from the last step's fields: 471 and 733 at 1e-6
    EXPECT_LE(out["iterations"]["potential"].get<int>(), 180);
    EXPECT_LE(out["iterations"]["heat"].get<int>(), 175);
}

TEST(BenchCoupled, SlowMeetsTheCheckValuesAt64) {
    const auto out = bench_of("coupled --repeat 1 --no-peer");
    EXPECT_EQ(out["problem"], "P3");
    // 5719.79 and 9226.7 are given; with 1e-9 ours and hypre's agree in these digits
    EXPECT_NEAR(out["mean_T_K"].get<double>(), 5719.793, 0.015);
    EXPECT_NEAR(out["max_T_K"].get<double>(), 9226.694, 0.03);
    for (const char* key : {"total_s", "setup_s", "solve_s", "s_per_Mcell", "bytes_per_cell", "steps"})
        EXPECT_TRUE(out[key].is_number()) << key;
}

TEST(BenchTwin, RunsAPlugInClosedLoopAndSaysHowFast) {
    const auto out = bench_of("twin --cells 8 --duration 1");
    EXPECT_NEAR(out["simulated_s"].get<double>(), 1.0, 1e-9);
    EXPECT_GE(out["steps"].get<int>(), 10);
    EXPECT_NEAR(out["realtime_factor"].get<double>() * out["wall_s"].get<double>(), 1.0, 1e-6);
    EXPECT_GT(out["T_mean_K"].get<double>(), 300.0);
    EXPECT_LE(out["energy_residual_relative"].get<double>(), 1e-8);
    for (const char* key : {"s_per_step", "bytes_per_cell", "rejected"}) EXPECT_TRUE(out.contains(key)) << key;
}

TEST(Bench, NumbersOutOfRangeAreRefused) {
    const test::Folder folder;
    for (const char* bad : {"potential --cells 3", "potential --cells x", "potential --tolerance 2", "potential --aspect 0",
                            "potential --repeat 0", "potential --device gpu", "heat --cells 4", "heat --aspect 2",
                            "coupled --steps 0", "twin --duration 1e9", "twin --cells 1000000", ""})
        EXPECT_EQ(test::run_program(std::string("bench ") + bad, folder).exit_code, 2) << bad;
}

}  // namespace
}  // namespace jt
