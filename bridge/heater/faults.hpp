// SPDX-License-Identifier: Apache-2.0
// Faults: what goes wrong in a run of the virtual heater, at times given beforehand. One text each:
//
//     KIND[:TARGET][=SIZE]@TIME[/DURATION]      TIME and DURATION with a unit, in time of the run; no DURATION: to its end
//
//     stuck:SENSOR        it shows for ever what it showed last
//     dropout:SENSOR      it shows nothing
//     bias:SENSOR=SIZE    SIZE is added to its readings, in K, V or A
//     contact:TERMINAL[=SIZE]  the contact breaks: resistance between the terminals times SIZE (default 10), and the contact's
//                         thermal resistance too
//     clock=SIZE          the source times jump by SIZE (a time, may be negative)
//     garbage             frames of random bytes among the readings
//     silence             nothing is sent at all
#pragma once
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "twin/scenario/scenario.hpp"

namespace jt {

struct Fault {
    enum class Kind { stuck, dropout, bias, contact, clock, garbage, silence };
    Kind kind = Kind::stuck;
    int target = -1;    // index in scenario.sensors or scenario.terminals
    double size = 0.0;  // SI
    double from_s = 0.0, duration_s = std::numeric_limits<double>::infinity();
    std::string text;  // as given
    bool acts(double run_s) const { return run_s >= from_s - 1e-9 && run_s < from_s + duration_s - 1e-9; }
};

// All of them. Throws InputError with every problem.
std::vector<Fault> parse_faults(const std::vector<std::string>& texts, const Scenario& scenario);
std::string fault_grammar();  // for --help

}  // namespace jt
