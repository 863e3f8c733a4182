// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/live_twin.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string_view>

#include "bridge/live/diagnosis.hpp"
#include "bridge/live/forecast_thread.hpp"
#include "kernels/error.hpp"
#include "twin/recording/timeseries.hpp"
#include "twin/stepping/run_view.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr double kSameMoment = 1e-6;  // [s]
constexpr double kHorizon = 10.0;     // [s] of a forecast
constexpr double kLikely = 0.5;       // probability from which a limit is told as an alarm
const char* const kSpread = "T_sd_K";
// Scalars that the twin tells alone, without a band.
constexpr std::string_view kAlone[] = {"current_A", "J_crowding"};
// In what is kept beside the filter's own.
const char* const kPrefix = "live.";
const char* const kWindows = "live.windows";
const char* const kOutputs = "live.outputs";
const char* const kReferenceTime = "live.reference_time";
const char* const kReferenceValue = "live.reference_value";

const char* const kDegradations[] = {
    "", "forecasts every 2 s, fields every 0.5 s", "forecasts every 5 s", "windows of two", "windows of five, no fields",
};

}  // namespace

struct LiveTwin::Impl {
    Impl(Backend& backend, const Scenario& s, const LiveTwinOptions& o)
        : options(o),
          scenario(s),
          filter(backend, scenario, filter_options(o)),
          view(backend, scenario, filter.bed(), filter.twin()),
          diagnosis(scenario) {}

    static FilterOptions filter_options(const LiveTwinOptions& o) {
        FilterOptions out;
        out.members = o.members, out.window_s = o.window_s, out.radius_m = o.radius_m, out.seed = o.seed;
        return out;
    }

    RunView::Moment moment() const {
        const auto& scalars = state.scalars;
        const auto value = [&](const char* name) { return scalars.contains(name) ? scalars.at(name).value : 0.0; };
        RunView::Moment m;
        m.current_A = value("current_A");
        m.voltage_V = m.current_A * value("resistance_ohm");
        m.power_W = m.current_A * m.voltage_V;
        if (scenario.heater)
            for (const SensorState& s : state.sensors)
                if (s.name == scenario.heater->feedback && s.verdict == "accepted") m.reading_K = s.reading;
        return m;
    }

    // Estimates of the state join the row as columns of their own.
    void widen(RunRecord& r) const {
        if (reference) r.setpoint_K = reference->at(state.run_s);
        for (const auto& [name, e] : state.scalars) {
            if (std::ranges::find(kAlone, name) != std::end(kAlone)) continue;
            r.extra[name + "_p05"] = e.low;
            r.extra[name + "_p95"] = e.high;
        }
        r.extra["nis"] = state.nis;
        for (const SensorState& s : state.sensors)
            if (s.innovation) r.extra["innovation_" + s.name] = *s.innovation;
        for (const ParameterState& p : state.parameters) r.extra["estimate_" + p.name] = p.posterior.value;
    }

    const RunRecord& seen() {
        if (!looked) {
            look = view.look(state.run_s, moment());
            widen(look.record);
            looked = true;
        }
        return look.record;
    }

    LiveRow row() {
        LiveRow out;
        out.record = seen();
        for (const std::string& name : view.available()) out.fields[name] = view.field(name);
        return out;
    }

    std::vector<float> values(const std::string& name) {
        if (name != kSpread) return view.field(name);
        const auto wide = filter.temperature_sd_K();
        return {wide.begin(), wide.end()};
    }

    // What the twin alone tells: without a spread of its own, or with that of the resistance.
    void add_scalars() {
        const auto found = state.scalars.find("resistance_ohm");
        if (found == state.scalars.end() || failed) return;
        const RunView::Moment m = moment();
        const auto scaled = [&](double factor) {
            Estimate e = found->second;
            e.value *= factor, e.sd *= factor, e.low *= factor, e.high *= factor;
            return e;
        };
        state.scalars["voltage_V"] = scaled(m.current_A);
        state.scalars["power_W"] = scaled(m.current_A * m.current_A);
        if (const auto J = seen().J_crowding; J && std::isfinite(*J))
            state.scalars["J_crowding"] = {*J, 0.0, *J, *J, state.quality};
    }

    void add_fields(const std::vector<std::string>& names, LiveResult& out) {
        if (names.empty()) return;
        (void)seen();
        auto there = view.available();
        there.push_back(kSpread);
        const Extents& e = filter.bed().extents;
        for (const std::string& name : names) {
            if (std::find(there.begin(), there.end(), name) == there.end()) continue;
            FieldMessage f;
            f.quantity = name, f.run = options.run, f.run_s = state.run_s;
            f.cells = e.cells();
            f.voxel = e.spacing();
            f.values = values(name);
            out.fields.push_back(std::move(f));
        }
    }

    void advance(const Batch& batch) {
        if (failed) return;
        try {
            if (batch.follow) {
                reference = batch.follow;
                filter.follow(*batch.follow);
            }
            state = filter.advance(batch.to_s, batch.samples, batch.length);
        } catch (const SolveError& error) {
            failed = error.what();
        }
    }

    ArchiveMap kept() const {
        ArchiveMap out = filter.save();
        out[kWindows] = {double(windows)};
        out[kOutputs] = {double(outputs), next_output};
        if (reference) out[kReferenceTime] = reference->time, out[kReferenceValue] = reference->value;
        return out;
    }

    void restore(const ArchiveMap& kept) {
        ArchiveMap own = kept;
        windows = windows_of(kept);
        const auto& out = own.at(kOutputs);
        outputs = long(out.at(0)), next_output = out.at(1);
        if (own.contains(kReferenceTime)) reference = Program{own.at(kReferenceTime), own.at(kReferenceValue)};
        std::erase_if(own, [](const auto& one) { return one.first.starts_with(kPrefix); });
        filter.restore(own);
        state = filter.state();
    }

    LiveResult take(const LiveWork& work) {
        ++windows;
        const auto start = std::chrono::steady_clock::now();
        looked = false;
        LiveResult out;
        const Batch& batch = work.batch;
        advance(batch);
        state.run = options.run;
        state.run_s = batch.to_s;
        state.degradation = work.degradation;
        alarms.set(failed.has_value(), "solver", 1,
                   "the twin cannot be solved any more" + (failed ? ": " + *failed : std::string()),
                   "what is shown is of before; rely on the heater's own limits", batch.to_s);
        if (failed) {
            state.quality = Quality::bad;
            state.message = "the twin cannot be solved any more; what is shown is of before";
            for (auto& [name, e] : state.scalars) e.quality = Quality::bad;
        }
        diagnosis.look(batch, state, alarms);
        if (work.degradation > 0) {
            if (state.quality == Quality::good) state.quality = Quality::uncertain;
            const std::string what =
                std::string("behind: ") +
                kDegradations[std::min<std::size_t>(std::size_t(work.degradation), std::size(kDegradations) - 1)];
            state.message += (state.message.empty() ? "" : "; ") + what;
        }
        if (work.degradation == 0 || batch.to_s >= next_output - kSameMoment) add_scalars();
        if (!failed) forecast(work.forecast, out, batch.to_s);
        if (batch.to_s >= next_output - kSameMoment) {
            out.row = row();
            while (next_output <= batch.to_s + kSameMoment) next_output = scenario.run.output_every * double(++outputs);
        }
        add_fields(work.fields, out);
        if (work.state && !failed) out.kept = kept();
        finish(batch, out);
        out.work_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return out;
    }

    // One that was asked for, on the thread beside or at once.
    void forecast(bool wanted, LiveResult& out, double t) {
        if (!options.forecasts_beside) {
            if (!wanted) return;
            try {
                return give(filter.forecast(kHorizon), out, t);
            } catch (const SolveError& error) {
                return none(error.what(), t);
            }
        }
        if (auto made = beside ? beside->take() : std::nullopt) {
            if (made->forecast) {
                filter.issue(*made->forecast);
                out.forecast_s = made->took_s;
                give(std::move(*made->forecast), out, t);
            } else {
                none(made->problem, t);
            }
        }
        owed = owed || wanted;
        if (!owed || (beside && beside->busy())) return;
        owed = false;
        auto start = filter.forecast_start(kHorizon);
        if (!start) return;
        if (!beside) beside.emplace(filter.make_forecaster());
        (void)beside->ask(std::move(*start));
    }

    void none(const std::string& why, double t) {
        alarms.raise("forecast", 2, "no forecast can be made: " + why, "what comes next is not known", t);
    }

    void give(Forecast made, LiveResult& out, double t) {
        alarms.clear("forecast", t);
        made.run = options.run;
        for (const LimitForecast& limit : made.limits) {
            if (limit.what.find("supply") != std::string::npos) continue;  // a usual state in a ramp
            const bool likely = limit.probability >= kLikely;
            alarms.set(likely, "limit." + limit.quantity, 1,
                       limit.what + " will be reached" +
                           (limit.time_to_s ? " in " + format_for_people(*limit.time_to_s, Dimension::time) : std::string()),
                       "lower the program, or abort", t);
        }
        out.forecast = std::move(made);
    }

    void finish(const Batch& batch, LiveResult& out) {
        out.state = state;
        out.alarms = alarms.changes();
        out.energy = filter.twin().energy();
        out.steps = filter.steps();
        out.counters = batch.counters;
        out.arrivals_ns = batch.arrivals_ns;
        out.heater = batch.heater, out.heater_heard = batch.heard, out.heater_age_s = batch.heater_age_s;
    }

    LiveTwinOptions options;
    Scenario scenario;
    TwinFilter filter;
    std::optional<ForecastThread> beside;  // ends before the filter
    RunView view;
    Diagnosis diagnosis;
    AlarmLedger alarms;
    TwinState state;
    RunView::Look look;
    bool looked = false;
    bool owed = false;  // a forecast
    std::optional<Program> reference;
    std::optional<std::string> failed;
    double next_output = 0.0;
    long outputs = 0, windows = 0;
};

long windows_of(const ArchiveMap& kept) {
    for (const char* name : {kWindows, kOutputs})
        if (const auto found = kept.find(name); found == kept.end() || found->second.empty())
            throw InputError(std::string("checkpoint: \"") + name + "\" is missing: it is none of a live twin");
    return long(kept.at(kWindows).front());
}

std::vector<std::string> live_fields(const Scenario& scenario) {
    const TimeSeriesColumns columns = time_series_columns(scenario);
    std::vector<std::string> names{"T_K", kSpread};
    names.insert(names.end(), columns.microstructure.begin(), columns.microstructure.end());
    if (columns.electric)
        for (const char* one : {"phi_V", "J_A_per_m2", "J_over_J0", "sigma_S_per_m", "q_W_per_m3"}) names.push_back(one);
    return names;
}

LiveTwin::LiveTwin(Backend& backend, const Scenario& scenario, const LiveTwinOptions& options)
    : impl_(std::make_unique<Impl>(backend, scenario, options)) {}
LiveTwin::~LiveTwin() = default;
LiveResult LiveTwin::take(const LiveWork& work) {
    return impl_->take(work);
}
void LiveTwin::set_run(std::uint64_t run) {
    impl_->options.run = run;
}
void LiveTwin::warm_up() {
    if (!impl_->scenario.heater) return;
    impl_->filter.follow(impl_->scenario.heater->program);
    if (impl_->options.forecasts_beside && impl_->filter.forecast_start(kHorizon))
        impl_->beside.emplace(impl_->filter.make_forecaster());
}
void LiveTwin::restore(const ArchiveMap& kept) {
    impl_->restore(kept);
}
std::map<std::string, SensorSkill> LiveTwin::skill() const {
    return impl_->filter.skill();
}
Coupled& LiveTwin::twin() {
    return impl_->filter.twin();
}
const Bed& LiveTwin::bed() const {
    return impl_->filter.bed();
}
const std::map<std::string, std::string>& LiveTwin::notes() const {
    return impl_->filter.notes();
}
}  // namespace jt
