// SPDX-License-Identifier: Apache-2.0
#include "twin/cli/remote_twin.hpp"

#if defined(JT_SCREEN) && defined(JT_BRIDGE)
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <set>

#include "bridge/wire/history.hpp"
#include "kernels/error.hpp"
#include "twin/bed/voxelise.hpp"
#include "twin/quantity/quantity.hpp"
#include "twin/scenario/reader.hpp"

namespace jt::cli {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostColumns = 256;  // of the history: a twin that names ever new scalars grows nothing
constexpr std::size_t kMostEvents = 2000;
constexpr std::size_t kNewestFrames = 8;  // never thinned out
constexpr double kBetweenFrames = 0.25;   // [s] of the run between two that are kept
constexpr double kSensorSilent = 3.0;     // [s] without an accepted reading
constexpr double kEndsOfFactor = 1.6449;  // of a prior's sd: 90 %

DataQuality quality_of(Quality q) {
    switch (q) {
        case Quality::good:
            return DataQuality::good;
        case Quality::uncertain:
            return DataQuality::uncertain;
        case Quality::predicted:
            return DataQuality::predicted;
        case Quality::stale:
            return DataQuality::stale;
        case Quality::bad:
            break;
    }
    return DataQuality::bad;
}

Interval interval_of(const Estimate& e) {
    return {e.value, e.low, e.high, quality_of(e.quality)};
}

// A reading that an instrument has nothing for is no fault of its own.
bool lost(const SensorState& s) {
    if (s.verdict == "below floor") return false;
    return s.verdict == "lost" || s.verdict == "stuck" || s.age_s > kSensorSilent;
}

TwinSensor sensor_of(const SensorState& s) {
    TwinSensor one;
    one.name = s.name, one.kind = s.kind, one.unit = s.unit;
    one.reading = s.reading, one.predicted = s.predicted, one.innovation = s.innovation, one.sigma = s.sigma;
    one.verdict = s.verdict, one.age_s = s.age_s, one.lost = lost(s);
    one.bias = interval_of(s.bias);
    one.nis = s.nis, one.autocorrelation = s.autocorrelation, one.counters = s.counters;
    return one;
}

TwinParameter parameter_of(const ParameterState& p) {
    TwinParameter one;
    one.name = p.name, one.unit = p.unit == "1" ? "" : p.unit;
    // The prior of a factor is a normal of its logarithm.
    const double reach = kEndsOfFactor * p.prior_sd;
    one.prior = one.unit.empty() && p.prior > 0.0 ? Interval{p.prior, p.prior * std::exp(-reach), p.prior * std::exp(reach)}
                                                  : Interval{p.prior, p.prior - reach, p.prior + reach};
    one.posterior = interval_of(p.posterior);
    one.identified = p.identified, one.note = p.note;
    return one;
}

HeaterFacts::Phase phase_of(HeaterPhase phase) {
    switch (phase) {
        case HeaterPhase::idle:
            return HeaterFacts::Phase::idle;
        case HeaterPhase::running:
            return HeaterFacts::Phase::running;
        case HeaterPhase::holding:
            return HeaterFacts::Phase::holding;
        case HeaterPhase::finished:
            return HeaterFacts::Phase::finished;
        case HeaterPhase::aborted:
            return HeaterFacts::Phase::aborted;
        case HeaterPhase::tripped:
            break;
    }
    return HeaterFacts::Phase::tripped;
}

// Columns of a row: the values with their bands.
std::map<std::string, double> values_of(const std::map<std::string, Estimate>& scalars) {
    std::map<std::string, double> values;
    for (const auto& [name, e] : scalars) {
        const bool there = e.quality != Quality::bad;
        values[name] = there ? e.value : kNone;
        values[low_column(name)] = there ? e.low : kNone, values[high_column(name)] = there ? e.high : kNone;
    }
    return values;
}

std::size_t bytes_of(const FieldFrame& frame) {
    std::size_t bytes = 0;
    for (const auto& [name, values] : frame.fields) bytes += values.size() * sizeof(float);
    return bytes;
}

std::string with_unit(double value, const char* unit) {
    char text[48];
    std::snprintf(text, sizeof text, "\"%.9g %s\"", value, unit);
    return text;
}

}  // namespace

std::shared_ptr<RunFacts> facts_of_scenario(const std::string& toml, const std::string& name, const std::string& program) {
    std::vector<std::string> sets;
    if (!program.empty()) sets.push_back("heater.program=" + program);
    auto facts = std::make_shared<RunFacts>();
    ReadOptions options;
    options.allow_unavailable = true, options.allow_missing_files = true;
    facts->scenario = read_scenario_text(toml, name, ".", sets, options);
    const Scenario& s = facts->scenario;
    facts->name = s.title.empty() ? name : s.title;
    if (s.bed.map) return facts;  // the stack lies on the other machine
    std::size_t cells = 1;
    for (const int n : s.bed.cells) {
        if (n < 1 || cells > kMostRemoteCells / std::size_t(n))
            throw InputError("the bed of " + name + " has more than " + std::to_string(kMostRemoteCells) +
                             " cells, the most that a screen shows");
        cells *= std::size_t(n);
    }
    std::vector<std::string> findings;
    const Bed bed = voxelise(s, findings);
    facts->extents = bed.extents, facts->material = bed.material;
    for (const Material& m : bed.materials) facts->material_names.push_back(m.name);
    facts->in_product.resize(bed.material.size());
    for (std::size_t c = 0; c < bed.material.size(); ++c)
        facts->in_product[c] = bed.product.empty() ? !bed.materials[bed.material[c]].is_void : bed.product[c] != 0;
    return facts;
}

std::string program_toml(const Program& program, double start) {
    std::string text;
    const auto add = [&](const std::string& segment) { text += (text.empty() ? "[ { " : ", { ") + segment + " }"; };
    double t = 0.0, value = start;
    for (std::size_t n = 0; n < program.time.size() && n < program.value.size(); ++n) {
        const double length = program.time[n] - t, to = program.value[n];
        const bool same = std::abs(to - value) < 1e-6;
        if (n == 0 && length > 1e-9) {
            if (!same) add("step = " + with_unit(to, "K"));
            add("hold = " + with_unit(length, "s"));
        } else if (length <= 1e-9) {
            if (!same) add("step = " + with_unit(to, "K"));
        } else if (same) {
            add("hold = " + with_unit(length, "s"));
        } else {
            add("to = " + with_unit(to, "K") + ", in = " + with_unit(length, "s"));
        }
        t = std::max(t, program.time[n]), value = to;
    }
    return text.empty() ? "[]" : text + " ]";
}

RemoteTwin::RemoteTwin(std::size_t fields_in_memory) : fields_in_memory_(fields_in_memory) {}

void RemoteTwin::begin(std::shared_ptr<const RunFacts> facts, bool same_run) {
    facts_ = std::move(facts);
    if (same_run) return;
    twin_ = TwinFacts{}, twin_known_ = false;
    history_ = History{};
    events_.clear(), alarms_.clear();
    frames_.clear(), frame_times_.clear(), bytes_ = 0;
    state_.reset(), forecast_.reset(), status_s_.reset();
    realtime_factor_.reset(), phase_.reset();
    run_ = 0;
}

void RemoteTwin::append(double run_s, std::map<std::string, double> values) {
    std::vector<std::string> names = history_.columns();
    const std::set<std::string> known(names.begin(), names.end());
    for (const auto& [name, value] : values)
        if (!known.contains(name) && names.size() < kMostColumns) names.push_back(name);
    if (names.size() > known.size()) {
        // New columns: the rows there are have nothing in them. Rare: what a twin tells is the same in every state.
        History grown(names);
        std::vector<double> row(names.size(), kNone);
        for (std::size_t n = 0; n < history_.times().size(); ++n) {
            for (std::size_t c = 0; c < known.size(); ++c) row[c] = history_.column(names[c])[n];
            grown.append(history_.times()[n], row);
        }
        history_ = std::move(grown);
    }
    std::vector<double> row;
    row.reserve(names.size());
    for (const auto& name : names) {
        const auto at = values.find(name);
        row.push_back(at == values.end() ? kNone : at->second);
    }
    history_.append(run_s, row);
}

void RemoteTwin::past(const std::vector<PastState>& states) {
    if (!facts_ || states.empty()) return;
    const History known = std::move(history_);
    history_ = History(known.columns());
    std::size_t next = 0;
    const auto known_until = [&](double t) {
        for (; next < known.times().size() && known.times()[next] <= t; ++next) {
            std::map<std::string, double> values;
            for (const auto& name : known.columns()) values[name] = known.column(name)[next];
            append(known.times()[next], std::move(values));
        }
    };
    for (const PastState& state : states) {
        if (!std::isfinite(state.run_s)) continue;
        known_until(state.run_s);  // of the same moment, what was known stays
        std::map<std::string, double> values = values_of_past(state.scalars);
        set_point(state.run_s, values);
        append(state.run_s, std::move(values));
    }
    known_until(std::numeric_limits<double>::infinity());
}

// The columns of a state of before: those of its scalars, of NIS, of the sensors.
std::map<std::string, double> RemoteTwin::values_of_past(const std::map<std::string, Estimate>& past) const {
    std::map<std::string, Estimate> scalars;
    std::map<std::string, double> values;
    const std::string feedback = facts_->scenario.heater ? facts_->scenario.heater->feedback : "";
    for (const auto& [name, e] : past) {
        if (name == kPastNis) {
            values[kNisColumn] = e.value, values[kNisLowColumn] = e.low, values[kNisHighColumn] = e.high;
        } else if (name.starts_with(kPastReading)) {
            if (name.substr(kPastReading.size()) == feedback) values["reading_K"] = e.value;
        } else if (name.starts_with(kPastInnovation)) {
            if (e.sd > 0.0) values[innovation_column(name.substr(kPastInnovation.size()))] = e.value / e.sd;
        } else {
            scalars.emplace(name, e);
        }
    }
    values.merge(values_of(scalars));
    return values;
}

void RemoteTwin::set_point(double run_s, std::map<std::string, double>& values) const {
    const auto& heater = facts_->scenario.heater;
    if (heater && (heater->mode == Heater::Mode::temperature || heater->mode == Heater::Mode::imposed) &&
        !heater->program.time.empty())
        values["setpoint_K"] = heater->program.at(run_s);
}

bool RemoteTwin::take(const TwinState& s, double now_s, double valid_for_s) {
    if (!facts_ || !std::isfinite(s.run_s)) return false;
    heard_s_ = std::max(heard_s_.value_or(now_s), now_s);
    if (twin_known_ && run_ != 0 && s.run != run_) {
        // The heater has been started again: another run on the same bed.
        auto facts = facts_;
        const auto offered = field_names_;
        begin(std::move(facts));
        field_names_ = offered;
    }
    if (twin_known_ && s.run_s < twin_.run_s) return false;
    run_ = s.run;
    twin_.run_s = s.run_s, twin_.quality = quality_of(s.quality), twin_.message = s.message;
    twin_.scalars.clear(), twin_.sensors.clear(), twin_.parameters.clear();
    std::map<std::string, double> values = values_of(s.scalars);
    for (const auto& [name, e] : s.scalars) twin_.scalars[name] = interval_of(e);
    const auto& heater = facts_->scenario.heater;
    for (const SensorState& sensor : s.sensors) {
        twin_.sensors.push_back(sensor_of(sensor));
        const TwinSensor& one = twin_.sensors.back();
        const bool counts = one.innovation && one.sigma && *one.sigma > 0.0 && one.verdict == "accepted";
        values[innovation_column(one.name)] = counts ? *one.innovation / *one.sigma : kNone;
        if (heater && heater->feedback == one.name)
            values["reading_K"] = one.reading && !one.lost && one.unit == "K" ? *one.reading : kNone;
    }
    for (const ParameterState& p : s.parameters) twin_.parameters.push_back(parameter_of(p));
    twin_.nis = s.nis, twin_.nis_low = s.nis_low, twin_.nis_high = s.nis_high, twin_.misfit = s.misfit;
    const bool judged = s.nis_high > 0.0;
    values[kNisColumn] = judged ? s.nis : kNone;
    values[kNisLowColumn] = judged ? s.nis_low : kNone, values[kNisHighColumn] = judged ? s.nis_high : kNone;
    twin_.members = s.members, twin_.degradation = s.degradation, twin_.latency_s = s.latency_s;
    realtime_factor_ = s.realtime_factor > 0.0 ? std::optional(s.realtime_factor) : std::nullopt;
    set_point(s.run_s, values);
    twin_known_ = true;
    state_ = Came{now_s, now_s + valid_for_s};
    append(s.run_s, std::move(values));
    age(now_s);
    return true;
}

bool RemoteTwin::take(const Forecast& f, double now_s, double valid_for_s) {
    if (!facts_ || (run_ != 0 && f.run != run_) || !std::isfinite(f.from_s)) return false;
    if (twin_.forecast && f.from_s < twin_.forecast->from_s) return false;
    TwinForecast one;
    one.from_s = f.from_s, one.to_s = f.to_s, one.quality = quality_of(f.quality);
    for (const auto& point : f.points) one.points.push_back({point.run_s, point.bands});
    one.end_of_run = f.end_of_run;
    for (const auto& limit : f.limits)
        one.limits.push_back({limit.quantity, limit.what, limit.limit, limit.probability, limit.time_to_s});
    one.skill = f.skill, one.coverage = f.coverage;
    twin_.forecast = std::move(one);
    forecast_ = Came{now_s, now_s + valid_for_s};
    heard_s_ = std::max(heard_s_.value_or(now_s), now_s);
    age(now_s);
    return true;
}

void RemoteTwin::take(const TwinStatus& s, double now_s) {
    heard_s_ = std::max(heard_s_.value_or(now_s), now_s);
    if (!facts_) return;
    status_s_ = now_s, heater_age_s_ = s.heater_age_s;
    twin_.heater.phase = phase_of(s.heater.phase), twin_.heater.heard = s.heater_heard, twin_.heater.run = s.heater.run;
    twin_.heater.setpoint_K = s.heater.setpoint_K, twin_.heater.message = s.heater.message;
    twin_.heater.watchdog = s.heater.watchdog;
    twin_.counters = s.counters;
    if (s.heater.last_command) last_command_ = s.heater.last_command;
    if (phase_ && *phase_ != s.heater.phase && events_.size() < kMostEvents) {
        std::string text = "heater " + std::string(name_of(phase_of(s.heater.phase)));
        if (!s.heater.message.empty()) text += ": " + s.heater.message;
        const double at = std::max(s.heater.run_s, events_.empty() ? 0.0 : events_.back().time_s);
        events_.push_back({std::isfinite(at) ? at : twin_.run_s, text});
    }
    phase_ = s.heater.phase;
    age(now_s);
}

void RemoteTwin::take(const AlarmMessage& alarm) {
    if (!facts_ || alarms_.size() >= kMostEvents || events_.size() >= kMostEvents) return;
    bool& active = alarms_[alarm.id];
    if (alarm.active && !active && std::isfinite(alarm.run_s))
        events_.push_back({std::max(alarm.run_s, events_.empty() ? 0.0 : events_.back().time_s), alarm.text});
    active = alarm.active;
}

void RemoteTwin::offers(std::vector<std::string> fields) {
    field_names_.clear();
    for (auto& name : fields)
        if (std::any_of(quantities().begin(), quantities().end(), [&](const Quantity& q) { return q.name == name; }))
            field_names_.push_back(std::move(name));
}

bool RemoteTwin::take(FieldMessage message) {
    if (!facts_ || (run_ != 0 && message.run != run_) || !std::isfinite(message.run_s)) return false;
    if (facts_->extents.count() == 0 && message.quantity == "T_K") {
        // A bed of which the scenario alone tells nothing: solid where there is a temperature.
        auto facts = std::make_shared<RunFacts>(*facts_);
        facts->extents =
            Extents{message.cells[0], message.cells[1], message.cells[2], message.voxel[0], message.voxel[1], message.voxel[2]};
        facts->material_names = {"void", "solid"};
        for (const float T : message.values) {
            facts->material.push_back(std::isfinite(T) ? 1 : 0);
            facts->in_product.push_back(std::isfinite(T));
        }
        facts_ = std::move(facts);
    }
    const Extents& e = facts_->extents;
    if (message.cells != std::array<int, 3>{e.nx, e.ny, e.nz} || message.values.size() != e.count()) return false;
    if (std::find(field_names_.begin(), field_names_.end(), message.quantity) == field_names_.end()) {
        if (std::none_of(quantities().begin(), quantities().end(),
                         [&](const Quantity& q) { return q.name == message.quantity; }))
            return false;
        field_names_.push_back(message.quantity);
    }
    // Fields of one moment come one after the other; what a moment has no field of yet, it has from before.
    const FramePtr last = frames_.empty() ? nullptr : frames_.back();
    if (last && message.run_s < last->time_s - 1e-9) return false;
    auto frame = std::make_shared<FieldFrame>();
    if (last) frame->fields = last->fields;
    frame->time_s = message.run_s;
    frame->fields[message.quantity] = std::move(message.values);
    keep(frame);
    return true;
}

void RemoteTwin::keep(const FramePtr& frame) {
    // The newest one is replaced while it is of the same moment, or close after one that stays.
    const bool same = !frames_.empty() && frame->time_s <= frames_.back()->time_s + 1e-9;
    const bool close = frames_.size() > 1 && frames_.back()->time_s < frames_[frames_.size() - 2]->time_s + kBetweenFrames;
    if (same || close) {
        bytes_ -= bytes_of(*frames_.back());
        frames_.pop_back();
    }
    frames_.push_back(frame);
    bytes_ += bytes_of(*frame);
    while (bytes_ > fields_in_memory_ && frames_.size() > kNewestFrames + 2) {
        std::deque<FramePtr> left;
        for (std::size_t n = 0; n < frames_.size(); ++n)
            if (n % 2 == 0 || n + kNewestFrames >= frames_.size())
                left.push_back(frames_[n]);
            else
                bytes_ -= bytes_of(*frames_[n]);
        if (left.size() == frames_.size()) break;
        frames_ = std::move(left);
    }
    frame_times_.clear();
    for (const auto& one : frames_) frame_times_.push_back(one->time_s);
}

FramePtr RemoteTwin::frame(double t) const {
    FramePtr nearest;
    for (const auto& one : frames_)
        if (!nearest || std::abs(one->time_s - t) <= std::abs(nearest->time_s - t)) nearest = one;
    return nearest;
}

void RemoteTwin::age(double now_s) {
    if (state_) twin_.age_s = std::max(0.0, now_s - state_->at_s), twin_.expired = now_s > state_->valid_until_s;
    if (forecast_ && twin_.forecast) {
        twin_.forecast->age_s = std::max(0.0, now_s - forecast_->at_s);
        twin_.forecast->expired = now_s > forecast_->valid_until_s;
    }
    if (status_s_) twin_.heater.age_s = heater_age_s_ + std::max(0.0, now_s - *status_s_);
}

}  // namespace jt::cli
#endif
