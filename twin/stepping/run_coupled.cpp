// SPDX-License-Identifier: Apache-2.0
#include "twin/stepping/run_coupled.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "kernels/error.hpp"
#include "twin/bed/voxelise.hpp"
#include "twin/stepping/run_events.hpp"
#include "twin/stepping/run_view.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

// A step ends with a ramp of the supply that takes more than this share of it; shorter ones are inside it.
constexpr double kLongRamp = 0.2;
constexpr double kNever = std::numeric_limits<double>::infinity();

double next_after(const std::vector<double>& sorted, double t) {
    const auto at = std::upper_bound(sorted.begin(), sorted.end(), t + 1e-9);
    return at == sorted.end() ? kNever : *at;
}

// Signs of filamentation: the bed carries the current, which gathers more than it did in the cold bed, and a part of the bed is
// hotter than the rest.
constexpr double kFilamentGrowth = 1.1, kFilamentHotter = 100.0;  // of |J|/J0, 99th percentile; T max over T mean [K]
constexpr double kRunaway = 5000.0;                               // [K] beyond every law

class Run {
public:
    Run(Backend& backend, const Scenario& scenario, RunObserver& observer, ArchiveMap* resume)
        : backend_(backend), scenario_(scenario), observer_(observer) {
        out_.bed = voxelise(scenario, out_.findings);
        out_.steady = scenario.run.steady;
        twin_.emplace(backend, out_.bed, scenario);
        twin_->largest_step = std::max(0.5, scenario.run.duration / 200.0);
        collect_corners();
        if (scenario.heater) prepare_heater(resume);
        if (scenario.run.steady) refuse_loops();
        view_.emplace(backend, scenario, out_.bed, *twin_);
        if (resume) {
            Archive archive(*resume, false);
            state(archive);
        } else if (twin_->has_electric()) {
            twin_->resistance();
            cold_crowding_ = twin_->electric()->report(1.0).crowding;
        }
        observer.starting(*twin_);
    }

    CoupledRun all() {
        start_ = std::chrono::steady_clock::now();
        wall_before_ = out_.wall_s;
        try {
            if (scenario_.run.steady)
                steady();
            else
                march();
        } catch (const SolveError& error) {
            out_.failure = error.what();
            event(twin_->time(), error.what());
        }
        finish();
        if (Microstructure* m = twin_->microstructure(); m && m->has_product()) {
            Product product;
            product.means = m->means();
            product.distributions = m->distributions();
            product.cells = m->product_cells();
            product.outside_calibration = m->cells_outside_calibration();
            product.mass_kg = m->product_mass_kg();
            product.observed = m->observed();
            product.released_kg = m->released_kg();
            out_.product = std::move(product);
        }
        return std::move(out_);
    }

private:
    void march() {
        const double end = scenario_.run.duration;
        bool going = true;
        while (going) {
            const double t = twin_->time();
            if ((control_ || supply_) && t >= next_sample_ - 1e-9) {
                sample(t);
                next_sample_ = double(++samples_) / scenario_.heater->supply.update;
            }
            const bool last = t >= end - 1e-9;
            if (record_due(t, last)) {
                next_output_ = double(++outputs_) * scenario_.run.output_every;
                going = record(t);
            }
            if (last || !going) break;
            double until = std::min({end, next_output_, next_after(corners_, t)});
            if (control_ || supply_) until = std::min(until, next_sample_);
            if (imposed_) {
                impose(until);
            } else {
                const Drive drive = drive_at(t);
                if (supply_) {
                    if (const double change = supply_->next_change(t); change < until - 1e-9) until = change;
                    if (ramp_end_ - t > kLongRamp * (until - t)) until = std::min(until, ramp_end_);
                }
                note(timed([&] { return twin_->advance(until, drive); }));
            }
            going = observer_.stepped(out_);
            const double reached = twin_->time();
            if (going && !record_due(reached, reached >= end - 1e-9) && observer_.wants_sample(reached)) {
                const RunRecord row = view_->look(reached, moment()).record;
                observer_.sampled(out_, row, *view_);
            }
        }
        out_.interrupted = twin_->time() < end - 1e-9;
    }

    bool record_due(double t, bool last) const {
        return t >= next_output_ - 1e-9 || (last && (out_.records.empty() || out_.records.back().time_s < t - 1e-9));
    }

    template <class Step>
    StepReport timed(Step step) {
        const auto began = std::chrono::steady_clock::now();
        StepReport report = step();
        out_.step_wall_s += std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        return report;
    }

    void refuse_loops() const {
        if (control_ || supply_)
            throw InputError(
                "run.steady: a closed loop, a delay or a slew limit has no steady state of its own; allowed: "
                "heater.mode \"voltage\", \"current\" or \"power\" without supply.slew and supply.delay");
    }

    // The state in which nothing changes any more, as one record.
    void steady() {
        const StepReport reached = twin_->steady(drive_);
        note(reached);
        steady_power_ = reached.energy;
        record(0.0);
    }

    // The bed follows the heater's program exactly; what that takes is booked as source.
    void impose(double until) {
        const double target = scenario_.heater->program.at(until);
        note(timed([&] { return twin_->impose(until, target); }));
    }

    void finish() {
        out_.simulated_s = twin_->time();
        out_.energy = scenario_.run.steady ? steady_power_ : twin_->energy();
        const Energy& e = out_.energy;
        const double scale =
            std::max({std::abs(e.electrical_J), std::abs(e.lost_J), std::abs(e.stored_J), std::abs(e.source_J)});
        out_.energy_residual_relative = scale > 0.0 ? std::abs(e.residual_J()) / scale : 0.0;
        out_.bytes_per_cell = double(backend_.peak_bytes()) / double(out_.bed.extents.count());
        out_.wall_s = wall();
    }

    double wall() const {
        return wall_before_ + std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }

    // Everything that a run going on from here depends on.
    void state(Archive& a) {
        a.scope("twin", [&](Archive& inner) { twin_->state(inner); });
        if (supply_) a.scope("supply", [&](Archive& inner) { supply_->state(inner); });
        if (control_) a.scope("control", [&](Archive& inner) { control_->state(inner); });
        if (sensor_) a.scope("sensor", [&](Archive& inner) { sensor_->state(inner); });
        a("next_output", next_output_), a("next_sample", next_sample_), a("outputs", outputs_), a("samples", samples_);
        a("voltage", last_.voltage), a("current", last_.current), a("power", last_.power), a("resistance", last_.resistance);
        a("reading", reading_), a("tripped", tripped_), a("at_current", at_current_), a("at_voltage", at_voltage_);
        a("outside", outside_), a("inaccurate", inaccurate_), a("filament", filament_), a("uncalibrated", uncalibrated_);
        a("outside_calibration", out_.outside_calibration), a("cold_crowding", cold_crowding_);
        a("steps", out_.steps), a("rejected", out_.rejected), a("newton", out_.newton);
        a("heat_iterations", out_.heat_iterations), a("potential_iterations", out_.potential_iterations);
        a("current_balance", out_.current_balance_relative), a("wall", out_.wall_s);
        a("step_wall", out_.step_wall_s);
        archive_records(a);
        archive_events(a);
    }

    void archive_records(Archive& a) {
        std::vector<double> count{double(out_.records.size())};
        a("records", count);
        if (!a.saving()) out_.records.resize(std::size_t(count.front()));
        std::vector<std::pair<const char*, double RunRecord::*>> plain{
            {"time_s", &RunRecord::time_s},       {"T_mean_K", &RunRecord::T_mean_K},     {"T_max_K", &RunRecord::T_max_K},
            {"T_min_K", &RunRecord::T_min_K},     {"T_spread_K", &RunRecord::T_spread_K}, {"voltage_V", &RunRecord::voltage_V},
            {"current_A", &RunRecord::current_A}, {"power_W", &RunRecord::power_W}};
        std::vector<std::pair<const char*, std::optional<double> RunRecord::*>> maybe{
            {"setpoint_K", &RunRecord::setpoint_K},         {"reading_K", &RunRecord::reading_K},
            {"resistance_ohm", &RunRecord::resistance_ohm}, {"J_crowding", &RunRecord::J_crowding},
            {"J_crowding_max", &RunRecord::J_crowding_max}, {"J_max_A_per_m2", &RunRecord::J_max_A_per_m2}};
        const auto column = [&](const std::string& name, auto get, auto set) {
            std::vector<double> values;
            if (a.saving())
                for (const RunRecord& r : out_.records) values.push_back(get(r));
            a("record_" + name, values);
            if (a.saving()) return;
            if (values.size() != out_.records.size()) throw InputError("checkpoint: the records do not fit together");
            for (std::size_t n = 0; n < values.size(); ++n) set(out_.records[n], values[n]);
        };
        const auto widen = [](std::optional<double> value) { return value.value_or(std::nan("")); };
        const auto narrow = [](double value) { return std::isnan(value) ? std::nullopt : std::optional(value); };
        for (const auto& [name, member] : plain)
            column(
                name, [m = member](const RunRecord& r) { return r.*m; }, [m = member](RunRecord& r, double v) { r.*m = v; });
        for (const auto& [name, member] : maybe)
            column(
                name, [&, m = member](const RunRecord& r) { return widen(r.*m); },
                [&, m = member](RunRecord& r, double v) { r.*m = narrow(v); });
        if (const Microstructure* m = twin_->microstructure(); m && m->has_product())
            for (const auto& name : observable_names(m->observed()))
                column(
                    name, [&](const RunRecord& r) { return r.microstructure.at(name); },
                    [&](RunRecord& r, double v) { r.microstructure[name] = v; });
        for (const Probe& probe : scenario_.probes)
            column(
                "probe_" + probe.name, [&](const RunRecord& r) { return widen(r.probes.at(probe.name)); },
                [&](RunRecord& r, double v) { r.probes[probe.name] = narrow(v); });
    }

    void archive_events(Archive& a) {
        std::vector<double> count{double(out_.events.size())};
        a("events", count);
        if (!a.saving()) out_.events.resize(std::size_t(count.front()));
        for (std::size_t n = 0; n < out_.events.size(); ++n) {
            RunEvent& one = out_.events[n];
            std::vector<double> letters(one.text.begin(), one.text.end());
            a("event_time_" + std::to_string(n), one.time_s);
            a("event_text_" + std::to_string(n), letters);
            if (!a.saving()) {
                one.text.clear();
                for (const double letter : letters) one.text += char(letter);
            }
        }
    }

    void collect_corners() {
        corners_ = twin_->heat().surfaces().corners();
        if (scenario_.heater) {
            const auto& own = scenario_.heater->program.time;
            corners_.insert(corners_.end(), own.begin(), own.end());
        }
        std::sort(corners_.begin(), corners_.end());
    }

    void prepare_heater(ArchiveMap* resume) {
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
                imposed_ = true;
                break;
            case Heater::Mode::temperature: {
                drive_.mode = Drive::Mode::current;
                supply_.emplace(heater.supply);
                const auto found = std::find_if(scenario_.sensors.begin(), scenario_.sensors.end(),
                                                [&](const Sensor& s) { return s.name == heater.feedback; });
                sensor_.emplace(backend_, *found, out_.bed, twin_->heat());
                const double highest = *std::max_element(heater.program.value.begin(), heater.program.value.end());
                control_.emplace(heater.program, plant_table(resume, highest + 50.0), heater.supply, sensor_->floor_K());
                break;
            }
        }
        if (supply_) drive_.program = nullptr;
    }

    // Tabulated at the start of a run; a resumed one finds it in its state.
    PlantTable plant_table(ArchiveMap* resume, double highest) {
        PlantTable table = resume ? PlantTable{} : tabulate_plant(*twin_, out_.bed, *sensor_, highest);
        if (resume) {
            Archive archive(*resume, false);
            archive.scope("plant", [&](Archive& a) { plant_state(a, table); });
        } else {
            observer_.tabulated(table);
        }
        return table;
    }
    static void plant_state(Archive& a, PlantTable& table) {
        a("T", table.T), a("loss_W", table.loss_W), a("capacity_J_per_K", table.capacity_J_per_K);
        a("resistance_ohm", table.resistance_ohm);
    }

    // One control sample: reading, trip, command.
    void sample(double t) {
        const Heater& heater = *scenario_.heater;
        double command = heater.mode == Heater::Mode::current ? heater.program.at(t) : 0.0;
        if (sensor_) {
            reading_ = sensor_->read(t, twin_->heat());
            if (heater.limit_temperature && *reading_ > *heater.limit_temperature && !tripped_) {
                tripped_ = true;
                event(t, std::string(event_text::kLimitTemperature) +
                             format_for_people(*heater.limit_temperature, Dimension::temperature) +
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
        if (now && !before) event(t, std::string(event_text::kSupplyLimit) + what);
        before = now;
    }

    void event(double t, const std::string& text) { out_.events.push_back({t, text}); }

    void note(const StepReport& step) {
        last_ = step;
        ++out_.steps;
        out_.rejected += step.rejected;
        out_.newton += step.newton;
        out_.heat_iterations += step.heat_iterations;
        out_.potential_iterations += step.potential_iterations;
        if (!supply_) {
            limit(step.time, step.at_current_limit, "current", at_current_);
            limit(step.time, step.at_voltage_limit, "voltage", at_voltage_);
        }
        if (step.outside_laws > 0 && !outside_) {
            outside_ = true;
            event(step.time,
                  std::to_string(step.outside_laws) + std::string(event_text::kOutsideLaws) + "; the value at its end is used");
        }
        if (step.error > 1.0 && !inaccurate_) {
            inaccurate_ = true;
            event(step.time, std::string(event_text::kInaccurateStep) + format_for_people(step.error, Dimension::number) +
                                 " times the tolerance");
        }
        out_.current_balance_relative = std::max(out_.current_balance_relative, step.current_balance_relative);
    }

    RunView::Moment moment() const { return {last_.voltage, last_.current, last_.power, reading_, imposed_}; }

    bool record(double t) {
        const RunView::Look seen = view_->look(t, moment());
        const RunRecord& r = seen.record;
        if (Microstructure* m = twin_->microstructure(); m && m->has_product()) calibration(t, *m);
        if (seen.electric) {
            const ElectricReport& e = *seen.electric;
            out_.current_balance_relative = std::max(out_.current_balance_relative, e.current_balance_relative);
            if (!filament_ && e.crowding > std::max(1.0, kFilamentGrowth * cold_crowding_) && seen.hotter_K > kFilamentHotter) {
                filament_ = true;
                event(t, std::string(event_text::kFilamentation) +
                             "the current gathers in hot channels; |J|/J0 (99th percentile) has grown from " +
                             format_for_people(cold_crowding_, Dimension::number) + " to " +
                             format_for_people(e.crowding, Dimension::number) + " and the hottest place is " +
                             format_for_people(seen.hotter_K, Dimension::temperature_difference) + " above the mean");
            }
        }
        out_.records.push_back(r);
        finish();
        bool going = observer_.recorded(out_, out_.records.back(), *view_);
        if (observer_.wants_state()) {
            ArchiveMap kept;
            Archive archive(kept, true);
            state(archive);
            if (control_) {
                PlantTable table = control_->plant();
                archive.scope("plant", [&](Archive& a) { plant_state(a, table); });
            }
            observer_.keep_state(kept);
        }
        if (r.T_max_K > kRunaway)
            throw SolveError("thermal runaway: the hottest place has passed " +
                             format_for_people(kRunaway, Dimension::temperature) + " at " +
                             format_for_people(t, Dimension::time));
        return going;
    }

    void calibration(double t, Microstructure& m) {
        const std::int64_t outside = m.cells_outside_calibration();
        out_.outside_calibration = std::max(out_.outside_calibration, outside);
        if (outside == 0 || uncalibrated_) return;
        uncalibrated_ = true;
        event(t, std::to_string(outside) + std::string(event_text::kOutsideCalibration) +
                     " (Th 744 to 1350 degC): what is shown of them is extrapolated");
    }

    Backend& backend_;
    const Scenario& scenario_;
    RunObserver& observer_;
    CoupledRun out_;
    std::optional<Coupled> twin_;
    std::optional<RunView> view_;
    std::optional<FeedbackSensor> sensor_;
    std::optional<TemperatureControl> control_;
    std::optional<PowerSupply> supply_;
    Drive drive_;
    Program ramp_;  // of the supply, from the step's start
    double ramp_end_ = kNever;
    StepReport last_;
    std::optional<double> reading_;
    std::vector<double> corners_;
    double next_output_ = 0.0, next_sample_ = 0.0, wall_before_ = 0.0, cold_crowding_ = 0.0;
    long outputs_ = 0, samples_ = 0;
    Energy steady_power_;  // [W] of the steady state
    std::chrono::steady_clock::time_point start_;
    bool imposed_ = false, tripped_ = false, at_current_ = false, at_voltage_ = false, outside_ = false, filament_ = false,
         inaccurate_ = false, uncalibrated_ = false;
};

}  // namespace

PlantTable tabulate_plant(Coupled& twin, const Bed& bed, FeedbackSensor& sensor, double highest) {
    PlantTable table;
    const std::vector<double> initial(bed.extents.count(), bed.temperature);
    twin.follow_char(true);

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
    const auto uniform_J = [&](double T) {
        twin.heat().set_temperature_K(std::vector<double>(bed.extents.count(), T));
        return twin.stored_J();
    };
    for (std::size_t n = 0; n < states.size(); ++n) {
        const State& a = states[n > 0 ? n - 1 : 0];
        const State& b = states[std::min(n + 1, states.size() - 1)];
        table.T.push_back(states[n].T);
        table.loss_W.push_back(states[n].P);
        table.resistance_ohm.push_back(states[n].R);
        // Of the body as a whole where heat spreads slower than it heats, so that the sensor's place is one like any other;
        // less where a part stays colder than the sensor.
        const double whole = b.T > a.T ? (uniform_J(b.T) - uniform_J(a.T)) / (b.T - a.T) : 0.0;
        table.capacity_J_per_K.push_back(b.T > a.T ? std::min((b.E - a.E) / (b.T - a.T), whole) : 0.0);
    }
    for (std::size_t n = 0; n < states.size(); ++n) table.capacity_J_per_K[n] *= twin.held_capacity_ratio(states[n].T);
    twin.follow_char(false);
    twin.heat().set_temperature_K(initial);
    twin.heat().refresh_surfaces(0.0);
    return table;
}

CoupledRun run_coupled(Backend& backend, const Scenario& scenario, RunObserver& observer, ArchiveMap* state) {
    return Run(backend, scenario, observer, state).all();
}

CoupledRun run_coupled(Backend& backend, const Scenario& scenario, const RunProgress& progress, const RunHooks& hooks) {
    struct Hooked : RunObserver {
        Hooked(const RunProgress& p, const RunHooks& h) : progress(p), hooks(h) {}
        void starting(Coupled& twin) override {
            if (hooks.before) hooks.before(twin);
        }
        bool stepped(const CoupledRun& run) override { return !progress || progress(run, nullptr); }
        bool recorded(const CoupledRun& run, const RunRecord& fresh, RunFields& fields) override {
            if (hooks.at_record) hooks.at_record(fields.twin(), fresh);
            return !progress || progress(run, &fresh);
        }
        const RunProgress& progress;
        const RunHooks& hooks;
    } observer(progress, hooks);
    CoupledRun run = run_coupled(backend, scenario, observer);
    if (run.failure) throw SolveError(*run.failure);
    return run;
}

}  // namespace jt
