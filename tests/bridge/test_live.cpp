// SPDX-License-Identifier: Apache-2.0
// The live twin without its sockets: clocks, programs, windows, logs and their replay, alarms, pace.
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "bridge/live/alarm_ledger.hpp"
#include "bridge/live/estimate_log.hpp"
#include "bridge/live/forecast_log.hpp"
#include "bridge/live/forecast_thread.hpp"
#include "bridge/live/heard_program.hpp"
#include "bridge/live/pace_keeper.hpp"
#include "bridge/live/replay_log.hpp"
#include "bridge/live/run_log.hpp"
#include "bridge/live/source_clock.hpp"
#include "bridge/wire/history.hpp"
#include "bridge/wire/reading_csv.hpp"
#include "kernels/error.hpp"
#include "tests/paths.hpp"
#include "tests/support/live_story.hpp"
#include "twin/scenario/program_text.hpp"
#include "twin/scenario/reader.hpp"

namespace jt {
namespace {

using support::LiveStory;
using testing::HasSubstr;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kLogTime = 1'700'000'000 * kSecond;

Scenario section() {
    return read_scenario(std::filesystem::path(JT_SOURCE_DIR) / "data/scenarios/live_r1.toml",
                         {"bed.voxel=[\"2.5 mm\", \"10 mm\", \"0.125 mm\"]",
                          "sensor[0].spot={center=[\"10 mm\", \"5 mm\"], diameter=\"8 mm\"}"});
}

LiveTwinOptions few() {
    LiveTwinOptions options;
    options.members = 8;
    options.seed = 3;
    return options;
}

template <class F>
std::string problem(F&& f) {
    try {
        f();
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

class LiveFolder : public testing::Test {
protected:
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() /
        ("jouletwin_live_" + std::to_string(getpid()) + "_" + testing::UnitTest::GetInstance()->current_test_info()->name());
    void SetUp() override {
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
    }
    void TearDown() override { std::filesystem::remove_all(folder); }
};
class RunLogs : public LiveFolder {};
class EstimateLogs : public LiveFolder {};
class ReplayLogs : public LiveFolder {};

// ---- the sender's clock

TEST(SourceClock, DelaysAreNoJumps) {
    SourceClock clock;
    std::mt19937 random(1);
    for (int n = 0; n < 2000; ++n) {
        const std::int64_t t = kLogTime + 3600 * kSecond + n * kSecond / 100,
                           delay = std::int64_t(random() % 100) * kSecond / 1000;
        EXPECT_EQ(clock.take(t, kLogTime + n * kSecond / 100 + delay), t);
    }
    EXPECT_EQ(clock.jumps(), 0);
    EXPECT_NEAR(1e-9 * double(clock.offset_ns()), 3600.0, 0.06);  // it leaks half of what passes between prompt ones
}

TEST(SourceClock, AJumpIsFoundAndTakenOut) {
    for (const std::int64_t jump : {5 * kSecond, -5 * kSecond, 400'000'000l}) {
        SourceClock clock;
        std::int64_t last = 0;
        for (int n = 0; n < 300; ++n) {
            const std::int64_t t = kLogTime + n * kSecond / 100;
            last = clock.take(t + (n < 100 ? 0 : jump), t + kSecond / 200) - t;
        }
        EXPECT_EQ(clock.jumps(), 1) << jump;
        EXPECT_NEAR(double(clock.last_jump_ns()), double(jump), 1e7);
        EXPECT_NEAR(double(last), 0.0, 1e7) << jump;
    }
}

// Its times go on where they were, only later.
TEST(SourceClock, ASenderThatIsHeldUpHasNotJumped) {
    SourceClock clock;
    for (int n = 0; n < 300; ++n) {
        const std::int64_t t = kLogTime + n * kSecond / 100;
        EXPECT_EQ(clock.take(t, t + (n < 100 ? 0 : 2 * kSecond)), t);
    }
    EXPECT_EQ(clock.jumps(), 0);
    EXPECT_NEAR(1e-9 * double(clock.offset_ns()), -2.0, 0.02);
}

TEST(SourceClock, NothingThatASenderSaysOverflows) {
    SourceClock clock;
    std::mt19937_64 random(2);
    for (int n = 0; n < 5000; ++n) (void)clock.take(std::int64_t(random() >> 1), kLogTime + n * kSecond / 100);
    (void)clock.take(std::numeric_limits<std::int64_t>::max(), kLogTime);
    (void)clock.take(std::numeric_limits<std::int64_t>::min(), kLogTime);
    SUCCEED();
}

// ---- what the heater says of its program

HeaterStatus status(HeaterPhase phase, double run_s, double program_s, const std::string& program = "") {
    HeaterStatus s;
    s.phase = phase, s.run = 1, s.run_s = run_s, s.program_s = program_s, s.program = program;
    return s;
}

TEST(HeardProgram, HoldsAndReplacementsAreInTimeOfTheRun) {
    const Scenario scenario = section();
    HeardProgram heard(scenario);
    const Program own = scenario.heater->program;
    ASSERT_TRUE(heard.hear(status(HeaterPhase::running, 0.1, 0.1)));
    EXPECT_FALSE(heard.hear(status(HeaterPhase::running, 5.0, 5.0)));  // nothing new
    const auto held = heard.hear(status(HeaterPhase::holding, 5.5, 5.5));
    ASSERT_TRUE(held);
    EXPECT_NEAR(held->at(30.0), own.at(5.5), 1e-9);
    EXPECT_FALSE(heard.hear(status(HeaterPhase::holding, 8.0, 5.5)));
    const auto resumed = heard.hear(status(HeaterPhase::running, 9.5, 5.5));
    ASSERT_TRUE(resumed);
    EXPECT_NEAR(resumed->at(12.0), own.at(8.0), 1e-9);
    const auto other = heard.hear(status(HeaterPhase::running, 10.0, 6.0, "[{to='500 degC',in='2 s'},{hold='9 s'}]"));
    ASSERT_TRUE(other);
    EXPECT_NEAR(other->at(12.0), 773.15, 1e-6);
    const auto off = heard.hear(status(HeaterPhase::tripped, 11.0, 7.0));
    ASSERT_TRUE(off);
    EXPECT_NEAR(off->at(20.0), scenario.bed.initial_temperature, 1e-9);
}

TEST(HeardProgram, OneThatCannotBeReadChangesNothingAndIsTold) {
    HeardProgram heard(section());
    (void)heard.hear(status(HeaterPhase::running, 0.1, 0.1));
    EXPECT_FALSE(heard.hear(status(HeaterPhase::running, 0.2, 0.2, "[{to='very hot'}]")));
    EXPECT_THAT(heard.problem(), HasSubstr("program of the heater"));
}

// ---- windows

// Every quantity and parameter of two states.
void expect_same(const TwinState& a, const TwinState& b) {
    ASSERT_EQ(a.run_s, b.run_s);
    for (const auto& [name, e] : a.scalars) {
        EXPECT_EQ(e.value, b.scalars.at(name).value) << name;
        EXPECT_EQ(e.sd, b.scalars.at(name).sd) << name;
    }
    for (std::size_t n = 0; n < a.parameters.size(); ++n)
        EXPECT_EQ(a.parameters[n].posterior.value, b.parameters[n].posterior.value) << a.parameters[n].name;
    EXPECT_EQ(a.nis, b.nis);
}

// The frames of each window in another order, some of them twice, are the same window.
TEST(Intake, TheOrderOfAWindowsFramesDoesNotMatterToTheLastBit) {
    const Scenario scenario = section();
    LiveStory story(scenario, {}, {}, 2, few());
    struct Window {
        std::vector<support::StoryFrame> frames;
        TwinState state;
    };
    std::vector<Window> windows;
    std::size_t from = 0;
    story.run(4.0, [&](const LiveResult& r) {
        windows.push_back({{story.sent.begin() + std::ptrdiff_t(from), story.sent.end()}, r.state});
        from = story.sent.size();
    });
    ASSERT_GT(windows.size(), 35u);
    const auto backend = make_backend("cpu");
    LiveTwin twin(*backend, scenario, few());
    Intake intake(scenario, story.intake->start(), few().window_s);
    std::mt19937 random(7);
    for (Window& w : windows) {
        const std::int64_t end = w.frames.back().t_receive_ns;
        std::shuffle(w.frames.begin(), w.frames.end(), random);
        for (std::size_t n = 0; n < w.frames.size(); ++n) {
            w.frames[n].t_receive_ns = end - 1000;
            support::give(intake, w.frames[n]);
            if (n % 3 == 0) support::give(intake, w.frames[n]);
        }
        LiveWork work;
        work.batch = intake.close(end, 1);
        expect_same(w.state, twin.take(work).state);
    }
    EXPECT_GT(intake.close(kLogTime, 1).counters.at("frames.repeated"), 100u);
}

TEST(Intake, ReadingsOfBeforeTheRunAndOfStrangersAreCountedAndLeftOut) {
    const Scenario scenario = section();
    Intake intake(scenario, {7, 1, kLogTime}, 0.1);
    std::uint64_t seq = 0;
    const auto send = [&](const std::string& sensor, double t, const std::string& unit, double value) {
        Reading r;
        r.sensor = sensor, r.unit = unit, r.value = value, r.sigma = 0.5, r.seq = ++seq, r.epoch = 7;
        r.t_source_ns = kLogTime + std::int64_t(t * 1e9);
        support::give(intake, support::frame_of("reading/" + sensor, r, 7, seq, r.t_source_ns, r.t_source_ns + 1000));
    };
    send("tc_centre", -0.05, "K", 300.0);
    send("tc_centre", 0.05, "K", 300.0);
    send("tc_centre", 0.06, "V", 300.0);
    send("tc_centre", 0.07, "K", 1e6);
    send("nobody", 0.08, "K", 300.0);
    const Batch batch = intake.close(kLogTime + kSecond / 10, 1);
    ASSERT_EQ(batch.samples.size(), 1u);
    EXPECT_NEAR(batch.samples[0].time_s, 0.05, 1e-9);
    EXPECT_EQ(batch.counters.at("reading.before the run"), 1u);
    EXPECT_EQ(batch.counters.at("reading.wrong unit"), 1u);
    EXPECT_EQ(batch.counters.at("reading.absurd"), 1u);
    EXPECT_EQ(batch.counters.at("reading.unknown sensor"), 1u);
    EXPECT_EQ(batch.sensors[1].last, "absurd");
}

// ---- logs

TEST_F(RunLogs, MarksReadBackAndNoFrameIsTakenForOne) {
    const auto file = folder / "frames.log";
    {
        RunLog log(file);
        log.mark(BeginMark{{9, 2, kLogTime}, 4, 5, 16, 0.1, "1.2"});
        const std::string_view forged[] = {"{\"window\":{\"own_ns\":1,\"length\":5,\"degradation\":0,\"forecast\":false}}"};
        log.frame(kLogTime, forged);
        log.mark(WindowMark{kLogTime + 5, 2, 3, true});
        log.mark(EndMark{"because"});
    }
    const BeginMark begin = begin_of(file);
    EXPECT_EQ(begin.start, (RunStart{9, 2, kLogTime}));
    EXPECT_EQ(begin.members, 16);
    FrameLogReader reader(file);
    (void)reader.next();
    EXPECT_FALSE(mark_of(*reader.next()));
    const auto window = mark_of(*reader.next());
    ASSERT_TRUE(window && std::holds_alternative<WindowMark>(*window));
    EXPECT_EQ(std::get<WindowMark>(*window).length, 2);
    EXPECT_TRUE(std::get<WindowMark>(*window).forecast);
    EXPECT_EQ(std::get<EndMark>(*mark_of(*reader.next())).why, "because");
}

TEST_F(RunLogs, WhatIsNoLogOfARunIsRefusedByName) {
    const auto file = folder / "frames.log";
    { FrameLog(file).append(kLogTime, std::vector<std::string_view>{"a", "b", "c"}); }
    EXPECT_THAT(problem([&] { (void)begin_of(file); }), HasSubstr("does not begin with the mark of a run"));
    EXPECT_THAT(problem([&] { (void)mark_of({-1, {"not json"}}); }), HasSubstr("a mark cannot be read"));
    EXPECT_THAT(problem([&] {
                    (void)mark_of({-1, {"{\"window\":{\"own_ns\":1,\"length\":0,\"degradation\":0,\"forecast\":false}}"}});
                }),
                HasSubstr("allowed: 1 to 100"));
}

TEST_F(EstimateLogs, NumbersReadBackAndAFileIsGoneOnWith) {
    TwinState s;
    s.run_s = 0.1, s.scalars["T_mean_K"] = {1.0 / 3.0, 0.5, 0.1, 0.9, Quality::good};
    s.sensors.push_back({});
    s.sensors[0].name = "tc", s.sensors[0].verdict = "accepted", s.sensors[0].reading = 300.25;
    const auto file = folder / "estimates.csv";
    {
        EstimateLog log(file);
        for (int n = 1; n <= 3; ++n) s.run_s = 0.1 * n, log.append(s);
    }
    {
        EstimateLog log(file, 2);
        s.run_s = 0.7;
        log.append(s);
        EXPECT_EQ(log.rows(), 3u);
    }
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    ASSERT_EQ(lines.size(), 4u);
    EXPECT_THAT(lines[0], HasSubstr("T_mean_K,T_mean_K_sd,T_mean_K_p05,T_mean_K_p95"));
    EXPECT_THAT(lines[1], HasSubstr("0.3333333333333333,0.5,0.1,0.9"));
    EXPECT_THAT(lines[3], testing::StartsWith("0.7,good"));
    EXPECT_THAT(problem([&] { EstimateLog(file, 9); }), HasSubstr("has 3 rows"));
}

TEST_F(EstimateLogs, ForecastsAreARowForEachMomentTheyTellOf) {
    Forecast made;
    made.from_s = 5.0;
    for (const double t : {5.0, 5.5}) made.points.push_back({t, {{"T_max_K", {1, 2, 3}}, {"T_mean_K", {4, 1.0 / 3.0, 6}}}});
    const auto file = folder / "forecasts.csv";
    { ForecastLog(file).append(made); }
    {
        ForecastLog log(file, 1);  // the run's state was kept after the first
        made.from_s = 7.0;
        log.append(made);
        EXPECT_EQ(log.rows(), 3u);
    }
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    ASSERT_EQ(lines.size(), 4u);
    EXPECT_EQ(lines[0], "made_s,time_s,T_max_K_p05,T_max_K_p50,T_max_K_p95,T_mean_K_p05,T_mean_K_p50,T_mean_K_p95");
    EXPECT_EQ(lines[1], "5,5,1,2,3,4,0.3333333333333333,6");
    EXPECT_EQ(lines[2], "7,5,1,2,3,4,0.3333333333333333,6");
    EXPECT_THAT(problem([&] { ForecastLog(file, 9); }), HasSubstr("has 3 rows"));
    ForecastLog anew(file, 0);  // before there was one: the header comes again
    anew.append(made);
    EXPECT_EQ(anew.rows(), 2u);
}

// Any order of the rows, and rows twice: the same analysis.
TEST_F(ReplayLogs, ATableOfReadingsIsTakenInTheOrderOfMeasurement) {
    const Scenario scenario = section();
    LiveStory story(scenario, {}, {}, 2, few());
    std::vector<LoggedReading> rows;
    story.run(3.0);
    for (const auto& frame : story.sent) {
        Header h;
        std::string detail;
        ASSERT_EQ(decode_header(frame.parts[1], h, detail), Rejection::none);
        if (h.type != MessageType::reading) continue;
        const Decoded decoded = decode_payload(h.type, frame.parts[2]);
        rows.push_back({frame.t_receive_ns, std::get<Reading>(decoded.message)});
    }
    write_reading_csv(folder / "ordered.csv", rows);
    std::mt19937 random(3);
    rows.insert(rows.end(), rows.begin(), rows.begin() + 100);
    std::shuffle(rows.begin(), rows.end(), random);
    write_reading_csv(folder / "shuffled.csv", rows);
    const auto backend = make_backend("cpu");
    LiveTwin a(*backend, scenario, few()), b(*backend, scenario, few());
    const auto ordered = open_table(folder / "ordered.csv", scenario, {}),
               shuffled = open_table(folder / "shuffled.csv", scenario, {});
    int windows = 0;
    while (auto one = ordered->next()) {
        auto other = shuffled->next();
        ASSERT_TRUE(other);
        one->forecast = other->forecast = false;
        expect_same(a.take(*one).state, b.take(*other).state);
        ++windows;
    }
    EXPECT_FALSE(shuffled->next());
    EXPECT_NEAR(windows, 30, 1);
    EXPECT_THAT(shuffled->findings(), testing::ElementsAre(HasSubstr("100 readings of the log are repetitions")));
}

TEST_F(ReplayLogs, ATableOfOtherSensorsIsRefused) {
    Reading r;
    r.sensor = "elsewhere", r.unit = "K", r.value = 300.0, r.t_source_ns = kLogTime;
    write_reading_csv(folder / "t.csv", {{kLogTime, r}});
    EXPECT_THAT(problem([&] { (void)open_table(folder / "t.csv", section(), {}); }),
                HasSubstr("allowed: pyrometer, tc_centre"));
    EXPECT_NE(problem([&] { (void)open_frames(folder / "t.csv", section()); }), "");
    EXPECT_NE(problem([&] { (void)open_table(folder / "none.csv", section(), {}); }), "");
}

// ---- alarms and pace

TEST(AlarmLedger, TellsWhatBeginsChangesAndEndsOnce) {
    AlarmLedger book;
    book.raise("a", 2, "text", "action", 1.0);
    book.raise("a", 2, "text", "action", 2.0);
    book.clear("b", 2.0);
    ASSERT_EQ(book.changes().size(), 1u);
    book.raise("a", 2, "other", "action", 3.0);
    book.clear("a", 4.0);
    book.clear("a", 5.0);
    const auto changes = book.changes();
    ASSERT_EQ(changes.size(), 2u);
    EXPECT_EQ(changes[0].text, "other");
    EXPECT_FALSE(changes[1].active);
    EXPECT_EQ(changes[1].run_s, 4.0);
}

TEST(PaceKeeper, StepsDownOncePerSecondBehindAndComesBackSlowly) {
    PaceKeeper pace;
    double t = 0.0;
    for (; t < 2.45; t += 0.1) pace.look(1.0, t);
    EXPECT_EQ(pace.level(), 2);
    for (; t < 20.0; t += 0.1) pace.look(1.0, t);
    EXPECT_EQ(pace.level(), PaceKeeper::kMost);
    EXPECT_GT(pace.length(), 1);
    const double from = t;
    for (; t < from + 9.0; t += 0.1) pace.look(0.1, t);
    EXPECT_EQ(pace.level(), PaceKeeper::kMost);
    for (; t < from + 100.0; t += 0.1) pace.look(0.1, t);
    EXPECT_EQ(pace.level(), 0);
    EXPECT_EQ(pace.length(), 1);
    EXPECT_EQ(pace.forecast_every_s(), 1.0);
}

// A machine that is held up for a moment catches up with two or three windows at once; one that has to all the time is too
// slow.
TEST(PaceKeeper, WindowsTakenTogetherCountWhereThatGoesOn) {
    PaceKeeper pace;
    double t = 0.0;
    const auto window = [&](bool together) {
        pace.took(together);
        pace.look(0.1, t += 0.1);
    };
    for (int moment = 0; moment < 5; ++moment) {
        for (int n = 0; n < 3; ++n) window(true);
        for (int n = 0; n < 30; ++n) window(false);
        EXPECT_EQ(pace.level(), 0);
    }
    for (int n = 0; n < 20; ++n) window(true);
    EXPECT_EQ(pace.level(), 1);
    for (int n = 0; n < 100; ++n) window(n % 2 == 0);
    EXPECT_EQ(pace.level(), PaceKeeper::kMost);
    for (int n = 0; n < 500; ++n) window(n % 50 == 0);  // now and then
    EXPECT_EQ(pace.level(), 0);
}

TEST(PaceKeeper, ForecastsThatTakeTooLongAreMadeMoreRarelyAndFlagged) {
    PaceKeeper pace;
    const auto take = [&](std::initializer_list<double> seconds) {
        for (const double s : seconds) pace.forecast_took(s);
    };
    take({0.9, 4.0, 0.9, 4.0, 0.9});  // some were held up
    EXPECT_EQ(pace.level(), 0);
    take({1.1, 1.2, 1.1});
    EXPECT_EQ(pace.level(), 1);
    EXPECT_EQ(pace.forecast_every_s(), 2.0);
    take({0.8, 0.8, 0.8, 0.8});  // would hardly do again
    EXPECT_EQ(pace.level(), 1);
    take({2.1, 2.1, 2.1});
    EXPECT_EQ(pace.level(), 2);
    take({60.0, 60.0, 60.0, 60.0});  // windows do not wait for them
    EXPECT_EQ(pace.level(), 2);
    EXPECT_EQ(pace.length(), 1);
    take({0.5, 0.5, 0.5, 0.5, 0.5, 0.5});
    EXPECT_EQ(pace.level(), 0);
}

// Forecasts beside the twin change nothing in it, and are those that are made at once.
TEST(LiveTwin, ForecastsBesideItChangeNothing) {
    const Scenario scenario = section();
    LiveTwinOptions beside = few();
    beside.forecasts_beside = true;
    LiveStory at_once(scenario, {}, {}, 2, few()), aside(scenario, {}, {}, 2, beside);
    at_once.forecasts = aside.forecasts = true;
    std::map<double, Forecast> first, second;
    std::vector<TwinState> states;
    at_once.run(4.0, [&](const LiveResult& r) {
        states.push_back(r.state);
        if (r.forecast) first[r.forecast->from_s] = *r.forecast;
    });
    std::size_t n = 0;
    aside.run(4.0, [&](const LiveResult& r) {
        expect_same(states.at(n++), r.state);
        if (r.forecast) second[r.forecast->from_s] = *r.forecast;
    });
    ASSERT_GE(first.size(), 4u);
    // it begins where the twin is
    for (const auto& [from, f] : first)
        for (const TwinState& state : states) {
            if (std::abs(state.run_s - from) > 1e-6) continue;
            for (const char* name : {"T_mean_K", "T_max_K", "resistance_ohm"})
                EXPECT_NEAR(f.points[0].bands.at(name)[1], state.scalars.at(name).value, 1e-6 * state.scalars.at(name).value)
                    << name << " at " << from;
        }
    // on a busy machine one begins when the one before it has ended: at a moment that the other has none of
    for (const auto& [from, f] : second) {
        EXPECT_NEAR(f.points.back().run_s, from + 10.0, 1e-6);
        if (!first.contains(from)) continue;
        EXPECT_EQ(f.points.back().bands.at("T_max_K"), first.at(from).points.back().bands.at("T_max_K"));
    }
}

// Of an hour ahead, which takes minutes: the end of a run does not wait for it.
TEST(ForecastThread, EndsInTheMiddleOfAForecast) {
    const Scenario scenario = section();
    const auto backend = make_backend("cpu");
    FilterOptions options;
    options.members = 8;
    TwinFilter filter(*backend, scenario, options);
    (void)filter.advance(0.5, {});
    const auto start = filter.forecast_start(3600.0);
    ASSERT_TRUE(start);
    const auto began = std::chrono::steady_clock::now();
    {
        ForecastThread thread(filter.make_forecaster());
        ASSERT_TRUE(thread.ask(*start));
        EXPECT_FALSE(thread.take());
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(30));
    const auto stopped = filter.make_forecaster();
    stopped->stop();
    EXPECT_THROW(stopped->run(*start), SolveError);
}

TEST(ForecastThread, MakesTheForecastThatIsMadeAtOnce) {
    const Scenario scenario = section();
    const auto backend = make_backend("cpu");
    FilterOptions options;
    options.members = 8;
    TwinFilter filter(*backend, scenario, options);
    (void)filter.advance(0.5, {});
    const auto start = filter.forecast_start(2.0);
    ASSERT_TRUE(start);
    ForecastThread thread(filter.make_forecaster());
    ASSERT_TRUE(thread.ask(*start));
    std::optional<ForecastThread::Made> made;
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!(made = thread.take()) && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
    ASSERT_TRUE(made && made->forecast) << (made ? made->problem : "none came");
    const Forecast at_once = filter.forecast(2.0);
    ASSERT_EQ(made->forecast->points.size(), at_once.points.size());
    for (std::size_t n = 0; n < at_once.points.size(); ++n) EXPECT_EQ(made->forecast->points[n].bands, at_once.points[n].bands);
}

}  // namespace
}  // namespace jt
