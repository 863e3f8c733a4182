// SPDX-License-Identifier: Apache-2.0
#include "twin/quantity/quantity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "kernels/error.hpp"

namespace jt {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(Quantity, EveryNameIsThereOnceAndCarriesItsUnit) {
    std::set<std::string_view> names;
    for (const auto& entry : quantities()) {
        EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
        EXPECT_FALSE(entry.label.empty()) << entry.name;
        EXPECT_GE(entry.digits, 1) << entry.name;
    }
    EXPECT_EQ(quantity("phi_V").unit, "V");
    EXPECT_EQ(quantity("J_A_per_m2").unit, "A/m\u00b2");
    EXPECT_EQ(quantity("sigma_S_per_m").unit, "S/m");
    EXPECT_EQ(quantity("q_W_per_m3").unit, "W/m\u00b3");
    EXPECT_EQ(quantity("J_over_J0").unit, "");
}

TEST(Quantity, CurrentCrowdingIsShownFromAQuarterToFourOnTheDivergingMap) {
    const Quantity& crowding = quantity("J_over_J0");
    ASSERT_TRUE(crowding.range);
    EXPECT_EQ((*crowding.range)[0], 0.25);
    EXPECT_EQ((*crowding.range)[1], 4.0);
    EXPECT_EQ(crowding.scale, Scale::log2);
    EXPECT_EQ(crowding.map, ColourMapId::diverging);
}

TEST(Quantity, AnUnknownNameIsRefusedWithTheKnownOnes) {
    try {
        quantity("J_over_J1");
        FAIL() << "accepted";
    } catch (const InputError& error) {
        EXPECT_THAT(error.what(), AllOf(HasSubstr("\"J_over_J1\""), HasSubstr("J_over_J0"), HasSubstr("phi_V")));
    }
}

TEST(Quantity, NumbersForPeopleHaveTheirSignificantDigitsAndATrueMinus) {
    EXPECT_EQ(format_number(987.41, 3), "987");
    EXPECT_EQ(format_number(1.2345, 3), "1.23");
    EXPECT_EQ(format_number(-2.5, 2), "\u22122.5");
    EXPECT_EQ(format_number(0.0, 3), "0");
    EXPECT_EQ(format_number(99999.6, 5), "1.0000\u00d710\u2075");  // the rounding carries into the exponent
    EXPECT_EQ(format_number(43210.4, 4), "43210");
    EXPECT_EQ(format_number(800000, 1), "8\u00d710\u2075");
    EXPECT_EQ(format_number(1.3e-6, 2), "1.3\u00d710\u207b\u2076");
    EXPECT_EQ(format_number(0.00123, 3), "0.00123");
}

TEST(Quantity, AValueThatDoesNotExistIsAnEmDashNeverNan) {
    EXPECT_EQ(format_number(std::nan(""), 3), "\u2014");
    EXPECT_EQ(format_number(std::numeric_limits<double>::infinity(), 3), "\u2014");
}

}  // namespace
}  // namespace jt
