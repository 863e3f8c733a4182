// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/data/twin_facts.hpp"

namespace jt {

std::string_view name_of(HeaterFacts::Phase phase) {
    switch (phase) {
        case HeaterFacts::Phase::idle:
            return "idle";
        case HeaterFacts::Phase::running:
            return "running";
        case HeaterFacts::Phase::holding:
            return "held";
        case HeaterFacts::Phase::finished:
            return "finished";
        case HeaterFacts::Phase::aborted:
            return "aborted";
        case HeaterFacts::Phase::tripped:
            return "tripped";
    }
    return "";
}

}  // namespace jt
