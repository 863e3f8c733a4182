// SPDX-License-Identifier: Apache-2.0
// The plant against run_coupled, its interlocks, orders and faults.
#include "bridge/heater/plant.hpp"

#include <gmock/gmock.h>
#include <omp.h>

#include <cmath>
#include <set>

#include "kernels/backend.hpp"
#include "kernels/error.hpp"
#include "twin/scenario/reader.hpp"

namespace jt {
namespace {

using testing::AllOf;
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
    void SetUp() override { omp_set_num_threads(1); }  // 40 cells: a second thread only waits
    void TearDown() override { omp_set_num_threads(omp_get_num_procs()); }
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

TEST_F(PlantTest, ReadingsAreOfTheirTimeNotOfTheStepsEnd) {
    // a step of current into a strip: V = I R, I as the program says at the very time of the sample
    const Scenario s =
        scenario_of(strip("[heater]\nmode='current'\nprogram=[{step='0 A'},{to='30 A',in='3 s'},{hold='3 s'}]\n",
                          "[[sensor]]\nname='current'\nkind='current'\nlag='0 s'\nnoise='0 A'\ndropout=0\nrate='100 Hz'\n"
                          "[[sensor]]\nname='voltage'\nkind='voltage'\nlag='0 s'\nnoise='0 V'\ndropout=0\nrate='100 "
                          "Hz'\nlead_resistance='10 mohm'\n"));
    Plant plant(*backend, s, {});
    plant.start();
    const double R = plant.twin().resistance();  // sigma is constant, and so is this
    std::size_t count = 0;
    for (const PlantReading& r : run(plant, 6.0)) {
        if (r.time_s == 0.0) continue;
        ++count;
        const double I = std::min(10.0 * r.run_s, 30.0);
        EXPECT_NEAR(*r.value, r.sensor == 0 ? I : I * (R + 0.01), 1e-6 * 30.0) << r.run_s;
    }
    EXPECT_EQ(count, 1200u);
}

TEST_F(PlantTest, ADelayedSupplyWithSlewIsMeasuredAsItMoves) {
    const Scenario s = scenario_of(strip(
        "[heater]\nmode='current'\nprogram=[{step='10 A'},{hold='6 s'}]\nsupply={slew='40 A/s',update='10 Hz',delay='0.1 s'}\n",
        "[[sensor]]\nname='current'\nkind='current'\nlag='0 s'\nnoise='0 A'\ndropout=0\nrate='100 Hz'\n"));
    Plant plant(*backend, s, {});
    plant.start();
    for (const PlantReading& r : run(plant, 1.0, 0.07))
        if (r.time_s > 0.0) {
            EXPECT_NEAR(*r.value, std::clamp(40.0 * (r.run_s - 0.1), 0.0, 10.0), 1e-6) << r.run_s;
        }
}

TEST_F(PlantTest, TheSameSeedGivesTheSameBitsOnAnyPiecesOfReadings) {
    Hidden hidden = read_hidden_text("[factor]\nend_contact=1.4\n[draw]\nseed=5\n[delivery]\njitter='20 ms'\n", "h.toml",
                                     scenario_of(strip(kLoop, kClean + kOthers)));
    const Scenario s = scenario_of(strip(kLoop, kClean + kOthers));
    std::vector<std::vector<PlantReading>> all;
    for (const std::uint64_t seed : {1, 1, 2}) {
        Plant plant(*backend, s, hidden, {.seed = seed});
        plant.start();
        all.push_back(run(plant, 3.0, 0.1));
    }
    ASSERT_EQ(all[0].size(), all[1].size());
    int differ = 0;
    for (std::size_t n = 0; n < all[0].size(); ++n) {
        EXPECT_EQ(all[0][n].value, all[1][n].value);
        EXPECT_EQ(all[0][n].delivered_s, all[1][n].delivered_s);
        EXPECT_EQ(all[0][n].seq, all[1][n].seq);
    }
    for (std::size_t n = 0; n < std::min(all[0].size(), all[2].size()); ++n) differ += all[0][n].value != all[2][n].value;
    EXPECT_GT(differ, 100);
}

TEST_F(PlantTest, HiddenPropertiesChangeTheBedAndTheLoopDoesNotKnow) {
    const Scenario s = scenario_of(strip(kCurrent, kClean));
    const auto mean_at = [&](const std::string& hidden, double t = 6.0) {
        Plant plant(*backend, s, read_hidden_text(hidden, "h.toml", s));
        plant.start();
        plant.advance(t);
        return plant.truth().T_mean_K;
    };
    const double plain = mean_at("");
    EXPECT_GT(mean_at("[factor]\nemissivity=0.5\n"), plain + 1.0);   // radiates less
    EXPECT_GT(mean_at("[factor]\nend_contact=3.0\n"), plain + 1.0);  // gives less to the clamps
    EXPECT_GT(mean_at("[factor]\nbed_sigma=0.7\n"), plain + 1.0);    // more heat by the same current
    EXPECT_LT(mean_at("[factor]\nheat_capacity=2.0\n", 0.5), mean_at("", 0.5) - 50.0);
    EXPECT_NEAR(mean_at("voxel=['1 mm','1 mm','0.25 mm']\n"), plain, 10.0);  // another grid is the same bed
    EXPECT_NEAR(mean_at("largest_step='50 ms'\n"), plain, 0.5);

    const Scenario loop = scenario_of(strip(kLoop, kClean));
    Plant plain_plant(*backend, loop, {}),
        hidden_plant(*backend, loop, read_hidden_text("[factor]\nbed_sigma=0.7\n", "h", loop));
    EXPECT_EQ(plain_plant.table().resistance_ohm, hidden_plant.table().resistance_ohm);
}

// A biased feedback sensor is believed: the bed settles off by the bias.
TEST_F(PlantTest, TheLoopFollowsItsInstrument) {
    const Scenario s = scenario_of(strip(kLoop, kClean));
    Plant plant(*backend, s, read_hidden_text("[sensor.pyrometer]\nbias='20 K'\n", "h", s));
    plant.start();
    plant.advance(5.9);
    const auto readings = plant.take();
    EXPECT_NEAR(*readings.back().value, 900.0, 5.0);
    HeatField& heat = plant.twin().heat();
    FeedbackSensor eye(*backend, s.sensors[0], plant.bed(), heat);
    EXPECT_NEAR(eye.truth(heat), 880.0, 5.0);
}

TEST_F(PlantTest, HoldFreezesTheProgramAndResumeGoesOnWhereItStood) {
    const Scenario s = scenario_of(strip(kLoop, kClean));
    Plant plant(*backend, s, {});
    EXPECT_FALSE(plant.hold());
    EXPECT_FALSE(plant.resume());
    EXPECT_FALSE(plant.abort());
    EXPECT_EQ(plant.phase(), HeaterPhase::idle);
    EXPECT_TRUE(plant.start());
    EXPECT_FALSE(plant.start());
    plant.advance(2.0);
    ASSERT_TRUE(plant.hold());
    const double held = *plant.times().setpoint;
    EXPECT_NEAR(held, 300.0 + 600.0 * 2.0 / 3.0, 1e-9);
    plant.advance(5.0);
    EXPECT_EQ(*plant.times().setpoint, held);
    EXPECT_NEAR(plant.times().program_s, 2.0, 1e-9);
    EXPECT_NEAR(plant.times().run_s, 5.0, 1e-9);
    EXPECT_NEAR(plant.truth().T_max_K, held, 15.0);  // the loop goes on
    ASSERT_TRUE(plant.resume());
    plant.advance(5.5);
    EXPECT_NEAR(*plant.times().setpoint, 300.0 + 600.0 * 2.5 / 3.0, 1e-6);
    plant.advance(8.95);
    EXPECT_EQ(plant.phase(), HeaterPhase::running);
    plant.advance(9.2);
    EXPECT_EQ(plant.phase(), HeaterPhase::finished);  // 6 s of program and 3 s held
    EXPECT_EQ(plant.truth().current_A, 0.0);
    EXPECT_FALSE(plant.times().setpoint);
    EXPECT_NEAR(plant.times().program_s, 6.0, 1e-6);
}

TEST_F(PlantTest, AnAbortCutsTheCurrentAtOnceAndTheBedCools) {
    const Scenario s =
        scenario_of(strip(kLoop, kClean + "[[sensor]]\nname='current'\nkind='current'\nnoise='0 A'\nlag='0 s'\ndropout=0\n"));
    Plant plant(*backend, s, {});
    plant.start();
    plant.advance(4.0);
    const double hot = plant.truth().T_mean_K;
    EXPECT_GT(plant.truth().current_A, 1.0);
    plant.take();
    ASSERT_TRUE(plant.abort());
    EXPECT_EQ(plant.phase(), HeaterPhase::aborted);
    plant.advance(6.0);
    for (const PlantReading& r : plant.take())
        if (r.sensor == 1) {
            EXPECT_EQ(*r.value, 0.0) << r.time_s;
        }
    EXPECT_LT(plant.truth().T_mean_K, hot - 50.0);
    // a start puts a fresh bed in, and is the first run again
    const double before = plant.clock();
    ASSERT_TRUE(plant.start());
    EXPECT_EQ(plant.run(), 2u);
    EXPECT_NEAR(plant.truth().T_mean_K, 300.0, 1e-9);
    plant.advance(before + 4.0);
    EXPECT_NEAR(plant.truth().T_mean_K, hot, 1e-6);
}

TEST_F(PlantTest, AProgramTakesTheOldOnesPlaceInItsTime) {
    const Scenario s = scenario_of(strip(kLoop, kClean));
    Plant plant(*backend, s, {});
    plant.start();
    plant.advance(2.0);
    plant.set_program({{0.0, 4.0, 10.0}, {300.0, 700.0, 700.0}});
    EXPECT_NEAR(*plant.times().setpoint, 500.0, 1e-9);
    plant.advance(7.0);
    EXPECT_EQ(plant.phase(), HeaterPhase::running);
    EXPECT_NEAR(plant.truth().T_max_K, 700.0, 15.0);
    plant.advance(10.5);
    EXPECT_EQ(plant.phase(), HeaterPhase::finished);
}

TEST_F(PlantTest, InterlocksTripWithoutATwin) {
    {  // limit temperature: a bias of 500 K on another thermometer is enough
        const Scenario s =
            scenario_of(strip(kLoop, kClean + "[[sensor]]\nname='tc'\nkind='thermocouple'\nat=['10 mm','2 mm','0.5 mm']\n"));
        Plant plant(*backend, s, {}, {.faults = parse_faults({"bias:tc=600 K@5s"}, s)});
        plant.start();
        plant.advance(4.9);
        EXPECT_EQ(plant.phase(), HeaterPhase::running);
        plant.advance(5.5);
        EXPECT_EQ(plant.phase(), HeaterPhase::tripped);
        EXPECT_THAT(plant.message(), AllOf(HasSubstr("1300 K"), HasSubstr("\"tc\"")));
        EXPECT_EQ(plant.truth().current_A, 0.0);
    }
    {  // the feedback sensor lost while it is needed: the current falls, then the interlock
        Scenario s = scenario_of(strip(kLoop, kClean));
        s.run.duration = 20.0;
        Plant plant(*backend, s, {}, {.faults = parse_faults({"dropout:pyrometer@4s"}, s)});
        plant.start();
        plant.advance(8.0);
        EXPECT_EQ(plant.phase(), HeaterPhase::running);
        EXPECT_NEAR(plant.truth().current_A, 0.0, 0.1);
        plant.advance(10.0);
        EXPECT_EQ(plant.phase(), HeaterPhase::tripped);
        EXPECT_THAT(plant.message(), HasSubstr("lost"));
    }
    {  // a hold for ever
        const Scenario s = scenario_of(strip(kLoop, kClean));
        Plant plant(*backend, s, {}, {.longest_run_s = 8.0});
        plant.start();
        plant.advance(2.0);
        plant.hold();
        plant.advance(8.3);
        EXPECT_EQ(plant.phase(), HeaterPhase::tripped);
        EXPECT_THAT(plant.message(), HasSubstr("longest"));
    }
}

TEST_F(PlantTest, ABrokenContactRaisesTheResistanceByItsFactorAndMends) {
    const Scenario s = scenario_of(strip(kCurrent, kClean));
    Plant plant(*backend, s, {}, {.faults = parse_faults({"contact:xmin=5@2s/2s"}, s)});
    plant.start();
    plant.advance(1.9);
    const double R = plant.truth().resistance_ohm;
    plant.advance(2.5);
    EXPECT_NEAR(plant.truth().resistance_ohm, 5.0 * R, 1e-3 * R);
    plant.advance(4.5);
    EXPECT_NEAR(plant.truth().resistance_ohm, R, 1e-3 * R);
    const Energy& e = plant.twin().energy();
    EXPECT_NEAR(e.residual_J(), 0.0, 1e-6 * e.electrical_J);
    ASSERT_EQ(plant.events().size(), 1u);
    EXPECT_THAT(plant.events()[0].text, HasSubstr("xmin"));
    EXPECT_EQ(plant.phase(), HeaterPhase::running);
}

TEST_F(PlantTest, LateReadingsComeLater) {
    const Scenario s = scenario_of(strip(kLoop, kClean));
    Plant plant(*backend, s, read_hidden_text("[delivery]\nlatency='0.25 s'\n", "h", s));
    plant.start();
    plant.advance(1.0);
    const auto first = plant.take();
    EXPECT_NEAR(first.back().time_s, 0.74, 1e-9);
    plant.advance(2.0);
    EXPECT_NEAR(plant.take().front().time_s, 0.76, 1e-9);
}

// Whatever is ordered and breaks, in any order: phases are those that may follow, no current flows out of a run, energy closes,
// every reading is a number or none.
TEST_F(PlantTest, RandomOrdersAndFaultsLeaveItSane) {
    const Scenario s = scenario_of(strip(kLoop, kClean + kOthers));
    PlantOptions options;
    options.faults =
        parse_faults({"stuck:pyrometer@1s/0.4s", "dropout:tc@2s/1s", "bias:current=3 A@0.5s", "contact:xmax=4@3s/1s"}, s);
    Plant plant(*backend, s, {}, options);
    options.table = plant.table();
    SplitMix64 random(3);
    std::map<HeaterPhase, int> seen;
    for (int n = 0; n < 200; ++n) {
        const HeaterPhase before = plant.phase();
        const bool on = before == HeaterPhase::running || before == HeaterPhase::holding;
        switch (random.next() % 8) {
            case 0:
            case 1:
                EXPECT_EQ(plant.start(), !on);
                break;
            case 2:
                EXPECT_EQ(plant.hold(), before == HeaterPhase::running);
                break;
            case 3:
                EXPECT_EQ(plant.resume(), before == HeaterPhase::holding);
                break;
            case 4:
                if (random.unit() < 0.2) {
                    EXPECT_EQ(plant.abort(), on);
                }
                break;
            case 5:
                plant.set_program({{0.0, 1.0 + 2.0 * random.unit(), 6.0}, {300.0, 400.0 + 500.0 * random.unit(), 600.0}});
                break;
            default:
                break;
        }
        plant.advance(plant.clock() + random.unit());
        ++seen[plant.phase()];
        const PlantTruth truth = plant.truth();
        ASSERT_TRUE(std::isfinite(truth.T_mean_K) && truth.T_min_K > 299.0 && truth.T_max_solid_K < 1400.0);
        if (plant.phase() != HeaterPhase::running && plant.phase() != HeaterPhase::holding) {
            EXPECT_EQ(truth.current_A, 0.0);
        }
        const Energy& e = plant.twin().energy();
        EXPECT_NEAR(e.residual_J(), 0.0, 1e-6 * (std::abs(e.electrical_J) + std::abs(e.lost_J) + 1.0));
        for (const PlantReading& r : plant.take()) ASSERT_TRUE(!r.value || std::isfinite(*r.value));
    }
    EXPECT_GT(seen[HeaterPhase::running], 30);
    EXPECT_GT(seen[HeaterPhase::holding], 10);
    EXPECT_GT(seen[HeaterPhase::aborted] + seen[HeaterPhase::finished], 5);
}

TEST_F(PlantTest, WhatIsNoHeaterIsRefused) {
    const auto refused = [&](const std::string& text) -> std::string {
        try {
            Plant plant(*backend, scenario_of(text), {});
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_THAT(refused(strip("")), HasSubstr("needs [heater]"));
    EXPECT_THAT(refused(strip("[heater]\nmode='imposed'\nprogram='400 K'\n")), HasSubstr("needs [heater]"));
}

}  // namespace
}  // namespace jt
