// SPDX-License-Identifier: Apache-2.0
#include "twin/thermal/heat_field.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "kernels/error.hpp"
#include "tests/support/devices.hpp"
#include "twin/bed/voxelise.hpp"
#include "twin/scenario/reader.hpp"

namespace jt {
namespace {

struct Made {
    Scenario scenario;
    Bed bed;
};

// A bed along x of material "m" with the given keys; size and voxel in metres.
Made make(const std::string& size, const std::string& voxel, const std::string& material, const std::string& more,
          const std::string& bed_keys = "") {
    const std::string text = "[bed]\nsize = " + size + "\nvoxel = " + voxel + "\nmaterial = \"m\"\n" + bed_keys +
                             "[material.m]\n" + material + "\n" + more + "\n[run]\nduration = \"1 s\"\n";
    Made made{read_scenario_text(text, "s.toml", ".", {}, {.allow_unavailable = true}), {}};
    std::vector<std::string> findings;
    made.bed = voxelise(made.scenario, findings);
    return made;
}

class HeatFieldOn : public test::OnEveryDevice {
protected:
    // Steady state with q [W] in every cell.
    std::vector<double> steady(const Made& made, double q_W, HeatReport* report = nullptr) {
        HeatField field(*backend, made.bed, made.scenario);
        auto q = Buffer<double>::field(*backend, field.grid());
        backend->fill(field.grid(), q_W, q.get());
        HeatStage stage;
        stage.q = q.get();
        stage.heat_scale = q_W * double(made.bed.extents.count());
        const HeatReport r = field.solve(stage);
        EXPECT_TRUE(r.converged) << r.missing_W << " W missing after " << r.newton;
        if (report) *report = r;
        return field.temperature_K();
    }
};
JT_ON_EVERY_DEVICE(HeatFieldOn);

const std::string kPlain = "thermal_conductivity = '10 W/(m K)'\ndensity = '1000 kg/m^3'\nheat_capacity = '1000 J/(kg K)'";

// NAFEMS T2: 1000 K at one end, radiation with emissivity 0.98 to 300 K at the other: 926.967 K at the radiating end.
TEST_P(HeatFieldOn, RadiatingSurfaceHasTheExactTemperatureOfNafemsT2) {
    const Made made = make("['0.1 m','0.01 m','0.01 m']", "['0.01 m','0.01 m','0.01 m']",
                           "thermal_conductivity = '55.563 W/(m K)'\ndensity = '7850 kg/m^3'\nheat_capacity = '460 J/(kg K)'",
                           "[face.xmin]\ntemperature = '1000 K'\n[face.xmax]\nemissivity = 0.98\nambient = '300 K'");
    HeatReport report;
    const auto T = steady(made, 0.0, &report);
    const double flux = 55.563 * (T[0] - T[9]) / 0.09;
    EXPECT_NEAR(T[9] - flux * 0.005 / 55.563, 926.967, 0.001);
    EXPECT_NEAR(report.lost_W, 0.0, 1e-6);  // what enters at one end leaves at the other
}

// Arpaci 3-8: k = 2 (1 + 0.01 T), source 5, T(L = 10) = 0: T(0) = 87.0828692. Here T counts from 300 K.
TEST_P(HeatFieldOn, ConductivityThatRisesWithTemperatureGivesArpacisSlab) {
    const Made made = make("['10 m','0.1 m','0.1 m']", "['0.05 m','0.1 m','0.1 m']",
                           "thermal_conductivity = {kind='linear', value='2 W/(m K)', slope='0.01 1/K', reference='300 K', "
                           "valid=['250 K','900 K']}\n"
                           "density = '1 kg/m^3'\nheat_capacity = '1 J/(kg K)'",
                           "[face.xmax]\ntemperature = '300 K'");
    const auto T = steady(made, 5.0 * 0.05 * 0.01);
    // from the first centre to the insulated face: k dT/dx = 5 x
    const double k = 2.0 * (1.0 + 0.01 * (T[0] - 300.0));
    EXPECT_NEAR(T[0] + 5.0 * 0.025 * 0.025 / (2.0 * k) - 300.0, 87.08286933869708, 1e-3);
}

// A face in contact with a clamp: series of half cell and contact.
TEST_P(HeatFieldOn, ContactConductanceStandsInSeriesAndZeroInsulates) {
    const Made made = make("['0.02 m','0.01 m','0.01 m']", "'0.01 m'", kPlain,
                           "[[terminal]]\nname='a'\nface='xmin'\ntemperature='400 K'\ncontact_conductance='500 W/(m^2 K)'\n"
                           "[[terminal]]\nname='b'\nface='xmax'\ntemperature='900 K'\ncontact_conductance='0 W/(m^2 K)'");
    const auto T = steady(made, 1.0);
    const double area = 1e-4;
    EXPECT_NEAR(T[0], 400.0 + 2.0 / area * (0.005 / 10.0 + 1.0 / 500.0), 1e-4);
    EXPECT_NEAR(T[1], T[0] + 1.0 / area * 0.01 / 10.0, 1e-4);
}

TEST_P(HeatFieldOn, ConvectionAndFluxBalance) {
    const Made made = make("['0.05 m','0.01 m','0.01 m']", "'0.01 m'", kPlain,
                           "[face.xmin]\nheat_flux='1000 W/m^2'\n[face.xmax]\nconvection='25 W/(m^2 K)'\nambient='300 K'");
    const auto T = steady(made, 0.0);
    EXPECT_NEAR(T[4], 300.0 + 1000.0 / 25.0 + 1000.0 * 0.005 / 10.0, 1e-5);
    EXPECT_NEAR(T[0], T[4] + 1000.0 * 0.04 / 10.0, 1e-5);
}

// A long cylinder cut from a square box radiates from its true area, not from the staircase of its voxels.
TEST(Surfaces, WeightsOfACylinderSumToItsArea) {
    const Made made = make("['8 mm','8 mm','1 mm']", "'0.2 mm'", kPlain,
                           "[surface]\nconvection='10 W/(m^2 K)'\nambient='300 K'\n"
                           "[face.zmin]\ninsulated=true\n[face.zmax]\ninsulated=true",
                           "shape='cylinder'\n");
    const double area = 3.14159265358979 * 8e-3 * 1e-3;
    EXPECT_NEAR(Surfaces(made.bed, made.scenario).area(), area, 0.01 * area);
}

TEST(Surfaces, FacesToEnclosedVoidExchangeNothingAndOpenVoidDoes) {
    const std::string hole =
        "[[bed.region]]\nshape='box'\nfrom=['1 mm','1 mm','1 mm']\nto=['2 mm','2 mm','2 mm']\nmaterial='void'\n";
    const std::string open =
        "[[bed.region]]\nshape='box'\nfrom=['1 mm','1 mm','2 mm']\nto=['2 mm','2 mm','3 mm']\nmaterial='void'\n";
    const std::string surface = "[surface]\nconvection='10 W/(m^2 K)'\nambient='300 K'\n";
    const Made closed = make("['3 mm','3 mm','3 mm']", "'1 mm'", kPlain, surface, hole);
    EXPECT_NEAR(Surfaces(closed.bed, closed.scenario).area(), 54e-6, 1e-12);
    const Made opened = make("['3 mm','3 mm','3 mm']", "'1 mm'", kPlain, surface, open);
    EXPECT_NEAR(Surfaces(opened.bed, opened.scenario).area(), 54e-6 - 1e-6 + 5e-6, 1e-12);
}

TEST(HeatField, MaterialsWithoutThermalLawsAreNamed) {
    const auto backend = make_backend("cpu");
    const Made made = make("['1 mm','1 mm','1 mm']", "'1 mm'", "density = '1 kg/m^3'", "");
    try {
        HeatField field(*backend, made.bed, made.scenario);
        FAIL();
    } catch (const InputError& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("material.m: heat needs thermal_conductivity heat_capacity"));
    }
}

}  // namespace
}  // namespace jt
