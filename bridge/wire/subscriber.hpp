// SPDX-License-Identifier: Apache-2.0
// Subscriber: takes in what publishers send: checked, counted, in order, with what its numbers say. Belongs to one thread.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "bridge/wire/payload.hpp"
#include "bridge/wire/sequence_check.hpp"
#include "bridge/wire/wire_context.hpp"

namespace jt {

// A message that has been taken.
struct Received {
    std::string topic;
    Header header;
    Message message;
    std::int64_t valid_until_ns = 0;  // sender's clock; 0: for ever
    std::int64_t t_receive_ns = 0;    // own clock
    std::int64_t monotonic_ns = 0;    // at reception
    Continuity continuity = Continuity::next;
};

// Own clock + offset = sender's clock [ns].
// Age of what is told [s]: by the sender's clock, and never less than the time since reception, whatever clocks do.
double age_s(const Received& received, std::int64_t now_unix_ns, std::int64_t now_monotonic_ns, std::int64_t offset_ns = 0);
// Quality as of now: stale where valid_until is over, by the sender's clock or by the time since reception.
Quality quality_now(const Received& received, std::int64_t now_unix_ns, std::int64_t now_monotonic_ns,
                    std::int64_t offset_ns = 0);

struct SubscriberOptions {
    std::vector<std::string> topics{""};                // beginnings of topics; "" is all
    int high_water_mark = 100000;                       // frames kept until they are drained
    std::int64_t most_bytes = std::int64_t(256) << 20;  // of one part of a frame
    std::size_t most_frames = 10000;                    // taken in by one poll()
    bool newest_only = false;                           // of each topic in one poll(): what came before is counted, not shown
    // Called with every message as it came, good or not: for the frame log.
    std::function<void(std::int64_t t_receive_ns, std::span<const std::string_view> parts)> tap;
};

class Subscriber : public Waitable {
public:
    // Connects; the other side need not be there yet, and may go and come. Throws InputError.
    Subscriber(WireContext& context, const std::vector<std::string>& endpoints, const SubscriberOptions& options = {});
    ~Subscriber() override;

    // All that has come, at most most_frames; waits for the first up to `timeout`. Repeated frames and those of old epochs are
    // counted, not returned.
    std::vector<Received> poll(std::chrono::milliseconds timeout);
    void subscribe(const std::string& topic);
    void unsubscribe(const std::string& topic);
    SequenceCheck& sequence();
    const RejectionCounts& rejections() const;
    // frames.received, frames.missing, frames.repeated ..., rejected.REASON
    std::map<std::string, std::uint64_t> counters() const;

    void* handle() override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// Checks one message as Subscriber does, from raw parts: for replays and tests. False: counted in `rejections`.
bool take_frame(std::span<const std::string_view> parts, SequenceCheck& sequence, RejectionCounts& rejections,
                Received& received);

}  // namespace jt
