// SPDX-License-Identifier: Apache-2.0
#include "twin/stepping/coupled.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "kernels/error.hpp"

namespace jt {
namespace {

const double kGamma = 1.0 - 1.0 / std::sqrt(2.0);
// Tolerance of a step: a quarter of 0.2 K + 1e-3 (T - T_initial), so that a run of many steps stays within it.
constexpr double kAbsolute = 0.05, kRelative = 2.5e-4;
// Share of an estimate that counts as error. SDIRK2 errs by 0.04 dt^3 T''' in a step. The prediction is off by 0.35 of that
// product; its share makes the estimate twenty times the error, so that what many steps add up stays below 0.05 K (V02). The
// curvature is 0.35 dt^2 T''; its share makes it the error where T''/T''' is as long as the step, more where it is longer.
constexpr double kPredictedShare = 2.2, kCurvatureShare = 0.12;
// Where the curvature decides, the potential still knows sigma at the extrapolation only: tolerances that may be off.
constexpr double kFarOff = 10.0;
constexpr double kPotential = 1e-8, kCurrents = 1e-9;  // relative residual; balance of currents and of heat
constexpr double kRunawayRise = 1e5;                   // [K/s] a thousand times what a heater is run at

}  // namespace

Coupled::Coupled(Backend& backend, const Bed& bed, const Scenario& scenario)
    : backend_(backend), initial_temperature_(bed.temperature) {
    heat_.emplace(backend, bed, scenario);
    if (!scenario.terminals.empty() && scenario.heater && scenario.heater->mode != Heater::Mode::imposed) {
        electric_.emplace(backend, bed, scenario.terminals, scenario.interfaces);
        if (!electric_->percolation().percolates) throw InputError("bed: " + electric_->percolation().finding);
    }
    const Grid& grid = heat_->grid();
    if (Microstructure::wanted(bed)) {
        micro_.emplace(backend, bed);
        heat_->set_capacity_factor(micro_->factor());
        if (electric_) electric_->set_char({micro_->front(), nullptr, 0.0});
        if (electric_ && micro_->uses_field()) field_ = Buffer<double>::field(backend, grid);
    }
    for (Buffer<double>* field : {&T0_, &T1_, &h0_, &line_, &bend_, &guess_, &q_})
        *field = Buffer<double>::field(backend, grid);
    if (scenario.source_power_density) {
        std::vector<double> packed(bed.extents.count());
        for (std::size_t c = 0; c < packed.size(); ++c)
            packed[c] = bed.materials[bed.material[c]].is_void ? 0.0 : *scenario.source_power_density * heat_->volume();
        for (const double w : packed) source_total_W_ += w;
        source_ = upload_field(backend, grid, packed);
    }
}

bool Drive::bends(double from, double to) const {
    if (!program) return false;
    const double margin = 1e-9 * (to - from);
    return std::any_of(program->time.begin(), program->time.end(),
                       [&](double t) { return t > from + margin && t < to - margin; });
}

double Drive::effective(double from, double to) const {
    if (!program) return value;
    double sum = 0.0, start = from, low = program->at(from);
    const auto piece = [&](double end, double high) {
        sum += (end - start) * (mode == Mode::power ? 0.5 * (low + high) : (low * low + low * high + high * high) / 3.0);
    };
    for (std::size_t n = 0; n < program->time.size(); ++n) {
        const double t = program->time[n];
        if (t <= from || t >= to) continue;
        piece(t, program->at(t));
        start = t, low = program->value[n];
    }
    piece(to, program->at(to));
    const double mean = sum / (to - from);
    return mode == Mode::power ? mean : std::sqrt(mean);
}

// Voltage and current at a drive's value and the sigma there is; heat of the cells to q_.
void Coupled::drive_current(double time, const Drive& drive, double value, Stage& stage, StepReport& report) {
    if (!electric_ || drive.mode == Drive::Mode::none || !(value > 0.0)) {
        q_.zero();
        return;
    }
    if (current_source) {
        std::vector<double> packed(std::size_t(heat_->grid().cells()));
        current_source(time, packed);
        electric_->set_current_source(packed);
    }
    electric_->set_temperature(heat_->T(), char_at(time));
    const double conductance =
        electric_->solve_conductance(kCurrents * balance_factor, kPotential * balance_factor, time, stage.goes_on);
    potential_solved_ = true;
    report.potential_iterations += electric_->last_solve().iterations;
    report.current_balance_relative = std::max(report.current_balance_relative, electric_->current_balance_relative());
    if (drive.mode == Drive::Mode::voltage)
        stage.voltage = value;
    else if (drive.mode == Drive::Mode::current)
        stage.voltage = value / conductance;
    else
        stage.voltage = std::sqrt(value / conductance);
    report.at_voltage_limit = drive.most_voltage && stage.voltage > *drive.most_voltage;
    if (report.at_voltage_limit) stage.voltage = *drive.most_voltage;
    report.at_current_limit = drive.most_current && stage.voltage * conductance > *drive.most_current * (1.0 + 1e-12);
    if (report.at_current_limit) stage.voltage = *drive.most_current / conductance;
    stage.current = stage.voltage * conductance;
    stage.power = stage.voltage * stage.current;
    if (current_source) stage.power = electric_->unit_power() * stage.voltage * stage.voltage;
    electric_->joule_heat(stage.voltage, q_);
}

CharView Coupled::char_at(double time) const {
    if (!micro_) return {};
    const double since = time - time_;
    if (!(step_ > 0.0) || !(since > 0.0)) return {micro_->front(), nullptr, 0.0};
    return {micro_->front(), T0_.get(), std::log(since)};
}

// After a step from T0_ to the temperature there is.
void Coupled::finish_char(double dt, double voltage) {
    if (!micro_) return;
    using Clock = std::chrono::steady_clock;
    const bool timed = kinetics_wall_s >= 0.0;
    if (timed) backend_.synchronise();
    const Clock::time_point start = timed ? Clock::now() : Clock::time_point();
    if (field_) {
        if (voltage != 0.0)
            electric_->field_strength(voltage, field_);
        else
            field_.zero();
    }
    micro_->advance(T0_.get(), heat_->T(), dt, field_.get());
    reaction_J_ = micro_->reaction_sum_J();
    if (electric_) electric_->set_char({micro_->front(), nullptr, 0.0});
    if (!timed) return;
    backend_.synchronise();
    kinetics_wall_s += std::chrono::duration<double>(Clock::now() - start).count();
}

void Coupled::follow_char(bool on) {
    follow_ = on && micro_;
    if (!micro_) return;
    micro_->reset();
    heat_->set_capacity_factor(on ? nullptr : micro_->factor());
}

double Coupled::held_capacity_ratio(double T) {
    if (!micro_ || !micro_->factor()) return 1.0;
    const Grid& grid = heat_->grid();
    backend_.fill(grid, T, heat_->T());
    micro_->reset();
    micro_->hold(heat_->T());
    const auto slope = [&](const double* factor) {
        heat_->set_capacity_factor(factor);
        backend_.fill(grid, T + 1.0, heat_->T());
        const double above = stored_J();
        backend_.fill(grid, T - 1.0, heat_->T());
        return above - stored_J();
    };
    const double held = slope(micro_->factor()), converted = slope(nullptr);
    return converted > 0.0 ? held / converted : 1.0;
}

double Coupled::add_heat_sources(double time) {
    if (reaction_J_ != 0.0 && step_ > 0.0)
        backend_.combine(heat_->grid(), 1.0, q_.get(), 1.0 / step_, micro_->reaction_J().get(), q_.get());
    if (source_total_W_ != 0.0) backend_.combine(heat_->grid(), 1.0, q_.get(), 1.0, source_.get(), q_.get());
    double total = source_total_W_ + (step_ > 0.0 ? reaction_J_ / step_ : 0.0);
    if (heat_source) {
        std::vector<double> packed(std::size_t(heat_->grid().cells()));
        heat_source(time, packed);
        for (const double w : packed) total += w;
        const auto field = upload_field(backend_, heat_->grid(), packed);
        backend_.combine(heat_->grid(), 1.0, q_.get(), 1.0, field.get(), q_.get());
    }
    return total;
}

// One implicit stage from the extrapolated temperature in the heat field, towards the enthalpies in h0_.
std::optional<Coupled::Stage> Coupled::solve_stage(double time, double tau, const Drive& drive, double value, double scale,
                                                   StepReport& report, bool goes_on) {
    Stage stage;
    stage.goes_on = goes_on && potential_solved_;
    drive_current(time, drive, value, stage, report);
    stage.source = add_heat_sources(time);
    HeatStage heat;
    heat.balance_factor = balance_factor;
    heat.tau = tau;
    heat.goes_on = goes_on;
    heat.target = tau > 0.0 ? h0_.get() : nullptr;
    heat.q = q_.get();
    heat.time = time;
    heat.heat_scale = std::max({std::abs(stage.power) + std::abs(stage.source), scale});
    ContactCurrents contacts;
    if (stage.voltage != 0.0) {
        contacts = electric_->contact_currents(stage.voltage);
        heat.contacts = &contacts;
    }
    const HeatReport solved = heat_->solve(heat);
    report.newton += solved.newton;
    report.heat_iterations += solved.iterations;
    report.outside_laws = std::max(report.outside_laws, solved.outside_laws);
    if (!solved.converged) return {};
    // what contacts at terminals give to the clamps is lost
    stage.lost = solved.lost_W;
    if (stage.voltage != 0.0) stage.lost += electric_->contact_heat_W() - solved.contact_W;
    return stage;
}

// From T0 with the slope at its end and the curvature of the last step.
void Coupled::extrapolate(double after) {
    const Grid& grid = heat_->grid();
    double* T = heat_->T();
    if (bent_ <= 0.0) {
        backend_.combine(grid, 1.0, T0_.get(), 0.0, T0_.get(), T);
        return;
    }
    // T0 + after ((T0 - T1) / d + b d) + b after^2, b = bend / (d^2 (1 - gamma))
    const double d = bent_, b = after * (d + after) / (d * d * (1.0 - kGamma));
    backend_.combine(grid, 1.0 + after / d, T0_.get(), -after / d, T1_.get(), guess_.get());
    backend_.combine(grid, 1.0, guess_.get(), b, bend_.get(), T);
}

bool Coupled::attempt(double dt, const Drive& drive, StepReport& report) {
    const Grid& grid = heat_->grid();
    step_ = dt;
    potential_solved_ = false;
    const double E0 = heat_->stored(T0_.get(), h0_.get());
    // 1e-9 of this is the rounding of the enthalpies themselves: no balance closes below it
    const double floor = 1e-6 * std::abs(E0) / (kGamma * dt);
    const double middle = time_ + kGamma * dt, end = time_ + dt;
    const bool bends = drive.bends(time_, end);
    const double mean = bends ? drive.effective(time_, end) : 0.0;
    report.kinked = bends || drive.bends(time_ - dt, time_ + 0.5 * dt);
    const bool kinked = report.kinked || kinked_;

    extrapolate(kGamma * dt);
    const auto first = solve_stage(middle, kGamma * dt, drive, bends ? mean : drive.at(middle), floor, report);
    if (!first) return false;
    const double ratio = (1.0 - kGamma) / kGamma;
    backend_.combine(grid, 1.0 / kGamma, heat_->T(), -ratio, T0_.get(), line_.get());
    heat_->stored(heat_->T(), guess_.get());
    backend_.combine(grid, 1.0 - ratio, h0_.get(), ratio, guess_.get(), h0_.get());
    if (bent_ > 0.0)
        backend_.combine(grid, 1.0, line_.get(), dt * dt / (bent_ * bent_), bend_.get(), heat_->T());
    else
        extrapolate(dt);
    backend_.combine(grid, 1.0, heat_->T(), 0.0, heat_->T(), guess_.get());
    const auto second = solve_stage(end, kGamma * dt, drive, bends ? mean : drive.at(end), floor, report, true);
    if (!second) return false;

    const auto change = [&](const Buffer<double>& guess) {
        return backend_.largest_change(grid, guess.get(), heat_->T(), kAbsolute, kRelative, initial_temperature_);
    };
    report.error = kPredictedShare * change(guess_);
    if (bent_ <= 0.0 || kinked) {
        const double curvature = kCurvatureShare * change(line_),
                     estimate = bent_ > 0.0 ? std::max(curvature, report.error / kFarOff) : curvature;
        if (bent_ <= 0.0 || estimate < report.error) report.error = estimate, report.order = 2;
    }
    report.error /= tolerance_factor;
    if (!std::isfinite(report.error)) return false;
    const double E2 = heat_->stored(heat_->T(), guess_.get());
    report.voltage = second->voltage;
    report.current = second->current;
    report.power = second->power;
    if (bends && mean > 0.0) {  // what stands at the end, by the same conductance
        const double share = drive.at(end) / mean, amplitude = drive.mode == Drive::Mode::power ? std::sqrt(share) : share;
        report.voltage *= amplitude;
        report.current *= amplitude;
        report.power *= amplitude * amplitude;
    }
    report.resistance = second->current != 0.0 ? second->voltage / second->current : 0.0;
    report.energy.electrical_J = dt * ((1.0 - kGamma) * first->power + kGamma * second->power);
    report.energy.lost_J = dt * ((1.0 - kGamma) * first->lost + kGamma * second->lost);
    report.energy.source_J = dt * ((1.0 - kGamma) * first->source + kGamma * second->source);
    report.energy.stored_J = E2 - E0;
    return true;
}

StepReport Coupled::advance(double until, const Drive& drive) {
    const Grid& grid = heat_->grid();
    backend_.combine(grid, 1.0, heat_->T(), 0.0, heat_->T(), T0_.get());
    double dt = std::min(next_step_, largest_step);
    const double left = until - time_;
    // no sliver at the end: a last step is as long as the one before it
    if (dt >= left * (1.0 - 1e-9))
        dt = left;
    else if (dt > 0.5 * left)
        dt = 0.5 * left;
    StepReport report;
    for (int rejected = 0;; ++rejected) {
        report = {};
        report.rejected = rejected;
        const bool solved = attempt(dt, drive, report);
        if (solved && (report.error <= 1.0 || dt <= smallest_step * (1.0 + 1e-9))) break;
        if (!solved && dt <= smallest_step * (1.0 + 1e-9)) {
            backend_.combine(grid, 1.0, T0_.get(), 0.0, T0_.get(), heat_->T());
            const double rise =
                bent_ > 0.0 ? backend_.largest_change(grid, T1_.get(), T0_.get(), 1.0, 0.0, 0.0) / bent_ : 0.0;  // [K/s]
            throw SolveError((rise > kRunawayRise ? "thermal runaway" : "heat") + std::string(": a step of ") +
                             std::to_string(dt) + " s at " + std::to_string(time_) + " s does not converge");
        }
        const double shrink = solved ? std::clamp(0.9 / std::pow(report.error, 1.0 / report.order), 0.2, 0.7) : 0.25;
        dt = std::max(dt * shrink, std::min(smallest_step, left));
    }
    backend_.combine(grid, 1.0, heat_->T(), -1.0, line_.get(), bend_.get());
    finish_char(dt, report.voltage);
    step_ = 0.0;
    bent_ = dt;
    T1_.swap(T0_);
    next_step_ = std::clamp(dt * std::clamp(0.9 / std::pow(std::max(report.error, 1e-4), 1.0 / report.order), 0.3, 3.0),
                            smallest_step, largest_step);
    kinked_ = report.kinked;
    time_ += dt;
    if (std::abs(until - time_) <= 1e-9 * std::max(1.0, std::abs(until))) time_ = until;
    report.time = time_;
    report.dt = dt;
    energy_.add(report.energy);
    return report;
}

void Coupled::set_conductivity_factor(int material, double factor) {
    if (electric_) electric_->set_conductivity_factor(material, factor);
}
void Coupled::set_thermal_conductivity_factor(int material, double factor) {
    heat_->set_conductivity_factor(material, factor);
}
void Coupled::set_emissivity_factor(double factor) {
    heat_->set_emissivity_factor(factor);
}
void Coupled::set_contact_factor(std::size_t terminal, double factor) {
    heat_->set_contact_factor(terminal, factor);
    if (electric_) electric_->set_contact_factor(terminal, factor);
}
void Coupled::set_cell_conductivity_factor(const std::vector<float>& packed) {
    if (electric_) electric_->set_cell_factor(packed);
}

double Coupled::shift_temperature(const std::vector<double>& packed) {
    const Grid& grid = heat_->grid();
    if (!shift_) {
        shift_ = Buffer<double>::field(backend_, grid);
        shift_staging_ = Buffer<double>(backend_, grid.cells());
    }
    constexpr double kLeast = 0.1;  // of its temperature: no cell may cross absolute zero
    shift_host_ = packed;
    const auto T = heat_->temperature_K();  // NaN in void
    for (std::size_t c = 0; c < shift_host_.size(); ++c)
        shift_host_[c] = std::isfinite(T[c]) ? std::max(shift_host_[c], (kLeast - 1.0) * T[c]) : 0.0;
    backend_.upload(shift_staging_.get(), shift_host_.data(), shift_staging_.bytes());
    backend_.scatter(grid, shift_staging_.get(), shift_.get());
    Energy change;
    const double before = stored_J();
    backend_.combine(grid, 1.0, heat_->T(), 1.0, shift_.get(), heat_->T());
    if (bent_ > 0.0) backend_.combine(grid, 1.0, T1_.get(), 1.0, shift_.get(), T1_.get());
    change.assimilated_J = change.stored_J = stored_J() - before;
    energy_.add(change);
    return change.assimilated_J;
}

double Coupled::stored_J() {
    return heat_->stored(heat_->T(), guess_.get());
}

double Coupled::resistance() {
    electric_->set_temperature(heat_->T(), char_at(time_));
    return 1.0 / electric_->solve_conductance(kCurrents * balance_factor, kPotential * balance_factor);
}

StepReport Coupled::impose(double until, double T) {
    StepReport report;
    const double before = stored_J();
    backend_.combine(heat_->grid(), 1.0, heat_->T(), 0.0, heat_->T(), T0_.get());
    backend_.fill(heat_->grid(), T, heat_->T());
    report.energy.stored_J = report.energy.source_J = stored_J() - before;
    report.dt = until - time_;
    finish_char(report.dt, 0.0);
    report.time = time_ = until;
    energy_.add(report.energy);
    return report;
}

StepReport Coupled::steady(const Drive& drive, double tolerance) {
    const Grid& grid = heat_->grid();
    if (!heat_->surfaces().hold_temperature())
        throw InputError(
            "run.steady: nothing holds the temperature; allowed: a surface, face or terminal with a temperature or an "
            "exchange");
    StepReport report;
    double last = 1e300;
    int growing = 0;
    for (int pass = 0; pass < 400; ++pass) {
        backend_.combine(grid, 1.0, heat_->T(), 0.0, heat_->T(), T0_.get());
        if (follow_) micro_->hold(heat_->T());
        const auto stage = solve_stage(0.0, 0.0, drive, drive.at(0.0), 0.0, report);
        if (!stage) throw SolveError("steady: the heat balance does not converge");
        report.voltage = stage->voltage;
        report.current = stage->current;
        report.power = stage->power;
        report.resistance = stage->current != 0.0 ? stage->voltage / stage->current : 0.0;
        report.energy.electrical_J = stage->power;  // [W] here: the balance of a second
        report.energy.source_J = stage->source;
        report.energy.lost_J = stage->lost;
        const double change = backend_.largest_change(grid, T0_.get(), heat_->T(), 1.0, 0.0, 0.0);  // [K]
        if (!std::isfinite(change)) throw SolveError("steady: thermal runaway: the temperature grows without bound");
        if (change <= tolerance) return report;
        growing = change > last ? growing + 1 : 0;
        if (growing > 8 || change > 1e6)
            throw SolveError("steady: thermal runaway: at this " +
                             std::string(drive.mode == Drive::Mode::voltage ? "voltage" : "drive") +
                             " there is no steady state; the conductivity rises faster than the heat can leave");
        last = change;
    }
    throw SolveError("steady: no steady state within 400 passes");
}

}  // namespace jt
