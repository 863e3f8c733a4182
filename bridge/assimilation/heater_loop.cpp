// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/heater_loop.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jt {

HeaterLoop::HeaterLoop(const Scenario& scenario, const std::optional<PlantTable>& table)
    : heater_(*scenario.heater), reference_(heater_.program) {
    if (heater_.mode == Heater::Mode::temperature) {
        std::optional<double> floor;
        for (const Sensor& sensor : scenario.sensors)
            if (sensor.name == heater_.feedback) floor = sensor.floor;
        control_.emplace(reference_, *table, heater_.supply, floor);
        supply_.emplace(heater_.supply);
    } else if (heater_.mode == Heater::Mode::current && (heater_.supply.slew || heater_.supply.delay > 0.0)) {
        supply_.emplace(heater_.supply);
    }
}

void HeaterLoop::follow(const Program& reference) {
    reference_ = reference;
    if (control_) control_->follow(reference);
}

void HeaterLoop::coarsen(double t, double seconds, double current) {
    if (!supply_ || seconds * heater_.supply.update <= 1.0) return;
    heater_.supply.update = 1.0 / seconds;
    if (control_) control_->sample_at(heater_.supply.update);
    coarse_ = Coarse{t, t, current, current, false};
}

double HeaterLoop::next_sample() const {
    if (coarse_) return coarse_->to_s;
    return samples() ? double(sampled_) / heater_.supply.update : std::numeric_limits<double>::infinity();
}

void HeaterLoop::sample(double t, const TemperatureControl::Reading& reading) {
    sampled_ = std::lround(t * heater_.supply.update) + 1;
    const double command = control_ ? control_->command(t, reading) : reference_.at(t);
    if (coarse_) {
        const double now = coarse_->to_A, most = heater_.supply.current.value_or(command);
        coarse_ =
            Coarse{t, t + 1.0 / heater_.supply.update, now, std::clamp(command, 0.0, std::max(most, 0.0)), command > most};
    } else if (supply_) {
        supply_->command(t, command);
    }
}

void HeaterLoop::track(double current) {
    constexpr double kWithin = 0.5;  // [s] longer than the noise of a current and a delay, shorter than a dwell
    if (control_) control_->track(current, 1.0 / (heater_.supply.update * kWithin));
}

Drive HeaterLoop::drive(double t, double resistance, double& until) {
    Drive drive;
    drive.most_current = heater_.supply.current;
    drive.most_voltage = heater_.supply.voltage;
    drive.mode = heater_.mode == Heater::Mode::voltage ? Drive::Mode::voltage
                 : heater_.mode == Heater::Mode::power ? Drive::Mode::power
                                                       : Drive::Mode::current;
    drive.program = &reference_;
    if (coarse_) {
        const double most = heater_.supply.voltage && resistance > 0.0 ? *heater_.supply.voltage / resistance : coarse_->to_A;
        coarse_->limited = coarse_->limited || coarse_->to_A > most;
        ramp_.time = {coarse_->from_s, coarse_->to_s};
        ramp_.value = {coarse_->from_A, coarse_->to_A};
        drive.program = &ramp_;
        return drive;
    }
    if (!supply_) return drive;
    const PowerSupply::Ramp ramp = supply_->current(t, resistance);
    ramp_.time = {t, std::max(ramp.end, t)};
    ramp_.value = {ramp.now, ramp.target};
    drive.program = &ramp_;
    if (const double change = supply_->next_change(t); change > t + 1e-9) until = std::min(until, change);
    return drive;
}

void HeaterLoop::state(Archive& a) {
    Program program = reference_;
    a("program_time", program.time), a("program_value", program.value);
    a("sampled", sampled_);
    if (!a.saving()) follow(program);
    if (control_) a.scope("control", [&](Archive& inner) { control_->state(inner); });
    if (supply_) a.scope("supply", [&](Archive& inner) { supply_->state(inner); });
}

}  // namespace jt
