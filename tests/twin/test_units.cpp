// SPDX-License-Identifier: Apache-2.0
#include "twin/units.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <clocale>
#include <thread>
#include <vector>

#include "kernels/error.hpp"

namespace jt {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string refusal(std::string_view text, Dimension dimension) {
    try {
        parse_quantity(text, dimension);
    } catch (const InputError& error) {
        return error.what();
    }
    return "accepted";
}

TEST(Units, QuantitiesOfTheDesignAreConvertedToSi) {
    EXPECT_DOUBLE_EQ(parse_quantity("12 kW", Dimension::power), 12000.0);
    EXPECT_DOUBLE_EQ(parse_quantity("850 degC", Dimension::temperature), 1123.15);
    EXPECT_DOUBLE_EQ(parse_quantity("24 K/min", Dimension::temperature_rate), 0.4);
    EXPECT_DOUBLE_EQ(parse_quantity("2625 W/(m^2 K)", Dimension::heat_transfer), 2625.0);
    EXPECT_DOUBLE_EQ(parse_quantity("2625 W/(m2 K)", Dimension::heat_transfer), 2625.0);
    EXPECT_DOUBLE_EQ(parse_quantity("2625 W m-2 K-1", Dimension::heat_transfer), 2625.0);
    EXPECT_DOUBLE_EQ(parse_quantity("2625 W/m^2/K", Dimension::heat_transfer), 2625.0);
    EXPECT_DOUBLE_EQ(parse_quantity("1.3 um", Dimension::length), 1.3e-6);
    EXPECT_DOUBLE_EQ(parse_quantity("1.3 \u00b5m", Dimension::length), 1.3e-6);
    EXPECT_DOUBLE_EQ(parse_quantity("5.6 mohm cm", Dimension::resistivity), 5.6e-5);
    EXPECT_DOUBLE_EQ(parse_quantity("1e-4 ohm m^2", Dimension::contact_resistivity), 1e-4);
    EXPECT_DOUBLE_EQ(parse_quantity("8e5 S/m", Dimension::conductivity), 8e5);
    EXPECT_DOUBLE_EQ(parse_quantity("10 S/cm", Dimension::conductivity), 1e3);
    EXPECT_DOUBLE_EQ(parse_quantity("75524 S/m^2", Dimension::contact_conductance), 75524.0);
    EXPECT_DOUBLE_EQ(parse_quantity("10 s", Dimension::time), 10.0);
    EXPECT_DOUBLE_EQ(parse_quantity("2 h", Dimension::time), 7200.0);
    EXPECT_DOUBLE_EQ(parse_quantity("25 %", Dimension::number), 0.25);
    EXPECT_DOUBLE_EQ(parse_quantity("2.5e-4 1/K", Dimension::inverse_temperature), 2.5e-4);
    EXPECT_DOUBLE_EQ(parse_quantity("10 Hz", Dimension::frequency), 10.0);
}

TEST(Units, DegreesCelsiusAreRefusedForDifferencesAndRatesWithAHint) {
    EXPECT_THAT(
        refusal("5 degC/min", Dimension::temperature_rate),
        AllOf(HasSubstr("\"5 degC/min\""), HasSubstr("differences, rates and coefficients take K"), HasSubstr("5 K/min")));
    EXPECT_THAT(refusal("5 degC", Dimension::temperature_difference), HasSubstr("take K"));
    EXPECT_THAT(refusal("5 \u00b0C/s", Dimension::temperature_rate), HasSubstr("take K"));
    EXPECT_THAT(refusal("5 celsius/s", Dimension::temperature_rate), HasSubstr("take K"));
    EXPECT_THAT(refusal("20 W/(m^2 degC)", Dimension::heat_transfer), HasSubstr("take K"));
}

TEST(Units, AWrongUnitIsNamedTogetherWithWhatIsAllowed) {
    EXPECT_THAT(refusal("20 s", Dimension::length),
                AllOf(HasSubstr("wrong unit \"s\" (a time)"), HasSubstr("a length in a unit like m")));
    EXPECT_THAT(refusal("20 flurb", Dimension::length), HasSubstr("unknown unit \"flurb\""));
    EXPECT_THAT(refusal("500 C", Dimension::temperature), HasSubstr("write degC"));
    EXPECT_THAT(refusal("20", Dimension::length), AllOf(HasSubstr("without a unit"), HasSubstr("\"20 mm\"")));
    EXPECT_THAT(refusal("wide", Dimension::length), HasSubstr("does not begin with a number"));
    EXPECT_THAT(refusal("1,5 mm", Dimension::length), HasSubstr("decimal sign is a point"));
}

TEST(Units, AReciprocalIsNotTheSameUnit) {
    EXPECT_THAT(refusal("5.6 mohm cm", Dimension::conductivity), HasSubstr("electrical resistivity"));
}

TEST(Units, AbsurdTextIsRefused) {
    for (const char* text :
         {"", " ", "nan m", "inf m", "-inf m", "1e400 m", "1e31 m", "1e30 km", "1 m 3", "1 m @ 20", "1 m since 2000",
          "1 m^99999", "1 lg(re m)", "1 (((m", "1 m/(", "1 3 m", "0x10 m", "1 \"m", "1 m\n2"})
        EXPECT_NE(refusal(text, Dimension::length), "accepted") << text;
    EXPECT_THAT(refusal(std::string(1000000, '9') + " m", Dimension::length), AllOf(HasSubstr("characters"), HasSubstr("...")));
    EXPECT_LT(refusal(std::string(1000000, '9') + " m", Dimension::length).size(), 300u);
}

TEST(Units, ShortestTextReadsBackToTheSameNumber) {
    for (const double value : {0.02, 1.0 / 3.0, 1e-300, 298.15, 6.02e23, -4.0})
        EXPECT_EQ(parse_quantity(format_quantity(value, Dimension::length), Dimension::length), value);
    EXPECT_EQ(parse_quantity("0.28 mm", Dimension::length), 0.00028);
    EXPECT_EQ(parse_quantity("1.3 mm", Dimension::length), 0.0013);
    EXPECT_EQ(format_quantity(0.02, Dimension::length), "0.02 m");
    EXPECT_EQ(format_for_people(2.5e-4, Dimension::length), "0.25 mm");
    EXPECT_EQ(format_for_people(1.3e-6, Dimension::length), "1.3 um");
    EXPECT_EQ(format_for_people(1e-9, Dimension::length), "1 nm");
    EXPECT_EQ(format_for_people(2e-7, Dimension::length), "0.2 um");
}

TEST(Units, EveryDimensionReadsItsOwnExampleAndSiUnit) {
    for (int d = 0; d <= static_cast<int>(Dimension::electric_field); ++d) {
        const auto dimension = static_cast<Dimension>(d);
        EXPECT_NO_THROW(parse_quantity(info(dimension).example, dimension)) << info(dimension).name;
        if (dimension != Dimension::number) {
            EXPECT_EQ(unit_factor(info(dimension).si, dimension), 1.0);
        }
    }
}

TEST(Units, ThreadsAndAForeignLocaleChangeNothing) {
    const std::string before = std::setlocale(LC_ALL, nullptr);
    std::setlocale(LC_ALL, "de_DE.UTF-8");
    std::vector<std::thread> threads;
    std::vector<double> sums(4, 0.0);
    for (std::size_t t = 0; t < sums.size(); ++t)
        threads.emplace_back([&sums, t] {
            for (int n = 0; n < 200; ++n) sums[t] += parse_quantity("0.5 mm", Dimension::length);
        });
    for (auto& thread : threads) thread.join();
    std::setlocale(LC_ALL, before.c_str());
    for (const double sum : sums) EXPECT_NEAR(sum, 0.1, 1e-12);
}

}  // namespace
}  // namespace jt
