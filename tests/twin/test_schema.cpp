// SPDX-License-Identifier: Apache-2.0
#include "twin/scenario/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace jt {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Schema, EveryKeyIsInAKnownSectionOnceAndExplained) {
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (const Key& key : schema_keys()) {
        EXPECT_NO_THROW(find_section(key.section)) << key.name;
        EXPECT_TRUE(seen.insert({key.section, key.name}).second) << key.section << "." << key.name;
        EXPECT_FALSE(key.help.empty()) << key.section << "." << key.name;
    }
}

TEST(Schema, TextStatesUnitRangeDefaultAndWhatIsNotAvailable) {
    const std::string text = schema_text();
    EXPECT_THAT(text, HasSubstr("[[bed.region]]"));
    EXPECT_THAT(text, HasSubstr("1 or 3 quantities [m]  > 0 m, <= 10 m"));
    EXPECT_THAT(text, HasSubstr("default 25 degC"));
    EXPECT_THAT(text, HasSubstr("[T_sd_K needs assimilation]"));
    // files of hidden truths have a text of their own
    const std::string hidden = hidden_schema_text();
    for (const Key& key : schema_keys())
        if (key.type != KeyType::section) {
            EXPECT_THAT(key.section.starts_with("HIDDEN") ? hidden : text, HasSubstr("  " + std::string(key.name) + " "));
        }
    EXPECT_THAT(text, Not(HasSubstr("lead_conduction")));
    EXPECT_THAT(hidden, HasSubstr("[factor]"));
}

TEST(Schema, JsonHoldsOneRowForEachKey) {
    const auto rows = nlohmann::json::parse(schema_json());
    const auto& keys = schema_keys();
    ASSERT_EQ(std::ptrdiff_t(rows.size()),
              std::count_if(keys.begin(), keys.end(), [](const Key& key) { return !key.section.starts_with("HIDDEN"); }));
    bool found = false;
    for (const auto& row : rows) {
        if (row["key"] != "terminal[].contact_resistivity") continue;
        found = true;
        EXPECT_EQ(row["unit"], "ohm m^2");
        EXPECT_EQ(row["min"], 0.0);
        EXPECT_EQ(row["default"], "0 ohm m^2");
        EXPECT_EQ(row["available"], true);
    }
    EXPECT_TRUE(found);
}

TEST(Schema, NearestFindsSwappedMissingAndWrongLetters) {
    const std::vector<std::string> known{"voxel", "size", "material", "current_axis"};
    EXPECT_EQ(nearest("voxle", known), "voxel");
    EXPECT_EQ(nearest("Voxel", known), "voxel");
    EXPECT_EQ(nearest("vxel", known), "voxel");
    EXPECT_EQ(nearest("curent_axes", known), "current_axis");
    EXPECT_EQ(nearest("banana", known), "");
    EXPECT_EQ(nearest(std::string(100000, 'x'), known), "");
}

}  // namespace
}  // namespace jt
