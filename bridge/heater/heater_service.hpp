// SPDX-License-Identifier: Apache-2.0
// HeaterService: the life of a virtual heater in time. It moves the plant ahead in slices, lets readings out when they are due
// at the pace asked for, sends status and heartbeat, and has commands done between slices. One thread; it ends within a slice
// of being asked to.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "bridge/heater/heater_log.hpp"
#include "bridge/heater/virtual_heater.hpp"

namespace jt {

// What carries messages to and from others.
class HeaterPort {
public:
    virtual ~HeaterPort() = default;
    virtual void send(const Reading&) {}
    virtual void send(const HeaterStatus&) {}
    virtual void send(const Heartbeat&) {}
    virtual void send_garbage() {}
    // While it is on, what comes is handed over and nobody gets an answer.
    virtual void silence(bool) {}
    // Waits for something to come, at most `seconds`, and hands it to one of the two. What `command` returns is the answer to
    // its sender; nothing is sent back where it returns nothing.
    virtual void receive(double seconds, const std::function<std::optional<CommandResult>(const Command&)>& command,
                         const std::function<void(const Heartbeat&)>& heartbeat) = 0;
};

// Where nobody listens: only time passes.
class NoPort final : public HeaterPort {
public:
    void receive(double seconds, const std::function<std::optional<CommandResult>(const Command&)>& command,
                 const std::function<void(const Heartbeat&)>& heartbeat) override;
};

struct ServiceOptions {
    double rate = 1.0;  // seconds of the plant in a second, 0: as fast as possible (idle: wall time)
    // [s] by which the plant is ahead of its readings at most, and commands wait. A sample of a loop at 10 Hz: a shorter one
    // would cut the plant's steps.
    double slice = 0.1;
    double status_every = 0.1, heartbeat_every = 1.0;     // [s] wall time
    bool start = false;                                   // at once, without a command
    bool once = false;                                    // ends when its run has ended
    std::function<void(const std::string&)> notice = {};  // told what happens, a line each
};

// Until `stop` says so. Throws DiskError of the logs.
void serve(VirtualHeater& heater, HeaterPort& port, ReadingLog* readings, TruthLog* truth, const ServiceOptions& options,
           const std::function<bool()>& stop);

}  // namespace jt
