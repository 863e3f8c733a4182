// SPDX-License-Identifier: Apache-2.0
// Diagnosis: what is wrong with sensors, heater and twin, named as an alarm, from what came and what the twin made of it,
// window by window.
#pragma once
#include <vector>

#include "bridge/live/alarm_ledger.hpp"
#include "bridge/live/intake.hpp"

namespace jt {

class Diagnosis {
public:
    explicit Diagnosis(const Scenario& scenario);

    // After each window; `state` as the filter returned it. Verdicts of sensors from which nothing comes become "lost" or
    // "without a value" in it, and outcomes of their messages join its counters.
    void look(const Batch& batch, TwinState& state, AlarmLedger& alarms);

private:
    struct Watched {
        double period_s = 0.1;
        std::uint64_t accepted = 0, gated = 0, stuck = 0;
        double gated_since = -1.0;                // out of the gate, none within since then [s]; < 0: not so
        double gated_at = -1e9, stuck_at = -1e9;  // last seen
    };
    std::vector<Watched> sensors_;
    int clock_jumps_ = 0;
    double jumped_at_s_ = -1e9;
};

}  // namespace jt
