// SPDX-License-Identifier: Apache-2.0
#include "twin/heater/feedback.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "kernels/error.hpp"
#include "tests/support/devices.hpp"
#include "twin/bed/voxelise.hpp"
#include "twin/scenario/reader.hpp"

namespace jt {
namespace {

using testing::HasSubstr;

class FeedbackOn : public test::OnEveryDevice {
protected:
    // 4 x 2 x 2 cells of 1 mm, 300 K at the left to 900 K at the right, all faces insulated but zmax.
    void make(const std::string& sensor, const std::string& more = "") {
        scenario = read_scenario_text(
            "[bed]\nsize=['4 mm','2 mm','2 mm']\nvoxel='1 mm'\nmaterial='m'\ninitial_temperature='300 K'\n" + more +
                "[material.m]\nthermal_conductivity='1 W/(m K)'\ndensity='1000 kg/m^3'\nheat_capacity='1000 J/(kg K)'\n"
                "[surface]\ninsulated=true\n[face.zmax]\nemissivity=0.9\nambient='300 K'\n[[sensor]]\nname='s'\n" +
                sensor + "\n[run]\nduration='1 s'\n",
            "s.toml", ".");
        std::vector<std::string> findings;
        bed = voxelise(scenario, findings);
        field.emplace(*backend, bed, scenario);
        std::vector<double> T(bed.extents.count());
        for (std::size_t c = 0; c < T.size(); ++c) T[c] = 300.0 + 200.0 * double(c % 4);
        field->set_temperature_K(T);
        field->refresh_surfaces(0.0);
        read.emplace(*backend, scenario.sensors.front(), bed, *field);
    }
    Scenario scenario;
    Bed bed;
    std::optional<HeatField> field;
    std::optional<FeedbackSensor> read;
};

TEST_P(FeedbackOn, APyrometerSeesItsOwnSideAndAnInsulatedFaceIsAsHotAsItsCell) {
    make("kind='ratio_pyrometer'\nface='xmax'\nspot={center=['1 mm','1 mm'], diameter='4 mm'}");
    EXPECT_NEAR(read->truth(*field), 900.0, 1e-9);
    make("kind='ratio_pyrometer'\nface='xmin'\nspot={center=['1 mm','1 mm'], diameter='4 mm'}");
    EXPECT_NEAR(read->truth(*field), 300.0, 1e-9);
}

TEST_P(FeedbackOn, ASurfaceThatRadiatesIsColderThanItsCell) {
    make("kind='ratio_pyrometer'\nface='zmax'\nspot={center=['3.5 mm','0.5 mm'], diameter='0.2 mm'}");
    const double T = read->truth(*field);
    EXPECT_LT(T, 899.0);
    EXPECT_NEAR(1.0 / 0.5e-3 * (900.0 - T), 0.9 * kStefanBoltzmann * (std::pow(T, 4) - std::pow(300.0, 4)), 1e-3);
}

TEST_P(FeedbackOn, ThroughVoidItSeesTheFirstSolid) {
    make("kind='ratio_pyrometer'\nface='xmax'\nspot={center=['1 mm','1 mm'], diameter='4 mm'}",
         "[[bed.region]]\nshape='box'\nfrom=['2 mm','0 mm','0 mm']\nto=['4 mm','2 mm','2 mm']\nmaterial='void'\n");
    EXPECT_NEAR(read->truth(*field), 500.0, 1.0);
}

TEST_P(FeedbackOn, AHotSpotCountsMoreThanItsShare) {
    make("kind='ratio_pyrometer'\nface='ymin'\nspot={center=['2 mm','1 mm'], diameter='8 mm'}");
    EXPECT_GT(read->truth(*field), 750.0);  // the mean is 600 K; at 1 um a spot of 900 K outshines the rest
    EXPECT_LT(read->truth(*field), 900.0);
}

TEST_P(FeedbackOn, AThermocoupleReadsItsCellThroughItsLagAndAFloorHolds) {
    make("kind='thermocouple'\nat=['2.5 mm','0.5 mm','0.5 mm']\nlag='2 s'");
    EXPECT_NEAR(read->read(0.0, *field), 700.0, 1e-9);
    field->set_temperature_K(std::vector<double>(bed.extents.count(), 900.0));
    EXPECT_NEAR(read->read(2.0, *field), 900.0 - 200.0 * std::exp(-1.0), 1e-6);
    make("kind='ratio_pyrometer'\nface='xmin'\nspot={center=['1 mm','1 mm'], diameter='4 mm'}\nfloor='500 degC'");
    EXPECT_DOUBLE_EQ(read->read(0.0, *field), 773.15);
}

TEST_P(FeedbackOn, AThermocoupleReadsItsPlaceBetweenCellsOfItsMaterial) {
    make("kind='thermocouple'\nat=['2 mm','1 mm','1 mm']");
    EXPECT_NEAR(read->truth(*field), 600.0, 1e-9);  // between 500 and 700 K
    make("kind='thermocouple'\nat=['1.75 mm','0.5 mm','1 mm']");
    EXPECT_NEAR(read->truth(*field), 550.0, 1e-9);
    make("kind='thermocouple'\nat=['0.1 mm','0.5 mm','0.5 mm']");
    EXPECT_NEAR(read->truth(*field), 300.0, 1e-9);  // nothing is known beyond the outermost centres
    // across an interface it does not look
    make("kind='thermocouple'\nat=['1.75 mm','0.5 mm','1 mm']",
         "[[bed.region]]\nshape='box'\nfrom=['2 mm','0 mm','0 mm']\nto=['4 mm','2 mm','2 mm']\nmaterial='n'\n"
         "[material.n]\nthermal_conductivity='1 W/(m K)'\ndensity='1000 kg/m^3'\nheat_capacity='1000 J/(kg K)'\n");
    EXPECT_NEAR(read->truth(*field), 500.0, 1e-9);
}

TEST_P(FeedbackOn, AOneColourPyrometerKnowsTheEmissivityThatIsSetOnIt) {
    // the surface has 0.9: taken as 0.85 at 1.6 um it reads 8.7 K high at 1173 K
    make("kind='pyrometer'\nface='zmax'\nspot={center=['2 mm','1 mm'],diameter='8 mm'}\nlag='0 s'\nemissivity=0.85");
    EXPECT_NEAR(read->emissivity(), 0.9, 1e-12);
    const double T = read->truth(*field);
    EXPECT_NEAR(1.0 / T - 1.0 / read->read(0.0, *field), 1.6e-6 / 0.01438777 * std::log(0.9 / 0.85), 1e-9);
}

TEST_P(FeedbackOn, WhatSeesNothingIsAnError) {
    const std::string hole =
        "[[bed.region]]\nshape='box'\nfrom=['0 mm','0 mm','0 mm']\nto=['1 mm','2 mm','2 mm']\nmaterial='void'\n";
    try {
        make("kind='thermocouple'\nat=['0.5 mm','0.5 mm','0.5 mm']", hole);
        FAIL();
    } catch (const InputError& error) {
        EXPECT_THAT(error.what(), HasSubstr("stands in void"));
    }
    try {
        make("kind='ratio_pyrometer'\nface='zmax'\nspot={center=['0.5 mm','0.5 mm'], diameter='0.2 mm'}", hole);
        FAIL();
    } catch (const InputError& error) {
        EXPECT_THAT(error.what(), HasSubstr("sees nothing solid"));
    }
}

JT_ON_EVERY_DEVICE(FeedbackOn);

}  // namespace
}  // namespace jt
