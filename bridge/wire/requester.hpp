// SPDX-License-Identifier: Apache-2.0
// Requester: asks a Server. Belongs to one thread. Every call ends within its timeout; an answer that comes later is dropped.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bridge/wire/clock_offset.hpp"
#include "bridge/wire/payload.hpp"
#include "bridge/wire/subscriber.hpp"
#include "bridge/wire/wire_context.hpp"

namespace jt {

// What came of a request.
template <class T>
struct Answer {
    std::optional<T> value;
    std::string problem;  // where there is none: "no answer within 1000 ms from tcp://...", "refused: ..."
    explicit operator bool() const { return value.has_value(); }
};

// An answer as it came, to a request that was sent with ask().
struct Reply {
    std::uint64_t id = 0;
    std::string topic;
    Header header;
    Message message;
    std::string text;              // of a text; the sentence of a refusal
    std::vector<Received> frames;  // of a snapshot
    std::int64_t t_receive_ns = 0;
};

class Requester : public Waitable {
public:
    // Connects; the server need not be there yet. Throws InputError.
    Requester(WireContext& context, const std::string& endpoint);
    ~Requester() override;

    Answer<Hello> hello(std::chrono::milliseconds timeout);
    Answer<std::vector<Received>> snapshot(std::chrono::milliseconds timeout, const std::vector<std::string>& topics = {});
    // Asked again with the same id within the timeout if no answer comes: who takes commands does each id once.
    Answer<CommandResult> command(const Command& command, std::chrono::milliseconds timeout);
    Answer<std::string> text(const std::string& name, std::chrono::milliseconds timeout, const std::string& payload = {});
    // One exchange of stamps, added to `offset`.
    Answer<TimeReply> time(ClockOffset& offset, std::chrono::milliseconds timeout);

    // The same without waiting: number of the request, 0 where nobody is connected. Replies come from poll().
    std::uint64_t ask(const std::string& topic, const Message& message = {}, const std::string& text = {});
    std::vector<Reply> poll(std::chrono::milliseconds timeout);

    const std::string& endpoint() const;
    std::map<std::string, std::uint64_t> counters() const;

    void* handle() override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
