// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "bridge/assimilation/experiment_suite.hpp"
#include "kernels/error.hpp"
#include "tests/paths.hpp"

namespace jt {
namespace {

TEST(SlowTwinExperiment, FindsWhatIsHiddenInR1) {
    SuiteOptions options;
    options.seeds = 2;
    options.slice = true;
    options.forecasts = false;
    const SuiteResult result = run_suite("r1", std::filesystem::path(JT_SOURCE_DIR) / "data" / "scenarios", options);
    for (const SuiteRow& row : result.rows) EXPECT_TRUE(row.pass) << row.quantity << ": " << row.got;
}

TEST(SlowTwinExperiment, TellsAHotSpotThatNothingStandsFor) {
    SuiteOptions options;
    options.seeds = 2;
    options.slice = true;
    const SuiteResult result = run_suite("spot", std::filesystem::path(JT_SOURCE_DIR) / "data" / "scenarios", options);
    for (const SuiteRow& row : result.rows) EXPECT_TRUE(row.pass) << row.quantity << ": " << row.got;
    for (const ExperimentResult& one : result.seeds)
        for (const ScoredParameter& p : one.parameters) EXPECT_FALSE(p.identified) << p.name;
}

// Half a second at once, as a twin beside a busy machine takes it: the loop has set the current anew five times by then.
TEST(TwinExperiment, LongWindowsTellOfNoMisfit) {
    SuiteOptions options;
    options.seeds = 2;
    options.slice = true;
    options.forecasts = false;
    options.window_s = 0.5;
    const SuiteResult result = run_suite("r1", std::filesystem::path(JT_SOURCE_DIR) / "data" / "scenarios", options);
    for (const SuiteRow& row : result.rows) EXPECT_TRUE(row.pass) << row.quantity << ": " << row.got;
    for (const ExperimentResult& one : result.seeds) EXPECT_FALSE(one.misfit) << one.seed << ": " << one.message;
}

// The LETKF: readings correct what is within a quarter of the bed.
TEST(TwinExperiment, WithLocalReadingsFindsWhatIsHiddenToo) {
    SuiteOptions options;
    options.seeds = 2;
    options.slice = true;
    options.forecasts = false;
    options.radius_m = 0.005;
    const SuiteResult local = run_suite("r1", std::filesystem::path(JT_SOURCE_DIR) / "data" / "scenarios", options);
    for (const SuiteRow& row : local.rows) EXPECT_TRUE(row.pass) << row.quantity << ": " << row.got;
    options.radius_m = 0.0, options.seeds = 1;
    const SuiteResult global = run_suite("r1", std::filesystem::path(JT_SOURCE_DIR) / "data" / "scenarios", options);
    EXPECT_NE(global.seeds[0].rmse_K, local.seeds[0].rmse_K);
}

TEST(TwinExperiment, WindowsArePartsOfTheTimeBetweenScores) {
    SuiteOptions options;
    for (const double window : {0.3, 0.0, -0.1, 1.0, 1e-9, std::nan("")}) {
        options.window_s = window;
        EXPECT_THROW(run_suite("r1", "", options), InputError) << window;
    }
}

}  // namespace
}  // namespace jt
