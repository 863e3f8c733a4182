// SPDX-License-Identifier: Apache-2.0
// Publisher: sends messages to whoever subscribes, numbered by topic, and keeps the last of each topic for snapshots. Belongs
// to one thread at a time; only snapshot() may be called from any. Never waits: what a slow subscriber cannot take is dropped
// for that subscriber alone, which sees the gap in the numbers.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/wire/payload.hpp"
#include "bridge/wire/wire_context.hpp"

namespace jt {

struct PublisherOptions {
    int high_water_mark = 1000;  // frames kept for each subscriber
    bool keep_last = true;       // for snapshots
};

struct Stamp {
    std::int64_t t_source_ns = 0;  // 0: now
    Quality quality = Quality::good;
    std::int64_t valid_until_ns = 0;
};

class Publisher : public Waitable {
public:
    // Binds. Throws InputError (endpoint; beyond loopback without CURVE) or NetworkError (port in use).
    Publisher(WireContext& context, const std::string& endpoint, std::uint64_t epoch, const PublisherOptions& options = {});
    ~Publisher() override;

    // Returns the number of the frame in its topic.
    std::uint64_t publish(std::string_view topic, const Message& message, const Stamp& stamp = {});
    // The frame as it is, damaged if it is damaged: for tests, faults of the virtual heater and replays.
    void send_raw(const std::vector<std::string>& parts);

    const std::string& endpoint() const;  // as bound: wildcard ports resolved
    std::uint64_t epoch() const;
    // Takes in who subscribes to what; publish() does so, too.
    void update();
    // Whether anyone has asked for this topic, as far as update() has seen. Lets big fields be left out.
    bool wanted(std::string_view topic) const;
    // The last frame of each topic. From any thread.
    std::vector<Frame> snapshot() const;
    std::map<std::string, std::uint64_t> counters() const;  // frames and bytes sent, garbage received

    void* handle() override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
