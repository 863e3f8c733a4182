// SPDX-License-Identifier: Apache-2.0
#include "twin/stepping/run_coupled.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "twin/scenario/reader.hpp"

namespace jt {
namespace {

// A small strip that radiates, 0.2 mm thick, between two cold clamps: R1 in little.
const std::string kStrip =
    "[bed]\nsize=['10 mm','2 mm','0.2 mm']\nvoxel=['0.5 mm','1 mm','0.2 mm']\nmaterial='m'\ninitial_temperature='300 K'\n"
    "[material.m]\nsigma='2e4 S/m'\nthermal_conductivity='20 W/(m K)'\ndensity='450 kg/m^3'\nheat_capacity='1500 J/(kg K)'\n"
    "[[terminal]]\nname='l'\nface='xmin'\ntemperature='350 K'\ncontact_conductance='2000 W/(m^2 K)'\n"
    "[[terminal]]\nname='r'\nface='xmax'\ntemperature='350 K'\ncontact_conductance='2000 W/(m^2 K)'\n"
    "[surface]\nemissivity=0.9\nambient='300 K'\n"
    "[[sensor]]\nname='p'\nkind='ratio_pyrometer'\nface='zmax'\nspot={center=['5 mm','1 mm'], diameter='2 mm'}\nfloor='500 "
    "degC'\n";

Scenario scenario(const std::string& heater, const std::string& run) {
    return read_scenario_text(kStrip + heater + "[run]\n" + run, "s.toml", ".", {}, {.allow_unavailable = true});
}

TEST(RunCoupled, ClosedLoopReachesItsSetPointAndClosesItsEnergy) {
    const auto backend = make_backend("cpu");
    const Scenario s = scenario(
        "[heater]\nmode='temperature'\nfeedback='p'\nprogram=[{to='900 degC', in='6 s'}, {hold='4 s'}]\n"
        "supply={current='20 A', voltage='20 V', slew='50 A/s', update='10 Hz', delay='0.1 s'}\n",
        "duration='10 s'\noutput_every='0.5 s'\n");
    const CoupledRun run = run_coupled(*backend, s);
    std::string times;
    for (const RunRecord& r : run.records) times += std::to_string(r.time_s) + " ";
    ASSERT_EQ(run.records.size(), 21u) << times;
    EXPECT_LE(run.energy_residual_relative, 1e-8);
    EXPECT_LE(run.current_balance_relative, 1e-8);
    EXPECT_NEAR(*run.records[18].reading_K, 1173.15, 5.0);
    for (const RunRecord& r : run.records) EXPECT_LT(*r.reading_K, 1173.15 + 0.015 * 900);
    EXPECT_GT(run.energy.electrical_J, 0.0);
}

TEST(RunCoupled, CurrentProgramStopsAtTheSupplysVoltageAndSaysSo) {
    const auto backend = make_backend("cpu");
    const Scenario s = scenario("[heater]\nmode='current'\nprogram=[{to='10 A', in='1 s'}]\nsupply={voltage='0.5 V'}\n",
                                "duration='2 s'\noutput_every='1 s'\n");
    const CoupledRun run = run_coupled(*backend, s);
    EXPECT_NEAR(run.records.back().voltage_V, 0.5, 1e-9);
    ASSERT_EQ(run.events.size(), 1u);
    EXPECT_THAT(run.events[0].text, testing::HasSubstr("limit of voltage"));
}

TEST(RunCoupled, ProgressMayEndTheRunAndWhatWasComputedIsKept) {
    const auto backend = make_backend("cpu");
    const Scenario s = scenario("[heater]\nmode='voltage'\nprogram='0.2 V'\n", "duration='5 s'\noutput_every='1 s'\n");
    const CoupledRun run =
        run_coupled(*backend, s, [](const CoupledRun& so_far, const RunRecord*) { return so_far.records.size() < 3; });
    EXPECT_TRUE(run.interrupted);
    EXPECT_EQ(run.records.size(), 3u);
}

TEST(RunCoupled, HooksSetTheModelBeforeTheFirstStepAndReadItAtEachRecord) {
    const auto backend = make_backend("cpu");
    const Scenario s = scenario("[heater]\nmode='voltage'\nprogram='0.2 V'\n", "duration='1 s'\noutput_every='0.5 s'\n");
    RunHooks hooks;
    hooks.before = [](Coupled& twin) {
        twin.heat().set_temperature_K(std::vector<double>(std::size_t(twin.heat().grid().cells()), 500.0));
        twin.fix_step(0.125);
    };
    std::vector<double> times, hottest;
    hooks.at_record = [&](Coupled& twin, const RunRecord& record) {
        times.push_back(record.time_s);
        const auto T = twin.heat().temperature_K();
        hottest.push_back(*std::max_element(T.begin(), T.end()) - record.T_max_K);
    };
    const CoupledRun run = run_coupled(*backend, s, {}, hooks);
    EXPECT_THAT(times, testing::ElementsAre(0.0, 0.5, 1.0));
    EXPECT_THAT(hottest, testing::Each(0.0));
    EXPECT_DOUBLE_EQ(run.records[0].T_mean_K, 500.0);
    EXPECT_EQ(run.steps, 8);
}

}  // namespace
}  // namespace jt
