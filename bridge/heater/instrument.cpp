// SPDX-License-Identifier: Apache-2.0
#include "bridge/heater/instrument.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "bridge/heater/random_draw.hpp"
#include "twin/same_time.hpp"

namespace jt {
namespace {

// tau dTr/dt = T - Tr for a signal that goes straight from `from` to `to` in dt: Tr at its end.
double relax(double lagged, double from, double to, double dt, double tau) {
    if (!(tau > 0.0)) return to;
    if (!(dt > 0.0)) return lagged;
    const double behind = tau * (to - from) / dt;
    return to - behind + (lagged - from + behind) * std::exp(-dt / tau);
}

}  // namespace

Instrument::Instrument(InstrumentModel model, const HiddenError& hidden, const Delivery& delivery, int index,
                       std::uint64_t seed)
    : model_(std::move(model)),
      hidden_(hidden),
      delivery_(delivery),
      index_(index),
      noise_(stream(seed, "reading " + model_.name)),
      way_(stream(seed, "delivery " + model_.name)) {}

double Instrument::optics(double T) const {
    switch (model_.kind) {
        case InstrumentModel::Kind::pyrometer:
            return one_colour_reading(T, model_.wavelength, hidden_.emissivity);
        case InstrumentModel::Kind::ratio_pyrometer:
            return ratio_reading(T, model_.wavelength, model_.second_wavelength, hidden_.emissivity_ratio);
        default:
            return T;
    }
}

void Instrument::settle(double t, double value, std::vector<PlantReading>& out) {
    time_ = t;
    lagged_ = optics(value);
    // a clock that begins later than 0 has missed samples
    samples_ = std::max(samples_, std::uint64_t(std::ceil(std::max(t - kSameTime, 0.0) * model_.rate_Hz)));
    if (double(samples_) / model_.rate_Hz <= t + kSameTime) {
        sample(t, out);
        return;
    }
    // between samples it shows what it is put to, without noise
    PlantReading r;
    r.sensor = index_;
    r.seq = seq_;
    r.time_s = r.delivered_s = t;
    r.sigma = model_.sigma(lagged_);
    const double plain = hidden_.gain * lagged_ + model_.bias + hidden_.bias;
    r.below_floor = model_.floor_K && plain <= *model_.floor_K;
    if (!r.below_floor) r.value = plain;
    shown_ = r;
}

void Instrument::follow(double t, double from, double to, std::vector<PlantReading>& out) {
    const double begin = time_, length = t - begin, low = optics(from), high = optics(to);
    const auto at = [&](double when) { return length > 0.0 ? low + (high - low) * (when - begin) / length : high; };
    const auto move = [&](double when) {
        const double before = at(time_), now = at(when);
        const double tau = hidden_.lag_factor * model_.lag(0.5 * (before + now));
        lagged_ = relax(lagged_, before, now, when - time_, tau);
        time_ = when;
    };
    for (double due = double(samples_) / model_.rate_Hz; due <= t + kSameTime; due = double(samples_) / model_.rate_Hz) {
        move(std::min(std::max(due, time_), t));
        sample(due, out);
    }
    if (t > time_) move(t);
    time_ = t;
}

void Instrument::sample(double t, std::vector<PlantReading>& out) {
    ++samples_;
    // the same number of draws for every sample: a fault changes nothing in the noise after it
    const double noise = student_t(noise_, kNoiseDegrees), fate = noise_.unit();
    const double jitter = way_.unit(), late = way_.unit(), later = way_.unit(), lost = way_.unit(), again = way_.unit();

    PlantReading r;
    r.sensor = index_;
    r.seq = ++seq_;
    r.time_s = t;
    const double sd = model_.noise + model_.noise_relative * std::abs(lagged_);
    double value = hidden_.gain * lagged_ + model_.bias + hidden_.bias + fault_.bias + sd * noise;
    if (model_.resolution > 0.0) value = model_.resolution * std::round(value / model_.resolution);
    r.sigma = model_.sigma(lagged_);
    r.below_floor = model_.floor_K && value <= *model_.floor_K;
    if (!r.below_floor) r.value = value;
    if (fault_.stuck && shown_) r.value = shown_->value, r.below_floor = shown_->below_floor, r.sigma = shown_->sigma;
    if (fault_.missing || fate < model_.dropout) r.value.reset(), r.below_floor = false;

    r.delivered_s = t + model_.latency_s + delivery_.latency_s + delivery_.jitter_s * jitter +
                    (late < delivery_.late_share ? delivery_.late_by_s * later : 0.0);
    if (r.value || r.below_floor) shown_ = r;
    if (lost >= delivery_.lost_share) {
        out.push_back(r);
        if (again < delivery_.repeated_share) out.push_back(r);
    }
}

}  // namespace jt
