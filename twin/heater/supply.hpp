// SPDX-License-Identifier: Apache-2.0
// PowerSupply: what becomes of a commanded current: delay, slew rate and the limits of current and voltage. Reaching a limit is
// a normal state that is told, not an error.
#pragma once
#include <deque>
#include <utility>

#include "twin/scenario/scenario.hpp"

namespace jt {

class PowerSupply {
public:
    explicit PowerSupply(const Supply& supply) : supply_(supply) {}

    // A command given at time t takes effect `delay` later.
    void command(double t, double current) { pending_.emplace_back(t + supply_.delay, current); }
    // Advances to time t [s] and returns the current from then on into a load of `resistance` [ohm]: it starts at now and moves
    // along a straight line to `target`, which it reaches at `end` (now, where there is no slew limit).
    struct Ramp {
        double now, target, end;
    };
    Ramp current(double t, double resistance);
    // The next instant at which a pending command takes effect after t; infinite when there is none.
    double next_change(double t) const;

    // Everything a checkpoint needs.
    template <class Archive>
    void state(Archive& a) {
        a("pending", pending_), a("commanded", commanded_), a("wanted", wanted_), a("output", output_), a("time", time_);
        a("at_current", at_current_), a("at_voltage", at_voltage_);
    }

    bool at_current_limit() const { return at_current_; }
    bool at_voltage_limit() const { return at_voltage_; }

private:
    Supply supply_;
    std::deque<std::pair<double, double>> pending_;  // time of effect, current
    double commanded_ = 0.0, wanted_ = 0.0, output_ = 0.0, time_ = 0.0;
    bool at_current_ = false, at_voltage_ = false;
};

}  // namespace jt
