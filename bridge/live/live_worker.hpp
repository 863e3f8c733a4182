// SPDX-License-Identifier: Apache-2.0
// LiveWorker: the thread on which a twin computes. It keeps a twin ready for the next run, takes windows in their order, has
// them recorded, and hands results back. Its owner calls everything from one thread and never waits for more than a lock.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridge/live/live_recorder.hpp"
#include "bridge/live/live_twin.hpp"

namespace jt {

struct WorkerOptions {
    LiveTwinOptions twin;
    std::string scenario_toml;
    // After a run, on the worker's thread, when all is written but pictures.
    std::function<void(const LiveRecorder&, const Scenario&)> recorded = {};
};

class LiveWorker {
public:
    struct Event {
        std::optional<LiveResult> result;
        bool ready = false;                // a twin is there for the next run
        std::optional<long> resumed;       // a run goes on, after so many windows
        std::optional<std::string> ended;  // a run's folder has been written: which
        std::string trouble;               // of the disk; of a twin that cannot be made
    };

    LiveWorker(Backend& backend, const Scenario& scenario, const WorkerOptions& options);
    // Ends the run at hand as interrupted, within the time of one window and of writing.
    ~LiveWorker();

    // A run begins; folder: where it is recorded, none: nowhere. resume: the run that is recorded there goes on after its
    // checkpoint; the event `resumed` says after how many windows.
    void begin(std::uint64_t run, const std::optional<std::filesystem::path>& folder, bool resume = false);
    void put(LiveWork work);
    void end(bool interrupted, const std::map<std::string, double>& figures);
    // Windows that have not come back.
    int waiting() const;
    std::vector<Event> take();
    // Until there is something to take, at most so long. For replays; the live twin polls.
    void wait(double seconds);
    std::string note() const;  // for people, once ready

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
