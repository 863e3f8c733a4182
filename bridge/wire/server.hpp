// SPDX-License-Identifier: Apache-2.0
// Server: answers requests: hello, time, snapshot, command, and texts by name ("scenario", "history"). Belongs to one thread,
// in which its handlers run. A command is done once: the same id again is answered with what became of it; it is refused, with
// the reason, after its deadline or for another epoch. What cannot be read is answered with a refusal and counted.
// A request is topic | header | payload with the topic "hello", "time", "snapshot" (payload: beginnings of topics, one a line;
// empty: all), "command", "scenario", "history". The reply has the same topic and seq. A snapshot is followed in the same
// message by topic | header | payload of each frame.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
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
    // accepted and reason of the result are the handler's; id, verb and time are filled in.
    void on_command(std::function<CommandResult(const Command&)> handler);
    // An Error that the handler throws is the refusal.
    void on_text(const std::string& name, std::function<std::string(const std::string& payload)> handler);
    void set_endpoint(const std::string& name, const std::string& endpoint);  // of hello

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
