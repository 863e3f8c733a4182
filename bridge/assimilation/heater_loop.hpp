// SPDX-License-Identifier: Apache-2.0
// HeaterLoop: the heater's program, closed loop and supply as a twin imagines them. Fed with the measured readings it follows
// the heater's own; a copy of it drives a forecast.
#pragma once
#include <memory>
#include <optional>

#include "twin/archive.hpp"
#include "twin/heater/control.hpp"
#include "twin/heater/supply.hpp"
#include "twin/stepping/coupled.hpp"

namespace jt {

class HeaterLoop {
public:
    // table: what the heater's loop knows of the plant (mode temperature).
    HeaterLoop(const Scenario& scenario, const std::optional<PlantTable>& table);

    // The program in time of the run, from now on.
    void follow(const Program& reference);
    const Program& reference() const { return reference_; }
    bool samples() const { return control_.has_value() || supply_.has_value(); }
    // For a forecast, which need not follow every sample: from now on the loop looks so often [s], and the current goes
    // straight from one command to the next, which stands for the supply's delay and slew. t: now [s]; current: what flows [A].
    void coarsen(double t, double seconds, double current);
    // When the loop looks next [s].
    double next_sample() const;
    void sample(double t, const TemperatureControl::Reading& reading);
    // The current that flows where the loop's last command should: the loop comes to agree with it (bumpless transfer).
    void track(double current);
    // What drives from t on; `until` is cut where that changes. resistance: of the load [ohm]. The drive refers to this loop.
    Drive drive(double t, double resistance, double& until);
    bool at_limit() const {
        return supply_ && (coarse_ ? coarse_->limited : supply_->at_current_limit() || supply_->at_voltage_limit());
    }
    // Everything a checkpoint needs beside what the loop was made with. A drive given before is void.
    void state(Archive& a);

private:
    Heater heater_;
    Program reference_, ramp_;
    std::optional<TemperatureControl> control_;
    std::optional<PowerSupply> supply_;
    long sampled_ = 0;
    struct Coarse {
        double from_s = 0.0, to_s = 0.0, from_A = 0.0, to_A = 0.0;
        bool limited = false;
    };
    std::optional<Coarse> coarse_;
};

}  // namespace jt
