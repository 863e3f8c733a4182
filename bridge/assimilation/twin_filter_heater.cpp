// SPDX-License-Identifier: Apache-2.0
// Of TwinFilter: the heater's own loop, and what it will do.
#ifdef _OPENMP
#include <omp.h>
#endif

#include <algorithm>
#include <cmath>

#include "bridge/assimilation/twin_filter_impl.hpp"
#include "twin/microstructure/outlook.hpp"
#include "twin/stepping/run_coupled.hpp"

namespace jt {
namespace {

constexpr double kCurrentAge = 0.3;    // [s] from then on the current is not known any more
constexpr double kFeedbackAge = 0.25;  // [s] from then on the heater's loop takes a reading as lost
// [K/s], 1 sd: by so much members part in what their loops hold while nothing is heard (estimate: whether the heater still does
// what it was told is not known).
constexpr double kDoubt = 1.0;
constexpr double kForecastEvery = 0.5;  // [s] points of a forecast

int most_threads() {
#ifdef _OPENMP
    return omp_get_max_threads();
#else
    return 1;
#endif
}

}  // namespace

bool TwinFilter::Impl::deaf(double to) const {
    return has_loop() && !currents.any_since(to - kCurrentAge);
}

double TwinFilter::Impl::doubt(int j, double t) const {
    return j < N ? -kDoubt * std::max(0.0, t - currents.last_at_s()) * current_draws[j] : 0.0;
}

MeasuredCurrent TwinFilter::Impl::current_of_loop(int j, double to) {
    TwinMember& one = member(j);
    HeaterLoop& own = own_loops[std::size_t(j)];
    const double R = std::max(one.resistance(), 1e-12);
    double until = to;
    const auto amps = [&](double t) {
        const Drive drive = own.drive(t, R, until);
        const double value = drive.at(t);
        double I = drive.mode == Drive::Mode::voltage ? value / R
                   : drive.mode == Drive::Mode::power ? std::sqrt(std::max(value, 0.0) / R)
                                                      : value;
        if (drive.most_voltage) I = std::min(I, *drive.most_voltage / R);
        if (drive.most_current) I = std::min(I, *drive.most_current);
        return std::max(I, 0.0);
    };
    MeasuredCurrent out{time, to, amps(time), 0.0};
    while (own.samples() && own.next_sample() <= to + kSameTime) {
        const double t = own.next_sample();
        TemperatureControl::Reading seen;
        seen.current_A = amps(t), seen.voltage_V = seen.current_A * R;
        if (feedback >= 0) {
            seen.T_K = one.shown_temperature(feedback, one.lagged()[std::size_t(feedback)]);
            *seen.T_K += doubt(j, t);
            if (const auto floor = models[std::size_t(feedback)].floor_K) seen.T_K = std::max(*seen.T_K, *floor);
        }
        own.sample(t, seen);
    }
    out.to_A = amps(to);
    return out;
}

void TwinFilter::Impl::make_loop() {
    if (loop || !has_loop()) return;
    if (!options.table && scenario.heater->mode == Heater::Mode::temperature) {
        const auto own = make_backend("cpu");
        Coupled model(*own, coarse.bed, coarse.scenario);
        const auto watched = std::find_if(scenario.sensors.begin(), scenario.sensors.end(),
                                          [&](const Sensor& s) { return s.name == scenario.heater->feedback; });
        FeedbackSensor eye(*own, *watched, coarse.bed, model.heat());
        const auto& values = scenario.heater->program.value;
        options.table = tabulate_plant(model, coarse.bed, eye, *std::max_element(values.begin(), values.end()) + 50.0);
    }
    loop.emplace(scenario, options.table);
    for (std::size_t s = 0; s < models.size(); ++s) {
        if (models[s].name == scenario.heater->feedback) feedback = int(s);
        if (models[s].kind == Kind::voltage && voltage < 0) voltage = int(s);
    }
}

std::optional<double> TwinFilter::Impl::newest(int sensor, double t, double age) const {
    if (sensor < 0) return {};
    const auto& of = recent[std::size_t(sensor)];
    const auto after = of.upper_bound(t + kSameTime);
    if (after == of.begin() || std::prev(after)->first < t - age) return {};
    return std::prev(after)->second;
}

void TwinFilter::Impl::follow_heater(std::span<const Sample> readings) {
    if (N == 0 || !has_loop()) return;
    make_loop();
    for (const Sample& r : readings)
        if (QualityControl::possible(models[std::size_t(r.sensor)], r.value)) recent[std::size_t(r.sensor)][r.time_s] = r.value;
    for (auto& of : recent)
        while (!of.empty() && of.begin()->first < time - 2.0) of.erase(of.begin());
    while (loop->next_sample() <= time + kSameTime) {
        const double t = loop->next_sample();
        TemperatureControl::Reading seen;
        seen.T_K = newest(feedback, t, kFeedbackAge);
        // who hears nothing does not think that the heater does
        if (!own_loops.empty() && feedback >= 0)
            seen.T_K = control->shown_temperature(feedback, control->lagged()[std::size_t(feedback)]);
        if (feedback >= 0 && !seen.T_K)
            if (const auto floor = models[std::size_t(feedback)].floor_K;
                floor && control->shown_temperature(feedback, control->lagged()[std::size_t(feedback)]) < *floor + 50.0)
                seen.T_K = floor;
        seen.current_A = newest(current, t, kFeedbackAge).value_or(currents.last_A());
        seen.voltage_V = newest(voltage, t, kFeedbackAge).value_or(seen.current_A * control->resistance());
        double until = t;
        loop->drive(t, control->resistance(), until);
        // What the heater really does corrects what the loop would: its table of the plant is not the heater's.
        if (own_loops.empty())
            if (const auto flows = newest(current, t, kFeedbackAge)) loop->track(*flows);
        loop->sample(t, seen);
    }
}

std::unique_ptr<Forecaster> TwinFilter::Impl::make_forecaster() {
    make_loop();
    return std::make_unique<Forecaster>(
        ForecastGround{coarse.bed, coarse.scenario, scenario, *unknowns, models, current, feedback, coarse_product, product},
        most_threads());
}

std::optional<ForecastStart> TwinFilter::Impl::forecast_start(double horizon) {
    if (N < 2 || !has_loop() || !(horizon >= kForecastEvery)) return {};
    make_loop();
    ForecastStart out{.loop = *loop};
    out.own_loops = own_loops;
    out.time_s = time;
    out.horizon_s = kForecastEvery * std::floor(horizon / kForecastEvery + kSameTime);
    out.seed = options.seed, out.band = band, out.last_current = currents.last_A(), out.quality = quality;
    const auto narrow = [](const std::vector<double>& wide) { return std::vector<float>(wide.begin(), wide.end()); };
    const auto bed_of = [&](TwinMember& one, std::vector<float>& T, std::vector<float>& Th) {
        Microstructure* made = one.twin().microstructure();
        if (!made || !made->has_product()) return;
        T = narrow(one.temperature_K()), Th = narrow(made->field("Th_K"));
    };
    out.members.resize(std::size_t(N));
    for_all([&](int j) {
        if (j == N) return bed_of(*control, out.T_K, out.Th_K);
        ForecastStart::Member& one = out.members[std::size_t(j)];
        Archive save(one.state, true);
        member(j).state(save);
        one.unknowns = member(j).unknowns();
        if (!own_loops.empty()) one.doubt_K = doubt(j, time);
        bed_of(member(j), one.T_K, one.Th_K);
    });
    out.drift = drift.empty() ? std::vector<double>(coarse.bed.material.size(), 0.0) : drift;
    out.offsets = offsets.empty() ? std::vector<double>(models.size(), 0.0) : offsets;
    out.drift_memory_s = kDriftMemory;
    const Moments own = moments(control->temperature_K(), product);
    out.T_mean_K = own.mean, out.T_max_K = own.max, out.resistance_ohm = control->resistance();
    forecast_scores.tell(out.skill, out.coverage);
    return out;
}

Forecast TwinFilter::Impl::forecast(double horizon) {
    const auto start = forecast_start(horizon);
    if (!start) {
        Forecast none;
        none.from_s = none.to_s = time, none.quality = quality;
        return none;
    }
    if (!forecaster) forecaster = make_forecaster();
    const Forecast made = forecaster->run(*start);
    forecast_scores.issue(made, time);
    return made;
}

}  // namespace jt
