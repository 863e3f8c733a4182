// SPDX-License-Identifier: Apache-2.0
// What if: the program of temperature with another hold from here on.
#pragma once
#include <optional>
#include <string>

#include "viz/screen/state/screen_model.hpp"

namespace jt {

struct WhatIf {
    Program program;
    double end_s = 0.0;  // of the run: later or earlier by what the hold is longer or shorter
};

// The hold at the highest value that is not over yet at `now`, of a program that is followed until `end`; none: nothing is left
// to change.
std::optional<Segment> hold_ahead(const Program&, double now, double end);

// The program with that hold hotter by dT [K], and what is left of it longer by `factor`. What was before `now` stays; a ramp
// that leads there takes the time it took, a hold that goes on steps.
std::optional<WhatIf> what_if(const Program&, double now, double end, double dT, double factor);

// As an option of the command line: --set 'heater.program={points=[["0 s","298 K"],...]}'
std::string set_option(const Program&);

}  // namespace jt
