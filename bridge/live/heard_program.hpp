// SPDX-License-Identifier: Apache-2.0
// HeardProgram: what a heater's status says of its program, as a program in time of the run, which is what a twin follows:
// holds and replacements included.
#pragma once
#include <optional>
#include <string>

#include "bridge/wire/message.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

class HeardProgram {
public:
    explicit HeardProgram(const Scenario& scenario);

    // The program from now on, where this status says another one than the statuses before. A program that cannot be read
    // changes nothing: problem() tells.
    std::optional<Program> hear(const HeaterStatus& status);
    const std::string& problem() const { return problem_; }

private:
    Heater::Mode mode_ = Heater::Mode::temperature;
    double start_ = 0.0, off_ = 0.0;  // value at the program's start; value of a heater that is off
    Program program_;                 // in its own time
    std::string text_;
    std::optional<HeaterPhase> phase_;
    double behind_s_ = 0.0;  // run time over program time
    std::string problem_;
};

}  // namespace jt
