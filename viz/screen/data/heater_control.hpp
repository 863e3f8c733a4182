// SPDX-License-Identifier: Apache-2.0
// HeaterControl: commands to the heater that a live twin watches. A command is a wish: what became of it is the heater's to say
// and comes back later, or never.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "twin/scenario/scenario.hpp"

namespace jt {

enum class HeaterVerb { start, hold, resume, abort, program };
std::string_view name_of(HeaterVerb);  // "start", "hold", ...

struct HeaterCommand {
    enum class State {
        sent,        // no answer yet
        confirmed,   // accepted
        refused,     // with a reason
        unanswered,  // its time is over: it will not be done any more
    };
    HeaterVerb verb = HeaterVerb::start;
    State state = State::sent;
    std::string reason;   // of a refusal, or why there is no answer
    double age_s = 0.0;   // since it was given
    std::string id = {};  // differs between any two commands
};

class HeaterControl {
public:
    virtual ~HeaterControl() = default;
    // Sends it, and returns at once. program: what is to be followed from the start of the run on, of program commands.
    virtual void command(HeaterVerb, const Program* program = nullptr) = 0;
    // The last one given from here; absent: none yet.
    virtual std::optional<HeaterCommand> last() const = 0;
    // Why commands cannot be given now; empty: they can.
    virtual std::string closed() const = 0;
};

}  // namespace jt
