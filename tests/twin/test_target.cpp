// SPDX-License-Identifier: Apache-2.0
// [target]: the product aimed at.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/paths.hpp"
#include "tests/support/scenario_text.hpp"
#include "twin/scenario/check.hpp"
#include "twin/scenario/resolved.hpp"
#include "twin/scenario/schema.hpp"

namespace jt {
namespace {

using support::kPlain;
using support::problems_of;
using testing::AllOf;
using testing::HasSubstr;

std::string with_target(const std::string& keys) {
    return kPlain + "[target]\n" + keys + "\n";
}

TEST(Target, IsAbsentUnlessAskedFor) {
    const Scenario s = read_scenario_text(kPlain, "s.toml");
    EXPECT_FALSE(s.target.capacity_mAh_g.has_value());
    EXPECT_FALSE(s.target.id_ig.has_value());
    EXPECT_EQ(resolved_toml(s).find("[target]"), std::string::npos);
}

TEST(Target, IsReadInAnyUnitOfASpecificCharge) {
    const auto capacity = [](const std::string& text) {
        return *read_scenario_text(with_target("capacity = \"" + text + "\""), "s.toml").target.capacity_mAh_g;
    };
    EXPECT_EQ(capacity("300 mAh/g"), 300.0);
    EXPECT_NEAR(capacity("300 Ah/kg"), 300.0, 1e-9);
    EXPECT_NEAR(capacity("0.3 A h/g"), 300.0, 1e-9);
    EXPECT_NEAR(capacity("1080 kC/kg"), 300.0, 1e-9);
    EXPECT_EQ(read_scenario_text(with_target("id_ig = 1.25"), "s.toml").target.id_ig, 1.25);
}

TEST(Target, ReadsBackFromTheResolvedScenario) {
    const Scenario s = read_scenario_text(with_target("capacity = \"287.5 mAh/g\"\nid_ig = 1.25"), "s.toml");
    const std::string text = resolved_toml(s);
    EXPECT_THAT(text, AllOf(HasSubstr("[target]"), HasSubstr("\"287.5 mAh/g\"")));
    const Scenario again = read_scenario_text(text, "r.toml");
    EXPECT_EQ(again.target.capacity_mAh_g, 287.5);
    EXPECT_EQ(again.target.id_ig, 1.25);
    EXPECT_EQ(resolved_toml(again), text);
}

TEST(Target, BadInputIsNamedWithWhatIsAllowed) {
    EXPECT_THAT(problems_of(with_target("capacity = \"300 mAh\"")),
                AllOf(HasSubstr("target.capacity"), HasSubstr("wrong unit \"mAh\""), HasSubstr("e.g. \"300 mAh/g\"")));
    EXPECT_THAT(problems_of(with_target("capacity = 300")), HasSubstr("target.capacity: found the number 300 without a unit"));
    EXPECT_THAT(problems_of(with_target("capacity = \"0 mAh/g\"")), HasSubstr("target.capacity"));
    EXPECT_THAT(problems_of(with_target("capacity = \"5000 mAh/g\"")), HasSubstr("<= 1000 mAh/g"));
    EXPECT_THAT(problems_of(with_target("id_ig = -1")), HasSubstr("target.id_ig"));
    EXPECT_THAT(problems_of(with_target("capacty = \"300 mAh/g\"")), HasSubstr("did you mean capacity?"));
    EXPECT_THAT(problems_of("target = 3\n" + kPlain), HasSubstr("target"));
}

TEST(Target, WithoutACharHasNoEffectAndCheckSaysSo) {
    const auto warnings = check_warnings(read_scenario_text(with_target("id_ig = 1.25"), "s.toml"));
    EXPECT_THAT(warnings, testing::Contains(HasSubstr("target has no effect")));
}

TEST(Target, TheSchemaListsIt) {
    ASSERT_NE(find_key("target", "capacity"), nullptr);
    EXPECT_THAT(schema_text(), AllOf(HasSubstr("[target]"), HasSubstr("mAh/g")));
}

TEST(Target, TheShippedScenarioAimsAtTheMaterialOfThePaper) {
    const Scenario s = read_scenario(std::string(JT_SOURCE_DIR) + "/data/scenarios/jh_1000_30.toml");
    EXPECT_EQ(s.target.capacity_mAh_g, 300.0);
}

}  // namespace
}  // namespace jt
