// SPDX-License-Identifier: Apache-2.0
// Follower: a late joiner that is complete: finds the endpoints by `hello`, subscribes, takes the snapshot, then what is newer;
// asks for the snapshot again after a gap and begins anew when the other side has restarted. Never waits longer than the
// timeout of poll(). Belongs to one thread.
#pragma once
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridge/wire/clock_offset.hpp"
#include "bridge/wire/payload.hpp"
#include "bridge/wire/requester.hpp"
#include "bridge/wire/subscriber.hpp"

namespace jt {

enum class Link { connecting, joining, live, silent };  // silent: no heartbeat for `silence`

struct FollowerOptions {
    std::vector<std::string> topics{""};
    bool newest_only = true;
    std::chrono::milliseconds silence{3000}, retry{1000};
};

class Follower {
public:
    // Address of the requests, as in --attach. Throws InputError.
    Follower(WireContext& context, const std::string& requests, const FollowerOptions& options = {});
    ~Follower();

    // What is new, in order; those of the snapshot among them.
    std::vector<Received> poll(std::chrono::milliseconds timeout);
    Link link() const;
    std::string link_text() const;  // for people: "no answer from tcp://... for 4 s"
    const std::optional<Hello>& hello() const;
    double silence_s() const;  // since the last frame
    const ClockOffset& clock() const;
    Requester& requests();  // for commands and texts
    std::map<std::string, std::uint64_t> counters() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
