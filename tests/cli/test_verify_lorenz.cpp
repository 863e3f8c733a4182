// SPDX-License-Identifier: Apache-2.0
// jouletwin verify lorenz96|lorenz63: the twin's filters on published problems.
#ifdef JT_BRIDGE
#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"

namespace jt {
namespace {

using test::Folder;
using test::run_program;
using testing::HasSubstr;

TEST(CliVerifyLorenz, APublishedRowIsMet) {
    const Folder folder;
    const auto ran = run_program(
        "verify lorenz96 --filter letkf --members 7 --inflation 1.04 --rotate --radius 4 --analyses 1000 --seed 3 --json",
        folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    const auto rows = nlohmann::json::parse(ran.out);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0]["case"], "lorenz96");
    EXPECT_EQ(rows[0]["quantity"], "rmse.a");
    EXPECT_EQ(rows[0]["expected"], 0.22);
    EXPECT_NEAR(rows[0]["got"].get<double>(), 0.22, 0.04);
    EXPECT_NEAR(rows[0]["error"].get<double>(), std::abs(rows[0]["got"].get<double>() - 0.22), 1e-12);
    EXPECT_EQ(rows[0]["pass"], true);
    EXPECT_THAT(rows[0]["source"].get<std::string>(), HasSubstr("DAPPER"));
    EXPECT_THAT(rows[0]["setup"].get<std::string>(), HasSubstr("letkf N=7"));
}

TEST(CliVerifyLorenz, ASetUpThatNobodyPublishedHasAScoreAndNothingToMiss) {
    const Folder folder;
    const auto ran = run_program("verify lorenz63 --filter denkf --members 20 --analyses 200 --json", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    const auto rows = nlohmann::json::parse(ran.out);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_TRUE(rows[0]["expected"].is_null());
    EXPECT_TRUE(rows[0]["got"].is_number());
    EXPECT_EQ(rows[0]["pass"], true);
}

TEST(CliVerifyLorenz, BadOptionsAreNamed) {
    const Folder folder;
    const auto refused = [&](const std::string& arguments, const char* what) {
        const auto ran = run_program("verify " + arguments, folder);
        EXPECT_EQ(ran.exit_code, 2) << arguments;
        EXPECT_THAT(ran.err, HasSubstr(what)) << arguments;
    };
    refused("lorenz96 --filter kalman", "--filter");
    refused("lorenz96 --members 1", "--members");
    refused("lorenz96 --members many", "--members");
    refused("lorenz96 --inflation nan", "--inflation");
    refused("lorenz96 --filter letkf --radius -4", "--radius");
    refused("lorenz96 --filter etkf --radius 4", "--radius");
    refused("lorenz96 --analyses 0", "--analyses");
    refused("lorenz63 --seed -1", "--seed");
    refused("V05 --members 5", "--members");
    refused("--filter etkf", "--filter");
    refused("lorenz69", "did you mean lorenz");
}

}  // namespace
}  // namespace jt
#endif
