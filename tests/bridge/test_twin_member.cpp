// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "bridge/assimilation/coarse_bed.hpp"
#include "bridge/assimilation/unknowns.hpp"
#include "bridge/heater/hidden.hpp"
#include "tests/support/small_r1.hpp"
#include "twin/stepping/coupled.hpp"

namespace jt {
namespace {

using test::bed_of;
using test::kScenarios;
using test::small_r1;

std::vector<double> run_current(Coupled& twin, double amps, int steps) {
    twin.fix_step(0.05);
    for (int n = 1; n <= steps; ++n) twin.advance(0.05 * n, {Drive::Mode::current, amps, nullptr, {}, {}});
    return twin.heat().temperature_K();
}

TEST(Factors, MakeTheModelOfAScaledScenario) {
    const Scenario scenario = small_r1();
    const Hidden hidden = read_hidden_text(
        "[factor]\nend_contact = 1.4\nemissivity = 0.8\nbed_sigma = 0.7\nbed_thermal_conductivity = 1.5\n", "h", scenario);
    const Scenario scaled = hidden_scenario(scenario, hidden);
    const auto backend = make_backend("cpu");
    const Bed bed = bed_of(scenario), scaled_bed = bed_of(scaled);
    Coupled rebuilt(*backend, scaled_bed, scaled), set(*backend, bed, scenario), plain(*backend, bed, scenario);
    const int product = scenario.material_index("coconut_char_600");
    set.set_contact_factor(0, 1.4), set.set_contact_factor(1, 1.4);
    set.set_emissivity_factor(0.8);
    set.set_conductivity_factor(product, 0.7);
    set.set_thermal_conductivity_factor(product, 1.5);
    const auto expected = run_current(rebuilt, 20.0, 40), got = run_current(set, 20.0, 40),
               other = run_current(plain, 20.0, 40);
    double difference = 0.0, effect = 0.0;
    for (std::size_t c = 0; c < got.size(); ++c) {
        difference = std::max(difference, std::abs(got[c] - expected[c]));
        effect = std::max(effect, std::abs(got[c] - other[c]));
    }
    EXPECT_LT(difference, 1e-5);  // [K] the solvers' tolerance; the factors make kelvins
    EXPECT_GT(effect, 1.0);
}

TEST(Factors, OfElectricContactsAndCellsScaleTheResistance) {
    const Scenario plug = read_scenario(kScenarios / "live_plug.toml", {"bed.voxel=\"1 mm\""});
    const Bed bed = bed_of(plug);
    const auto backend = make_backend("cpu");
    Coupled twin(*backend, bed, plug);
    const double whole = twin.resistance();
    for (std::size_t t = 0; t < 2; ++t) twin.set_contact_factor(t, 3.0);
    const double contacts = 2.0 * 1e-5 / bed.section(2);  // [ohm] of both ends at factor 1
    EXPECT_NEAR(twin.resistance() - whole, 2.0 * contacts, 1e-6 * whole);
    for (std::size_t t = 0; t < 2; ++t) twin.set_contact_factor(t, 1.0);
    twin.set_cell_conductivity_factor(std::vector<float>(bed.extents.count(), 2.0f));
    EXPECT_NEAR(twin.resistance(), 0.5 * (whole - contacts) + contacts, 1e-6 * whole);
}

// What members may leave open in the balances of a stage: little beside what their spread says, and fewer passes.
TEST(Factors, ALooserBalanceCostsLessAndKeepsTheTemperature) {
    const Scenario scenario = small_r1();
    const Bed bed = bed_of(scenario);
    std::vector<double> T[2];
    double resistance[2];
    int passes[2]{0, 0};
    for (const int loose : {0, 1}) {
        const auto backend = make_backend("cpu");
        Coupled twin(*backend, bed, scenario);
        twin.balance_factor = loose ? 1e4 : 1.0;
        twin.fix_step(0.05);
        for (int n = 1; n <= 240; ++n)
            passes[loose] += twin.advance(0.05 * n, {Drive::Mode::current, n < 160 ? 25.0 : 10.0, nullptr, {}, {}}).newton;
        T[loose] = twin.heat().temperature_K();
        resistance[loose] = twin.resistance();
    }
    double difference = 0.0;
    for (std::size_t c = 0; c < T[0].size(); ++c) difference = std::max(difference, std::abs(T[1][c] - T[0][c]));
    EXPECT_LT(difference, 0.01);  // [K]
    EXPECT_NEAR(resistance[1] / resistance[0], 1.0, 1e-5);
    EXPECT_LT(passes[1], 0.8 * passes[0]);
}

TEST(Correction, IsBookedAndKeepsTheCourse) {
    const Scenario scenario = small_r1();
    const Bed bed = bed_of(scenario);
    const auto backend = make_backend("cpu");
    Coupled twin(*backend, bed, scenario), straight(*backend, bed, scenario);
    const Drive drive{Drive::Mode::current, 20.0, nullptr, {}, {}};
    while (twin.time() < 2.0) twin.advance(2.0, drive);
    const double before = twin.stored_J();
    const double taken = twin.shift_temperature(std::vector<double>(bed.extents.count(), 0.5));
    EXPECT_GT(taken, 0.0);
    EXPECT_NEAR(twin.stored_J() - before, taken, 1e-9 * before);
    EXPECT_EQ(twin.energy().assimilated_J, taken);
    while (twin.time() < 4.0) twin.advance(4.0, drive);
    EXPECT_LT(std::abs(twin.energy().residual_J()), 1e-6 * twin.energy().electrical_J);
    // no cell is cooled to nothing
    twin.shift_temperature(std::vector<double>(bed.extents.count(), -1e6));
    for (const double T : twin.heat().temperature_K()) EXPECT_GT(T, 0.0);
}

TEST(Correction, MovesTheHistoryOfTheStepAlong) {
    // an insulated block warms evenly; its conductivity follows where the last step was going
    const Scenario scenario = read_scenario_text(R"toml([bed]
size = ["2 mm", "2 mm", "1 mm"]
voxel = "0.5 mm"
material = "matrix"
current_axis = "z"
[material.matrix]
sigma = { kind = "linear", value = "100 S/m", slope = "0.004 1/K", reference = "298.15 K", valid = ["250 K", "2000 K"] }
density = "500 kg/m^3"
heat_capacity = "1000 J/(kg K)"
thermal_conductivity = "1 W/(m K)"
[electrodes]
[surface]
insulated = true
[heater]
mode = "current"
program = "0.2 A"
[run]
duration = "10 s"
)toml",
                                                 "block.toml", ".");
    const Bed bed = bed_of(scenario);
    const auto backend = make_backend("cpu");
    Coupled twin(*backend, bed, scenario);
    const Drive drive{Drive::Mode::current, 0.2, nullptr, {}, {}};
    while (twin.time() < 2.0) twin.advance(2.0, drive);
    twin.advance(2.2, drive);
    twin.shift_temperature(std::vector<double>(bed.extents.count(), 50.0));
    const StepReport next = twin.advance(2.4, drive);
    EXPECT_EQ(next.rejected, 0);  // a jump in the history looks like a step that went wrong
    EXPECT_LT(next.error, 0.5);
}

TEST(CoarseBed, KeepsMaterialsSheetsAndOddAxes) {
    const Scenario scenario = small_r1("", "4 mm");  // 5 cells along x
    const Bed fine = bed_of(scenario);
    const CoarseBed coarse = coarsened(scenario, fine, 2);
    EXPECT_EQ(coarse.bed.extents.nx, 3);
    EXPECT_EQ(coarse.bed.extents.ny, 1);
    EXPECT_EQ(coarse.bed.extents.nz, 6);
    EXPECT_DOUBLE_EQ(coarse.bed.extents.size()[0], fine.extents.size()[0]);
    EXPECT_TRUE(coarse.note.empty());
    ASSERT_EQ(coarse.bed.sheets.size(), 2u);
    EXPECT_NEAR(coarse.bed.sheets[1].ratio, 0.28 / 0.25, 1e-12);
    // strips of three cells of 0.1 mm do not survive halves along z
    const Scenario real = read_scenario(kScenarios / "jh_1000_30.toml", {"bed.voxel=[\"1 mm\", \"1 mm\", \"0.1 mm\"]"});
    const CoarseBed kept = coarsened(real, bed_of(real), 2);
    EXPECT_EQ(kept.bed.extents.nz, 16);
    EXPECT_EQ(kept.bed.extents.nx, 10);
    EXPECT_NE(kept.note.find("along z"), std::string::npos) << kept.note;
}

// 32 cells over 1.5 mm: strips of 0.25 mm are 5 fine cells, 3 coarse ones that stand for 6; the powder between them 22 and 10.
TEST(CoarseBed, KeepsLayersAndContactsThatItsCellsDrawTooThick) {
    const Scenario scenario = read_scenario(kScenarios / "live_r1.toml", {"bed.voxel=[\"1 mm\", \"10 mm\", \"0.046875 mm\"]"});
    const Bed fine = bed_of(scenario);
    const CoarseBed coarse = coarsened(scenario, fine, 2);
    ASSERT_EQ(coarse.bed.extents.nz, 16);
    ASSERT_EQ(coarse.bed.sheets.size(), 3u);
    const auto mass = [](const Bed& bed, int material) {  // over density
        double volume = 0.0;
        for (std::size_t c = 0; c < bed.material.size(); ++c)
            if (bed.material[c] == material) volume += bed.extents.voxel_volume() * bed.sheets[bed.sheet[c]].ratio;
        return volume;
    };
    for (const char* material : {"coconut_char_600", "carbon_paper_tgp_h_090"}) {
        const int m = scenario.material_index(material);
        EXPECT_NEAR(mass(coarse.bed, m), mass(fine, m), 1e-9 * mass(fine, m)) << material;
    }
    EXPECT_NEAR(*coarse.scenario.terminals[0].contact_conductance, 2625.0 * 5.0 / 6.0, 1e-6);
    const auto backend = make_backend("cpu");
    Coupled one(*backend, fine, scenario), other(*backend, coarse.bed, coarse.scenario);
    const auto mean = [](Coupled& twin, const Bed& bed) {
        const std::vector<double> T = twin.heat().temperature_K();
        double sum = 0.0, cells = 0.0;
        for (std::size_t c = 0; c < T.size(); ++c)
            if (bed.product[c]) sum += T[c], ++cells;
        return sum / cells;
    };
    for (const double amps : {16.0, 4.0}) {  // heats for 6 s, cools for 6 s
        const double end = one.time() + 6.0;
        for (Coupled* twin : {&one, &other})
            while (twin->time() < end - 1e-9) twin->advance(end, {Drive::Mode::current, amps, nullptr, {}, {}});
        EXPECT_NEAR(mean(other, coarse.bed), mean(one, fine), 1.0) << amps;  // [K]; as drawn it is 8 K
        EXPECT_NEAR(other.resistance(), one.resistance(), 1e-3 * one.resistance()) << amps;
    }
}

TEST(CoarseBed, KeepsElectricContacts) {
    Scenario scenario = read_scenario(kScenarios / "live_r1.toml", {"bed.voxel=[\"1 mm\", \"10 mm\", \"0.046875 mm\"]"});
    scenario.terminals[0].contact_resistivity = 1e-6;
    const CoarseBed coarse = coarsened(scenario, bed_of(scenario), 2);
    EXPECT_NEAR(coarse.scenario.terminals[0].contact_resistivity, 1e-6 * 6.0 / 5.0, 1e-15);
    EXPECT_EQ(coarse.scenario.terminals[1].contact_resistivity, 0.0);
}

// A block that comes out narrower along two axes is nothing that a sheet could stand for.
TEST(CoarseBed, MakesNoSheetsOfBlocks) {
    const Scenario scenario = read_scenario_text(R"toml(
[bed]
size = ["50 mm", "50 mm", "1 mm"]
voxel = "1 mm"
material = "coconut_char_600"
initial_temperature = "25 degC"
[[bed.region]]
shape = "box"
from = ["0 mm", "0 mm", "0 mm"]
to = ["41 mm", "41 mm", "1 mm"]
material = "graphite_at101"
[[terminal]]
name = "a"
face = "zmin"
[[terminal]]
name = "b"
face = "zmax"
[run]
duration = "1 s"
)toml",
                                                 "block.toml", ".");
    const CoarseBed coarse = coarsened(scenario, bed_of(scenario), 2);
    ASSERT_EQ(coarse.bed.extents.nx, 25);
    EXPECT_EQ(coarse.bed.sheets.size(), 1u);
}

TEST(Transfer, StaysWithinAMaterial) {
    const Scenario scenario = small_r1();
    const Bed fine = bed_of(scenario);
    const CoarseBed coarse = coarsened(scenario, fine, 2);
    const Transfer down(fine, coarse.bed), up(coarse.bed, fine);
    // every material at its own temperature: nothing of the neighbour's comes through
    std::vector<double> T(fine.material.size()), small, back;
    for (std::size_t c = 0; c < T.size(); ++c) T[c] = 1000.0 + 100.0 * fine.material[c];
    down.mean(T, small);
    for (std::size_t c = 0; c < small.size(); ++c) EXPECT_DOUBLE_EQ(small[c], 1000.0 + 100.0 * coarse.bed.material[c]);
    up.interpolate(small, back);
    for (std::size_t c = 0; c < T.size(); ++c) EXPECT_DOUBLE_EQ(back[c], T[c]);
    // a slope along x is kept between the outermost centres
    const Extents& e = fine.extents;
    for (std::size_t c = 0; c < T.size(); ++c) T[c] = double(c % std::size_t(e.nx));
    down.mean(T, small);
    up.interpolate(small, back);
    for (std::size_t c = 0; c < T.size(); ++c)
        if (T[c] > 0.6 && T[c] < e.nx - 1.6) {
            EXPECT_NEAR(back[c], T[c], 1e-9);
        }
}

}  // namespace
}  // namespace jt
