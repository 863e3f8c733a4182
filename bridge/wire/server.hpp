// SPDX-License-Identifier: Apache-2.0
// Server: answers requests: hello, time, snapshot, command, and texts by name ("scenario", "history"). Belongs to one thread,
// in which its handlers run. What cannot be read is answered with a refusal and counted. Epoch and deadline of a command are
// for its handler to check, and that the same id again is not done again. A request is topic | header | payload with the topic
// "hello", "time", "snapshot" (payload: beginnings of topics, one a line; empty: all), "command", "heartbeat", "scenario",
// "history". The reply has the same topic and seq. A snapshot is followed in the same message by topic | header | payload of
// each frame.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bridge/wire/payload.hpp"
#include "bridge/wire/wire_context.hpp"

namespace jt {

class Server : public Waitable {
public:
    // Binds. Throws InputError or NetworkError. hello.major, minor, schema, and "requests" of the endpoints are filled in.
    Server(WireContext& context, const std::string& endpoint, Hello hello);
    ~Server() override;

    void on_snapshot(std::function<std::vector<Frame>()> handler);
    // Accepted and reason of the result are the handler's; id, verb and time are filled in where they are empty. Nothing: no
    // answer now; answer() gives it later.
    void on_command(std::function<std::optional<CommandResult>(const Command&)> handler);
    // To who asked for the command of this id and has no answer yet.
    void answer(const CommandResult& result);
    // Heartbeats that come this way are not answered.
    void on_heartbeat(std::function<void(const Heartbeat&)> handler);
    // An Error that the handler throws is the refusal.
    void on_text(const std::string& name, std::function<std::string(const std::string& payload)> handler);
    Hello& hello();  // as it is told; may be changed between two polls
    // From now on what comes is done and nothing is answered: for the virtual heater that falls silent.
    void mute(bool on);

    // Answers what has come; waits for the first up to `timeout`. Returns how many requests there were.
    int poll(std::chrono::milliseconds timeout);

    const std::string& endpoint() const;
    std::map<std::string, std::uint64_t> counters() const;  // requests by name, rejected.REASON

    void* handle() override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
