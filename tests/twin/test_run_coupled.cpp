// SPDX-License-Identifier: Apache-2.0
#include "twin/stepping/run_coupled.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/error.hpp"
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

// Keeps the state after every record.
struct Keeper : RunObserver {
    std::vector<ArchiveMap> states;
    bool wants_state() override { return true; }
    void keep_state(const ArchiveMap& state) override { states.push_back(state); }
};

void expect_same(const RunRecord& a, const RunRecord& b) {
    EXPECT_EQ(a.time_s, b.time_s);
    EXPECT_EQ(a.T_mean_K, b.T_mean_K) << a.time_s;
    EXPECT_EQ(a.T_max_K, b.T_max_K) << a.time_s;
    EXPECT_EQ(a.current_A, b.current_A) << a.time_s;
    EXPECT_EQ(a.voltage_V, b.voltage_V) << a.time_s;
    EXPECT_EQ(a.reading_K, b.reading_K) << a.time_s;
    EXPECT_EQ(a.resistance_ohm, b.resistance_ohm) << a.time_s;
    EXPECT_EQ(a.probes, b.probes) << a.time_s;
}

TEST(RunCoupled, ResumedFromAnyRecordItGoesOnBitForBit) {
    const auto backend = make_backend("cpu");
    const Scenario s = scenario(
        "[heater]\nmode='temperature'\nfeedback='p'\nprogram=[{to='900 degC', in='3 s'}, {hold='1 s'}]\n"
        "limits={temperature='880 degC'}\n"
        "supply={current='12 A', voltage='20 V', slew='50 A/s', update='10 Hz', delay='0.25 s'}\n"
        "[[probe]]\nname='T'\nquantity='T_K'\nat=['5 mm','1 mm','0.1 mm']\n"
        "[[probe]]\nname='J'\nquantity='J_A_per_m2'\nat=['5 mm','1 mm','0.1 mm']\n",
        "duration='5 s'\noutput_every='0.35 s'\n");
    Keeper whole;
    const CoupledRun run = run_coupled(*backend, s, whole);
    ASSERT_EQ(run.records.size(), whole.states.size());
    EXPECT_FALSE(run.events.empty());
    for (std::size_t n = 0; n + 1 < whole.states.size(); ++n) {
        const auto fresh = make_backend("cpu");
        ArchiveMap state = whole.states[n];
        Keeper rest;
        const CoupledRun resumed = run_coupled(*fresh, s, rest, &state);
        ASSERT_EQ(resumed.records.size(), run.records.size()) << n;
        for (std::size_t r = 0; r < run.records.size(); ++r) expect_same(resumed.records[r], run.records[r]);
        EXPECT_EQ(resumed.energy.electrical_J, run.energy.electrical_J) << n;
        EXPECT_EQ(resumed.steps, run.steps) << n;
        ASSERT_EQ(resumed.events.size(), run.events.size()) << n;
        for (std::size_t e = 0; e < run.events.size(); ++e) EXPECT_EQ(resumed.events[e].text, run.events[e].text);
        for (const auto& [name, values] : whole.states.back()) {
            const auto& got = rest.states.back().at(name);
            ASSERT_EQ(got.size(), values.size()) << name;
            EXPECT_TRUE(name == "wall" || name == "step_wall" || values.empty() ||
                        std::memcmp(got.data(), values.data(), values.size() * sizeof(double)) == 0)
                << name << " from state " << n;
        }
    }
}

TEST(RunCoupled, AStateOfAnotherScenarioIsRefused) {
    const auto backend = make_backend("cpu");
    Keeper keeper;
    run_coupled(*backend, scenario("[heater]\nmode='voltage'\nprogram='0.2 V'\n", "duration='1 s'\n"), keeper);
    for (const char* gone : {"records", "twin.time", "twin.heat.T", "twin.electric.phi"}) {
        ArchiveMap state = keeper.states.front();
        state.erase(gone);
        Keeper unused;
        EXPECT_THROW(
            run_coupled(*backend, scenario("[heater]\nmode='voltage'\nprogram='0.2 V'\n", "duration='1 s'\n"), unused, &state),
            InputError)
            << gone;
    }
    ArchiveMap state = keeper.states.front();
    state["twin.heat.T"].pop_back();
    Keeper unused;
    EXPECT_THROW(
        run_coupled(*backend, scenario("[heater]\nmode='voltage'\nprogram='0.2 V'\n", "duration='1 s'\n"), unused, &state),
        InputError);
}

TEST(RunCoupled, ImposedTemperaturesFollowTheProgramExactly) {
    const auto backend = make_backend("cpu");
    const CoupledRun run = run_coupled(
        *backend,
        scenario("[heater]\nmode='imposed'\nprogram=[{to='900 degC', in='6 s'}, {hold='4 s'}]\n", "duration='8 s'\n"));
    for (const RunRecord& r : run.records) {
        EXPECT_NEAR(r.T_mean_K, 300.0 + std::min(r.time_s / 6.0, 1.0) * 873.15, 1e-9);
        EXPECT_EQ(r.T_max_K, r.T_min_K);
        EXPECT_FALSE(r.resistance_ohm);
    }
    EXPECT_NEAR(run.energy.source_J, 4e-9 * 450 * 1500 * 873.15, 1e-6);
    EXPECT_LE(run.energy_residual_relative, 1e-12);
}

TEST(RunCoupled, SteadyStateIsOneRecordWhoseLossIsItsPower) {
    const auto backend = make_backend("cpu");
    const CoupledRun run = run_coupled(*backend, scenario("[heater]\nmode='power'\nprogram='10 W'\n", "steady=true\n"));
    ASSERT_EQ(run.records.size(), 1u);
    EXPECT_NEAR(run.energy.lost_J, 10.0, 1e-6);
    EXPECT_NEAR(run.records[0].power_W, 10.0, 1e-9);
    EXPECT_GT(run.records[0].T_max_K, 500.0);
}

TEST(RunCoupled, RunawayEndsTheRunByNameAndKeepsWhatWasComputed) {
    const auto backend = make_backend("cpu");
    const Scenario s = read_scenario_text(
        "[bed]\nsize=['10 mm','10 mm','1 mm']\nvoxel='1 mm'\nmaterial='m'\ncurrent_axis='z'\n"
        "[material.m]\nthermal_conductivity='1 W/(m K)'\ndensity='1000 kg/m^3'\nheat_capacity='1000 J/(kg K)'\n"
        "[material.m.sigma]\nkind='exp'\nvalue='10 S/m'\nslope='2e-3 1/K'\nreference='300 K'\nvalid=['1 K','5000 K']\n"
        "[electrodes]\n[heater]\nmode='voltage'\nprogram='5 V'\n[run]\nduration='100 s'\noutput_every='0.1 s'\n",
        "s.toml", ".");
    RunObserver watch;
    const CoupledRun run = run_coupled(*backend, s, watch);
    ASSERT_TRUE(run.failure);
    EXPECT_THAT(*run.failure, testing::HasSubstr("runaway"));
    EXPECT_GT(run.records.size(), 2u);
    EXPECT_THAT(run.events.back().text, testing::HasSubstr("runaway"));
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
