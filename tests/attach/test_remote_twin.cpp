// SPDX-License-Identifier: Apache-2.0
// What a screen makes of a twin's messages, without sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "bridge/wire/history.hpp"
#include "kernels/error.hpp"
#include "tests/attach/remote_fixture.hpp"
#include "twin/cli/remote_twin.hpp"
#include "twin/scenario/resolved.hpp"

namespace jt::cli {
namespace {

TEST(RemoteTwin, AScenarioBecomesTheRunAsTheTwinHasIt) {
    const auto facts = facts_of_scenario(attach_scenario(), "127.0.0.1:5703");
    EXPECT_EQ(facts->extents.count(), 8u * 6u * 4u);
    EXPECT_EQ(facts->name, "attach");
    EXPECT_EQ(facts->material.size(), facts->in_product.size());
    ASSERT_TRUE(facts->scenario.heater);
    EXPECT_EQ(facts->scenario.sensors.size(), 2u);
    // Another program, as the heater has it now.
    const auto changed = facts_of_scenario(attach_scenario(), "x", "[ { to = \"500 K\", in = \"5 s\" } ]");
    EXPECT_DOUBLE_EQ(changed->scenario.heater->program.at(5.0), 500.0);
    EXPECT_THROW(facts_of_scenario("[bed]\nsize = 3\n", "x"), InputError);
    EXPECT_THROW(facts_of_scenario("\xff\xfe garbage", "x"), InputError);
    EXPECT_THROW(facts_of_scenario(attach_scenario("\"0.001 mm\""), "x"), InputError);  // 10^12 cells: nothing is built
}

TEST(RemoteTwin, AProgramIsSentAsItIsRead) {
    for (const Program& p :
         {Program{{0.0, 10.0, 40.0, 58.0}, {298.15, 1273.15, 1273.15, 373.15}},
          Program{{0.0, 5.0, 5.0, 20.0}, {298.15, 298.15, 900.0, 900.0}}, Program{{3.0, 8.0}, {400.0, 700.0}}}) {
        const auto read = facts_of_scenario(attach_scenario(), "x", program_toml(p, 298.15));
        for (double t = 0.05; t < 60.0; t += 0.1)
            EXPECT_NEAR(read->scenario.heater->program.at(t), p.at(t), 1e-5) << program_toml(p, 298.15) << " " << t;
    }
}

struct Heard {
    RemoteTwin twin;
    Heard() { twin.begin(facts_of_scenario(attach_scenario(), "x")); }
};

TEST(RemoteTwin, StatesBecomeFactsAndRowsWithBands) {
    Heard h;
    EXPECT_EQ(h.twin.twin(), nullptr);
    EXPECT_TRUE(h.twin.take(attach_state(1, 5.0), 100.0, 0.5));
    EXPECT_TRUE(h.twin.take(attach_state(1, 5.1), 100.1, 0.5));
    EXPECT_FALSE(h.twin.take(attach_state(1, 4.0), 100.2, 0.5));  // late
    const TwinFacts* twin = h.twin.twin();
    ASSERT_TRUE(twin);
    EXPECT_EQ(twin->run_s, 5.1);
    const History& rows = h.twin.history();
    EXPECT_EQ(rows.times(), (std::vector<double>{5.0, 5.1}));
    EXPECT_EQ(rows.at("T_mean_K", 5.1), 900.0 + 5.1);
    EXPECT_EQ(rows.at("T_mean_K_p05", 5.1), 895.0 + 5.1);
    EXPECT_EQ(rows.at("T_mean_K_p95", 5.1), 905.0 + 5.1);
    EXPECT_EQ(rows.at("reading_K", 5.1), 903.0);
    EXPECT_EQ(rows.at("innovation_pyrometer", 5.1), 1.5);
    EXPECT_EQ(rows.at("nis", 5.1), 1.1);
    EXPECT_NEAR(rows.at("setpoint_K", 5.1).value(), h.twin.facts()->scenario.heater->program.at(5.1), 1e-9);
    ASSERT_EQ(twin->sensors.size(), 2u);
    EXPECT_FALSE(twin->sensors[0].lost);
    EXPECT_EQ(twin->sensors[0].counters.at("accepted"), 10u);
    // The prior of a factor: 1 with sd 0.5 of its logarithm.
    EXPECT_NEAR(twin->parameters[0].prior.low, std::exp(-1.6449 * 0.5), 1e-12);
    EXPECT_NEAR(twin->parameters[0].prior.high, std::exp(1.6449 * 0.5), 1e-12);
    EXPECT_TRUE(twin->parameters[0].identified);
}

TEST(RemoteTwin, TheStateOfBeforeHasTheColumnsOfTheStateThatComes) {
    Heard live, late;
    const TwinState s = attach_state(1, 5.0);
    live.twin.take(s, 100.0, 0.5);
    const PastRow row = past_row(s);
    late.twin.past({{row.run_s, row.scalars}});
    const History &one = live.twin.history(), &other = late.twin.history();
    for (const char* name :
         {"T_mean_K", "T_mean_K_p05", "reading_K", "innovation_pyrometer", "nis", "nis_p025", "nis_p975", "setpoint_K"}) {
        ASSERT_TRUE(one.at(name, 5.0)) << name;
        ASSERT_TRUE(other.at(name, 5.0)) << name;
        EXPECT_NEAR(*other.at(name, 5.0), *one.at(name, 5.0), 1e-12) << name;
    }
    // What was not accepted is no reading of before.
    TwinState gated = attach_state(1, 6.0);
    gated.sensors[0].verdict = "gated", gated.nis_high = 0.0;
    const PastRow less = past_row(gated);
    EXPECT_FALSE(less.scalars.contains("reading.pyrometer"));
    EXPECT_FALSE(less.scalars.contains("nis"));
}

TEST(RemoteTwin, WhatIsNotAcceptedIsNoInnovationAndALostSensorNoReading) {
    Heard h;
    TwinState s = attach_state(1, 5.0);
    s.sensors[0].verdict = "lost";
    s.sensors[1].age_s = 4.0;
    h.twin.take(s, 1.0, 1.0);
    EXPECT_TRUE(h.twin.twin()->sensors[0].lost);
    EXPECT_TRUE(h.twin.twin()->sensors[1].lost);
    EXPECT_FALSE(h.twin.history().at("reading_K", 5.0));
    EXPECT_FALSE(h.twin.history().at("innovation_pyrometer", 5.0));
    s = attach_state(1, 6.0);
    s.sensors[0].verdict = "below floor", s.sensors[0].age_s = 6.0, s.sensors[0].reading.reset();
    h.twin.take(s, 2.0, 1.0);
    EXPECT_FALSE(h.twin.twin()->sensors[0].lost);
}

TEST(RemoteTwin, WhatIsValidIsToldByTheClockOfThisMachine) {
    Heard h;
    h.twin.take(attach_state(1, 5.0), 100.0, 0.5);
    h.twin.take(attach_forecast(1, 5.0), 100.0, 1.5);
    h.twin.age(100.4);
    EXPECT_FALSE(h.twin.twin()->expired);
    EXPECT_NEAR(h.twin.twin()->age_s, 0.4, 1e-12);
    h.twin.age(100.6);
    EXPECT_TRUE(h.twin.twin()->expired);
    EXPECT_FALSE(h.twin.twin()->forecast->expired);
    h.twin.age(102.0);
    EXPECT_TRUE(h.twin.twin()->forecast->expired);
    EXPECT_NEAR(h.twin.twin()->forecast->age_s, 2.0, 1e-12);
}

TEST(RemoteTwin, AnotherRunBeginsAnew) {
    Heard h;
    h.twin.take(attach_state(1, 50.0), 1.0, 1.0);
    h.twin.take(attach_forecast(1, 50.0), 1.0, 1.0);
    ASSERT_TRUE(h.twin.take(attach_field(1, 50.0, "T_K", 900.0f)));
    EXPECT_FALSE(h.twin.take(attach_forecast(2, 1.0), 1.5, 1.0));  // of a run that is not known yet
    EXPECT_FALSE(h.twin.take(attach_field(2, 1.0, "T_K", 900.0f)));
    EXPECT_TRUE(h.twin.take(attach_state(2, 0.5), 2.0, 1.0));
    EXPECT_EQ(h.twin.history().times(), (std::vector<double>{0.5}));
    EXPECT_FALSE(h.twin.twin()->forecast);
    EXPECT_EQ(h.twin.frame(0.5), nullptr);
    EXPECT_EQ(h.twin.field_names(), (std::vector<std::string>{"T_K"}));  // it sends what it sent
}

TEST(RemoteTwin, FieldsAreOfTheBedAndTheNearestIsShown) {
    Heard h;
    h.twin.take(attach_state(1, 5.0), 1.0, 1.0);
    EXPECT_TRUE(h.twin.take(attach_field(1, 5.0, "T_K", 900.0f)));
    EXPECT_TRUE(h.twin.take(attach_field(1, 5.0, "id_ig", 1.2f)));
    EXPECT_TRUE(h.twin.take(attach_field(1, 6.0, "T_K", 910.0f)));
    EXPECT_FALSE(h.twin.take(attach_field(1, 5.5, "T_K", 1.0f)));      // late
    EXPECT_FALSE(h.twin.take(attach_field(1, 7.0, "no_such", 1.0f)));  // no quantity
    FieldMessage wrong = attach_field(1, 7.0, "T_K", 1.0f);
    wrong.values.pop_back();
    EXPECT_FALSE(h.twin.take(wrong));
    wrong = attach_field(1, 7.0, "T_K", 1.0f), wrong.cells = {4, 12, 4};
    EXPECT_FALSE(h.twin.take(wrong));
    ASSERT_TRUE(h.twin.frame(5.2));
    EXPECT_EQ(h.twin.frame(5.2)->find("T_K")->front(), 900.0f);
    EXPECT_EQ(h.twin.frame(99.0)->find("T_K")->front(), 910.0f);
    EXPECT_EQ(h.twin.frame(99.0)->find("id_ig")->front(), 1.2f);
    EXPECT_EQ(h.twin.frame_times(), (std::vector<double>{5.0, 6.0}));
}

TEST(RemoteTwin, TheMemoryOfFieldsIsBounded) {
    const std::size_t bytes = 8 * 6 * 4 * sizeof(float);
    RemoteTwin twin(40 * bytes);
    twin.begin(facts_of_scenario(attach_scenario(), "x"));
    for (int n = 0; n < 2000; ++n) twin.take(attach_field(0, n, "T_K", 900.0f));
    EXPECT_LE(twin.frame_times().size(), 41u);
    EXPECT_EQ(twin.frame_times().front(), 0.0);
    EXPECT_EQ(twin.frame_times().back(), 1999.0);
}

TEST(RemoteTwin, TheHeatersPhaseAlarmsAndCommandsAreKept) {
    Heard h;
    h.twin.take(attach_state(1, 5.0), 1.0, 1.0);
    TwinStatus status;
    status.heater_heard = true, status.heater_age_s = 0.2, status.heater.phase = HeaterPhase::running;
    h.twin.take(status, 1.0);
    status.heater.phase = HeaterPhase::tripped, status.heater.run_s = 5.5, status.heater.message = "over-temperature";
    status.heater.last_command = CommandResult{"id-7", "start", false, "running", 0};
    h.twin.take(status, 2.0);
    EXPECT_EQ(h.twin.twin()->heater.phase, HeaterFacts::Phase::tripped);
    ASSERT_EQ(h.twin.events().size(), 1u);
    EXPECT_EQ(h.twin.events()[0].text, "heater tripped: over-temperature");
    EXPECT_EQ(h.twin.last_command()->id, "id-7");
    h.twin.age(4.0);
    EXPECT_NEAR(h.twin.twin()->heater.age_s, 2.2, 1e-12);
    h.twin.take(AlarmMessage{"a", "hot", "", 1, true, 6.0});
    h.twin.take(AlarmMessage{"a", "hot", "", 1, true, 6.5});  // still
    EXPECT_EQ(h.twin.events().size(), 2u);
}

TEST(RemoteTwin, HostileNumbersAndNamesDoNoHarm) {
    Heard h;
    TwinState s = attach_state(1, std::nan(""));
    EXPECT_FALSE(h.twin.take(s, 1.0, 1.0));
    for (int n = 0; n < 400; ++n) {
        s = attach_state(1, 1.0 + n);
        s.scalars.clear();
        s.scalars["name" + std::to_string(n)] = {INFINITY, std::nan(""), -INFINITY, INFINITY, Quality::good};
        h.twin.take(s, 1.0 + n, 1.0);
    }
    EXPECT_LE(h.twin.history().columns().size(), 256u);
}

}  // namespace
}  // namespace jt::cli
