// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/twin_member.hpp"

#include <algorithm>
#include <cmath>

namespace jt {
namespace {

// Of a step over the usual one, whose estimate is twenty times its error: what corrections stir up (they jump where grids and
// materials meet) need not be followed as it dies out. With 5 the twin of 32^3 cells of device R1 takes 2.8 times the steps in
// its ramp, and is no longer in time.
constexpr double kTolerance = 30.0;
// Of the balances in a stage, for the members of an ensemble: 1e-5 of the heat missing in every step is at most 0.01 K of 1000;
// two passes of Newton in five are saved.
constexpr double kBalance = 1e4;
// [s] A current rises over longer; five steps of each member in the first window would make it late.
constexpr double kFirstStep = 0.05;

}  // namespace

double relax(double lagged, double from, double to, double dt, double tau) {
    if (!(tau > 0.0)) return to;
    if (!(dt > 0.0)) return lagged;
    const double behind = tau * (to - from) / dt;
    return to - behind + (lagged - from + behind) * std::exp(-dt / tau);
}

TwinMember::TwinMember(const Bed& bed, const Scenario& scenario, const Unknowns& unknowns,
                       const std::vector<InstrumentModel>& models, int current, std::unique_ptr<Backend> own, Backend* shared)
    : own_(std::move(own)),
      backend_(own_ ? *own_ : *shared),
      bed_(bed),
      unknowns_(unknowns),
      models_(models),
      current_(current),
      zones_(unknowns.zones(bed)) {
    twin_ = std::make_unique<Coupled>(backend_, bed, scenario);
    twin_->tolerance_factor = kTolerance;
    twin_->start_with(kFirstStep);
    if (own_) twin_->balance_factor = kBalance;
    for (std::size_t s = 0; s < models.size(); ++s) {
        if (models[s].thermometer())
            eyes_.emplace_back(std::in_place, backend_, scenario.sensors[s], bed, twin_->heat());
        else
            eyes_.emplace_back();
    }
    twin_->heat().refresh_surfaces(0.0);
    errors_.resize(models.size());
    lagged_.assign(models.size(), 0.0);
    seen_.assign(models.size(), 0.0);
    offsets_.assign(models.size(), 0.0);
    if (twin_->has_electric()) resistance_ = twin_->resistance();
    for (std::size_t s = 0; s < models.size(); ++s)
        if (eyes_[s]) lagged_[s] = seen_[s] = seen(int(s));
}

void TwinMember::set(std::span<const double> x) {
    x_.assign(x.begin(), x.end());
    unknowns_.apply(x, zones_, *twin_);
    emissivity_ = 1.0;
    for (std::size_t n = 0; n < x.size(); ++n)
        if (unknowns_.list()[n].kind == EstimateSpec::Kind::emissivity) emissivity_ = std::exp(x[n]);
    for (std::size_t s = 0; s < models_.size(); ++s) errors_[s] = unknowns_.error_of(x, int(s));
}

void TwinMember::balance_loosely() {
    twin_->balance_factor = 10.0 * kBalance;
}

double TwinMember::seen(int sensor) {
    const auto s = std::size_t(sensor);
    const double T = eyes_[s]->truth(twin_->heat());
    if (models_[s].kind == InstrumentModel::Kind::pyrometer && models_[s].set_emissivity)
        return one_colour_reading(T, models_[s].wavelength, emissivity_ * eyes_[s]->emissivity() / *models_[s].set_emissivity);
    return T;
}

double TwinMember::true_current(double reading) const {
    const auto s = std::size_t(current_);
    return std::max(0.0, (reading - models_[s].bias - errors_[s].offset) / errors_[s].gain);
}
double TwinMember::shown_voltage(int sensor, double current, double resistance) const {
    const auto s = std::size_t(sensor);
    return errors_[s].gain * (resistance + models_[s].lead_ohm) * current + models_[s].bias + errors_[s].offset;
}
double TwinMember::shown_temperature(int sensor, double lagged) const {
    const auto s = std::size_t(sensor);
    return errors_[s].gain * lagged + models_[s].bias + errors_[s].offset;
}

void TwinMember::shift(const std::vector<double>& increment) {
    twin_->shift_temperature(increment);
    twin_->heat().refresh_surfaces(twin_->time());
}

std::vector<double> TwinMember::now() const {
    std::vector<double> row = lagged_;
    row.push_back(resistance_);
    return row;
}

void TwinMember::look() {
    for (std::size_t s = 0; s < models_.size(); ++s)
        if (eyes_[s]) seen_[s] = seen(int(s)) + offsets_[s];
}

void TwinMember::follow(double& at, double t, double t0, double t1, const std::vector<double>& from) {
    const double a = (at - t0) / (t1 - t0), b = (t - t0) / (t1 - t0);
    for (std::size_t s = 0; s < models_.size(); ++s) {
        if (!eyes_[s]) continue;
        const double low = from[s] + a * (seen_[s] - from[s]), high = from[s] + b * (seen_[s] - from[s]);
        lagged_[s] = relax(lagged_[s], low, high, t - at, errors_[s].lag_factor * models_[s].lag(0.5 * (low + high)));
    }
    at = t;
}

StepReport TwinMember::step(double until, const Drive& drive) {
    const double t0 = twin_->time();
    const StepReport report = twin_->advance(until, drive);
    ++steps, rejected += report.rejected;
    if (report.resistance > 0.0) resistance_ = report.resistance;
    const std::vector<double> from = seen_;
    look();
    double at = t0;
    follow(at, twin_->time(), t0, twin_->time(), from);
    return report;
}

void TwinMember::advance(const MeasuredCurrent& window, std::span<const double> nodes, std::vector<double>& out, bool is_true) {
    out.clear();
    const auto flows = [&](double amps) { return is_true ? amps : true_current(amps); };
    const Program line{{window.from_s, window.to_s}, {flows(window.from_A), flows(window.to_A)}};
    Drive drive;
    drive.mode = Drive::Mode::current;
    drive.program = &line;
    std::size_t next = 0;
    look();  // corrections may have changed it
    while (twin_->time() < window.to_s - 1e-9) {
        const double t0 = twin_->time(), R0 = resistance_;
        const StepReport report = twin_->advance(window.to_s, drive);
        ++steps, rejected += report.rejected;
        if (report.resistance > 0.0) resistance_ = report.resistance;
        const double t1 = twin_->time();
        const std::vector<double> from = seen_;
        look();
        double at = t0;
        for (; next < nodes.size() && nodes[next] <= t1 + 1e-9; ++next) {
            follow(at, std::min(nodes[next], t1), t0, t1, from);
            out.insert(out.end(), lagged_.begin(), lagged_.end());
            out.push_back(R0 + (at - t0) / (t1 - t0) * (resistance_ - R0));
        }
        if (at < t1) follow(at, t1, t0, t1, from);
    }
}

}  // namespace jt
