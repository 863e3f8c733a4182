// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/coupled_summary.hpp"

#include <gmock/gmock.h>

namespace jt {
namespace {

using Json = nlohmann::ordered_json;
using testing::ElementsAre;

Scenario electric_scenario() {
    Scenario s;
    s.heater.emplace();
    s.heater->mode = Heater::Mode::current;
    s.terminals.resize(2);
    return s;
}

CoupledRun made_run() {
    CoupledRun run;
    run.bed.extents = {4, 3, 2, 1e-3, 1e-3, 1e-3};
    run.findings = {"a finding"};
    run.events = {{1.5, "supply at its limit of current"}};
    run.energy = {10.0, 1.0, 7.0, 4.0};
    run.energy_residual_relative = 1e-12, run.current_balance_relative = 2e-12;
    run.simulated_s = 3.0, run.wall_s = 1.5, run.bytes_per_cell = 200.0;
    run.steps = 30, run.rejected = 2;
    run.newton = 60, run.heat_iterations = 120, run.potential_iterations = 240;
    for (const double T : {300.0, 900.0, 500.0}) {
        RunRecord r;
        r.time_s = double(run.records.size());
        r.T_mean_K = T, r.T_max_K = T + 10, r.T_min_K = T - 20, r.T_spread_K = T / 100;
        if (T > 800.0) {
            r.current_A = 5.0, r.voltage_V = 2.0, r.power_W = 10.0;
            r.resistance_ohm = 0.4, r.J_crowding = 1.2, r.J_crowding_max = 3.0, r.J_max_A_per_m2 = 1e6;
        }
        r.probes = {{"p", T}, {"none", std::nullopt}};
        run.records.push_back(r);
    }
    return run;
}

Json summary(const CoupledRun& run, const Scenario& s) {
    return coupled_summary(run, s, *make_backend("cpu"), "1.2.3");
}

std::vector<std::string> keys(const Json& object) {
    std::vector<std::string> out;
    for (const auto& [key, value] : object.items()) out.push_back(key);
    return out;
}

TEST(CoupledSummary, HoldsWhatAReaderOfEveryRunLooksFor) {
    const Json out = summary(made_run(), electric_scenario());
    EXPECT_THAT(keys(out),
                ElementsAre("version", "device", "hardware", "instruction_set", "cells", "steps", "rejected_steps",
                            "simulated_s", "wall_s", "step_wall_s", "realtime_factor", "bytes_per_cell", "interrupted",
                            "solver", "energy", "current_balance_relative", "peak", "final", "probes", "findings", "events"));
    EXPECT_EQ(out["version"], "1.2.3");
    EXPECT_EQ(out["device"], "cpu");
    EXPECT_EQ(out["cells"], 24);
    EXPECT_EQ(out["steps"], 30);
    EXPECT_EQ(out["rejected_steps"], 2);
    EXPECT_EQ(out["simulated_s"], 3.0);
    EXPECT_EQ(out["realtime_factor"], 2.0);
    EXPECT_EQ(out["interrupted"], false);
    EXPECT_EQ(out["solver"], (Json{{"newton", 60}, {"heat_iterations", 120}, {"potential_iterations", 240}}));
    EXPECT_EQ(out["energy"], (Json{{"electrical_J", 10.0},
                                   {"source_J", 1.0},
                                   {"stored_J", 7.0},
                                   {"lost_J", 4.0},
                                   {"assimilated_J", 0.0},
                                   {"residual_relative", 1e-12}}));
    EXPECT_EQ(out["current_balance_relative"], 2e-12);
    EXPECT_EQ(out["findings"], Json{"a finding"});
    EXPECT_EQ(out["events"], (Json::array({{{"time_s", 1.5}, {"text", "supply at its limit of current"}}})));
}

TEST(CoupledSummary, PeaksAreOverTheRunAndFinalValuesOfItsLastRecord) {
    const Json out = summary(made_run(), electric_scenario());
    EXPECT_EQ(out["peak"], (Json{{"T_K", 910.0},
                                 {"T_mean_K", 900.0},
                                 {"T_spread_K", 9.0},
                                 {"J_A_per_m2", 1e6},
                                 {"J_crowding", 1.2},
                                 {"J_crowding_max", 3.0}}));
    EXPECT_EQ(out["final"], (Json{{"T_mean_K", 500.0},
                                  {"T_max_K", 510.0},
                                  {"T_min_K", 480.0},
                                  {"T_spread_K", 5.0},
                                  {"resistance_ohm", 0.4},  // of the record before: no current at the end
                                  {"voltage_V", 0.0},
                                  {"current_A", 0.0},
                                  {"power_W", 0.0}}));
    EXPECT_EQ(out["probes"], (Json{{"none", nullptr}, {"p", 500.0}}));
}

TEST(CoupledSummary, WhatTheRunDoesNotHaveIsAbsent) {
    const Json out = summary(made_run(), Scenario{});
    EXPECT_THAT(keys(out["peak"]), ElementsAre("T_K", "T_mean_K", "T_spread_K"));
    EXPECT_THAT(keys(out["final"]), ElementsAre("T_mean_K", "T_max_K", "T_min_K", "T_spread_K"));
    EXPECT_FALSE(out.contains("current_balance_relative"));
    EXPECT_FALSE(out["solver"].contains("potential_iterations"));
    EXPECT_FALSE(out.contains("failure"));
    CoupledRun cold = made_run();
    for (RunRecord& r : cold.records) r.resistance_ohm = r.J_crowding = r.J_crowding_max = r.J_max_A_per_m2 = std::nullopt;
    const Json dark = summary(cold, electric_scenario());
    EXPECT_FALSE(dark["peak"].contains("J_crowding"));
    EXPECT_FALSE(dark["final"].contains("resistance_ohm"));
}

TEST(CoupledSummary, SteadyRunHasPowersAndNoTimes) {
    CoupledRun run = made_run();
    run.steady = true;
    const Json out = summary(run, electric_scenario());
    for (const char* key : {"steps", "rejected_steps", "simulated_s", "realtime_factor", "energy"})
        EXPECT_FALSE(out.contains(key)) << key;
    EXPECT_EQ(out["power"], (Json{{"electrical_W", 10.0}, {"source_W", 1.0}, {"lost_W", 4.0}, {"residual_relative", 1e-12}}));
}

TEST(CoupledSummary, RunThatEndedBeforeItsTimeSaysWhy) {
    CoupledRun run = made_run();
    run.interrupted = true;
    run.failure = "runaway";
    run.records.clear();  // before its first record
    run.wall_s = 0.0;
    const Json out = summary(run, electric_scenario());
    EXPECT_EQ(out["interrupted"], true);
    EXPECT_EQ(out["failure"], "runaway");
    EXPECT_EQ(out["peak"], Json::object());
    EXPECT_EQ(out["final"], Json::object());
    EXPECT_EQ(out["probes"], Json::object());
    EXPECT_FALSE(out.contains("realtime_factor"));
}

}  // namespace
}  // namespace jt
