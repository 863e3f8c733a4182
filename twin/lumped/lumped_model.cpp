// SPDX-License-Identifier: Apache-2.0
#include "twin/lumped/lumped_model.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/heat.hpp"

namespace jt {
namespace {

constexpr double kLongestStep = 1.0;     // [s]; rows further apart are divided
constexpr double kMostSteps = 100.0;     // per interval for its length
constexpr double kMostForSwing = 20.0;   // per interval for what T may do: parameters far off must not cost more
constexpr double kStepChange = 20.0;     // [K] a step moves T by about this at most
constexpr double kHottest = 20000.0;     // [K] beyond it the run has run away
constexpr double kLeastCapacity = 0.05;  // of C at the reference

// (e^z - 1) / z and (e^z - 1 - z) / z^2; their series near zero, where the closed forms cancel.
double phi_1(double z) {
    return std::abs(z) < 1e-5 ? 1.0 + z / 2.0 + z * z / 6.0 : std::expm1(z) / z;
}
double phi_2(double z) {
    return std::abs(z) < 1e-3 ? 0.5 + z / 6.0 + z * z / 24.0 + z * z * z / 120.0 : (std::expm1(z) - z) / (z * z);
}

}  // namespace

double LumpedModel::capacity(double T) const {
    return capacity_J_per_K * std::max(1.0 + capacity_slope_per_K * (T - reference_K), kLeastCapacity);
}

double LumpedModel::loss(double T) const {
    const double T2 = T * T, a2 = ambient_K * ambient_K;
    return conductance_W_per_K * (T - ambient_K) + emissive_area_m2 * kStefanBoltzmann * (T2 * T2 - a2 * a2);
}

double LumpedModel::resistance(double T) const {
    const double x = (T - reference_K) / 500.0;
    return resistance_ohm[0] + x * (resistance_ohm[1] + x * resistance_ohm[2]);
}

double LumpedModel::power(LumpedDrive drive, double input, double T) const {
    switch (drive) {
        case LumpedDrive::current:
            return resistance(T) * input * input;
        case LumpedDrive::voltage:
            return input * input / resistance(T);
        case LumpedDrive::power:
            break;
    }
    return input;
}

double LumpedModel::capacity_rise(double T) const {
    return 1.0 + capacity_slope_per_K * (T - reference_K) > kLeastCapacity ? capacity_J_per_K * capacity_slope_per_K : 0.0;
}

double LumpedModel::loss_rise(double T) const {
    return conductance_W_per_K + 4.0 * emissive_area_m2 * kStefanBoltzmann * T * T * T;
}

double LumpedModel::power_rise(LumpedDrive drive, double input, double T) const {
    const double rise = (resistance_ohm[1] + 2.0 * resistance_ohm[2] * (T - reference_K) / 500.0) / 500.0;
    if (drive == LumpedDrive::power || rise == 0.0) return 0.0;
    if (drive == LumpedDrive::current) return rise * input * input;
    const double R = resistance(T);
    return -rise * input * input / (R * R);
}

void advance(const LumpedModel& model, LumpedDrive drive, double h, double input_before, double input_after,
             LumpedState& state) {
    const auto rate = [&](double input, double T) {
        return (model.power(drive, input, T) - model.loss(T)) / model.capacity(T);
    };
    const double rate_before = rate(input_before, state.core_K), rate_after = rate(input_after, state.core_K);
    const double swing = std::max(std::abs(rate_before), std::abs(rate_after)) * h;
    const double for_swing = std::isfinite(swing) ? std::min(std::ceil(swing / kStepChange), kMostForSwing) : kMostForSwing;
    const int steps = int(std::max({1.0, std::min(std::ceil(h / kLongestStep), kMostSteps), for_swing}));
    const double dt = h / steps;
    for (int s = 0; s < steps; ++s) {
        const double u0 = input_before + (input_after - input_before) * s / steps,
                     u1 = input_before + (input_after - input_before) * (s + 1) / steps;
        const double T = state.core_K, f = steps == 1 ? rate_before : rate(u0, T),
                     f_t = ((steps == 1 ? rate_after : rate(u1, T)) - f) / dt;
        const double J = (model.power_rise(drive, u0, T) - model.loss_rise(T) - f * model.capacity_rise(T)) / model.capacity(T);
        const double z = std::min(dt * J, 50.0);
        double after = T + dt * phi_1(z) * f + dt * dt * phi_2(z) * f_t;
        if (!std::isfinite(after)) after = T;
        after = std::clamp(after, 1.0, kHottest);
        if (model.lag_s > 0.0) {
            // the core moves along a line of slope a: T_r -> T + a (t - lag), approached with e^(-t / lag)
            const double a = (after - T) / dt;
            state.reading_K = after - a * model.lag_s + (state.reading_K - T + a * model.lag_s) * std::exp(-dt / model.lag_s);
        } else {
            state.reading_K = after;
        }
        state.core_K = after;
    }
}

std::vector<LumpedState> run_lumped(const LumpedModel& model, LumpedDrive drive, std::span<const double> time_s,
                                    std::span<const double> input, LumpedState start) {
    std::vector<LumpedState> states;
    states.reserve(time_s.size());
    for (std::size_t n = 0; n < time_s.size(); ++n) {
        if (n > 0) advance(model, drive, time_s[n] - time_s[n - 1], input[n - 1], input[n], start);
        states.push_back(start);
    }
    return states;
}

}  // namespace jt
