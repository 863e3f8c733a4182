// SPDX-License-Identifier: Apache-2.0
// LiveService between sockets of its own: which runs of a heater become runs of the twin.
#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "bridge/live/live_service.hpp"
#include "bridge/live/run_log.hpp"
#include "bridge/wire/frame_log.hpp"
#include "bridge/wire/publisher.hpp"
#include "bridge/wire/subscriber.hpp"
#include "kernels/backend.hpp"
#include "tests/support/program.hpp"
#include "tests/support/small_r1.hpp"
#include "twin/scenario/resolved.hpp"

namespace jt {
namespace {

using namespace std::chrono_literals;

// A service on a thread of its own, what it says, and what it publishes.
class Service {
public:
    Service(const Scenario& scenario, LiveServiceOptions options) : backend_(make_backend("cpu")) {
        options.notice = [this](const std::string& line) {
            const std::lock_guard lock(mutex_);
            said_.push_back(line);
        };
        service_ = std::make_unique<LiveService>(context_, *backend_, scenario, resolved_toml(scenario), options);
        predictions_ = std::make_unique<Subscriber>(context_, std::vector{service_->predictions_endpoint()});
        thread_ = std::thread([this] { service_->run([this] { return stop_.load(); }); });
    }
    ~Service() {
        stop_ = true;
        thread_.join();
    }

    // How often a line with `text` was said.
    int says(const std::string& text) const {
        const std::lock_guard lock(mutex_);
        return int(std::count_if(said_.begin(), said_.end(),
                                 [&](const std::string& line) { return line.find(text) != std::string::npos; }));
    }
    // The heater as the service has heard it last.
    const HeaterStatus& heard() {
        for (const Received& one : predictions_->poll(10ms))
            if (const auto* status = std::get_if<TwinStatus>(&one.message)) heater_ = status->heater;
        return heater_;
    }
    WireContext& context() { return context_; }

private:
    WireContext context_;
    std::unique_ptr<Backend> backend_;
    std::unique_ptr<LiveService> service_;
    std::unique_ptr<Subscriber> predictions_;
    HeaterStatus heater_;
    mutable std::mutex mutex_;
    std::vector<std::string> said_;
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

// Until `done`. False: 60 s are over, which only a defect takes.
bool before_long(const std::function<bool()>& done) {
    const auto limit = std::chrono::steady_clock::now() + 60s;
    while (!done()) {
        if (std::chrono::steady_clock::now() > limit) return false;
        std::this_thread::sleep_for(1ms);
    }
    return true;
}

// A run that is over before the twin has written the one before it is a run all the same, with all its readings.
TEST(LiveService, ARunThatBeginsAndEndsWhileTheTwinWritesAnotherIsNotLost) {
    const test::Folder folder;
    const Scenario scenario = test::small_r1("run={duration=\"0.5 s\", output_every=\"0.5 s\"}");
    std::promise<void> go;
    std::future<void> written = go.get_future();
    LiveServiceOptions options;
    options.sensors = {"inproc://heater"}, options.publish = "inproc://predictions", options.requests = "inproc://requests";
    options.folder = folder / "out", options.members = 8;
    options.recorded = [&](const LiveRecorder&, const Scenario&) {
        if (written.valid()) written.get();
    };
    Service service(scenario, options);
    ASSERT_TRUE(before_long([&] { return service.says("ready") == 1; }));
    Publisher heater(service.context(), "inproc://heater", 1);

    HeaterStatus status;
    std::uint64_t numbers = 0;
    const auto starts = [&](std::uint64_t run) {
        status.run = run, status.start_ns = unix_ns(), status.phase = HeaterPhase::running;
        heater.publish(kTopicHeater, status);
    };
    const auto measures = [&] {
        const Reading bead{"tc_centre", 300.0, "K", 0.5, Quality::good, unix_ns(), ++numbers, 1};
        heater.publish(std::string(kTopicReading) + "tc_centre", bead);
    };
    const auto ends = [&] {
        status.phase = HeaterPhase::finished;
        heater.publish(kTopicHeater, status);
    };
    status.start_ns = unix_ns(), status.run = 1, status.phase = HeaterPhase::running;
    ASSERT_TRUE(before_long([&] {
        heater.publish(kTopicHeater, status);  // until the connection stands
        (void)service.heard();                 // which waits a little
        return service.says("run 1 of the heater has begun") == 1;
    }));
    ends();
    ASSERT_TRUE(before_long([&] { return service.says("the run has ended") == 1; }));
    starts(2);
    for (int n = 0; n < 3; ++n) measures();
    ends();
    ASSERT_TRUE(before_long([&] { return service.heard().run == 2 && service.heard().phase == HeaterPhase::finished; }));
    EXPECT_EQ(service.says("run 2"), 0);
    go.set_value();
    ASSERT_TRUE(before_long([&] { return service.says("written to") == 2; }));
    EXPECT_EQ(service.says("run 2 of the heater has begun, recorded in " + (folder / "out-2")), 1);
    const auto summary = nlohmann::json::parse(folder.read("out-2/summary.json"));
    EXPECT_FALSE(summary["interrupted"].get<bool>());
    const auto& bead = summary["assimilation"]["sensors"]["tc_centre"]["counters"];
    EXPECT_EQ(bead.value("accepted", 0), 3) << bead;
}

// Half a second that has passed by when it is heard of: one batch of five windows, not five one after the other.
TEST(LiveService, WindowsThatAreDueAtOnceAreTakenTogether) {
    const test::Folder folder;
    const Scenario scenario = test::small_r1("run={duration=\"0.5 s\", output_every=\"0.5 s\"}");
    LiveServiceOptions options;
    options.sensors = {"inproc://heater"}, options.publish = "inproc://predictions", options.requests = "inproc://requests";
    options.folder = folder / "out", options.members = 8, options.once = true;
    Service service(scenario, options);
    ASSERT_TRUE(before_long([&] { return service.says("ready") == 1; }));
    Publisher heater(service.context(), "inproc://heater", 1);
    HeaterStatus status;
    status.run = 1, status.start_ns = unix_ns() - 2'000'000'000, status.phase = HeaterPhase::running;
    ASSERT_TRUE(before_long([&] {
        heater.publish(kTopicHeater, status);  // until the connection stands
        (void)service.heard();
        return service.says("run 1 of the heater has begun") == 1;
    }));
    status.phase = HeaterPhase::finished;
    heater.publish(kTopicHeater, status);
    ASSERT_TRUE(before_long([&] { return service.says("written to") == 1; }));
    FrameLogReader log(folder / "out/frames.log");
    int windows = 0, longest = 0;
    while (const auto record = log.next())
        if (const auto mark = mark_of(*record); mark && std::holds_alternative<WindowMark>(*mark)) {
            const auto& window = std::get<WindowMark>(*mark);
            ++windows, longest = std::max(longest, window.length);
            EXPECT_EQ(window.degradation, 0);
        }
    EXPECT_EQ(longest, 5);
    EXPECT_LE(windows, 5);
}

}  // namespace
}  // namespace jt
