// SPDX-License-Identifier: Apache-2.0
#include "bridge/heater/plant.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "kernels/error.hpp"
#include "twin/bed/voxelise.hpp"
#include "twin/heater/supply.hpp"
#include "twin/same_time.hpp"
#include "twin/stepping/run_events.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
// A step ends with a ramp of the supply that takes more than this share of it; shorter ones are inside it (as run_coupled).
constexpr double kLongRamp = 0.2;
constexpr double kOldReading = 0.25;       // [s] from then on the loop takes a reading as lost
constexpr double kLostTrip = 5.0;          // [s] without the feedback sensor: the interlock
constexpr double kBeyondProgram = 3600.0;  // [s] holds may last in all
constexpr double kUsual = 1273.15;         // [K] of a run without a set point of temperature
constexpr double kAboveSetPoint = 50.0;    // [K] that the loop's table reaches above the program

// Program moved by `offset`, from now on; before that it stands at its value of now.
Program moved(const Program& program, double offset, double now) {
    Program out{{now}, {program.at(now - offset)}};
    for (std::size_t n = 0; n < program.time.size(); ++n) {
        const double t = program.time[n] + offset;
        if (t < now) continue;
        out.time.push_back(t);
        out.value.push_back(program.value[n]);
    }
    return out;
}

void refuse(const Scenario& s) {
    std::vector<std::string> problems;
    if (!s.heater || s.heater->mode == Heater::Mode::imposed)
        problems.push_back(
            s.source +
            ": heater: the plant needs [heater] that drives terminals; allowed: mode \"temperature\", \"current\", "
            "\"voltage\" or \"power\"");
    if (s.run.solve == RunSpec::Solve::current)
        problems.push_back(s.source + ": run.solve: found \"current\"; the plant runs in time; allowed: \"coupled\"");
    if (s.run.steady) problems.push_back(s.source + ": run.steady: found true; the plant runs in time; allowed: false");
    if (!problems.empty()) throw InputError(problems);
}

}  // namespace

struct Plant::Impl {
    Impl(Backend& b, const Scenario& nominal_scenario, const Hidden& hidden, const PlantOptions& o)
        : backend(b), options(o), largest_step(hidden.largest_step) {
        refuse(nominal_scenario);
        intact = scenario = hidden_scenario(nominal_scenario, hidden);
        std::vector<std::string> findings;
        bed = voxelise(scenario, findings);
        program = scenario.heater->program;
        if (scenario.heater->mode == Heater::Mode::temperature) make_table(nominal_scenario, hidden);
        build();
        make_sensors(nominal_scenario, hidden);
        twin->heat().refresh_surfaces(0.0);
        ArchiveMap kept;
        Archive archive(kept, true);
        twin->state(archive);
        fresh = std::move(kept);
        follow_program(0.0);
        settle();
    }

    // What the loop knows: the scenario without its secrets, on the plant's grid.
    void make_table(const Scenario& nominal_scenario, const Hidden& hidden) {
        const double highest = *std::max_element(program.value.begin(), program.value.end()) + kAboveSetPoint;
        if (options.table) {
            table = *options.table;
            return;
        }
        Hidden grid_only;
        grid_only.voxel = hidden.voxel;
        const Scenario known = hidden_scenario(nominal_scenario, grid_only);
        std::vector<std::string> findings;
        const Bed known_bed = voxelise(known, findings);
        Coupled model(backend, known_bed, known);
        FeedbackSensor sensor(backend, known.sensors[std::size_t(feedback())], known_bed, model.heat());
        table = tabulate_plant(model, known_bed, sensor, highest);
    }

    void build() {
        twin = std::make_unique<Coupled>(backend, bed, scenario);
        twin->largest_step = largest_step.value_or(std::max(0.5, scenario.run.duration / 200.0));
        if (!eyes.empty()) make_eyes();
    }

    void make_eyes() {
        eyes.clear();
        for (const Sensor& sensor : scenario.sensors) {
            if (sensor.kind == "voltage" || sensor.kind == "current")
                eyes.emplace_back();
            else
                eyes.emplace_back(std::in_place, backend, sensor, bed, twin->heat());
        }
    }

    void make_sensors(const Scenario& nominal_scenario, const Hidden& hidden) {
        make_eyes();
        if (scenario.heater->mode == Heater::Mode::temperature)
            reference_temperature = *std::max_element(program.value.begin(), program.value.end());
        for (std::size_t n = 0; n < scenario.sensors.size(); ++n) {
            const InstrumentModel model = instrument_model(nominal_scenario.sensors[n], nominal_scenario);
            HiddenError error = hidden_error(model, hidden, reference_temperature);
            if (model.kind == InstrumentModel::Kind::pyrometer) {
                const double known = eyes[n]->emissivity() / hidden.emissivity;
                error.emissivity = eyes[n]->emissivity() / model.set_emissivity.value_or(known);
            }
            models.push_back(model);
            errors.push_back(error);
            instruments.emplace_back(model, error, hidden.delivery, int(n), options.seed);
        }
    }

    int feedback() const {
        for (std::size_t n = 0; n < scenario.sensors.size(); ++n)
            if (scenario.sensors[n].name == scenario.heater->feedback) return int(n);
        throw Error("the heater's feedback sensor is not in the scenario");
    }

    bool on() const { return phase == HeaterPhase::running || phase == HeaterPhase::holding; }
    double run_s() const { return run > 0 ? clock - start_clock : 0.0; }
    double program_s() const {
        return phase == HeaterPhase::holding ? held_at - offset : stopped_at.value_or(run_s()) - offset;
    }
    double length() const { return std::max(program.end_time(), scenario.run.duration); }

    // The program in time of the run, from now on.
    void follow_program(double now) {
        reference =
            phase == HeaterPhase::holding ? Program{{now}, {program.at(held_at - offset)}} : moved(program, offset, now);
        if (now == 0.0 && offset == 0.0 && phase != HeaterPhase::holding) reference = program;
        if (control) control->follow(reference);
        corners = twin->heat().surfaces().corners();
        corners.insert(corners.end(), reference.time.begin(), reference.time.end());
        for (const Fault& fault : options.faults)
            for (const double t : {fault.from_s, fault.from_s + fault.duration_s})
                if (std::isfinite(t)) corners.push_back(t);
        std::sort(corners.begin(), corners.end());
    }

    // Fresh bed, loop and supply.
    void begin() {
        if (broken) {
            scenario = intact;
            broken = false;
            build();
        }
        Archive archive(fresh, false);
        twin->state(archive);
        const Heater& heater = *scenario.heater;
        control.reset(), supply.reset();
        drive = {};
        drive.most_current = heater.supply.current;
        drive.most_voltage = heater.supply.voltage;
        drive.mode = heater.mode == Heater::Mode::voltage ? Drive::Mode::voltage
                     : heater.mode == Heater::Mode::power ? Drive::Mode::power
                                                          : Drive::Mode::current;
        if (heater.mode == Heater::Mode::temperature ||
            (heater.mode == Heater::Mode::current && (heater.supply.slew || heater.supply.delay > 0.0)))
            supply.emplace(heater.supply);
        if (heater.mode == Heater::Mode::temperature)
            control.emplace(program, table, heater.supply, scenario.sensors[std::size_t(feedback())].floor);
        ++run;
        start_clock = clock;
        offset = held_at = 0.0;
        stopped_at.reset(), lost_since.reset();
        last = {};
        samples = 0, next_sample = 0.0;
        over = false, at_current = at_voltage = false, dead = false;
        acting.clear();
        events.clear();
        phase = HeaterPhase::running;
        message = "";
        follow_program(0.0);
        settle();
    }

    // What instruments look at now, by sensor.
    void look(double I, double V, std::vector<double>& out) {
        out.resize(models.size());
        for (std::size_t n = 0; n < models.size(); ++n) {
            if (eyes[n])
                out[n] = eyes[n]->truth(twin->heat());
            else
                out[n] = models[n].kind == InstrumentModel::Kind::current ? I : V + models[n].lead_ohm * I;
        }
    }

    void settle() {
        look(0.0, 0.0, seen);
        std::vector<PlantReading> made;
        set_sensor_faults();
        for (std::size_t n = 0; n < instruments.size(); ++n) instruments[n].settle(clock, seen[n], made);
        keep(made);
    }

    void keep(std::vector<PlantReading>& made) {
        std::stable_sort(made.begin(), made.end(), [](const PlantReading& a, const PlantReading& b) {
            return std::pair(a.time_s, a.sensor) < std::pair(b.time_s, b.sensor);
        });
        for (PlantReading& r : made) {
            if (run > 0) r.run_s = r.time_s - start_clock;
            on_the_way.push_back(r);
        }
    }

    void event(const std::string& text) { events.push_back({run_s(), text}); }

    void cut(HeaterPhase to, const std::string& why) {
        if (phase == HeaterPhase::holding) offset += run_s() - held_at;
        phase = to;
        message = why;
        stopped_at = run_s();
        if (control) control.reset();
        supply.reset();
        drive.mode = Drive::Mode::none;
        drive.program = nullptr;
        last.current = last.voltage = last.power = last.resistance = 0.0;
        event(why);
    }

    void set_sensor_faults() {
        if (options.faults.empty()) return;
        const double t = run_s();
        for (std::size_t n = 0; n < instruments.size(); ++n) {
            Instrument::Fault now;
            for (const Fault& fault : options.faults) {
                if (run == 0 || fault.target != int(n) || !fault.acts(t)) continue;
                now.stuck = now.stuck || fault.kind == Fault::Kind::stuck;
                now.missing = now.missing || fault.kind == Fault::Kind::dropout;
                if (fault.kind == Fault::Kind::bias) now.bias += fault.size;
            }
            instruments[n].set_fault(now);
        }
    }

    // Faults that begin or end now and act on the bed itself.
    void break_contacts() {
        std::set<std::size_t> now;
        for (std::size_t n = 0; n < options.faults.size(); ++n)
            if (options.faults[n].kind == Fault::Kind::contact && options.faults[n].acts(run_s())) now.insert(n);
        if (now == acting) return;
        if (!broken) whole_resistance = twin->resistance();
        scenario = intact;
        for (const std::size_t n : now) {
            const Fault& fault = options.faults[n];
            Terminal& terminal = scenario.terminals[std::size_t(fault.target)];
            terminal.contact_resistivity += (fault.size - 1.0) * whole_resistance * contact_area(terminal);
            if (terminal.contact_conductance) *terminal.contact_conductance /= fault.size;
            if (!acting.contains(n)) event("contact of terminal " + quote(terminal.name) + " breaks");
        }
        acting = now;
        broken = !now.empty();
        ArchiveMap kept;
        Archive save(kept, true);
        twin->state(save);
        build();
        Archive load(kept, false);
        twin->state(load);
    }

    double contact_area(const Terminal& terminal) const {
        const Extents& e = bed.extents;
        const int axis = axis_of(terminal.face);
        const int material = terminal.material.empty() ? -1 : scenario.material_index(terminal.material);
        std::array<int, 3> low{0, 0, 0}, high = e.cells();
        const std::size_t a = std::size_t(axis);
        if (is_upper(terminal.face))
            low[a] = high[a] - 1;
        else
            high[a] = 1;
        std::size_t cells = 0;
        for (int k = low[2]; k < high[2]; ++k)
            for (int j = low[1]; j < high[1]; ++j)
                for (int i = low[0]; i < high[0]; ++i) {
                    const int here = bed.material[e.index(i, j, k)];
                    cells += material < 0 ? bed.materials[std::size_t(here)].sigma.has_value() : here == material;
                }
        return double(cells) * e.face_area(axis);
    }

    // The newest reading of a thermometer that is not too old; below its floor it reads the floor.
    std::optional<double> reading_of(std::size_t n) const {
        const auto& shown = instruments[n].shown();
        if (!shown || shown->time_s < clock - std::max(kOldReading, 1.5 / models[n].rate_Hz)) return {};
        return shown->below_floor ? models[n].floor_K : shown->value;
    }

    void interlocks() {
        const double t = run_s();
        if (scenario.heater->limit_temperature)
            for (std::size_t n = 0; n < models.size(); ++n) {
                if (!models[n].thermometer()) continue;
                const auto reading = reading_of(n);
                if (!reading || *reading <= *scenario.heater->limit_temperature) continue;
                return cut(HeaterPhase::tripped,
                           std::string(event_text::kLimitTemperature) +
                               format_for_people(*scenario.heater->limit_temperature, Dimension::temperature) +
                               " reached by sensor " + quote(models[n].name) + ": the current is switched off");
            }
        if (control) {
            const bool lost = control->lost();
            if (!lost) lost_since.reset();
            if (lost && !lost_since) lost_since = t, event("feedback sensor " + quote(scenario.heater->feedback) + " lost");
            if (lost_since && t - *lost_since >= kLostTrip - kSameTime)
                return cut(HeaterPhase::tripped, "feedback sensor " + quote(scenario.heater->feedback) + " lost for " +
                                                     format_for_people(kLostTrip, Dimension::time) +
                                                     ": the current is switched off");
        }
        const double longest = options.longest_run_s > 0.0 ? options.longest_run_s : length() + kBeyondProgram;
        if (t >= longest - kSameTime)
            cut(HeaterPhase::tripped, "the run has lasted " + format_for_people(longest, Dimension::time) +
                                          ", the longest allowed: the current is switched off");
    }

    // One control sample: interlocks, command.
    void sample() {
        const double t = run_s();
        const Heater& heater = *scenario.heater;
        double command = heater.mode == Heater::Mode::current ? reference.at(t) : 0.0;
        if (control) command = control->command(t, {reading_of(std::size_t(feedback())), last.current, last.voltage});
        supply->command(t, command);
        interlocks();
    }

    void note_limit(bool now, const char* what, bool& before) {
        if (now && !before) {
            event(std::string(event_text::kSupplyLimit) + what);
            message = events.back().text;
        }
        if (!now && before && message == std::string(event_text::kSupplyLimit) + what) message = "";
        before = now;
    }

    void step(double to) {
        break_contacts();
        set_sensor_faults();
        double t = run_s();
        if (on()) {
            if (phase == HeaterPhase::running && program_s() >= length() - kSameTime)
                cut(HeaterPhase::finished, "the program has ended");
            else if (supply && t >= next_sample - kSameTime) {
                sample();
                next_sample = double(++samples) / scenario.heater->supply.update;
            } else if (!supply) {
                interlocks();
            }
        }
        const auto next_corner = std::upper_bound(corners.begin(), corners.end(), t + kSameTime);
        double until = std::min(to - start_clock, next_corner == corners.end() ? kNever : *next_corner);
        if (phase == HeaterPhase::running) {
            const double end = length() + offset;
            if (end > t + kSameTime) until = std::min(until, end);
        }
        Drive now = drive;
        Program ramp;
        if (on() && supply) {
            until = std::min(until, next_sample);
            const PowerSupply::Ramp r = supply->current(t, last.resistance);
            ramp.time = {t, std::max(r.end, t)};
            ramp.value = {r.now, r.target};
            now.program = &ramp;
            note_limit(supply->at_current_limit(), "current", at_current);
            note_limit(supply->at_voltage_limit(), "voltage", at_voltage);
            if (const double change = supply->next_change(t); change < until - kSameTime) until = change;
            if (r.end > t + kSameTime && r.end - t > kLongRamp * (until - t)) until = std::min(until, r.end);
        } else if (on()) {
            now.program = &reference;
        }
        const StepReport before = last;
        StepReport done;
        try {
            done = twin->advance(until, now);
        } catch (const SolveError& error) {
            dead = true;
            cut(HeaterPhase::tripped, error.what());
            return;
        }
        last = done;
        if (on() && !supply) {
            note_limit(done.at_current_limit, "current", at_current);
            note_limit(done.at_voltage_limit, "voltage", at_voltage);
        }
        if (done.outside_laws > 0 && !over) {
            over = true;
            event(std::to_string(done.outside_laws) + std::string(event_text::kOutsideLaws) + "; the value at its end is used");
        }
        measure(t, before, done, now);
    }

    // Instruments follow the step that has been made. A step may be long against their sampling, current and voltage are not
    // straight in it: they are followed in pieces.
    void measure(double t0, const StepReport& before, const StepReport& done, const Drive& driven) {
        std::vector<double> at_end;
        look(done.current, done.voltage, at_end);
        const double t1 = done.time;
        const bool limited = done.at_current_limit || done.at_voltage_limit;
        const bool ramped = driven.mode == Drive::Mode::current && driven.program && !limited;
        const double R0 = before.current > 0.0 ? before.voltage / before.current : done.resistance, R1 = done.resistance;
        // Current and voltage from a time in the step on; at a jump of the program after it.
        const auto electric = [&](double t, bool after) -> std::pair<double, double> {
            const double share = (t - t0) / (t1 - t0);
            if (!ramped) {
                if (driven.mode == Drive::Mode::none) return {0.0, 0.0};
                return {before.current + share * (done.current - before.current),
                        before.voltage + share * (done.voltage - before.voltage)};
            }
            const Program& p = *driven.program;
            double I = p.at(t);
            if (after)
                for (std::size_t n = 0; n < p.time.size(); ++n)
                    if (p.time[n] == t) I = p.value[n];
            return {I, I * (R0 + share * (R1 - R0))};
        };
        std::vector<double> ends{t1};
        if (ramped)
            for (const double t : driven.program->time)
                if (t > t0 + kSameTime && t < t1 - kSameTime) ends.push_back(t);
        std::sort(ends.begin(), ends.end());
        std::vector<PlantReading> made;
        for (std::size_t n = 0; n < instruments.size(); ++n) {
            double from_t = t0;
            for (const double t : ends) {
                double low, high;
                const double a = (from_t - t0) / (t1 - t0), b = (t - t0) / (t1 - t0);
                if (eyes[n]) {
                    low = seen[n] + a * (at_end[n] - seen[n]);
                    high = t == t1 ? at_end[n] : seen[n] + b * (at_end[n] - seen[n]);
                } else {
                    const auto value = [&](std::pair<double, double> now) {
                        return models[n].kind == InstrumentModel::Kind::current ? now.first
                                                                                : now.second + models[n].lead_ohm * now.first;
                    };
                    low = value(electric(from_t, true));
                    high = value(electric(t, false));
                }
                instruments[n].follow(start_clock + t, low, high, made);
                from_t = t;
            }
        }
        seen = at_end;
        clock = start_clock + t1;
        keep(made);
    }

    void advance(double to) {
        while (clock < to - kSameTime) {
            if (run > 0 && !dead) {
                step(to);
                continue;
            }
            // nothing moves
            set_sensor_faults();
            std::vector<PlantReading> made;
            for (std::size_t n = 0; n < instruments.size(); ++n) {
                if (!eyes[n]) seen[n] = 0.0;
                instruments[n].follow(to, seen[n], seen[n], made);
            }
            clock = to;
            keep(made);
        }
    }

    Backend& backend;
    PlantOptions options;
    std::optional<double> largest_step;
    Scenario scenario, intact;  // as it is now; without broken contacts
    Bed bed;
    Program program, reference;  // as given; in time of the run, holds inserted, from now on
    PlantTable table;
    std::unique_ptr<Coupled> twin;
    std::vector<std::optional<FeedbackSensor>> eyes;  // of thermometers
    std::vector<InstrumentModel> models;
    std::vector<HiddenError> errors;
    std::vector<Instrument> instruments;
    std::optional<TemperatureControl> control;
    std::optional<PowerSupply> supply;
    Drive drive;
    ArchiveMap fresh;
    StepReport last;
    std::vector<double> corners, seen;  // in time of the run; what instruments look at now
    std::vector<PlantReading> on_the_way;
    std::vector<RunEvent> events;
    HeaterPhase phase = HeaterPhase::idle;
    std::string message;
    std::uint64_t run = 0;
    double clock = 0.0, start_clock = 0.0, offset = 0.0, held_at = 0.0, next_sample = 0.0, whole_resistance = 0.0;
    double reference_temperature = kUsual;
    std::optional<double> stopped_at, lost_since;
    long samples = 0;
    std::set<std::size_t> acting;  // faults of contacts
    bool broken = false, over = false, at_current = false, at_voltage = false, dead = false;
};

Plant::Plant(Backend& backend, const Scenario& scenario, const Hidden& hidden, const PlantOptions& options)
    : impl_(std::make_unique<Impl>(backend, scenario, hidden, options)) {}
Plant::~Plant() = default;

bool Plant::start() {
    if (impl_->on()) return false;
    impl_->begin();
    return true;
}

bool Plant::hold() {
    Impl& p = *impl_;
    if (p.phase != HeaterPhase::running) return false;
    p.held_at = p.run_s();
    p.phase = HeaterPhase::holding;
    p.follow_program(p.run_s());
    return true;
}

bool Plant::resume() {
    Impl& p = *impl_;
    if (p.phase != HeaterPhase::holding) return false;
    p.offset += p.run_s() - p.held_at;
    p.phase = HeaterPhase::running;
    p.follow_program(p.run_s());
    return true;
}

bool Plant::abort() {
    if (!impl_->on()) return false;
    impl_->cut(HeaterPhase::aborted, "aborted: the current is switched off");
    return true;
}

void Plant::set_program(const Program& program) {
    impl_->program = program;
    if (impl_->on()) impl_->follow_program(impl_->run_s());
}

void Plant::advance(double to) {
    impl_->advance(to);
}

HeaterPhase Plant::phase() const {
    return impl_->phase;
}
const std::string& Plant::message() const {
    return impl_->message;
}
std::uint64_t Plant::run() const {
    return impl_->run;
}
double Plant::clock() const {
    return impl_->clock;
}
double Plant::start_clock() const {
    return impl_->start_clock;
}
const Program& Plant::program() const {
    return impl_->program;
}

PlantTimes Plant::times() const {
    const Impl& p = *impl_;
    PlantTimes out;
    out.run_s = p.run_s();
    out.program_s = p.run > 0 ? p.program_s() : 0.0;
    if (p.on()) out.setpoint = p.reference.at(out.run_s);
    return out;
}

PlantTruth Plant::truth() {
    Impl& p = *impl_;
    PlantTruth out;
    const auto T = p.twin->heat().temperature_K();
    double sum = 0.0, first = std::nan("");
    std::size_t count = 0;
    out.T_max_K = out.T_max_solid_K = -kNever, out.T_min_K = kNever;
    for (std::size_t c = 0; c < T.size(); ++c) {
        if (!std::isfinite(T[c])) continue;
        out.T_max_solid_K = std::max(out.T_max_solid_K, T[c]);
        if (!p.bed.product.empty() && !p.bed.product[c]) continue;
        if (count++ == 0) first = T[c];
        sum += T[c] - first;  // differences: a uniform bed has its temperature to the last bit
        out.T_max_K = std::max(out.T_max_K, T[c]);
        out.T_min_K = std::min(out.T_min_K, T[c]);
    }
    out.T_mean_K = first + sum / double(count);
    out.current_A = p.last.current, out.voltage_V = p.last.voltage;
    out.resistance_ohm = p.last.current > 0.0 ? p.last.resistance : 0.0;
    return out;
}

std::vector<double> Plant::temperature_K() {
    return impl_->twin->heat().temperature_K();
}

std::vector<PlantReading> Plant::take(double until) {
    auto& waiting = impl_->on_the_way;
    const double now = std::min(impl_->clock, until) + kSameTime;
    const auto arrived =
        std::stable_partition(waiting.begin(), waiting.end(), [&](const PlantReading& r) { return r.delivered_s <= now; });
    std::vector<PlantReading> out(waiting.begin(), arrived);
    waiting.erase(waiting.begin(), arrived);
    std::stable_sort(out.begin(), out.end(),
                     [](const PlantReading& a, const PlantReading& b) { return a.delivered_s < b.delivered_s; });
    return out;
}

const Bed& Plant::bed() const {
    return impl_->bed;
}
Coupled& Plant::twin() {
    return *impl_->twin;
}
const Scenario& Plant::scenario() const {
    return impl_->scenario;
}
const PlantTable& Plant::table() const {
    return impl_->table;
}
const std::vector<InstrumentModel>& Plant::instruments() const {
    return impl_->models;
}
const std::vector<HiddenError>& Plant::hidden_errors() const {
    return impl_->errors;
}
double Plant::reference_temperature() const {
    return impl_->reference_temperature;
}
const std::vector<RunEvent>& Plant::events() const {
    return impl_->events;
}

}  // namespace jt
