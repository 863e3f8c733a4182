// SPDX-License-Identifier: Apache-2.0
// LiveService: a twin beside a heater on the network: takes sensors in, publishes what the twin makes of them, answers
// requests, hands commands on to the heater. One thread owns the sockets and never computes; the twin computes on another
// (LiveWorker). Each start of the heater is a run with a folder of its own.
//
// Windows that are due at the same time, after something has held the machine up, are taken together. Where that goes on, or
// the twin falls behind for all that, it degrades in this order, one step for each second, and back one step after ten seconds
// in time; the step is `degradation` of the state:
//     1  a forecast every 2 s, fields every 0.5 s
//     2  a forecast every 5 s
//     3  windows of twice the length
//     4  windows of five times the length, no fields
#pragma once
#include <array>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "bridge/live/live_recorder.hpp"
#include "bridge/wire/endpoint.hpp"
#include "bridge/wire/security.hpp"

namespace jt {

class WireContext;

struct LiveServiceOptions {
    std::vector<std::string> sensors{std::string(kSensorsEndpoint)};
    std::string heater;  // that takes commands; empty: none
    std::string publish{kPredictionsEndpoint}, requests{kRequestsEndpoint};
    std::optional<std::filesystem::path> folder;  // of the first run; later ones get -2, -3 ... behind it
    int members = 16;
    double window_s = 0.1, radius_m = 0.0;  // see FilterOptions
    std::uint64_t seed = 1;
    bool once = false;                                                        // ends after the first run
    std::function<void(const std::string&)> notice = {};                      // told what happens, a line each
    std::function<void(const TwinState&)> progress = {};                      // told each state
    std::function<void(const LiveRecorder&, const Scenario&)> recorded = {};  // see WorkerOptions
};

class LiveService {
public:
    // Binds. Throws InputError, NetworkError.
    LiveService(WireContext& context, Backend& backend, const Scenario& scenario, const std::string& scenario_toml,
                const LiveServiceOptions& options);
    ~LiveService();

    // Until `stop` says so, or the first run has ended where that is asked for. What was computed is kept. Throws InputError
    // where no twin can be made.
    void run(const std::function<bool()>& stop);

    const std::string& predictions_endpoint() const;
    const std::string& requests_endpoint() const;
    // Time from the arrival of a reading until a state with it went out, over all since the start [s]: median, 99th percentile,
    // longest.
    std::array<double, 3> latency_s() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
