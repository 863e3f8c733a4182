// SPDX-License-Identifier: Apache-2.0
#include "twin/heater/control.hpp"

#include <algorithm>
#include <cmath>

namespace jt {

double PlantTable::at(const std::vector<double>& column, double temperature) const {
    if (temperature <= T.front()) return column.front();
    if (temperature >= T.back()) return column.back();
    const auto n = std::size_t(std::upper_bound(T.begin(), T.end(), temperature) - T.begin());
    return column[n - 1] + (column[n] - column[n - 1]) * (temperature - T[n - 1]) / (T[n] - T[n - 1]);
}

TemperatureControl::TemperatureControl(Program reference, PlantTable plant, const Supply& supply, std::optional<double> floor_K,
                                       ControlOptions options)
    : reference_(std::move(reference)), plant_(std::move(plant)), supply_(supply), floor_(floor_K), options_(options) {}

double TemperatureControl::command(double t, const Reading& reading) {
    const double sample = 1.0 / supply_.update, dt = started_ ? t - last_time_ : 0.0;
    started_ = true;
    last_time_ = t;
    const double effect = t + supply_.delay + 0.5 * sample;
    const double r = reference_.at(effect),
                 slope = (reference_.at(effect + 0.5 * sample) - reference_.at(effect - 0.5 * sample)) / sample;

    // Where the sensor sees nothing the table says how hot the plant is, from the power that went in.
    const double input = reading.voltage_V * reading.current_A;
    if (!model_T_) model_T_ = reference_.at(t);
    *model_T_ += dt * (0.5 * (input_before_ + input) - plant_.at(plant_.loss_W, *model_T_)) /
                 std::max(plant_.at(plant_.capacity_J_per_K, *model_T_), 1e-12);
    input_before_ = input;
    if (available() && reading.T_K) model_T_ = *reading.T_K;

    const double capacity = plant_.at(plant_.capacity_J_per_K, r);
    // R from V/I where a current flows, else the table's
    if (reading.current_A > 0.05 * std::max(last_command_, 1e-6) && reading.current_A > 1e-3)
        resistance_scale_ +=
            0.2 * (reading.voltage_V / reading.current_A / plant_.at(plant_.resistance_ohm, *model_T_) - resistance_scale_);
    const double R = std::max(resistance_scale_, 0.05) * plant_.at(plant_.resistance_ohm, r);
    const double behind = (1.0 - blend_) * (reference_.at(t) - *model_T_) / options_.catch_up;
    const double power = std::max(plant_.at(plant_.loss_W, r) + capacity * (slope + behind), 0.0);
    const double feed = std::sqrt(power / R);

    // A reading counts above floor + margin; its weight rises to one over the next `blend`.
    const bool above = reading.T_K && (!floor_ || *reading.T_K > *floor_ + options_.margin);
    if (above) {
        seen_ = true;
        lost_since_.reset();
        blend_ = floor_ ? std::clamp((*reading.T_K - *floor_ - options_.margin) / options_.blend, 0.0, 1.0) : 1.0;
    } else {
        blend_ = 0.0;
        if (!reading.T_K && seen_ && !lost_since_) {
            lost_since_ = t;
            held_ = last_command_;
        }
        if (reading.T_K) lost_since_.reset();
    }
    if (lost_since_) {
        const double since = t - *lost_since_;
        const double share =
            since <= options_.hold_lost ? 1.0 : std::max(0.0, 1.0 - (since - options_.hold_lost) / options_.ramp_down);
        integral_ = 0.0;
        return last_command_ = share * held_;
    }

    double command = feed;
    if (blend_ > 0.0) {
        // the reading is of now, the reference it is compared with too
        const double e = reference_.at(t) - *reading.T_K;
        const double working = std::max({feed, reading.current_A, 0.05 * supply_.current.value_or(feed)});
        const double kp = capacity / (2.0 * std::max(working, 1e-3) * R * options_.tau), ki = kp / options_.reset;
        const double wanted = feed + blend_ * (kp * e + integral_ + ki * e * dt);
        const double delivered = std::clamp(wanted, 0.0, supply_.current.value_or(wanted > 0.0 ? wanted : 0.0));
        // back-calculation: what cannot be delivered leaves the integral with the reset time
        integral_ += ki * e * dt + (delivered - wanted) * std::min(1.0, dt / (0.5 * options_.reset));
        command = delivered;
    }
    const double most = supply_.current.value_or(std::max(command, 0.0));
    return last_command_ = std::clamp(command, 0.0, most);
}

}  // namespace jt
