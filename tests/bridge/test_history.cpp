// SPDX-License-Identifier: Apache-2.0
// The past of a twin as text, there and back; what is no past is refused with its place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "bridge/wire/history.hpp"
#include "kernels/error.hpp"

namespace jt {
namespace {

using testing::HasSubstr;

std::string refusal(const std::string& text) {
    try {
        (void)decode_history(text);
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

TEST(History, ComesBackToTheBit) {
    const double third = 1.0 / 3.0;
    const std::vector<PastRow> rows{{0.1, {{"T_mean_K", {900.0 + third, 3.0, 895.0, 905.0}}}},
                                    {0.2, {}},
                                    {1e-7, {{"T_mean_K", {901.0, third, 896.0, 906.0}}, {"id_ig", {1.2, 0.1, 1.0, 1.4}}}}};
    const auto back = decode_history(encode_history(rows));
    ASSERT_EQ(back.size(), 3u);
    for (std::size_t n = 0; n < 3; ++n) {
        EXPECT_EQ(back[n].run_s, rows[n].run_s);
        ASSERT_EQ(back[n].scalars.size(), rows[n].scalars.size());
        for (const auto& [name, e] : rows[n].scalars) {
            const Estimate& b = back[n].scalars.at(name);
            EXPECT_EQ((std::array{b.value, b.sd, b.low, b.high}), (std::array{e.value, e.sd, e.low, e.high}));
        }
    }
    EXPECT_TRUE(decode_history(encode_history({})).empty());
}

TEST(History, HasAListForEachQuantity) {
    const std::vector<PastRow> rows{{0.5, {{"T_mean_K", {900.0, 3.0, 895.0, 905.0}}}}, {1.5, {}}};
    EXPECT_EQ(encode_history(rows),
              R"({"run_s":[0.5,1.5],"scalars":{"T_mean_K":{"high":[905.0,null],"low":[895.0,null],"sd":[3.0,null],)"
              R"("value":[900.0,null]}}})");
}

TEST(History, NumbersThatAreNotFiniteAreLeftOut) {
    const auto back = decode_history(encode_history(std::vector<PastRow>{
        {std::nan(""), {{"a", {1, 1, 1, 1}}}}, {1.0, {{"a", {1, 1, -INFINITY, 1}}, {"b", {2, 1, 1, 3}}}}}));
    ASSERT_EQ(back.size(), 1u);
    EXPECT_FALSE(back[0].scalars.contains("a"));
    EXPECT_EQ(back[0].scalars.at("b").high, 3.0);
}

TEST(History, WhatIsNoneIsRefusedWithItsPlace) {
    for (const char* text : {"", "[]", "{", "\xff\xfe", "nonsense"}) EXPECT_THAT(refusal(text), HasSubstr("not a JSON object"));
    EXPECT_THAT(refusal("{}"), HasSubstr("run_s"));
    EXPECT_THAT(refusal(R"({"run_s":[1,"x"],"scalars":{}})"), HasSubstr("run_s, number 2"));
    EXPECT_THAT(refusal(R"({"run_s":[1],"scalars":[]})"), HasSubstr("scalars"));
    EXPECT_THAT(refusal(R"({"run_s":[1],"scalars":{"a":3}})"), HasSubstr("\"a\""));
    EXPECT_THAT(refusal(R"({"run_s":[1],"scalars":{"a":{"value":[1],"sd":[1],"low":[1]}}})"), HasSubstr("high"));
    EXPECT_THAT(refusal(R"({"run_s":[1,2],"scalars":{"a":{"value":[1],"sd":[1],"low":[1],"high":[1]}}})"),
                HasSubstr("has 1 numbers; allowed: 2"));
    EXPECT_THAT(refusal(R"({"run_s":[1],"scalars":{"a":{"value":[1],"sd":[null],"low":[1],"high":[1]}}})"),
                HasSubstr("sd, number 1"));
    EXPECT_THAT(refusal(R"({"run_s":[1],"scalars":{"a":{"value":[1],"sd":[1],"low":[true],"high":[1]}}})"),
                HasSubstr("low, number 1"));
    std::string many = R"({"run_s":[1],"scalars":{)";
    for (std::size_t n = 0; n <= kMostPastNames; ++n) many += (n ? ",\"" : "\"") + std::to_string(n) + "\":{}";
    EXPECT_THAT(refusal(many + "}}"), HasSubstr("1001 quantities"));
}

}  // namespace
}  // namespace jt
