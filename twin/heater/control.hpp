// SPDX-License-Identifier: Apache-2.0
// TemperatureControl: the heater's closed loop, one command per control sample. The simulated run and the virtual heater both
// use it; it knows readings and its own table of the plant, nothing of the bed.
//
//     I = I_ff + Kp e + integral of Ki e,     e = r - T,     I_ff = sqrt((P_loss(r) + C(r) dr/dt) / R(r))
// r is looked up at the time the command takes effect (delay and half a sample ahead). Kp = C / (2 I R tau), tau 0.4 s;
// Ki = Kp / 1 s: of 16 pairs tried (0.35 to 0.5 s, 1 to 3 s) the one whose overshoot stays below 17 K when loss and capacity
// are off by a quarter either way (tests/twin/test_control.cpp), still slow against delay and sample. Anti-windup by
// back-calculation from what the supply delivers. Below the sensor's floor + 30 K there is no reading: feed-forward alone, on
// the temperature that the table gives for the power measured so far, the integral frozen; the feedback comes in over the next
// 50 K. A reading that has been there and is lost holds the last current for 0.5 s and then ramps down.
#pragma once
#include <algorithm>
#include <optional>
#include <vector>

#include "twin/heater/supply.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

// The plant by temperature of the feedback sensor, T rising: steady loss, heat capacity and resistance.
struct PlantTable {
    std::vector<double> T, loss_W, capacity_J_per_K, resistance_ohm;
    double at(const std::vector<double>& column, double temperature) const;  // linear, held outside
};

struct ControlOptions {
    double tau = 0.4;        // [s] closed loop
    double reset = 1.0;      // [s] Kp / Ki
    double margin = 30.0;    // [K] above the floor before a reading counts
    double blend = 50.0;     // [K] over which the feedback comes in
    double catch_up = 1.0;   // [s] in which feed-forward alone makes up what the plant is behind by its model
    double hold_lost = 0.5;  // [s] a lost reading is bridged
    double ramp_down = 2.0;  // [s] from the held current to zero
};

class TemperatureControl {
public:
    TemperatureControl(Program reference, PlantTable plant, const Supply& supply, std::optional<double> floor_K,
                       ControlOptions options = {});

    struct Reading {
        std::optional<double> T_K;                // empty: nothing came
        double current_A = 0.0, voltage_V = 0.0;  // measured at the terminals
    };
    // The current to ask for at time t [s]. Call at every control sample, in order.
    double command(double t, const Reading& reading);

    // Another reference from the next sample on, in the same time.
    void follow(Program reference) { reference_ = std::move(reference); }

    // Somebody else drives: the integral takes up this share of the difference between what flows and the last command.
    void track(double current, double share) {
        if (available() && !lost()) integral_ += std::min(share, 1.0) * (current - last_command_);
    }
    // From the next sample on commands stay so long: 1 / hertz.
    void sample_at(double hertz) { supply_.update = hertz; }

    const PlantTable& plant() const { return plant_; }
    // Everything a checkpoint needs beside the plant's table.
    template <class Archive>
    void state(Archive& a) {
        a("integral", integral_), a("blend", blend_), a("last_command", last_command_), a("held", held_);
        a("last_time", last_time_), a("started", started_), a("seen", seen_), a("lost_since", lost_since_);
        a("resistance_scale", resistance_scale_), a("model_T", model_T_), a("input_before", input_before_);
    }

    bool available() const { return blend_ > 0.0; }  // feedback is in
    bool lost() const { return lost_since_.has_value(); }

private:
    Program reference_;
    PlantTable plant_;
    Supply supply_;
    std::optional<double> floor_;
    ControlOptions options_;
    double integral_ = 0.0, blend_ = 0.0, last_command_ = 0.0, held_ = 0.0;
    double last_time_ = 0.0;
    bool started_ = false, seen_ = false;
    std::optional<double> lost_since_;
    double resistance_scale_ = 1.0;  // measured V/I over the table's
    std::optional<double> model_T_;  // [K] by the table from the measured power; the reading where there is one
    double input_before_ = 0.0;      // [W] measured at the sample before
};

}  // namespace jt
