// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "kernels/error.hpp"
#include "twin/heater/control.hpp"
#include "twin/lumped/lumped_twin.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr double kPeakFall = 2.0;       // [K] below its highest: the peak is over
constexpr double kDwellBand = 5.0;      // [K] about the median
constexpr double kLeastDwell = 60.0;    // [s]
constexpr double kMostLoopSteps = 2e5;  // of the closed loop

bool is_reading(const LumpedFit& fit, double T) {
    return std::isfinite(T) && (!fit.floor_K || T > *fit.floor_K);
}

// The highest value before it first falls by 2 K.
std::optional<LumpedPeak> first_peak(const std::vector<double>& time, const std::vector<double>& T) {
    std::optional<LumpedPeak> peak;
    for (std::size_t n = 0; n < time.size(); ++n) {
        if (!std::isfinite(T[n])) continue;
        if (!peak || T[n] > peak->T_K) peak = LumpedPeak{time[n], T[n]};
        if (T[n] < peak->T_K - kPeakFall) break;
    }
    return peak;
}

// The model with one thermal parameter of the fit changed.
void set(const std::string& symbol, double value, LumpedModel& model, LumpedState& start) {
    if (symbol == "C") model.capacity_J_per_K = value;
    if (symbol == "G") model.conductance_W_per_K = value;
    if (symbol == "A_eps") model.emissive_area_m2 = value;
    if (symbol == "c") model.capacity_slope_per_K = value;
    if (symbol == "lag") model.lag_s = value;
    if (symbol == "T_start") {
        start.core_K = value;
        if (model.lag_s == 0.0) start.reading_K = value;
    }
}

// Standard deviation of a number that the model gives, by differences and the fit's covariance.
template <class Number>
double deviation(const LumpedFit& fit, Number number) {
    std::size_t count = 0;
    while (count * count < fit.covariance.size()) ++count;
    std::vector<double> gradient(count);
    for (std::size_t n = 0; n < count; ++n) {
        const LumpedParameter& p = fit.parameters[n];
        const double step = std::max(1e-4 * p.sd, 1e-9 * std::abs(p.value));
        double side[2];
        for (const int up : {0, 1}) {
            LumpedModel model = fit.model;
            LumpedState start = fit.start;
            set(p.symbol, p.value + (up ? step : -step), model, start);
            side[up] = number(model, start);
        }
        gradient[n] = step > 0.0 ? (side[1] - side[0]) / (2.0 * step) : 0.0;
    }
    double variance = 0.0;
    for (std::size_t n = 0; n < count; ++n)
        for (std::size_t m = 0; m < count; ++m) variance += gradient[n] * fit.covariance[n * count + m] * gradient[m];
    return std::sqrt(std::max(variance, 0.0));
}

std::optional<LumpedRange> find_dwell(const SensorLog& log, const LumpedFit& fit, std::size_t from, std::size_t to) {
    std::vector<double> sorted;
    for (std::size_t n = from; n < to; ++n)
        if (is_reading(fit, log.temperature.values[n])) sorted.push_back(log.temperature.values[n]);
    if (sorted.empty()) return std::nullopt;
    std::nth_element(sorted.begin(), sorted.begin() + std::ptrdiff_t(sorted.size() / 2), sorted.end());
    const double median = sorted[sorted.size() / 2];
    std::optional<LumpedRange> longest;
    for (std::size_t n = from; n < to;) {
        std::size_t end = n;
        while (end < to && std::abs(log.temperature.values[end] - median) <= kDwellBand) ++end;
        if (end > n && (!longest || log.time_s[end - 1] - log.time_s[n] > longest->to_s - longest->from_s))
            longest = LumpedRange{log.time_s[n], log.time_s[end - 1]};
        n = std::max(end, n + 1);
    }
    return longest && longest->to_s - longest->from_s >= kLeastDwell ? longest : std::nullopt;
}

LumpedPrediction::Loop close_loop(const SensorLog& log, const LumpedFit& fit, double hold_K, double end_s) {
    LumpedPrediction::Loop loop;
    loop.hold_K = hold_K;
    const LumpedModel& model = fit.model;
    // The line through the window's readings, up to the hold.
    const double start_K = fit.ramp_K - fit.ramp_K_per_s * (fit.to_s - fit.from_s);
    if (!(fit.ramp_K_per_s > 0.0) || !(hold_K > start_K))
        throw InputError("--hold " + format_number(std::round((hold_K - 273.15) * 10.0) / 10.0) +
                         " degC: the fit window's readings do not rise towards it; allowed: above " +
                         format_number(std::round((start_K - 273.15) * 10.0) / 10.0) + " degC, after a window that rises");
    loop.hold_from_s = fit.from_s + (hold_K - start_K) / fit.ramp_K_per_s;
    if (loop.hold_from_s >= end_s)
        throw InputError("--hold: the ramp of the window reaches it at " + format_number(std::round(loop.hold_from_s)) +
                         " s; allowed: before the end of --predict, " + format_number(end_s) + " s");
    const Program program{{fit.from_s, loop.hold_from_s, end_s}, {start_K, hold_K, hold_K}};
    PlantTable table;
    for (double T = model.ambient_K + 20.0; T < hold_K + 300.0; T += 10.0) {
        table.T.push_back(T);
        table.loss_W.push_back(model.loss(T));
        table.capacity_J_per_K.push_back(model.capacity(T));
        table.resistance_ohm.push_back(std::max(model.resistance(T), 1e-9));
    }
    // A loop sampled as the log is. For a plant that integrates and is read late by `lag`: the closed loop in twice the lag,
    // its integral in eight times (Skogestad's SIMC rules with tau_c = lag).
    std::vector<double> steps;
    for (std::size_t n = 1; n < log.rows(); ++n) steps.push_back(log.time_s[n] - log.time_s[n - 1]);
    std::nth_element(steps.begin(), steps.begin() + std::ptrdiff_t(steps.size() / 2), steps.end());
    const double dt = std::max(steps[steps.size() / 2], (end_s - fit.from_s) / kMostLoopSteps);
    Supply supply;
    supply.update = 1.0 / dt;
    supply.delay = 0.0;
    ControlOptions options;
    options.tau = 2.0 * (model.lag_s + dt);
    options.reset = 8.0 * (model.lag_s + dt);
    TemperatureControl control(program, table, supply, std::nullopt, options);
    LumpedState state = fit.start;
    double current = std::sqrt(std::max(model.loss(state.core_K) + model.capacity(state.core_K) * fit.ramp_K_per_s, 0.0) /
                               std::max(model.resistance(state.core_K), 1e-9));
    const auto count = std::size_t((end_s - fit.from_s) / dt);
    double tail = 0.0;
    for (std::size_t n = 0; n <= count; ++n) {
        const double t = fit.from_s + double(n) * dt;
        const double voltage = model.resistance(state.core_K) * current;
        const double now = control.command(t, {state.reading_K, current, voltage});
        current = now;
        const double power = model.resistance(state.core_K) * current * current;
        loop.time_s.push_back(t);
        loop.setpoint_K.push_back(program.at(t));
        loop.reading_K.push_back(state.reading_K);
        loop.current_A.push_back(current);
        loop.power_W.push_back(power);
        if (state.reading_K - hold_K > loop.overshoot_K) loop.overshoot_K = state.reading_K - hold_K, loop.peak_time_s = t;
        advance(model, LumpedDrive::current, dt, current, current, state);
    }
    const std::size_t last = loop.power_W.size() / 5 + 1;
    for (std::size_t n = loop.power_W.size() - std::min(last, loop.power_W.size()); n < loop.power_W.size(); ++n)
        tail += loop.power_W[n] / double(std::min(last, loop.power_W.size()));
    loop.end_power_W = tail;
    return loop;
}

}  // namespace

LumpedPrediction predict_lumped(const SensorLog& log, const LumpedFit& fit, LumpedRange range, std::optional<LumpedRange> dwell,
                                std::optional<double> hold_K) {
    LumpedPrediction p;
    p.from_s = range.from_s, p.to_s = range.to_s;
    const auto check = [&](const char* option, const LumpedRange& r, double least, double most) {
        if (!(r.from_s < r.to_s) || r.from_s < least || r.to_s > most)
            throw InputError(log.source + ": " + option + " " + format_number(r.from_s) + " to " + format_number(r.to_s) +
                             " s; allowed: within " + format_number(least) + " to " + format_number(most) + " s");
    };
    check("--predict", range, fit.to_s, log.time_s.back());
    if (dwell) check("--dwell", *dwell, range.from_s, range.to_s);
    const auto row = [&](double t, bool after) {
        return std::size_t((after ? std::upper_bound(log.time_s.begin(), log.time_s.end(), t)
                                  : std::lower_bound(log.time_s.begin(), log.time_s.end(), t)) -
                           log.time_s.begin());
    };
    const std::size_t first = row(fit.from_s, false), from = row(range.from_s, false), to = row(range.to_s, true);
    p.first_row = first;
    if (from >= to) throw InputError(log.source + ": --predict holds no row of the log");
    std::vector<double> time(log.time_s.begin() + std::ptrdiff_t(first), log.time_s.begin() + std::ptrdiff_t(to)), input;
    for (std::size_t n = first; n < to; ++n) {
        const double V = log.voltage.values[n], I = log.current.values[n];
        input.push_back(fit.drive == LumpedDrive::current ? I : fit.drive == LumpedDrive::voltage ? V : V * I);
    }
    const auto driven = [&](const LumpedModel& model, const LumpedState& start) {
        return run_lumped(model, fit.drive, time, input, start);
    };
    p.states = driven(fit.model, fit.start);
    for (std::size_t n = 0; n < time.size(); ++n) p.power_W.push_back(fit.model.power(fit.drive, input[n], p.states[n].core_K));

    std::vector<double> later, measured, modelled;
    double squares = 0.0, count = 0.0;
    for (std::size_t n = from; n < to; ++n) {
        const double T = log.temperature.values[n], model = p.states[n - first].reading_K;
        const bool counts = is_reading(fit, T);
        later.push_back(log.time_s[n]);
        measured.push_back(counts ? T : std::nan(""));
        modelled.push_back(model);
        if (counts) squares += (T - model) * (T - model), count += 1.0;
    }
    p.rms_K = count > 0.0 ? std::sqrt(squares / count) : 0.0;
    p.peak_measured = first_peak(later, measured);
    p.peak_predicted = first_peak(later, modelled);

    if (!dwell) dwell = find_dwell(log, fit, from, to);
    if (dwell) {
        LumpedPrediction::Dwell d;
        d.from_s = dwell->from_s, d.to_s = dwell->to_s;
        double rows = 0.0, readings = 0.0, volts = 0.0;
        const std::size_t a = row(dwell->from_s, false), b = row(dwell->to_s, true);
        for (std::size_t n = a; n < b; ++n) {
            rows += 1.0;
            d.current_A += log.current.values[n];
            volts += log.voltage.values[n];
            d.power_W.measured += log.voltage.values[n] * log.current.values[n];
            if (is_reading(fit, log.temperature.values[n])) d.T_K += log.temperature.values[n], readings += 1.0;
        }
        if (rows == 0.0 || readings == 0.0) throw InputError(log.source + ": --dwell holds no reading");
        d.T_K /= readings, d.current_A /= rows, d.power_W.measured /= rows, volts /= rows;
        d.power_step_W = 0.5 * std::hypot(fit.voltage_step * d.current_A, fit.current_step * volts);
        const auto hold = [&](const LumpedModel& model, const LumpedState&) { return model.loss(d.T_K); };
        d.power_W.predicted = hold(fit.model, fit.start);
        d.power_W.sd = deviation(fit, hold);
        d.power_least_W = d.power_most_W = d.power_W.predicted;
        for (const auto& other : fit.alternatives) {
            const double power = hold(other.model, other.start);
            d.power_least_W = std::min(d.power_least_W, power);
            d.power_most_W = std::max(d.power_most_W, power);
        }
        const auto mean = [&](const std::vector<LumpedState>& states) {
            double sum = 0.0;
            for (std::size_t n = a; n < b; ++n) sum += states[n - first].reading_K;
            return sum / rows;
        };
        d.T_driven_K.measured = d.T_K;
        d.T_driven_K.predicted = mean(p.states);
        d.T_driven_K.sd =
            deviation(fit, [&](const LumpedModel& model, const LumpedState& start) { return mean(driven(model, start)); });
        p.dwell = d;
    }
    if (hold_K) p.loop = close_loop(log, fit, *hold_K, range.to_s);
    return p;
}

LumpedTrace lumped_trace(const SensorLog& log, const LumpedFit& fit, const LumpedPrediction* prediction) {
    LumpedTrace trace;
    const double end = prediction ? prediction->to_s : fit.to_s;
    std::vector<double> input;
    for (std::size_t n = 0; n < log.rows() && log.time_s[n] <= end; ++n) {
        if (log.time_s[n] < fit.from_s) continue;
        const double V = log.voltage.values[n], I = log.current.values[n], T = log.temperature.values[n];
        trace.time_s.push_back(log.time_s[n]);
        trace.measured_K.push_back(is_reading(fit, T) ? T : std::nan(""));
        trace.voltage_V.push_back(V);
        trace.current_A.push_back(I);
        trace.measured_W.push_back(V * I);
        input.push_back(fit.drive == LumpedDrive::current ? I : fit.drive == LumpedDrive::voltage ? V : V * I);
    }
    const auto states = run_lumped(fit.model, fit.drive, trace.time_s, input, fit.start);
    for (std::size_t n = 0; n < states.size(); ++n) {
        trace.reading_K.push_back(states[n].reading_K);
        trace.core_K.push_back(states[n].core_K);
        trace.power_W.push_back(fit.model.power(fit.drive, input[n], states[n].core_K));
        trace.model_V.push_back(fit.model.resistance(states[n].core_K) * trace.current_A[n]);
    }
    return trace;
}

}  // namespace jt
