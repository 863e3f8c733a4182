// SPDX-License-Identifier: Apache-2.0
// What goes wrong beside a heater is noticed, named and survived; and nothing is cried of where nothing is wrong.
#include <gmock/gmock.h>

#include <cmath>
#include <numeric>

#include "kernels/error.hpp"
#include "tests/support/live_story.hpp"
#include "tests/support/small_r1.hpp"
#include "twin/scenario/reader.hpp"

namespace jt {
namespace {

using test::kScenarios;

using support::LiveStory;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Device R1 as an x-z section, on which a run takes seconds.
Scenario faulty_section() {
    return read_scenario(kScenarios / "live_r1.toml", {"bed.voxel=[\"1.6666666666666667 mm\", \"10 mm\", \"0.125 mm\"]",
                                                       "sensor[0].spot={center=[\"10 mm\", \"5 "
                                                       "mm\"], diameter=\"8 mm\"}"});
}

// What differs from the scenario in every one of these stories.
Hidden usual(std::uint64_t seed) {
    Hidden hidden;
    hidden.draw_seed = seed;
    return hidden;
}

// The text of an alarm that was raised; "" where it was not.
std::string told(const LiveStory& story, const std::string& id) {
    for (const AlarmMessage& alarm : story.alarms)
        if (alarm.id == id && alarm.active) return alarm.text;
    return "";
}
// When it was raised first [s]; infinite where it was not.
double raised_at(const LiveStory& story, const std::string& id) {
    for (const AlarmMessage& alarm : story.alarms)
        if (alarm.id == id && alarm.active) return alarm.run_s;
    return std::numeric_limits<double>::infinity();
}
std::string verdict_of(const LiveStory& story, const std::string& sensor) {
    for (const SensorState& s : story.last.state.sensors)
        if (s.name == sensor) return s.verdict;
    return "";
}

// One fault in the dwell of device R1, at 14 s of the run.
class LiveFaults : public testing::Test {
protected:
    LiveStory& with(const std::vector<std::string>& faults, double end = 17.0, std::uint64_t seed = 5) {
        story_ = std::make_unique<LiveStory>(faulty_section(), usual(seed), faults, seed);
        story_->run(end);
        return *story_;
    }
    // The twin goes on: it knows the mean of the bed within some kelvin.
    static void expect_close(LiveStory& story, double within = 8.0) {
        double truth = 0.0;
        const Bed& bed = story.heater->plant().bed();
        const auto T = story.heater->plant().temperature_K();
        std::size_t n = 0;
        for (std::size_t c = 0; c < bed.material.size(); ++c)
            if (!bed.materials[bed.material[c]].is_void && (bed.product.empty() || bed.product[c])) truth += T[c], ++n;
        EXPECT_NEAR(story.last.state.scalars.at("T_mean_K").value, truth / double(n), within);
    }
    std::unique_ptr<LiveStory> story_;
};

TEST_F(LiveFaults, OfACleanRunNothingIsCried) {
    LiveStory& s = with({}, 17.0);
    EXPECT_THAT(s.raised, IsEmpty());
    EXPECT_EQ(s.last.state.quality, Quality::good);
    expect_close(s);
    // The truth lies at the middle of the priors here: spread is no less than error, and readings do not lie outside of the
    // members' predictions more often than they should (2 of 17 ranks).
    for (const auto& [name, skill] : s.twin->skill()) {
        EXPECT_GT(skill.spread / skill.error, 0.8) << name;
        EXPECT_EQ(std::accumulate(skill.ranks.begin(), skill.ranks.end(), 0.0), skill.readings) << name;
        EXPECT_LT((skill.ranks.front() + skill.ranks.back()) / skill.readings, 0.2) << name;
    }
}

TEST_F(LiveFaults, AStuckSensorIsNamedAndLeftOut) {
    LiveStory& s = with({"stuck:pyrometer@14s"});
    EXPECT_LT(raised_at(s, "sensor.pyrometer.stuck"), 15.0);
    EXPECT_THAT(told(s, "sensor.pyrometer.stuck"), HasSubstr("pyrometer: it is stuck"));
    EXPECT_EQ(verdict_of(s, "pyrometer"), "stuck");
    EXPECT_EQ(verdict_of(s, "tc_centre"), "accepted");
    EXPECT_THAT(s.raised, testing::SizeIs(1));
}

TEST_F(LiveFaults, ADropOutIsNamed) {
    LiveStory& s = with({"dropout:tc_end@14s"});
    EXPECT_LT(raised_at(s, "sensor.tc_end.empty"), 16.0);
    EXPECT_EQ(verdict_of(s, "tc_end"), "without a value");
    EXPECT_EQ(s.last.state.quality, Quality::good);
    EXPECT_THAT(s.raised, testing::SizeIs(1));
    expect_close(s);
}

TEST_F(LiveFaults, ASensorThatShiftsIsNamedWithItsShift) {
    LiveStory& s = with({"bias:tc_centre=-25K@14s"});
    EXPECT_LT(raised_at(s, "sensor.tc_centre.disagrees"), 15.0);
    EXPECT_THAT(told(s, "sensor.tc_centre.disagrees"), HasSubstr("off the twin by -2"));
    EXPECT_EQ(verdict_of(s, "tc_centre"), "gated");
    EXPECT_EQ(verdict_of(s, "tc_end"), "accepted");
    expect_close(s);
}

TEST_F(LiveFaults, ABrokenContactIsNamed) {
    LiveStory& s = with({"contact:left@14s"}, 15.5);
    EXPECT_LT(raised_at(s, "sensor.voltage.disagrees"), 15.0);
    EXPECT_THAT(told(s, "sensor.voltage.disagrees"), HasSubstr("a contact may have broken"));
    EXPECT_TRUE(s.last.state.misfit);
    for (const ParameterState& p : s.last.state.parameters) EXPECT_FALSE(p.identified) << p.name;
}

TEST_F(LiveFaults, AClockThatJumpsIsNamedAndPutBack) {
    for (const char* fault : {"clock=5s@14s/2s", "clock=-5s@14s/2s"}) {
        LiveStory& s = with({fault}, 17.0);
        EXPECT_LT(raised_at(s, "clock"), 14.5) << fault;
        EXPECT_THAT(told(s, "clock"), HasSubstr("clock has jumped by " + std::string(fault[6] == '5' ? "+5" : "-4.9")));
        EXPECT_THAT(s.raised, testing::Each("clock")) << fault;
        EXPECT_EQ(s.last.state.quality, Quality::good) << fault;
        expect_close(s);
    }
}

TEST_F(LiveFaults, GarbageIsCountedAndChangesNothing) {
    const TwinState clean = with({}, 16.0).last.state;
    LiveStory& s = with({"garbage@14s/1s"}, 16.0);
    EXPECT_THAT(s.raised, testing::ElementsAre("garbage"));
    std::uint64_t rejected = 0;
    for (const auto& [what, n] : s.last.counters)
        if (what.starts_with("rejected.")) rejected += n;
    EXPECT_EQ(rejected, 250u);  // 50 ticks of five
    EXPECT_EQ(s.last.state.scalars.at("T_mean_K").value, clean.scalars.at("T_mean_K").value);
    EXPECT_EQ(s.last.state.scalars.at("T_max_K").sd, clean.scalars.at("T_max_K").sd);
}

TEST_F(LiveFaults, SilenceIsNamedTheBandsWidenAndItGoesOn) {
    LiveStory& s = with({"silence@14s/6s"}, 15.9);
    const double soon = s.last.state.scalars.at("T_max_K").sd;
    EXPECT_LT(raised_at(s, "heater.silent"), 15.5);
    EXPECT_LT(raised_at(s, "uncorrected"), 15.9);
    EXPECT_EQ(s.last.state.quality, Quality::predicted);
    for (const SensorState& one : s.last.state.sensors) EXPECT_EQ(one.verdict, "lost") << one.name;
    s.run(19.5);
    EXPECT_GT(s.last.state.scalars.at("T_max_K").sd, 1.2 * soon);  // ever less is known
    EXPECT_FALSE(s.last.state.misfit);
    s.run(23.0);
    EXPECT_EQ(s.last.state.sensors[0].verdict, "accepted");
    EXPECT_THAT(s.alarms, Contains(testing::AllOf(testing::Field(&AlarmMessage::id, "heater.silent"),
                                                  testing::Field(&AlarmMessage::active, false))));
    expect_close(s, 15.0);
}

TEST_F(LiveFaults, ATripIsToldWithItsReason) {
    LiveStory& s = with({"dropout:pyrometer@9s"}, 16.0);
    EXPECT_THAT(told(s, "heater.tripped"), HasSubstr("pyrometer"));
    EXPECT_NE(verdict_of(s, "pyrometer"), "accepted");
}

TEST_F(LiveFaults, SlowOfTwentyCleanRunsNothingIsCried) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        LiveStory& s = with({}, 60.0, seed);
        EXPECT_THAT(s.raised, IsEmpty()) << "seed " << seed << ": " << (s.alarms.empty() ? "" : s.alarms.front().text);
    }
}

}  // namespace
}  // namespace jt
