// SPDX-License-Identifier: Apache-2.0
// The plant against run_coupled, its interlocks, orders and faults.
#include "bridge/heater/plant.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <set>

#include "kernels/backend.hpp"
#include "kernels/error.hpp"
#include "twin/scenario/reader.hpp"

namespace jt {
namespace {

using testing::HasSubstr;

// A small strip of carbon heated by its own current: 10 x 2 x 2 cells.
std::string strip(const std::string& heater, const std::string& sensors = "") {
    return "[bed]\nsize=['20 mm','4 mm','1 mm']\nvoxel=['2 mm','2 mm','0.5 mm']\nmaterial='m'\ninitial_temperature='300 K'\n"
           "current_axis='x'\n"
           "[material.m]\nsigma='2e4 S/m'\nthermal_conductivity='20 W/(m K)'\ndensity='500 kg/m^3'\n"
           "heat_capacity='1500 J/(kg K)'\n"
           "[electrodes]\ncontact_conductance='2000 W/(m^2 K)'\ntemperature='300 K'\n"
           "[surface]\nemissivity=0.8\nambient='300 K'\n[face.xmin]\ninsulated=true\n[face.xmax]\ninsulated=true\n" +
           heater + sensors + "[run]\nduration='6 s'\noutput_every='0.5 s'\n";
}
const std::string kLoop =
    "[heater]\nmode='temperature'\nprogram=[{to='900 K',in='3 s'},{hold='3 s'}]\nfeedback='pyrometer'\n"
    "limits={temperature='1300 K'}\nsupply={current='100 A',voltage='20 V',slew='100 A/s',update='10 Hz',delay='0.1 s'}\n";
const std::string kCurrent = "[heater]\nmode='current'\nprogram=[{step='20 A'},{hold='6 s'}]\n";
// An instrument that tells the truth.
const std::string kClean =
    "[[sensor]]\nname='pyrometer'\nkind='ratio_pyrometer'\nface='zmax'\nspot={center=['10 mm','2 mm'],diameter='3 mm'}\n"
    "floor='500 K'\nlag='0 s'\nnoise='0 K'\ndropout=0\n";
const std::string kOthers =
    "[[sensor]]\nname='tc'\nkind='thermocouple'\nat=['10 mm','2 mm','0.5 mm']\n"
    "[[sensor]]\nname='voltage'\nkind='voltage'\n[[sensor]]\nname='current'\nkind='current'\n";

Scenario scenario_of(const std::string& text) {
    return read_scenario_text(text, "s.toml");
}

class PlantTest : public testing::Test {
protected:
    std::unique_ptr<Backend> backend = make_backend("cpu");
    // Advances in pieces and takes what comes.
    std::vector<PlantReading> run(Plant& plant, double to, double piece = 0.5) {
        std::vector<PlantReading> all;
        for (int n = 1; plant.clock() < to - 1e-9; ++n) {
            plant.advance(std::min(to, plant.clock() + piece));
            for (auto& r : plant.take()) all.push_back(r);
        }
        return all;
    }
};

TEST_F(PlantTest, WithoutSecretsItIsTheSimulatedRun) {
    for (const auto& heater : {kLoop, kCurrent}) {
        const Scenario s = scenario_of(strip(heater, kClean));
        const CoupledRun reference = run_coupled(*backend, s);
        Plant plant(*backend, s, {});
        ASSERT_TRUE(plant.start());
        for (std::size_t n = 1; n < reference.records.size(); ++n) {
            plant.advance(reference.records[n].time_s);
            const PlantTruth truth = plant.truth();
            EXPECT_NEAR(truth.T_mean_K, reference.records[n].T_mean_K, 0.01) << n;
            EXPECT_NEAR(truth.current_A, reference.records[n].current_A, 0.01) << n;
            EXPECT_NEAR(truth.voltage_V, reference.records[n].voltage_V, 0.01) << n;
        }
        const Energy &mine = plant.twin().energy(), &theirs = reference.energy;
        EXPECT_NEAR(mine.electrical_J, theirs.electrical_J, 1e-4 * theirs.electrical_J);
        EXPECT_NEAR(mine.stored_J, theirs.stored_J, 1e-4 * theirs.electrical_J);
        EXPECT_NEAR(mine.residual_J(), 0.0, 1e-6 * theirs.electrical_J);
    }
}

}  // namespace
}  // namespace jt
