// SPDX-License-Identifier: Apache-2.0
// A run and the screen that watches it: all rows, fields now and of before, commands; and the run does not notice.
#include "tests/paths.hpp"
#include "viz/screen/data/live_feed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "kernels/error.hpp"
#include "tests/support/program.hpp"
#include "twin/recording/run_folder.hpp"
#include "twin/scenario/reader.hpp"
#include "twin/scenario/resolved.hpp"

namespace jt {
namespace {

using test::Folder;
using testing::HasSubstr;
using Kind = SourceState::Kind;

Scenario device(const std::string& duration) {
    return read_scenario(std::string(JT_SOURCE_DIR) + "/data/scenarios/jh_1000_30.toml",
                         {"bed.voxel=[\"2 mm\", \"2 mm\", \"0.1 mm\"]", "run.duration=\"" + duration + "\""});
}

// Several observers of one run.
struct Both : RunObserver {
    std::vector<RunObserver*> all;
    explicit Both(std::vector<RunObserver*> observers) : all(std::move(observers)) {}
    void starting(Coupled& twin) override {
        for (auto* one : all) one->starting(twin);
    }
    bool stepped(const CoupledRun& run) override {
        bool going = true;
        for (auto* one : all) going = one->stepped(run) && going;
        return going;
    }
    bool recorded(const CoupledRun& run, const RunRecord& record, RunFields& fields) override {
        bool going = true;
        for (auto* one : all) going = one->recorded(run, record, fields) && going;
        return going;
    }
    bool wants_sample(double t) override { return all.back()->wants_sample(t); }
    void sampled(const CoupledRun& run, const RunRecord& record, RunFields& fields) override {
        all.back()->sampled(run, record, fields);
    }
    bool wants_state() override { return all.front()->wants_state(); }
    void keep_state(const ArchiveMap& state) override { all.front()->keep_state(state); }
};

// Looks at everything after every step.
struct Curious : RunObserver {
    int samples = 0;
    double last = 0.0;
    bool wants_sample(double) override { return true; }
    void sampled(const CoupledRun&, const RunRecord& record, RunFields& fields) override {
        EXPECT_GT(record.time_s, last);
        last = record.time_s;
        ++samples;
        for (const auto& name : fields.available()) EXPECT_FALSE(fields.field(name).empty());
    }
    bool recorded(const CoupledRun&, const RunRecord& record, RunFields&) override {
        EXPECT_TRUE(record.time_s == 0.0 || record.time_s > last);
        last = record.time_s;
        return true;
    }
};

nlohmann::json without_wall(const std::string& text) {
    auto summary = nlohmann::json::parse(text);
    summary.erase("wall_s");
    summary.erase("step_wall_s");
    summary.erase("realtime_factor");
    return summary;
}

TEST(LiveFeed, ASampleAfterEveryStepChangesNoBitOfTheRun) {
    const Folder folder;
    const Scenario s = device("13 s");
    const auto run = [&](const std::string& name, RunObserver* other) {
        const auto backend = make_backend("cpu");
        RunFolder made = RunFolder::create(folder.path() / name, resolved_toml(s), *backend);
        Both both({&made});
        if (other) both.all.push_back(other);
        const CoupledRun result = run_coupled(*backend, made.scenario(), both);
        return std::pair{made.finish(result, *backend), result.steps};
    };
    Curious curious;
    const auto [watched, steps] = run("watched", &curious);
    const auto [alone, steps_alone] = run("alone", nullptr);
    EXPECT_GT(curious.samples, steps / 2);
    EXPECT_EQ(steps, steps_alone);
    EXPECT_EQ(without_wall(watched), without_wall(alone));
    EXPECT_EQ(folder.read("watched/timeseries.csv"), folder.read("alone/timeseries.csv"));
    EXPECT_TRUE(folder.read("watched/run.h5") == folder.read("alone/run.h5"));
}

// A run on its own thread, and what the screen's side of it does meanwhile.
struct Running {
    Scenario scenario;
    LiveFeed feed;
    std::unique_ptr<RunSource> source;
    CoupledRun result;
    std::atomic<bool> done{false};
    std::jthread thread;

    explicit Running(Scenario s, std::size_t memory = std::size_t(512) << 20)
        : scenario(std::move(s)), feed(scenario, {"here", "nowhere", "cpu", 0.0, memory, 0.0}), source(feed.source()) {}
    void start() {
        source->poll();
        thread = std::jthread([this] {
            const auto backend = make_backend("cpu");
            result = run_coupled(*backend, scenario, feed);
            feed.ended(result);
            done = true;
        });
    }
    testing::AssertionResult comes(const std::function<bool()>& what) {
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (true) {
            source->poll();
            if (what()) return testing::AssertionSuccess();
            if (std::chrono::steady_clock::now() > patience) return testing::AssertionFailure() << source->state().text;
            std::this_thread::yield();
        }
    }
};

TEST(LiveFeed, EveryRowOfTheRunArrivesAndMoreBetween) {
    Running r(device("8 s"));
    EXPECT_EQ(r.source->state().kind, Kind::connecting);
    EXPECT_EQ(r.source->facts(), nullptr);
    r.start();
    r.source->want(1e9, {"T_K", "Th_K"});
    ASSERT_TRUE(r.comes([&] { return r.source->state().kind == Kind::finished; }));
    r.thread.join();
    r.source->poll();
    const auto& times = r.source->history().times();
    std::size_t found = 0;
    for (const RunRecord& record : r.result.records) {
        if (std::binary_search(times.begin(), times.end(), record.time_s)) ++found;
        EXPECT_EQ(r.source->history().at("T_mean_K", record.time_s), record.T_mean_K);
        EXPECT_EQ(r.source->history().at("current_A", record.time_s), record.current_A);
    }
    EXPECT_EQ(found, r.result.records.size());
    EXPECT_GT(times.size(), found);  // samples
    EXPECT_EQ(r.source->facts()->name, "here");
    EXPECT_EQ(r.source->facts()->extents.count(), r.result.bed.extents.count());
    EXPECT_EQ(r.source->status().phase, RunStatus::Phase::complete);
    EXPECT_EQ(r.source->events().size(), r.result.events.size());
    EXPECT_EQ(r.source->frame_times().size(), r.result.records.size());
    ASSERT_NE(r.source->frame(), nullptr);
    EXPECT_EQ(r.source->frame()->time_s, r.result.records.back().time_s);
    EXPECT_EQ(r.source->control(), nullptr);
    // back in time: the fields of that output
    r.source->want(4.1, {"T_K"});
    ASSERT_NE(r.source->frame(), nullptr);
    EXPECT_EQ(r.source->frame()->time_s, 4.0);
    ASSERT_NE(r.source->frame()->find("T_K"), nullptr);
    EXPECT_NE(r.source->frame()->find("J_over_J0"), nullptr);
    r.source->want(-5.0, {"T_K"});
    EXPECT_EQ(r.source->frame()->time_s, 0.0);
}

TEST(LiveFeed, OfANewMomentOnlyWhatIsWantedIsFormed) {
    // on one thread, step by step
    const Scenario s = device("2 s");
    LiveFeed feed(s, {"here", "", "cpu", 0.0, std::size_t(512) << 20, 0.0});
    const auto source = feed.source();
    source->want(1e9, {"Th_K"});
    struct Watched : RunObserver {
        LiveFeed& feed;
        RunSource& source;
        int seen = 0;
        Watched(LiveFeed& f, RunSource& o) : feed(f), source(o) {}
        bool recorded(const CoupledRun& run, const RunRecord& record, RunFields& fields) override {
            return feed.recorded(run, record, fields);
        }
        bool wants_sample(double t) override {
            source.poll();
            return feed.wants_sample(t);
        }
        void sampled(const CoupledRun& run, const RunRecord& record, RunFields& fields) override {
            feed.sampled(run, record, fields);
            source.poll();
            ASSERT_NE(source.frame(), nullptr);
            EXPECT_EQ(source.frame()->time_s, record.time_s);
            EXPECT_EQ(source.frame()->fields.size(), 1u);
            EXPECT_NE(source.frame()->find("Th_K"), nullptr);
            EXPECT_EQ(source.history().times().back(), record.time_s);
            EXPECT_EQ(source.history().at("J_crowding", record.time_s), record.J_crowding);
            ++seen;
        }
    } watched(feed, *source);
    const auto backend = make_backend("cpu");
    run_coupled(*backend, s, watched);
    EXPECT_GT(watched.seen, 0);
}

TEST(LiveFeed, WithoutAScreenNothingIsSampled) {
    const Scenario s = device("1 s");
    LiveFeed feed(s, {});
    EXPECT_FALSE(feed.wants_sample(0.5));
    auto source = feed.source();
    EXPECT_FALSE(feed.wants_sample(0.5));
    source->poll();
    EXPECT_TRUE(feed.wants_sample(0.5));
    source.reset();
    EXPECT_FALSE(feed.wants_sample(0.5));
}

TEST(LiveFeed, BeyondItsMemoryEverySecondOlderOutputGoes) {
    const Scenario s = device("20 s");
    Running r(s, 600'000);  // of some 64 kB each
    r.start();
    ASSERT_TRUE(r.comes([&] { return r.source->state().kind == Kind::finished; }));
    r.thread.join();
    r.source->poll();
    const auto& kept = r.source->frame_times();
    EXPECT_LT(kept.size(), r.result.records.size());
    EXPECT_GE(kept.size(), 8u);
    EXPECT_TRUE(std::is_sorted(kept.begin(), kept.end()));
    EXPECT_EQ(kept.front(), 0.0);
    EXPECT_EQ(kept.back(), r.result.records.back().time_s);
    EXPECT_GT(r.source->history().times().size(), r.result.records.size() - 1);  // rows are not thinned out
    r.source->want(kept[1], {"T_K"});
    EXPECT_EQ(r.source->frame()->time_s, kept[1]);
}

TEST(LiveFeed, TheScreenEndsTheRunAndSetsItsRate) {
    Running r(device("60 s"));
    r.start();
    ASSERT_TRUE(r.comes([&] { return r.source->state().kind == Kind::live; }));
    RunControl* control = r.source->control();
    ASSERT_NE(control, nullptr);
    EXPECT_EQ(control->commanded_rate(), 0.0);
    control->set_rate(4.0);
    EXPECT_EQ(control->commanded_rate(), 4.0);
    EXPECT_EQ(control->confirmed_rate(), 0.0);  // nobody has taken it yet
    r.feed.confirm_rate(r.feed.commanded_rate());
    EXPECT_EQ(control->confirmed_rate(), 4.0);
    control->set_rate(-3.0);
    EXPECT_EQ(control->commanded_rate(), 0.0);
    control->set_rate(std::nan(""));
    EXPECT_EQ(control->commanded_rate(), 0.0);
    EXPECT_FALSE(control->stop_commanded());
    control->stop();
    EXPECT_TRUE(control->stop_commanded());
    ASSERT_TRUE(r.comes([&] { return r.source->state().kind == Kind::finished; }));
    r.thread.join();
    EXPECT_TRUE(r.result.interrupted);
    EXPECT_EQ(r.source->status().phase, RunStatus::Phase::interrupted);
}

TEST(LiveFeed, AFailureIsSaid) {
    const Scenario s = device("1 s");
    LiveFeed feed(s, {});
    const auto source = feed.source();
    feed.failed("potential: not converged\nand more");
    EXPECT_TRUE(source->poll());
    EXPECT_EQ(source->state().kind, Kind::broken);
    EXPECT_EQ(source->state().text, "The run has failed: potential: not converged");
    EXPECT_EQ(source->status().phase, RunStatus::Phase::failed);
    EXPECT_EQ(source->control(), nullptr);
}

TEST(LiveFeed, AfterItsEndTheFolderOfTheRunIsShown) {
    const Folder folder;
    const Scenario s = device("2 s");
    const auto backend = make_backend("cpu");
    RunFolder made = RunFolder::create(folder.path() / "run", resolved_toml(s), *backend);
    LiveFeed feed(s, {"run", (folder.path() / "run").string(), "cpu"});
    const auto source = feed.source();
    source->want(1.0, {"T_K"});
    Both both({&made, &feed});
    const CoupledRun result = run_coupled(*backend, made.scenario(), both);
    feed.ended(result);
    made.finish(result, *backend);
    source->poll();
    EXPECT_EQ(source->state().kind, Kind::finished);
    feed.recorded_in((folder.path() / "run").string());
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (source->history().columns().empty() || source->state().name.find("run") == std::string::npos) {
        source->poll();
        ASSERT_NE(source->facts(), nullptr);  // never blank meanwhile
        ASSERT_NE(source->frame(), nullptr);
        ASSERT_LT(std::chrono::steady_clock::now(), patience);
        std::this_thread::yield();
    }
    EXPECT_EQ(source->history().times().size(), result.records.size());
    EXPECT_EQ(source->frame()->time_s, 1.0);
    EXPECT_EQ(source->status().phase, RunStatus::Phase::complete);
}

}  // namespace
}  // namespace jt
