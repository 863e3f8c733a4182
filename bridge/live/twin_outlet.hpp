// SPDX-License-Identifier: Apache-2.0
// TwinOutlet: what a twin publishes and answers: states, forecasts, fields, alarms, status, heartbeat; hello, snapshot,
// scenario, history, commands. Belongs to one thread.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bridge/live/live_twin.hpp"
#include "bridge/wire/history.hpp"
#include "bridge/wire/publisher.hpp"
#include "bridge/wire/server.hpp"

namespace jt {

struct OutletOptions {
    std::string publish, requests;                 // endpoints to bind
    std::map<std::string, std::string> endpoints;  // told in the hello beside its own: "sensors", "commands"
    std::string title, scenario_toml, device;
    std::vector<std::string> fields;                                           // quantities that can be sent as fields
    std::function<std::optional<CommandResult>(const Command&)> command = {};  // empty: refused
};

class TwinOutlet {
public:
    // Binds. Throws InputError, NetworkError.
    TwinOutlet(WireContext& context, const OutletOptions& options);

    // States of before are forgotten: another run begins.
    void begin_run();
    void publish(LiveResult& result);  // valid_until of its messages is filled in
    void tell(const AlarmMessage& alarm);
    // Heater, counters and age as known; the rest is filled in.
    void tell(TwinStatus status);
    void beat(const std::string& state);
    void answer(const CommandResult& result) { server_.answer(result); }
    // Answers what has come, takes in who subscribes.
    void poll();

    std::vector<std::string> wanted_fields() const;
    Server& server() { return server_; }
    const std::string& predictions_endpoint() const { return publisher_.endpoint(); }
    const std::string& requests_endpoint() const { return server_.endpoint(); }

private:
    Hello hello() const;
    std::vector<Frame> snapshot() const;
    void remember(const TwinState& state);

    OutletOptions options_;
    std::uint64_t epoch_;
    std::int64_t since_ns_;
    Publisher publisher_;
    Server server_;
    std::map<std::string, Frame> alarms_;  // that are on, by id
    std::vector<PastRow> past_;
    std::size_t past_every_ = 1, past_count_ = 0;
};

}  // namespace jt
