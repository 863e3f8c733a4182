// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "kernels/error.hpp"
#include "twin/material/material_reader.hpp"

namespace jt {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// Problems of a material given as TOML text; "" when it is accepted.
std::string problems_of(const std::string& toml, Material* material = nullptr) {
    const Value table = parse_document(toml, "m.toml");
    ReadContext context;
    const Material read = read_material(table, "m", "", context);
    if (material) *material = read;
    std::string text;
    for (const auto& line : context.problems()) text += line + "\n";
    return text;
}

TEST(Material, GraphiteHasTheConductivitiesOfItsSource) {
    const Material graphite = load_material("graphite_at101");
    const auto sigma = [&](double T) { return graphite.sigma->along(0).at(T); };
    EXPECT_NEAR(sigma(300), 7.31e4, 0.005e4);
    EXPECT_NEAR(sigma(500), 8.50e4, 0.005e4);
    EXPECT_NEAR(sigma(1000), 1.032e5, 0.001e5);
    EXPECT_NEAR(sigma(1273), 1.037e5, 0.0005e5);
    EXPECT_NEAR(sigma(1873), 9.73e4, 0.005e4);
    const auto k = [&](double T) { return graphite.conductivity->along(2).at(T); };
    EXPECT_NEAR(k(300), 107.6, 0.1);
    EXPECT_NEAR(k(500), 94.0, 0.1);
    EXPECT_NEAR(k(1000), 65.3, 0.1);
    EXPECT_NEAR(k(1273), 52.9, 0.1);
    EXPECT_NEAR(k(1873), 33.5, 0.1);
}

TEST(Material, CarbonHeatCapacityIsButlandMaddison) {
    const Law cp = *load_material("graphite_at101").heat_capacity;
    const double T[] = {300, 500, 800, 1000, 1273.15, 1573.15, 1873, 2000},
                 value[] = {712.8, 1217.6, 1619.4, 1759.2, 1876.5, 1954.8, 2005.4, 2021.6};
    for (int n = 0; n < 8; ++n) EXPECT_NEAR(cp.at(T[n]), value[n], 0.06) << T[n];
    EXPECT_NEAR(load_material("coconut_char_600").heat_capacity->at(1273.15), 1876.5, 0.1);  // conversion: Microstructure
}

TEST(Material, CarbonPaperConductsAlongTheSheetAndTheSlopeIsAppliedBothWays) {
    const Material paper = load_material("carbon_paper_tgp_h_090");
    EXPECT_NEAR(paper.sigma->along(0).at(300), 1.0 / 5.6e-5, 1e-6);
    EXPECT_NEAR(paper.sigma->along(1).at(1300), 1.25 / 5.6e-5, 1e-6);
    EXPECT_NEAR(paper.sigma->along(2).at(300), 1250.0, 1e-9);
    EXPECT_DOUBLE_EQ(paper.conductivity->along(1).at(300), 21.0);
    EXPECT_DOUBLE_EQ(paper.conductivity->along(2).at(300), 1.7);
    EXPECT_NEAR(load_material("carbon_paper_tgp_h_060").sigma->along(0).at(300), 1.0 / 5.8e-5, 1e-6);
    EXPECT_NEAR(load_material("carbon_paper_tgp_h_120").sigma->along(0).at(300), 1.0 / 4.7e-5, 1e-6);
}

TEST(Material, CharAsCarbonisedHasTheTabulatedConductivity) {
    const Material carbonised = load_material("coconut_char_600");
    const double T[] = {300, 873, 1273}, sigma[] = {0.143, 1.88, 2.87}, Tk[] = {300, 500, 800, 1000, 1273, 1573, 1873},
                 k[] = {0.076, 0.104, 0.143, 0.169, 0.208, 0.256, 0.310};
    for (int n = 0; n < 3; ++n) EXPECT_NEAR(carbonised.sigma->along(0).at(T[n]) / sigma[n], 1.0, 0.012) << T[n];
    for (int n = 0; n < 7; ++n) EXPECT_NEAR(carbonised.conductivity->along(0).at(Tk[n]), k[n], 0.0025) << Tk[n];
}

TEST(Material, CeramicsFollowTheirTables) {
    const Material alumina = load_material("alumina"), silica = load_material("fused_silica");
    const double T[] = {300, 600, 1000, 1273}, k[] = {34.9, 15.7, 8.07, 7.01};
    for (int n = 0; n < 4; ++n) EXPECT_NEAR(alumina.conductivity->along(0).at(T[n]) / k[n], 1.0, 0.005) << T[n];
    EXPECT_NEAR(alumina.heat_capacity->at(300), 777.5, 0.1);
    EXPECT_NEAR(alumina.heat_capacity->at(1273), 1270.5, 0.1);
    EXPECT_FALSE(alumina.sigma.has_value());
    EXPECT_DOUBLE_EQ(silica.conductivity->along(0).at(1000), 2.87);
    EXPECT_DOUBLE_EQ(silica.heat_capacity->at(500), 0.5 * (905 + 1040));
}

TEST(Material, EveryLawOfTheDataFolderStatesRangeAndSource) {
    const auto names = available_materials();
    ASSERT_GE(names.size(), 10u);
    for (const auto& name : names) {
        const Material material = load_material(name);
        std::vector<const Law*> laws;
        for (const auto* property : {&material.sigma, &material.conductivity})
            if (*property) {
                laws.push_back(&(*property)->in_plane);
                if ((*property)->through) laws.push_back(&*(*property)->through);
            }
        if (material.heat_capacity) laws.push_back(&*material.heat_capacity);
        for (const Law* law : laws) {
            EXPECT_FALSE(law->source.empty()) << name;
            EXPECT_FALSE(law->unit.empty()) << name;
            EXPECT_GT(law->valid_min, 0.0) << name;
            EXPECT_LT(law->valid_max, 5000.0) << name;
        }
        EXPECT_FALSE(material.description.empty()) << name;
    }
}

TEST(Material, OutsideTheValidRangeTheLawIsHeld) {
    const Law law = load_material("graphite_at101").sigma->in_plane;
    EXPECT_EQ(law.at(100.0), law.at(292.0));
    EXPECT_EQ(law.at(5000.0), law.at(1874.0));
    EXPECT_FALSE(law.in_range(100.0));
    EXPECT_TRUE(law.in_range(300.0));
}

TEST(Material, EveryKindOfLawIsEvaluatedInSi) {
    Material m;
    const auto at = [&](const std::string& law, double T) {
        EXPECT_EQ(problems_of("sigma = { " + law + ", valid = [\"300 K\", \"1300 K\"] }", &m), "");
        return m.sigma ? m.sigma->in_plane.at(T) : std::nan("");
    };
    EXPECT_DOUBLE_EQ(at("kind = 'constant', value = '2 S/cm'", 700), 200.0);
    EXPECT_DOUBLE_EQ(at("kind = 'linear', value = '100 S/m', slope = '1e-3 1/K', reference = '300 K'", 400), 110.0);
    EXPECT_DOUBLE_EQ(at("kind = 'polynomial', coefficients = [1, 0.01], unit = 'S/cm'", 400), 500.0);
    EXPECT_DOUBLE_EQ(at("kind = 'powers', coefficients = [1, 400], exponents = [1, -1], unit = 'S/m'", 400), 401.0);
    EXPECT_DOUBLE_EQ(at("kind = 'exp', value = '100 S/m', slope = '1e-3 1/K', reference = '300 K'", 400),
                     100.0 * std::exp(0.1));
    EXPECT_DOUBLE_EQ(at("kind = 'arrhenius', value = '100 S/m', activation = '1000 K', reference = '300 K'", 600),
                     100.0 * std::exp(1000.0 / 600));
    EXPECT_DOUBLE_EQ(at("kind = 'inverse', coefficients = [2, 0], unit = 'mohm cm'", 600), 1.0 / 2e-5);
    EXPECT_DOUBLE_EQ(at("kind = 'table', points = [['300 K', '1 S/m'], ['500 K', '3 S/m']]", 400), 2.0);
}

TEST(Material, WrongLawsAreRefusedWithTheReason) {
    EXPECT_THAT(problems_of("k = '1 W/(m K)'"),
                AllOf(HasSubstr("m.toml:1: k: unknown key"), HasSubstr("did you mean thermal_conductivity?")));
    EXPECT_THAT(problems_of("sigma = '1 W/(m K)'"), HasSubstr("wrong unit"));
    EXPECT_THAT(problems_of("sigma = '-1 S/m'"), HasSubstr("allowed: >= 0 S/m"));
    EXPECT_THAT(problems_of("sigma = 1000"), HasSubstr("without a unit"));
    EXPECT_THAT(problems_of("sigma = { kind = 'polynom', coefficients = [1], unit = 'S/m' }"),
                HasSubstr("did you mean \"polynomial\"?"));
    EXPECT_THAT(
        problems_of("sigma = { kind = 'polynomial', coefficients = [1, -1], unit = 'S/m', valid = ['300 K', '400 K'] }"),
        HasSubstr("sigma is -299 S/m at 300 K"));
    EXPECT_THAT(problems_of("sigma = { kind = 'polynomial', coefficients = [1], unit = 'S/m' }"), HasSubstr("needs its range"));
    EXPECT_THAT(problems_of("sigma = { kind = 'constant', value = '1 S/m', slope = '1 1/K' }"),
                HasSubstr("slope: does not belong"));
    EXPECT_THAT(problems_of("sigma = { kind = 'linear', value = '1 S/m', slope = '1e-3 1/degC', reference = '300 K' }"),
                HasSubstr("take K"));
    EXPECT_THAT(problems_of("sigma = { kind = 'table', points = [['300 K', '1 S/m'], ['300 K', '3 S/m']] }"),
                HasSubstr("rising temperatures"));
    EXPECT_THAT(problems_of("sigma = { in_plane = '1 S/m' }"), HasSubstr("through: missing"));
    EXPECT_THAT(
        problems_of(
            "sigma = { kind = 'powers', coefficients = [1, 2], exponents = [1], unit = 'S/m', valid = ['300 K', '400 K'] }"),
        HasSubstr("one for each of the 2 coefficients"));
    EXPECT_THAT(
        problems_of(
            "sigma = { kind = 'polynomial', coefficients = [1,1,1,1,1,1,1,1,1], unit = 'S/m', valid = ['300 K', '400 K'] }"),
        HasSubstr("at most 8"));
    EXPECT_THAT(
        problems_of(
            "thermal_conductivity = { kind = 'inverse', coefficients = [1], unit = 'm K/W', valid = ['300 K', '400 K'] }"),
        HasSubstr("resistivity under sigma only"));
    EXPECT_THAT(problems_of("emissivity = 1.5"), HasSubstr("allowed: >= 0, <= 1"));
}

TEST(Material, AnUnknownNameListsWhatThereIs) {
    try {
        load_material("../../etc/passwd");
        FAIL();
    } catch (const InputError& error) {
        EXPECT_THAT(error.what(), AllOf(HasSubstr("not found"), HasSubstr("graphite_at101"), HasSubstr("void")));
    }
}

}  // namespace
}  // namespace jt
