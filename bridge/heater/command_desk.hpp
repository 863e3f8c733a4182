// SPDX-License-Identifier: Apache-2.0
// CommandDesk: what becomes of a command to the heater: accepted and done, or refused with the reason. A command that comes
// again (the same id) is answered again and not done again.
//
//     verb     allowed in                        payload
//     start    idle, finished, aborted, tripped  nothing, or TOML: watchdog = "3 s" (how long the twin's heartbeat may be away
//                                                before the status says so; it changes nothing else)
//     hold     running                           nothing
//     resume   holding                           nothing
//     abort    running, holding                  nothing
//     program  always                            TOML list of segments; takes the place of the program in its own time
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "bridge/wire/message.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

// What commands act on.
class Operated {
public:
    virtual ~Operated() = default;
    virtual HeaterPhase phase() const = 0;
    virtual void start(std::optional<double> watchdog_s) = 0;
    virtual void hold() = 0;
    virtual void resume() = 0;
    virtual void abort() = 0;
    virtual void follow(const Program& program) = 0;
};

const char* name_of(HeaterPhase phase);

class CommandDesk {
public:
    // mode, start value and limit: what programs are checked by; limit_K empty: none.
    CommandDesk(std::uint64_t epoch, Heater::Mode mode, double start_value, std::optional<double> limit_K);

    // now_ns: Unix time. The same id with another verb or payload is refused and changes nothing.
    CommandResult handle(const Command& command, std::int64_t now_ns, Operated& heater);
    const std::optional<CommandResult>& last() const { return last_; }
    // accepted, refused, repeated.
    const std::map<std::string, std::uint64_t>& counters() const { return counters_; }

private:
    std::string refusal(const Command& command, std::int64_t now_ns, Operated& heater);  // "" when done

    struct Answered {
        std::size_t payload;  // its hash
        CommandResult result;
    };
    std::uint64_t epoch_;
    Heater::Mode mode_;
    double start_value_;
    std::optional<double> limit_K_;
    std::map<std::string, Answered> answered_;
    std::deque<std::string> order_;  // of ids, oldest first: the desk forgets those beyond kRemembered
    std::optional<CommandResult> last_;
    std::map<std::string, std::uint64_t> counters_{{"accepted", 0}, {"refused", 0}, {"repeated", 0}};
};

}  // namespace jt
