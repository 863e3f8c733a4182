// SPDX-License-Identifier: Apache-2.0
#include "bridge/heater/virtual_heater.hpp"

#include <algorithm>

#include "twin/scenario/program_text.hpp"

namespace jt {

VirtualHeater::VirtualHeater(Backend& backend, const Scenario& scenario, const Hidden& hidden,
                             const VirtualHeaterOptions& options)
    : options_(options),
      mode_(scenario.heater ? scenario.heater->mode : Heater::Mode::imposed),
      plant_(backend, scenario, hidden, options.plant),
      desk_(options.epoch, mode_, mode_ == Heater::Mode::temperature ? scenario.bed.initial_temperature : 0.0,
            scenario.heater->limit_temperature) {}

Reading VirtualHeater::message_of(const PlantReading& reading) const {
    const InstrumentModel& model = plant_.instruments()[std::size_t(reading.sensor)];
    Reading r;
    r.sensor = model.name;
    r.value = reading.value;
    r.unit = model.unit;
    r.sigma = reading.sigma;
    r.quality = reading.value ? Quality::good : reading.below_floor ? Quality::uncertain : Quality::bad;
    r.t_source_ns = unix_ns(reading.time_s);
    for (const Fault& fault : options_.plant.faults)
        if (fault.kind == Fault::Kind::clock && fault.acts(reading.run_s)) r.t_source_ns += std::int64_t(fault.size * 1e9);
    r.seq = reading.seq;
    r.epoch = options_.epoch;
    return r;
}

std::vector<Reading> VirtualHeater::take(double until) {
    std::vector<Reading> out;
    for (const PlantReading& reading : plant_.take(until)) {
        out.push_back(message_of(reading));
        ++counters_[reading.value ? "readings" : reading.below_floor ? "readings_below_floor" : "readings_missing"];
    }
    return out;
}

CommandResult VirtualHeater::command(const Command& command, std::int64_t now_ns, double now_s) {
    now_s_ = now_s;
    return desk_.handle(command, now_ns, *this);
}

void VirtualHeater::start(std::optional<double> watchdog_s) {
    watchdog_s_ = watchdog_s;
    twin_heard_s_ = now_s_;
    plant_.start();
}

HeaterStatus VirtualHeater::status(double now_s) {
    HeaterStatus s;
    const bool on = plant_.phase() == HeaterPhase::running || plant_.phase() == HeaterPhase::holding;
    const PlantTimes times = plant_.times();
    s.phase = plant_.phase();
    s.run = plant_.run();
    if (s.run > 0) s.start_ns = unix_ns(plant_.start_clock());
    s.run_s = times.run_s;
    s.program_s = times.program_s;
    if (mode_ == Heater::Mode::temperature) s.setpoint_K = times.setpoint;
    s.program = program_text(plant_.program(), mode_);
    s.last_command = desk_.last();
    s.message = plant_.message();
    s.watchdog = watchdog_s_ && on && now_s - twin_heard_s_ > *watchdog_s_;
    s.counters = counters_;
    for (const auto& [name, count] : desk_.counters()) s.counters["commands_" + name] = count;
    return s;
}

bool VirtualHeater::ended() const {
    const HeaterPhase phase = plant_.phase();
    return phase == HeaterPhase::finished || phase == HeaterPhase::aborted || phase == HeaterPhase::tripped;
}

bool VirtualHeater::acts(Fault::Kind kind) const {
    if (plant_.run() == 0) return false;
    const double run_s = plant_.clock() - plant_.start_clock();
    return std::any_of(options_.plant.faults.begin(), options_.plant.faults.end(),
                       [&](const Fault& fault) { return fault.kind == kind && fault.acts(run_s); });
}

}  // namespace jt
