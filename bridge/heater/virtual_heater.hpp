// SPDX-License-Identifier: Apache-2.0
// VirtualHeater: the plant with what others see of it: readings and status as messages, commands with answers, the watchdog.
// Knows no sockets; who has some moves its clock and carries its messages.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bridge/heater/command_desk.hpp"
#include "bridge/heater/plant.hpp"
#include "bridge/wire/message.hpp"

namespace jt {

struct VirtualHeaterOptions {
    std::uint64_t epoch = 1;   // of this life
    std::int64_t unix_ns = 0;  // Unix time at which the plant's clock stands at 0
    PlantOptions plant;        // its faults are all of them
};

class VirtualHeater final : private Operated {
public:
    // Throws as Plant.
    VirtualHeater(Backend& backend, const Scenario& scenario, const Hidden& hidden, const VirtualHeaterOptions& options);

    void advance(double clock_s) { plant_.advance(clock_s); }
    // Unix time at which the plant's clock stands at 0: to be told before anything is taken from it.
    void set_clock(std::int64_t unix_ns) { options_.unix_ns = unix_ns; }
    // Readings that have arrived by `until` on the plant's clock, now at most, in order of arrival, as messages. seq is the
    // instrument's own. value absent: quality uncertain below an instrument's range, bad where it is missing.
    std::vector<Reading> take(double until = std::numeric_limits<double>::infinity());
    Reading message_of(const PlantReading& reading) const;

    // now_ns: Unix time; now_s: of any clock that never jumps, the same for all calls.
    CommandResult command(const Command& command, std::int64_t now_ns, double now_s);
    HeaterStatus status(double now_s);
    void hear_twin(double now_s) { twin_heard_s_ = now_s; }

    bool silent() const { return acts(Fault::Kind::silence); }   // nothing is to be sent
    bool garbage() const { return acts(Fault::Kind::garbage); }  // frames of random bytes are to be sent too
    bool ended() const;                                          // it has run and does so no more
    Plant& plant() { return plant_; }
    std::uint64_t epoch() const { return options_.epoch; }

private:
    HeaterPhase phase() const override { return plant_.phase(); }
    void start(std::optional<double> watchdog_s) override;
    void hold() override { plant_.hold(); }
    void resume() override { plant_.resume(); }
    void abort() override { plant_.abort(); }
    void follow(const Program& program) override { plant_.set_program(program); }
    bool acts(Fault::Kind kind) const;
    std::int64_t unix_ns(double clock_s) const { return options_.unix_ns + std::int64_t(clock_s * 1e9); }

    VirtualHeaterOptions options_;
    Heater::Mode mode_;
    Plant plant_;
    CommandDesk desk_;
    std::optional<double> watchdog_s_;
    double now_s_ = 0.0, twin_heard_s_ = 0.0;
    std::map<std::string, std::uint64_t> counters_;
};

}  // namespace jt
