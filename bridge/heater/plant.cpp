// SPDX-License-Identifier: Apache-2.0
#include "bridge/heater/plant.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "bridge/heater/plant_impl.hpp"
#include "kernels/error.hpp"
#include "twin/same_time.hpp"

namespace jt {

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
    out.T_max_K = out.T_max_solid_K = -std::numeric_limits<double>::infinity(),
    out.T_min_K = std::numeric_limits<double>::infinity();
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
