// SPDX-License-Identifier: Apache-2.0
#include "twin/stepping/run_coupled.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "kernels/error.hpp"
#include "twin/bed/voxelise.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

double next_after(const std::vector<double>& sorted, double t) {
    const auto at = std::upper_bound(sorted.begin(), sorted.end(), t + 1e-9);
    return at == sorted.end() ? kNever : *at;
}

double percentile(std::vector<double>& values, double rank) {
    const auto n = std::min(values.size() - 1, std::size_t(rank * double(values.size())));
    std::nth_element(values.begin(), values.begin() + std::ptrdiff_t(n), values.end());
    return values[n];
}

class Run {
public:
    Run(Backend& backend, const Scenario& scenario, const RunProgress& progress, const RunHooks& hooks)
        : backend_(backend), scenario_(scenario), progress_(progress), hooks_(hooks) {
        out_.bed = voxelise(scenario, out_.findings);
        twin_.emplace(backend, out_.bed, scenario);
        twin_->largest_step = std::max(0.5, scenario.run.duration / 200.0);
        collect_corners();
        if (scenario.heater) prepare_heater();
        if (hooks.before) hooks.before(*twin_);
    }

    CoupledRun all() {
        const auto start = std::chrono::steady_clock::now();
        const double end = scenario_.run.duration;
        double next_output = 0.0, next_sample = 0.0;
        long outputs = 0, samples = 0;
        bool going = true;
        while (going) {
            const double t = twin_->time();
            if (control_ || supply_) {
                if (t >= next_sample - 1e-9) {
                    sample(t);
                    next_sample = double(++samples) / scenario_.heater->supply.update;
                }
            }
            if (t >= next_output - 1e-9 ||
                (t >= end - 1e-9 && (out_.records.empty() || out_.records.back().time_s < t - 1e-9))) {
                out_.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
                going = record(t);
                next_output = double(++outputs) * scenario_.run.output_every;
            }
            if (t >= end - 1e-9 || !going) break;
            double until = std::min({end, next_output, next_after(corners_, t)});
            if (control_ || supply_) until = std::min(until, next_sample);
            const Drive drive = drive_at(t);
            if (supply_) until = std::min({until, supply_->next_change(t), ramp_end_});
            const StepReport step = twin_->advance(until, drive);
            note(step);
            if (progress_ && !progress_(out_, nullptr)) going = false;
        }
        out_.interrupted = twin_->time() < end - 1e-9;
        out_.simulated_s = twin_->time();
        out_.energy = twin_->energy();
        const Energy& e = out_.energy;
        const double scale =
            std::max({std::abs(e.electrical_J), std::abs(e.lost_J), std::abs(e.stored_J), std::abs(e.source_J)});
        out_.energy_residual_relative = scale > 0.0 ? std::abs(e.residual_J()) / scale : 0.0;
        out_.bytes_per_cell = double(backend_.peak_bytes()) / double(out_.bed.extents.count());
        out_.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return std::move(out_);
    }

private:
    void collect_corners() {
        corners_ = twin_->heat().surfaces().corners();
        if (scenario_.heater) {
            const auto& own = scenario_.heater->program.time;
            corners_.insert(corners_.end(), own.begin(), own.end());
        }
        std::sort(corners_.begin(), corners_.end());
    }

    void prepare_heater() {
        const Heater& heater = *scenario_.heater;
        drive_.program = &heater.program;
        drive_.most_current = heater.supply.current;
        drive_.most_voltage = heater.supply.voltage;
        switch (heater.mode) {
            case Heater::Mode::voltage:
                drive_.mode = Drive::Mode::voltage;
                break;
            case Heater::Mode::power:
                drive_.mode = Drive::Mode::power;
                break;
            case Heater::Mode::current:
                drive_.mode = Drive::Mode::current;
                if (heater.supply.slew || heater.supply.delay > 0.0) supply_.emplace(heater.supply);
                break;
            case Heater::Mode::imposed:
                drive_.mode = Drive::Mode::none;
                break;
            case Heater::Mode::temperature: {
                drive_.mode = Drive::Mode::current;
                supply_.emplace(heater.supply);
                const auto found = std::find_if(scenario_.sensors.begin(), scenario_.sensors.end(),
                                                [&](const Sensor& s) { return s.name == heater.feedback; });
                sensor_.emplace(*found, out_.bed, twin_->heat());
                const double highest = *std::max_element(heater.program.value.begin(), heater.program.value.end());
                control_.emplace(heater.program, tabulate_plant(*twin_, out_.bed, *sensor_, highest + 50.0), heater.supply,
                                 sensor_->floor_K());
                break;
            }
        }
        if (supply_) drive_.program = nullptr;
    }

    // One control sample: reading, trip, command.
    void sample(double t) {
        const Heater& heater = *scenario_.heater;
        double command = heater.mode == Heater::Mode::current ? heater.program.at(t) : 0.0;
        if (sensor_) {
            reading_ = sensor_->read(t, twin_->heat());
            if (heater.limit_temperature && *reading_ > *heater.limit_temperature && !tripped_) {
                tripped_ = true;
                event(t, "temperature limit of " + format_for_people(*heater.limit_temperature, Dimension::temperature) +
                             " reached: the current is switched off");
            }
        }
        if (control_) command = control_->command(t, {reading_, last_.current, last_.voltage});
        supply_->command(t, tripped_ ? 0.0 : command);
    }

    Drive drive_at(double t) {
        Drive now = drive_;
        if (supply_) {
            const PowerSupply::Ramp ramp = supply_->current(t, last_.resistance);
            ramp_.time = {t, std::max(ramp.end, t)};
            ramp_.value = {ramp.now, ramp.target};
            ramp_end_ = ramp.end > t + 1e-9 ? ramp.end : kNever;
            now.program = &ramp_;
            limit(t, supply_->at_current_limit(), "current", at_current_);
            limit(t, supply_->at_voltage_limit(), "voltage", at_voltage_);
        }
        return now;
    }

    void limit(double t, bool now, const char* what, bool& before) {
        if (now && !before) event(t, std::string("supply at its limit of ") + what);
        before = now;
    }

    void event(double t, const std::string& text) { out_.events.push_back({t, text}); }

    void note(const StepReport& step) {
        last_ = step;
        ++out_.steps;
        out_.rejected += step.rejected;
        if (!supply_) {
            limit(step.time, step.at_current_limit, "current", at_current_);
            limit(step.time, step.at_voltage_limit, "voltage", at_voltage_);
        }
        if (step.outside_laws > 0 && !outside_) {
            outside_ = true;
            event(step.time, std::to_string(step.outside_laws) +
                                 " cells are outside the temperature range of a law; the value at its end is used");
        }
        out_.current_balance_relative = std::max(out_.current_balance_relative, step.current_balance_relative);
    }

    bool record(double t) {
        RunRecord r;
        r.time_s = t;
        const auto T = twin_->heat().temperature_K();
        std::vector<double> product;
        double total = 0.0;
        r.T_max_K = -kNever;
        for (std::size_t c = 0; c < T.size(); ++c) {
            if (!std::isfinite(T[c])) continue;
            r.T_max_K = std::max(r.T_max_K, T[c]);
            if (!out_.bed.product.empty() && !out_.bed.product[c]) continue;
            product.push_back(T[c]);
            total += T[c];
        }
        r.T_mean_K = total / double(product.size());
        r.T_min_K = *std::min_element(product.begin(), product.end());
        r.T_spread_K = percentile(product, 0.95) - percentile(product, 0.05);
        if (scenario_.heater && scenario_.heater->mode == Heater::Mode::temperature)
            r.setpoint_K = scenario_.heater->program.at(t);
        r.reading_K = reading_;
        r.voltage_V = last_.voltage, r.current_A = last_.current, r.power_W = last_.power;
        std::vector<float> J;
        if (last_.current > 0.0) {
            const ElectricReport e = twin_->electric()->report(last_.voltage);
            r.resistance_ohm = e.resistance;
            r.J_crowding = e.crowding;
            r.J_crowding_max = e.crowding_max;
            r.J_max_A_per_m2 = e.crowding_max * e.J0_A_per_m2;
            out_.current_balance_relative = std::max(out_.current_balance_relative, e.current_balance_relative);
        }
        for (const Probe& probe : scenario_.probes) r.probes[probe.name] = probe_value(probe, T);
        out_.records.push_back(r);
        if (hooks_.at_record) hooks_.at_record(*twin_, r);
        return !progress_ || progress_(out_, &out_.records.back());
    }

    std::optional<double> probe_value(const Probe& probe, const std::vector<double>& T) {
        const Extents& e = out_.bed.extents;
        std::array<int, 3> at{};
        for (std::size_t a = 0; a < 3; ++a) at[a] = std::clamp(int(probe.at[a] / e.spacing()[a]), 0, e.cells()[a] - 1);
        const std::size_t cell = e.index(at[0], at[1], at[2]);
        double value = std::nan("");
        if (probe.quantity == "T_K")
            value = T[cell];
        else if (ElectricField* electric = twin_->electric(); electric && last_.current > 0.0) {
            if (probe.quantity == "phi_V") value = electric->potential_V()[cell];
            if (probe.quantity == "J_A_per_m2") value = double(electric->current_density_A_per_m2()[cell]);
            if (probe.quantity == "J_over_J0")
                value = double(electric->current_density_A_per_m2()[cell]) /
                        (last_.current / out_.bed.section(axis_of(scenario_.terminals.front().face)));
            if (probe.quantity == "sigma_S_per_m")
                value = electric->conductivity_S_per_m(axis_of(scenario_.terminals.front().face))[cell];
            if (probe.quantity == "q_W_per_m3") value = electric->joule_heat_W_per_m3()[cell];
        }
        return std::isfinite(value) ? std::optional(value) : std::nullopt;
    }

    Backend& backend_;
    const Scenario& scenario_;
    const RunProgress& progress_;
    const RunHooks& hooks_;
    CoupledRun out_;
    std::optional<Coupled> twin_;
    std::optional<FeedbackSensor> sensor_;
    std::optional<TemperatureControl> control_;
    std::optional<PowerSupply> supply_;
    Drive drive_;
    Program ramp_;  // of the supply, from the step's start
    double ramp_end_ = kNever;
    StepReport last_;
    std::optional<double> reading_;
    std::vector<double> corners_;
    bool tripped_ = false, at_current_ = false, at_voltage_ = false, outside_ = false;
};

}  // namespace

PlantTable tabulate_plant(Coupled& twin, const Bed& bed, const FeedbackSensor& sensor, double highest) {
    PlantTable table;
    const std::vector<double> initial(bed.extents.count(), bed.temperature);

    twin.heat().set_temperature_K(initial);
    struct State {
        double T, E, P, R;
    };
    std::vector<State> states;
    const auto add = [&](double P, double R) { states.push_back({sensor.truth(twin.heat()), twin.stored_J(), P, R}); };
    if (!twin.heat().surfaces().hold_temperature()) {
        // nothing leaves: the bed warms uniformly
        for (double T = bed.temperature; T < highest + 50.0; T += 50.0) {
            twin.heat().set_temperature_K(std::vector<double>(bed.extents.count(), T));
            states.push_back({T, twin.stored_J(), 0.0, twin.resistance()});
        }
    } else {
        double P = 1e-4, factor = 4.0;
        states.push_back({bed.temperature, twin.stored_J(), 0.0, twin.resistance()});
        while (states.back().T < highest && P < 1e9) {
            const StepReport r = twin.steady({Drive::Mode::power, P, nullptr, {}, {}}, 0.05);
            const double before = states.back().T;
            add(P, r.resistance);
            // fine where it matters, coarse where nothing happens
            factor = states.back().T - before < 20.0 ? 4.0 : 1.5;
            if (states.back().T <= before + 1e-6) states.pop_back();
            P *= factor;
        }
    }
    for (std::size_t n = 0; n < states.size(); ++n) {
        const State& a = states[n > 0 ? n - 1 : 0];
        const State& b = states[std::min(n + 1, states.size() - 1)];
        table.T.push_back(states[n].T);
        table.loss_W.push_back(states[n].P);
        table.resistance_ohm.push_back(states[n].R);
        table.capacity_J_per_K.push_back(b.T > a.T ? (b.E - a.E) / (b.T - a.T) : 0.0);
    }
    twin.heat().set_temperature_K(initial);
    twin.heat().refresh_surfaces(0.0);
    return table;
}

CoupledRun run_coupled(Backend& backend, const Scenario& scenario, const RunProgress& progress, const RunHooks& hooks) {
    return Run(backend, scenario, progress, hooks).all();
}

}  // namespace jt
