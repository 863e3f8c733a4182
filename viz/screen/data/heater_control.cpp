// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/data/heater_control.hpp"

namespace jt {

std::string_view name_of(HeaterVerb verb) {
    switch (verb) {
        case HeaterVerb::start:
            return "start";
        case HeaterVerb::hold:
            return "hold";
        case HeaterVerb::resume:
            return "resume";
        case HeaterVerb::abort:
            return "abort";
        case HeaterVerb::program:
            return "program";
    }
    return "";
}

}  // namespace jt
