// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>

#include "bridge/assimilation/experiment_suite.hpp"
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

}  // namespace
}  // namespace jt
