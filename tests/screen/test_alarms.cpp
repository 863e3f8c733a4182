// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/state/alarms.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <random>

#include "status_fixture.hpp"
#include "twin/stepping/run_events.hpp"

namespace jt {
namespace {

using testing::HasSubstr;

const AlarmCondition* of(const std::vector<AlarmCondition>& all, std::string_view id) {
    for (const auto& one : all)
        if (one.id == id && one.certain) return &one;
    return nullptr;
}
bool held(const std::vector<AlarmCondition>& all, std::string_view id) {
    return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.id == id && !one.certain; });
}
std::string texts(const std::vector<AlarmCondition>& all) {
    std::string text;
    for (const auto& one : all)
        if (one.certain) text += one.id + ": " + one.text + "\n";
    return text;
}

AlarmCondition condition(std::string id, AlarmKind kind = AlarmKind::process, double on = 0.0, double off = 0.0) {
    AlarmCondition one;
    one.id = std::move(id), one.kind = kind, one.priority = AlarmPriority::high, one.text = "text of " + one.id;
    one.on_delay_s = on, one.off_delay_s = off;
    return one;
}
const Alarm* of(const std::vector<Alarm>& all, std::string_view id) {
    for (const auto& one : all)
        if (one.condition.id == id) return &one;
    return nullptr;
}

TEST(AlarmConditions, AHealthyRunHasNoneAtAnyMoment) {
    StatusFixture f;
    for (const double t : f.history.times()) {
        f.model.cursor_s = t;
        EXPECT_EQ(texts(conditions_of(f.model)), "") << t;
    }
}

TEST(AlarmConditions, AboveTheLimitIsUrgentAndSaysSinceWhen) {
    StatusFixture f(30.0, [](auto& row) {
        if (row.t >= 21.0) row.T_max = StatusFixture::kLimit + 12.0;
    });
    const auto all = conditions_of(f.model);
    const auto* one = of(all, "T_limit");
    ASSERT_TRUE(one);
    EXPECT_EQ(one->priority, AlarmPriority::urgent);
    EXPECT_THAT(one->text, HasSubstr("1162 \u00b0C, above the limit of 1150 \u00b0C"));
    EXPECT_EQ(one->since_s, 21.0);
    EXPECT_TRUE(held(all, "T_near"));
    EXPECT_THAT(of(conditions_of(f.model, true), "T_limit")->text, HasSubstr("1435 K, above the limit of 1423 K"));
}

TEST(AlarmConditions, JustBelowTheLimitNothingBeginsAndNothingEnds) {
    StatusFixture f(30.0, [](auto& row) { row.T_max = row.t < 29.0 ? row.T_max : StatusFixture::kLimit - 2.0; });
    EXPECT_TRUE(held(conditions_of(f.model), "T_limit"));
    StatusFixture missing(30.0, [](auto& row) {
        if (row.t > 29.0) row.T_max = std::nan("");
    });
    EXPECT_TRUE(held(conditions_of(missing.model), "T_limit"));
}

TEST(AlarmConditions, ACrossingIsForetoldFromTheSlopeAboveTheSetPoint) {
    StatusFixture f(26.0, [](auto& row) {
        if (row.t > 20.0) row.T_max += 8.0 * (row.t - 20.0);  // 1302 K at 20 s, 1350 K at 26 s: 73 K to go, 8 K/s
    });
    const auto all = conditions_of(f.model);
    const auto* one = of(all, "T_near");
    ASSERT_TRUE(one);
    EXPECT_EQ(one->priority, AlarmPriority::high);
    EXPECT_THAT(one->text, HasSubstr("1150 \u00b0C in 9.1 s at this rate"));
    ASSERT_TRUE(one->respond_s);
    EXPECT_NEAR(*one->respond_s, (StatusFixture::kLimit - (298.15 + 1.03 * 975.0 + 48.0)) / 8.0, 0.1);
}

TEST(AlarmConditions, ASteepProgramThatEndsInTimeIsNoAlarm) {
    StatusFixture f(9.5);  // 98 K/s, 176 K below the limit
    EXPECT_EQ(texts(conditions_of(f.model)), "");
}

TEST(AlarmConditions, WithinThreePercentOfTheLimitIsHigh) {
    StatusFixture f(30.0, [](auto& row) {
        if (row.t > 12.0) row.T_max = 0.98 * StatusFixture::kLimit;
    });
    const auto all = conditions_of(f.model);
    ASSERT_TRUE(of(all, "T_near"));
    EXPECT_THAT(of(all, "T_near")->text, HasSubstr("below the limit"));
}

TEST(AlarmConditions, AFeedbackSensorWithoutReadingIsAMatterOfValidity) {
    StatusFixture f(30.0, [](auto& row) {
        if (row.t > 27.0) row.reading = std::nan("");
    });
    const auto all = conditions_of(f.model);
    const auto* one = of(all, "feedback");
    ASSERT_TRUE(one);
    EXPECT_EQ(one->kind, AlarmKind::validity);
    EXPECT_THAT(one->text, HasSubstr("pyrometer: no reading for 3.0 s"));
    // Below its floor a sensor has nothing to say.
    StatusFixture cold(3.0, [](auto& row) { row.reading = std::nan(""); });
    EXPECT_FALSE(of(conditions_of(cold.model), "feedback"));
}

TEST(AlarmConditions, ASetPointNotFollowedNamesTheSupplyThatCannot) {
    const auto weak = [](auto& row) {
        if (row.t < 12.0) return;
        row.reading = row.T_mean = row.T_max = row.T_min = row.set_point - 120.0;
        row.current = 60.0;
    };
    StatusFixture early(14.5, weak), late(20.0, weak);
    EXPECT_FALSE(of(conditions_of(early.model), "set_point"));
    const auto all = conditions_of(late.model);
    ASSERT_TRUE(of(all, "set_point"));
    EXPECT_THAT(of(all, "set_point")->text, HasSubstr("120 K below for 8.0 s"));
    EXPECT_THAT(of(all, "set_point")->cause, HasSubstr("limit of current, 60.0 A"));
    EXPECT_EQ(of(all, "set_point")->since_s, 12.0);

    StatusFixture told(20.0, [&](auto& row) { weak(row), row.current = 30.0; });
    told.events.push_back({15.0, "supply at its limit of voltage"});
    EXPECT_THAT(of(conditions_of(told.model), "set_point")->cause, HasSubstr("limit of voltage"));
}

TEST(AlarmConditions, CoolingAsFastAsItCanIsNoFault) {
    StatusFixture f(60.0, [](auto& row) {
        if (row.t < 40.0) return;
        row.T_mean = row.T_max = row.T_min = row.reading = StatusFixture::kHold - 5.0 * (row.t - 40.0);
        row.current = 0.0;
    });
    EXPECT_EQ(texts(conditions_of(f.model)), "");
}

TEST(AlarmConditions, EventsOfTheRunBecomeAlarmsByTheirTexts) {
    StatusFixture f(30.0);
    f.events = {{5.0, "temperature limit of 1150 degC reached: the current is switched off"},
                {6.0, "filamentation: the current gathers in hot channels; |J|/J0 (99th percentile) has grown from 1.4 to 1.5"},
                {7.0, "31 cells are outside the range that the microstructure is fitted for (Th 744 to 1350 degC): what"},
                {8.0, "3 cells are outside the temperature range of a law; the value at its end is used"},
                {9.0, "the shortest step is taken although its error is 3 times the tolerance"},
                {99.0, "supply at its limit of current"},
                {10.0, "of something else"},
                {10.0, ""}};
    const auto all = conditions_of(f.model);
    ASSERT_TRUE(of(all, "tripped") && of(all, "filament") && of(all, "calibration") && of(all, "laws") && of(all, "accuracy"));
    EXPECT_EQ(of(all, "tripped")->text, "Heater off: temperature limit of 1150 degC reached");
    EXPECT_EQ(of(all, "filament")->since_s, 6.0);
    EXPECT_EQ(of(all, "calibration")->priority, AlarmPriority::low);
    EXPECT_EQ(of(all, "calibration")->text, "31 cells are outside the range that the microstructure is fitted for");
    f.model.cursor_s = 5.5;
    const auto before = conditions_of(f.model);
    EXPECT_TRUE(of(before, "tripped"));
    EXPECT_FALSE(of(before, "filament"));
}

TEST(AlarmConditions, OldLostAndFailedRunsSaySo) {
    StatusFixture f(30.0);
    f.model.source.age_s = 3.5;
    f.model.status.energy_residual = -2e-6;
    const auto all = conditions_of(f.model);
    ASSERT_TRUE(of(all, "stale") && of(all, "energy"));
    EXPECT_EQ(of(all, "stale")->kind, AlarmKind::validity);
    EXPECT_THAT(of(all, "stale")->text, HasSubstr("3.5 s"));
    f.model.source.kind = SourceState::Kind::broken, f.model.source.text = "run.h5 is damaged";
    EXPECT_THAT(of(conditions_of(f.model), "lost")->text, HasSubstr("run.h5 is damaged"));
    f.finish(30.0);
    f.model.status.phase = RunStatus::Phase::failed, f.model.status.failure = "thermal runaway: the hottest place";
    EXPECT_EQ(of(conditions_of(f.model), "failed")->priority, AlarmPriority::urgent);
    EXPECT_THAT(of(conditions_of(f.model), "failed")->text, HasSubstr("thermal runaway"));
    f.model.status.phase = RunStatus::Phase::unfinished;
    EXPECT_TRUE(of(conditions_of(f.model), "killed"));
    f.model.cursor_s = 12.0;
    EXPECT_FALSE(of(conditions_of(f.model), "killed"));
}

TEST(AlarmConditions, NothingIsSaidOfNothing) {
    EXPECT_TRUE(conditions_of(ScreenModel{}).empty());
    StatusFixture empty(-1.0);
    EXPECT_EQ(texts(conditions_of(empty.model)), "");
}

TEST(AlarmConditions, EveryOneSaysWhatToDo) {
    StatusFixture f(30.0, [](auto& row) {
        if (row.t > 20.0) row.T_max = row.T_min = row.T_mean = 1500.0, row.reading = std::nan("");
    });
    f.events = {{5.0, "temperature limit of 1150 degC reached: off"}, {6.0, "filamentation: x"}};
    f.model.source.age_s = 5.0;
    const auto all = conditions_of(f.model);
    EXPECT_GE(all.size(), 5U);
    for (const auto& one : all) {
        if (!one.certain) continue;
        EXPECT_FALSE(one.text.empty() || one.cause.empty() || one.consequence.empty() || one.action.empty()) << one.id;
    }
}

TEST(AlarmBook, AnAlarmIsRaisedAcknowledgedAndReturns) {
    AlarmBook book;
    const std::vector<AlarmCondition> on{condition("a")}, off;
    book.update(on, {1.0, 20.0, "14:00:01"});
    ASSERT_EQ(book.list().size(), 1U);
    EXPECT_EQ(book.list()[0].state, AlarmState::unacknowledged);
    EXPECT_EQ(book.list()[0].first_run_s, 20.0);
    EXPECT_EQ(book.list()[0].first_clock, "14:00:01");
    EXPECT_TRUE(book.acknowledge("a"));
    EXPECT_FALSE(book.acknowledge("a"));
    EXPECT_EQ(book.list()[0].state, AlarmState::acknowledged);
    book.update(off, {2.0, 21.0, "14:00:02"});
    EXPECT_TRUE(book.list().empty());
    ASSERT_EQ(book.journal().size(), 3U);
    EXPECT_EQ(book.journal()[0].change, AlarmChange::raised);
    EXPECT_EQ(book.journal()[1].change, AlarmChange::acknowledged);
    EXPECT_EQ(book.journal()[2].change, AlarmChange::returned);
}

TEST(AlarmBook, WhatIsOverBeforeItIsSeenStaysUntilItIsAcknowledged) {
    AlarmBook book;
    const std::vector<AlarmCondition> on{condition("a")}, off;
    book.update(on, {1.0, 1.0, "1"}), book.update(off, {2.0, 2.0, "2"});
    ASSERT_EQ(book.list().size(), 1U);
    EXPECT_EQ(book.list()[0].state, AlarmState::returned);
    book.update(on, {3.0, 3.0, "3"});
    EXPECT_EQ(book.list()[0].state, AlarmState::unacknowledged);
    EXPECT_EQ(book.list()[0].first_clock, "1") << "first out is the first of those not seen";
    book.update(off, {4.0, 4.0, "4"});
    EXPECT_TRUE(book.acknowledge("a"));
    EXPECT_TRUE(book.list().empty());
}

TEST(AlarmBook, DelaysCountInTimeOfTheRunForTheProcessAndOfTheWallForValidity) {
    AlarmBook book;
    const std::vector<AlarmCondition> on{condition("process", AlarmKind::process, 1.0, 1.0),
                                         condition("validity", AlarmKind::validity, 1.0, 1.0)};
    book.update(on, {0.0, 0.0, ""});
    EXPECT_TRUE(book.list().empty());
    book.update(on, {5.0, 0.5, ""});  // the run hardly moves
    EXPECT_FALSE(of(book.list(), "process"));
    EXPECT_TRUE(of(book.list(), "validity"));
    book.update(on, {5.1, 1.0, ""});
    EXPECT_TRUE(of(book.list(), "process"));
}

TEST(AlarmBook, AnUncertainConditionNeitherBeginsNorEnds) {
    AlarmBook book;
    std::vector<AlarmCondition> unsure{condition("a")};
    unsure[0].certain = false;
    book.update(unsure, {0.0, 0.0, ""});
    EXPECT_TRUE(book.list().empty());
    book.update(std::vector{condition("a")}, {1.0, 1.0, ""});
    book.update(unsure, {100.0, 100.0, ""});
    EXPECT_TRUE(of(book.list(), "a")->active);
}

TEST(AlarmBook, AcknowledgingValidityLeavesTheProcessAlarm) {
    AlarmBook book;
    book.update(std::vector{condition("feedback", AlarmKind::validity), condition("T_limit")}, {1.0, 1.0, ""});
    EXPECT_TRUE(book.acknowledge("feedback"));
    EXPECT_EQ(of(book.list(), "T_limit")->state, AlarmState::unacknowledged);
    EXPECT_EQ(of(book.list(), "feedback")->state, AlarmState::acknowledged);
    EXPECT_FALSE(book.acknowledge("nothing"));
}

TEST(AlarmBook, AShelvedAlarmComesBackAfterFiveMinutesAndAsksAgain) {
    AlarmBook book;
    const std::vector<AlarmCondition> on{condition("a")};
    book.update(on, {1.0, 1.0, ""});
    book.acknowledge("a");
    EXPECT_TRUE(book.shelve("a"));
    book.update(on, {2.0, 2.0, ""});
    EXPECT_EQ(book.list()[0].state, AlarmState::shelved);
    EXPECT_NEAR(book.list()[0].shelf_left_s, kShelfTime - 1.0, 1e-9);
    EXPECT_FALSE(book.acknowledge("a"));
    book.update(on, {1.0 + kShelfTime, 3.0, ""});
    EXPECT_EQ(book.list()[0].state, AlarmState::unacknowledged);
    EXPECT_TRUE(book.shelve("a") && book.unshelve("a"));
    EXPECT_EQ(book.list()[0].state, AlarmState::unacknowledged);
}

TEST(AlarmBook, ASelectionStaysWithItsAlarmWhenTheListChanges) {
    AlarmBook book;
    auto later = condition("later");
    later.priority = AlarmPriority::urgent;
    book.update(std::vector{condition("a"), condition("b")}, {1.0, 1.0, ""});
    EXPECT_EQ(book.follow(1), 1);
    const std::string chosen = book.list()[1].condition.id;
    book.update(std::vector{condition("a"), condition("b"), later}, {2.0, 2.0, ""});
    EXPECT_EQ(book.row_of(1), 2);
    EXPECT_EQ(book.follow(1), 2);
    EXPECT_EQ(book.list()[2].condition.id, chosen);
    EXPECT_EQ(book.follow(0), 0) << "a row that the user went to is taken";
    EXPECT_EQ(book.follow(99), 2);
}

TEST(AlarmBook, OddTimesDoNoHarm) {
    AlarmBook book;
    const double nan = std::nan("");
    const std::vector<AlarmCondition> on{condition("a", AlarmKind::process, 1.0, 1.0)};
    book.update(on, {nan, nan, ""}), book.update(on, {0.0, 100.0, ""}), book.update(on, {0.0, 5.0, ""});
    book.update(on, {0.0, std::numeric_limits<double>::infinity(), ""}), book.update(on, {0.0, 6.5, ""});
    EXPECT_TRUE(of(book.list(), "a"));
}

// Random conditions and random operators, against a plain account of what must hold.
TEST(AlarmBook, NoSequenceLosesAnAlarmAndChatterIsBounded) {
    for (std::uint32_t seed = 1; seed <= 200; ++seed) {
        std::mt19937 random(seed);
        const auto chance = [&](double p) { return std::uniform_real_distribution<>(0, 1)(random) < p; };
        AlarmBook book;
        const std::vector<std::string> ids{"a", "b", "c", "d"};
        const double on_delay = 0.5, off_delay = 1.0;
        std::map<std::string, int> raised;
        std::map<std::string, bool> active;
        std::map<std::string, std::optional<double>> steady_since, shelf_end;
        std::map<std::string, bool> seen;  // acknowledged or shelved since it was last raised
        std::size_t entries = 0;
        double t = 0.0;
        for (int step = 0; step < 400; ++step) {
            t += chance(0.01) ? 150.0 : 0.1 + 0.3 * std::uniform_real_distribution<>(0, 1)(random);
            std::vector<AlarmCondition> now;
            for (const auto& id : ids) {
                active[id] = chance(active[id] ? 0.9 : 0.2);
                if (active[id] && !steady_since[id]) steady_since[id] = t;
                if (!active[id]) steady_since[id].reset();
                auto one = condition(id, id < "c" ? AlarmKind::process : AlarmKind::validity, on_delay, off_delay);
                if (active[id]) now.push_back(one);
            }
            book.update(now, {t, t, "clock"});
            for (; entries < book.journal().size(); ++entries) {
                const auto& entry = book.journal()[entries];
                if (entry.change == AlarmChange::raised) ++raised[entry.id], seen[entry.id] = false;
                if (entry.change == AlarmChange::unshelved) seen[entry.id] = false, shelf_end[entry.id].reset();
            }
            const auto list = book.list();
            for (const auto& id : ids) {
                const Alarm* alarm = of(list, id);
                // What has held for its delay is on the list, and asks unless it was seen to.
                if (steady_since[id] && t - *steady_since[id] >= on_delay) {
                    ASSERT_TRUE(alarm && alarm->active) << id << " at " << t << ", seed " << seed;
                    const bool asks = !seen[id] && !shelf_end[id];
                    ASSERT_TRUE(!asks || alarm->state == AlarmState::unacknowledged) << id << " at " << t << ", seed " << seed;
                }
                ASSERT_FALSE(alarm && alarm->state == AlarmState::unacknowledged && seen[id]);
                // Nothing stays on the shelf longer than it may.
                ASSERT_TRUE(!shelf_end[id] || t < *shelf_end[id]);
                ASSERT_TRUE(!alarm || alarm->shelf_left_s <= kShelfTime);
            }
            // Exactly the one that is named changes.
            const std::string id = ids[random() % ids.size()];
            std::map<std::string, AlarmState> before;
            for (const auto& alarm : list) before[alarm.condition.id] = alarm.state;
            bool done = false;
            if (chance(0.1))
                done = book.acknowledge(id);
            else if (chance(0.03) && book.shelve(id))
                done = true, shelf_end[id] = t + kShelfTime;
            else if (chance(0.05) && book.unshelve(id))
                done = true, seen[id] = false, shelf_end[id].reset();
            else
                continue;
            if (done && !(before[id] == AlarmState::shelved)) seen[id] = true;
            for (; entries < book.journal().size(); ++entries) {
            }
            for (const auto& alarm : book.list())
                ASSERT_TRUE(alarm.condition.id == id || alarm.state == before[alarm.condition.id]);
        }
        for (const auto& id : ids) EXPECT_LE(raised[id], int(t / (on_delay + off_delay)) + 1) << seed;
    }
}

TEST(AlarmBook, TheJournalKeepsTheNewest) {
    AlarmBook book;
    const std::vector<AlarmCondition> on{condition("a")}, off;
    for (int n = 0; n < 400; ++n) book.update(on, {2.0 * n, 2.0 * n, ""}), book.update(off, {2.0 * n + 1, 2.0 * n + 1, ""});
    EXPECT_EQ(book.journal().size(), AlarmBook::kLongestJournal);
    EXPECT_EQ(book.journal().back().run_s, 799.0);
}

TEST(AlarmsShown, LookingBackInALiveRunKeepsTheAlarmsOfNow) {
    StatusFixture f(30.0, [](auto& row) {
        if (row.t >= 21.0) row.T_max = StatusFixture::kLimit + 12.0;
    });
    f.watch();
    f.model.live = false, f.model.cursor_s = 5.0;
    update_alarms(f.book, f.model);
    const auto shown = alarms_shown(f.model);
    ASSERT_TRUE(shown.first());
    EXPECT_FALSE(shown.moment_s);
    EXPECT_EQ(shown.first()->condition.id, "T_limit");
    EXPECT_EQ(shown.first()->first_run_s, 21.0);
}

TEST(AlarmsShown, OfARunThatIsOverItIsTheMomentAndNothingToAcknowledge) {
    StatusFixture f(60.0, [](auto& row) {
        if (row.t >= 21.0 && row.t < 25.0) row.T_max = StatusFixture::kLimit + 12.0;
    });
    f.finish(23.0);
    const auto shown = alarms_shown(f.model);
    ASSERT_TRUE(shown.first());
    EXPECT_EQ(shown.moment_s, 23.0);
    EXPECT_EQ(shown.first()->state, AlarmState::moment);
    EXPECT_FALSE(chosen_alarm(f.model, f.view));
    EXPECT_FALSE(apply_to_alarms(Action::acknowledge, f.model, f.view));
    f.model.cursor_s = 26.0;
    EXPECT_FALSE(alarms_shown(f.model).first());
}

TEST(AlarmsShown, KeysActOnTheSelectedOneWhereTheListIsOpenElseOnTheFirst) {
    StatusFixture f(30.0, [](auto& row) {
        if (row.t >= 21.0) row.T_max = StatusFixture::kLimit + 12.0, row.reading = std::nan("");
    });
    f.watch();
    const auto shown = alarms_shown(f.model);
    ASSERT_GE(shown.alarms.size(), 2U);
    f.view.tab = 2, f.view.alarm_row = 1;
    EXPECT_EQ(chosen_alarm(f.model, f.view), shown.alarms[0].condition.id);
    f.view.tab = 1;
    EXPECT_EQ(chosen_alarm(f.model, f.view), shown.alarms[1].condition.id);
    EXPECT_TRUE(apply_to_alarms(Action::acknowledge, f.model, f.view));
    EXPECT_EQ(of(f.book.list(), shown.alarms[0].condition.id)->state, AlarmState::unacknowledged);
    f.view.tab = 2;
    EXPECT_TRUE(apply_to_alarms(Action::shelve, f.model, f.view));
    EXPECT_EQ(of(f.book.list(), shown.alarms[0].condition.id)->state, AlarmState::shelved);
    EXPECT_FALSE(apply_to_alarms(Action::theme, f.model, f.view));
}

TEST(AlarmsShown, AModelThatLostItsRunKeepsWhatWasActive) {
    StatusFixture f(30.0, [](auto& row) {
        if (row.t >= 21.0) row.T_max = StatusFixture::kLimit + 12.0;
    });
    f.watch();
    f.model.facts = nullptr, f.model.source.kind = SourceState::Kind::broken, f.model.wall_s += 100.0;
    update_alarms(f.book, f.model);
    EXPECT_TRUE(of(f.book.list(), "T_limit"));
}

}  // namespace
}  // namespace jt
