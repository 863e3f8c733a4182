// SPDX-License-Identifier: Apache-2.0
// The material files against the table of physics they were made from (printed values, as of several sources), and the
// enthalpy of the model against the integral of each heat capacity.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/devices.hpp"
#include "twin/bed/voxelise.hpp"
#include "twin/material/history.hpp"
#include "twin/material/material_reader.hpp"
#include "twin/scenario/reader.hpp"
#include "twin/stepping/coupled.hpp"
#include "twin/thermal/heat_field.hpp"

namespace jt {
namespace {

// A printed value and how far from it is allowed: half a unit of its last digit where nothing else is said.
struct Printed {
    double T, value, allowed;
};

void expect(const Law& law, const std::vector<Printed>& table, const std::string& what) {
    for (const Printed& p : table) {
        EXPECT_NEAR(law.at(p.T), p.value, p.allowed * 1.02) << what << " at " << p.T << " K";
        EXPECT_TRUE(law.in_range(p.T)) << what << " at " << p.T << " K";
    }
}

const std::vector<Printed> kCarbonHeat = {{300, 712.8, 0.05},   {500, 1217.6, 0.05},     {800, 1619.4, 0.05},
                                          {1000, 1759.2, 0.05}, {1273.15, 1876.5, 0.05}, {1573.15, 1954.8, 0.05},
                                          {1873, 2005.4, 0.05}, {2000, 2021.6, 0.05}};

TEST(MaterialsTable, EveryGraphiticMaterialHasTheHeatCapacityOfButlandAndMaddison) {
    for (const char* name : {"graphite_at101", "graphite_felt", "carbon_paper_tgp_h_060", "carbon_paper_tgp_h_090",
                             "carbon_paper_tgp_h_120", "coconut_char_1300"})
        expect(*load_material(name).heat_capacity, kCarbonHeat, name);
}

// The bed of a char, treated as its file says, takes up more heat than graphite would.
TEST(MaterialsTable, CharStillHoldsHydrogenAfterItsTreatment) {
    const Law graphite = *load_material("graphite_at101").heat_capacity;
    struct State {
        const char* name;
        double Th;
    };
    for (const State& s : {State{"coconut_char_600", 744.58}, State{"coconut_char_900", 901.2},
                           State{"coconut_char_1000", 1000.6}, State{"coconut_char_1300", 1300.6}}) {
        const Scenario scenario =
            read_scenario_text("[bed]\nsize=['1 mm','1 mm','1 mm']\nvoxel='1 mm'\nmaterial='" + std::string(s.name) +
                                   "'\n[surface]\ninsulated=true\n[run]\nduration='1 s'\n",
                               "s.toml");
        std::vector<std::string> findings;
        const Bed bed = voxelise(scenario, findings);
        const auto backend = make_backend("cpu");
        Coupled twin(*backend, bed, scenario);
        EXPECT_NEAR(twin.microstructure()->means().at("Th_K") - 273.15, s.Th, 0.4) << s.name;
        const double X = std::clamp((s.Th - 745.0) / (1100.0 - 745.0), 0.0, 1.0);
        for (const double T : {300.0, 800.0, 1500.0}) {
            twin.heat().set_temperature_K({T + 1.0});
            const double above = twin.stored_J();
            twin.heat().set_temperature_K({T - 1.0});
            EXPECT_NEAR((above - twin.stored_J()) / (2.0 * 500.0 * 1e-9) / graphite.at(T), 1.0 + 0.15 * (1.0 - X), 5e-4)
                << s.name;
        }
    }
}

// Set G: sigma = f_b 10^y exp(-Ea/kB (1/T - 1/300 K)) with y and Ea of the treatment. The printed values are two or three
// digits of a fit whose parameters are printed rounded too: 2 % (3 % where one digit after the first is printed).
TEST(MaterialsTable, CharConductsAsItsTreatmentSays) {
    struct State {
        const char* name;
        double Th;
        std::vector<Printed> printed;
    };
    for (const State& s : {State{"coconut_char_600", 745, {{300, 0.143, 0.02}, {873, 1.88, 0.02}, {1273, 2.87, 0.02}}},
                           State{"coconut_char_900", 900, {{300, 2.2, 0.02}, {873, 13, 0.02}, {1273, 17, 0.03}}},
                           State{"coconut_char_1000", 1001, {{300, 9.2, 0.02}, {873, 36, 0.02}, {1273, 46, 0.02}}},
                           State{"coconut_char_1300", 1302, {{300, 124, 0.02}, {873, 231, 0.02}, {1273, 256, 0.02}}}}) {
        Law sigma = load_material(s.name).sigma->in_plane;
        EXPECT_NEAR(sigma.Th_C, s.Th, 2.0) << s.name;
        sigma.Th_C = s.Th;
        for (const Printed& p : s.printed) EXPECT_NEAR(sigma.at(p.T) / p.value, 1.0, p.allowed) << s.name << " at " << p.T;
        const double kB = 8.617333262e-5, y = -4.0 + 7.65 / (1.0 + std::exp(-(s.Th - 703.9) / 234.4)),
                     Ea = 0.01 + 0.20 * (1.0 - (y + 4.0) / 7.65);
        for (const double T : {300.0, 600.0, 1000.0, 1600.0})
            EXPECT_NEAR(sigma.at(T) / (0.1 * std::pow(10.0, y) * std::exp(-Ea / kB * (1.0 / T - 1.0 / 300.0))), 1.0, 2e-4)
                << s.name << " at " << T;
    }
}

TEST(MaterialsTable, PowderBedInArgonConductsHeatAsZehnerBauerSchluender) {
    for (const char* name : {"coconut_char_600", "coconut_char_900", "coconut_char_1000", "coconut_char_1300"}) {
        const Material material = load_material(name);
        const Law& k = material.conductivity->in_plane;
        expect(k,
               {{300, 0.076, 0.0005},
                {500, 0.104, 0.0005},
                {800, 0.143, 0.0005},
                {1000, 0.169, 0.0005},
                {1273, 0.208, 0.0005},
                {1573, 0.256, 0.0005},
                {1873, 0.310, 0.0005}},
               name);
        for (const double T : {300.0, 1100.0, 1900.0}) EXPECT_NEAR(k.at(T), 0.0450 + 0.1043e-3 * T + 0.0196e-6 * T * T, 0.002);
        EXPECT_DOUBLE_EQ(material.density->at(300), 500.0);
        EXPECT_DOUBLE_EQ(*material.emissivity, 0.92);
    }
}

// Printed spread at 1273 K, and nitrogen.
TEST(MaterialsTable, PackedBedFollowsGasPorosityAndParticles) {
    const Law argon = load_material("coconut_char_600").conductivity->in_plane;
    const auto with = [&](auto change) {
        Law law = argon;
        change(law);
        return law;
    };
    expect(with([](Law& l) { l.option = "nitrogen"; }),
           {{300, 0.097, 0.0005},
            {500, 0.132, 0.0005},
            {800, 0.183, 0.0005},
            {1000, 0.216, 0.0005},
            {1273, 0.264, 0.0005},
            {1573, 0.322, 0.0005},
            {1873, 0.385, 0.0005}},
           "nitrogen");
    auto half = with([](Law& l) { l.coefficients[0] *= 0.5, l.coefficients[4] = 20e-6; });
    EXPECT_NEAR(half.at(1273), 0.150, 0.0015);
    auto twice = with([](Law& l) { l.coefficients[0] *= 2.0, l.coefficients[4] = 75e-6; });
    EXPECT_NEAR(twice.at(1273), 0.276, 0.0015);
    EXPECT_NEAR(with([](Law& l) { l.coefficients[3] = 0.40; }).at(1273), 0.256, 0.0006);
    EXPECT_NEAR(with([](Law& l) { l.coefficients[3] = 0.65; }).at(1273), 0.158, 0.0006);
}

// y(Th) of both sets, and the decades between 650 and 1050 degC for 1 h (Th 782.6 and 1240 degC).
TEST(MaterialsTable, BothSetsOfTheCharHaveTheirAnchors) {
    struct Set {
        const char* name;
        double f_b, y[4], decades;
    };
    for (const Set& set : {Set{"G", 0.1, {0.16, 1.97, 2.86, 3.09}, 2.5}, Set{"M", 0.3, {-2.72, 1.74, 2.99, 3.16}, 5.1}}) {
        const Scenario s = read_scenario_text(
            "[bed]\nsize=['1 mm','1 mm','1 mm']\nvoxel='1 mm'\nmaterial='m'\n[material.m]\ndensity='500 "
            "kg/m^3'\nheat_capacity='1000 J/(kg "
            "K)'\nthermal_conductivity='1 W/(m K)'\nsigma={kind='char',set='" +
                std::string(set.name) + "',valid=['290 K','1700 K']}\n[material.m.kinetics]\n[run]\nduration='1 s'\n",
            "s.toml");
        Law sigma = s.materials.at(1).sigma->in_plane;
        const double Th[] = {745, 1001, 1211, 1300};
        for (int n = 0; n < 4; ++n) {
            sigma.Th_C = Th[n];
            EXPECT_NEAR(std::log10(sigma.at(300.0) / set.f_b), set.y[n], 0.015) << set.name << " " << Th[n];
        }
        const auto after_an_hour = [&](double T_C) {
            sigma.Th_C = front_after_history({{T_C + 273.15, 3600.0, 0.0}}, 1e13) / (8.314462618 * std::log(3e14)) - 273.15;
            return std::log10(sigma.at(300.0));
        };
        EXPECT_NEAR(after_an_hour(1050) - after_an_hour(650), set.decades, 0.06) << set.name;
    }
}

TEST(MaterialsTable, DieGraphite) {
    const Material m = load_material("graphite_at101");
    expect(m.sigma->in_plane,
           {{300, 7.31e4, 0.005e4},
            {500, 8.50e4, 0.005e4},
            {1000, 1.032e5, 0.001e5},
            {1273, 1.037e5, 0.0005e5},
            {1873, 9.73e4, 0.005e4}},
           "sigma");
    expect(m.conductivity->in_plane,
           {{300, 107.6, 0.1}, {500, 94.0, 0.1}, {1000, 65.3, 0.1}, {1273, 52.9, 0.1}, {1873, 33.5, 0.1}}, "k");
    EXPECT_DOUBLE_EQ(m.density->at(300), 1800.0);
    EXPECT_DOUBLE_EQ(*m.emissivity, 0.85);
}

TEST(MaterialsTable, CarbonPaper) {
    struct Grade {
        const char* name;
        double ohm_m, density;
    };
    for (const Grade& g : {Grade{"carbon_paper_tgp_h_060", 5.8e-5, 440}, Grade{"carbon_paper_tgp_h_090", 5.6e-5, 450},
                           Grade{"carbon_paper_tgp_h_120", 4.7e-5, 450}}) {
        const Material m = load_material(g.name);
        EXPECT_NEAR(m.sigma->along(0).at(300), 1.0 / g.ohm_m, 1e-6) << g.name;
        EXPECT_NEAR(m.sigma->along(2).at(300), 1250.0, 1e-9) << g.name;
        for (const int axis : {0, 2})
            EXPECT_NEAR(m.sigma->along(axis).at(1300) / m.sigma->along(axis).at(300), 1.25, 1e-12) << g.name;
        EXPECT_DOUBLE_EQ(m.conductivity->along(0).at(300), 21.0) << g.name;
        EXPECT_DOUBLE_EQ(m.conductivity->along(2).at(300), 1.7) << g.name;
        EXPECT_DOUBLE_EQ(m.density->at(300), g.density) << g.name;
    }
}

TEST(MaterialsTable, FeltSpacerAndCopper) {
    const Material felt = load_material("graphite_felt"), spacer = load_material("cc_spacer"), copper = load_material("copper");
    expect(felt.conductivity->in_plane, {{300, 0.1, 1e-9}, {1300, 0.35, 1e-9}, {2000, 0.7, 1e-9}}, "felt");
    EXPECT_NEAR(felt.sigma->in_plane.at(300), 350, 150);
    EXPECT_NEAR(felt.density->at(300), 135, 45);
    EXPECT_DOUBLE_EQ(spacer.conductivity->along(0).at(500), 40.0);
    EXPECT_DOUBLE_EQ(spacer.conductivity->along(2).at(500), 5.0);
    EXPECT_DOUBLE_EQ(spacer.heat_capacity->at(500), 1250.0);
    EXPECT_DOUBLE_EQ(spacer.sigma->in_plane.at(500), 4e4);
    EXPECT_DOUBLE_EQ(spacer.density->at(500), 1500.0);
    EXPECT_DOUBLE_EQ(copper.conductivity->in_plane.at(300), 401.2);
    EXPECT_DOUBLE_EQ(copper.heat_capacity->at(300), 385.0);
    EXPECT_DOUBLE_EQ(copper.sigma->in_plane.at(300), 5.8e7);
}

TEST(MaterialsTable, Ceramics) {
    const Material alumina = load_material("alumina"), silica = load_material("fused_silica");
    expect(alumina.conductivity->in_plane, {{300, 34.9, 0.1}, {600, 15.7, 0.05}, {1000, 8.07, 0.01}, {1273, 7.01, 0.01}},
           "alumina k");
    expect(*alumina.heat_capacity, {{300, 777.5, 0.05}, {1273, 1270.5, 0.05}}, "alumina cp");
    EXPECT_DOUBLE_EQ(alumina.density->at(300), 3970.0);
    expect(silica.conductivity->in_plane,
           {{300, 1.38, 1e-9}, {400, 1.51, 1e-9}, {600, 1.75, 1e-9}, {800, 2.17, 1e-9}, {1000, 2.87, 1e-9}, {1200, 4.00, 1e-9}},
           "silica k");
    expect(*silica.heat_capacity,
           {{300, 745, 1e-9}, {400, 905, 1e-9}, {600, 1040, 1e-9}, {800, 1105, 1e-9}, {1000, 1155, 1e-9}, {1200, 1195, 1e-9}},
           "silica cp");
    EXPECT_DOUBLE_EQ(silica.density->at(300), 2200.0);
    EXPECT_FALSE(alumina.sigma || silica.sigma);
}

// h(T) of the model is tabulated each kelvin: its differences are the integral of density times heat capacity.
TEST(MaterialsTable, EnthalpyIsTheIntegralOfTheHeatCapacity) {
    const auto backend = make_backend("cpu");
    int materials = 0;
    for (const std::string& name : available_materials()) {
        const Material m = load_material(name);
        if (!m.heat_capacity || !m.density || !m.conductivity) continue;
        ++materials;
        const Scenario scenario = read_scenario_text(
            "[bed]\nsize = ['1 mm', '1 mm', '1 mm']\nvoxel = '1 mm'\nmaterial = '" + name + "'\n[run]\nduration = '1 s'\n",
            "s.toml");
        std::vector<std::string> findings;
        const Bed bed = voxelise(scenario, findings);
        HeatField field(*backend, bed, scenario);
        auto h = Buffer<double>::field(*backend, field.grid());
        const auto energy = [&](double T) {
            field.set_temperature_K({T});
            return field.stored(field.T(), h.get()) / 1e-9;  // [J/m3]
        };
        const double start = 300.0, before = energy(start);
        double integral = 0.0, at = start;
        for (const double T : {300.4, 345.0, 777.7, 1273.15, 1999.5}) {
            const int pieces = 4000;
            const double d = (T - at) / pieces;
            for (int n = 0; n < pieces; ++n)
                integral += d * m.density->at(at + (n + 0.5) * d) * m.heat_capacity->at(at + (n + 0.5) * d);
            at = T;
            EXPECT_NEAR((energy(T) - before) / integral, 1.0, 2e-5) << name << " to " << T << " K";
        }
    }
    EXPECT_GE(materials, 12);
}

}  // namespace
}  // namespace jt
