// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/live_recorder.hpp"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include <fstream>

#include "bridge/live/estimate_log.hpp"
#include "bridge/live/forecast_log.hpp"
#include "kernels/error.hpp"
#include "twin/recording/read_run.hpp"
#include "twin/recording/run_folder.hpp"

namespace jt {
namespace {

constexpr std::size_t kMostWaiting = 600;      // results: a minute of windows that a disk may hang
constexpr std::size_t kMostOutputsFactor = 4;  // a heater may hold: so many times the scenario's duration

const char* const kEstimates = "estimates.csv";
const char* const kForecasts = "forecasts.csv";
// In the checkpoint: rows of the tables and outputs that belong to it.
const char* const kRows = "live.rows";
const char* const kForecastRows = "live.forecast_rows";
const char* const kRecords = "live.records";

// Fields that have been formed, for the file.
class KeptFields final : public RunFields {
public:
    KeptFields(Coupled& twin, std::map<std::string, std::vector<float>> fields) : twin_(twin), fields_(std::move(fields)) {}
    std::vector<std::string> available() const override {
        std::vector<std::string> names;
        for (const auto& one : fields_) names.push_back(one.first);
        return names;
    }
    const std::vector<float>& field(const std::string& quantity) override { return fields_.at(quantity); }
    Coupled& twin() override { return twin_; }

private:
    Coupled& twin_;
    std::map<std::string, std::vector<float>> fields_;
};

// The first `count` rows of a time series.
std::vector<RunRecord> records_of(const RunData& data, std::size_t count) {
    static const std::map<std::string, double RunRecord::*> plain{
        {"time_s", &RunRecord::time_s},       {"T_mean_K", &RunRecord::T_mean_K},     {"T_max_K", &RunRecord::T_max_K},
        {"T_min_K", &RunRecord::T_min_K},     {"T_spread_K", &RunRecord::T_spread_K}, {"voltage_V", &RunRecord::voltage_V},
        {"current_A", &RunRecord::current_A}, {"power_W", &RunRecord::power_W}};
    static const std::map<std::string, std::optional<double> RunRecord::*> maybe{
        {"setpoint_K", &RunRecord::setpoint_K},         {"reading_K", &RunRecord::reading_K},
        {"resistance_ohm", &RunRecord::resistance_ohm}, {"J_crowding", &RunRecord::J_crowding},
        {"J_crowding_max", &RunRecord::J_crowding_max}, {"J_max_A_per_m2", &RunRecord::J_max_A_per_m2}};
    const TimeSeriesColumns columns = time_series_columns(data.scenario());
    const auto among = [](const std::vector<std::string>& names, const std::string& name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    std::vector<RunRecord> out(count);
    for (std::size_t n = 0; n < count; ++n) out[n].time_s = data.times()[n];
    for (const std::string& name : data.columns()) {
        const auto values = data.column(name);
        const bool micro = among(columns.microstructure, name), probe = among(columns.probes, name);
        for (std::size_t n = 0; n < count; ++n) {
            const double v = values[n];
            const auto some = std::isfinite(v) ? std::optional(v) : std::nullopt;
            if (const auto p = plain.find(name); p != plain.end())
                out[n].*(p->second) = v;
            else if (const auto m = maybe.find(name); m != maybe.end())
                out[n].*(m->second) = some;
            else if (micro)
                out[n].microstructure[name] = v;
            else if (probe)
                out[n].probes[name] = some;
            else
                out[n].extra[name] = v;
        }
    }
    return out;
}

}  // namespace

struct LiveRecorder::Impl {
    Impl(const std::filesystem::path& f, const std::string& toml, const Backend& b, LiveTwin& t)
        : folder(RunFolder::create(f, toml, b)), backend(b), twin(t) {
        prepare();
        folder.starting(twin.twin());
        estimates.emplace(f / kEstimates), forecasts.emplace(f / kForecasts);
        thread = std::thread([this] { work(); });
    }
    Impl(const std::filesystem::path& f, const Backend& b, LiveTwin& t) : folder(RunFolder::resume(f, b)), backend(b), twin(t) {
        prepare();
        if (!folder.state()) {  // killed before the first one: all comes again
            folder = RunFolder::create(f, text_of(f / "scenario.toml"), b);
            folder.starting(twin.twin());
            estimates.emplace(f / kEstimates), forecasts.emplace(f / kForecasts);
        } else {
            kept = *folder.state();
            const std::size_t rows = count(kRows), records = count(kRecords);
            restore_records(f, records);
            estimates.emplace(f / kEstimates, rows);
            forecasts.emplace(f / kForecasts, count(kForecastRows));
            kept.erase(kRows), kept.erase(kRecords), kept.erase(kForecastRows);
        }
        thread = std::thread([this] { work(); });
    }

    void prepare() {
        run.bed = twin.bed();
        for (const auto& [what, note] : twin.notes()) run.findings.push_back(note);
    }

    std::size_t count(const char* name) const {
        const auto found = kept.find(name);
        if (found == kept.end() || found->second.empty())
            throw InputError(std::string("checkpoint: \"") + name + "\" is missing: it is none of a live twin");
        return std::size_t(found->second.front());
    }

    static std::string text_of(const std::filesystem::path& file) {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    // The rows of the file, as records again.
    void restore_records(const std::filesystem::path& f, std::size_t records) {
        const RunData before = RunData::read(f);
        if (before.times().size() < records)
            throw InputError((f / "timeseries.csv").string() + ": has " + std::to_string(before.times().size()) +
                             " rows; the checkpoint is after " + std::to_string(records));
        run.records = records_of(before, records);
        std::vector<std::string> columns;
        for (const auto& [name, value] : run.records.empty() ? std::map<std::string, double>{} : run.records.front().extra)
            columns.push_back(name);
        folder.extend(columns, kMostOutputsFactor);
    }
    ~Impl() { stop(); }

    void stop() {
        {
            const std::lock_guard lock(mutex);
            ended = true;
        }
        wake.notify_all();
        if (thread.joinable()) thread.join();
    }

    void work() {
        for (;;) {
            std::optional<LiveResult> one;
            {
                std::unique_lock lock(mutex);
                wake.wait(lock, [&] { return ended || !waiting.empty(); });
                if (waiting.empty()) return;
                one = std::move(waiting.front());
                waiting.pop_front();
            }
            try {
                if (!broken) write(*one);
            } catch (const std::exception& error) {
                broken = true;
                const std::lock_guard lock(mutex);
                trouble = error.what();
            }
        }
    }

    void write(LiveResult& one) {
        for (const AlarmMessage& alarm : one.alarms)
            run.events.push_back({alarm.run_s, (alarm.active ? "" : "over: ") + alarm.text});
        run.energy = one.energy, run.steps = int(one.steps), run.simulated_s = one.state.run_s;
        last = one.state;
        if (one.forecast) forecast = *one.forecast, forecasts->append(forecast);
        estimates->append(one.state);
        if (one.row) {
            if (run.records.empty()) {
                std::vector<std::string> columns;
                for (const auto& [name, value] : one.row->record.extra) columns.push_back(name);
                // what has no value at first
                for (const SensorState& s : one.state.sensors) columns.push_back("innovation_" + s.name);
                std::sort(columns.begin(), columns.end());
                columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
                folder.extend(columns, kMostOutputsFactor);
            }
            run.records.push_back(one.row->record);
            KeptFields fields(twin.twin(), std::move(one.row->fields));
            folder.recorded(run, run.records.back(), fields);
            estimates->flush(), forecasts->flush();
            if (folder.fields()->full() && !full) {
                full = true;
                const std::lock_guard lock(mutex);
                trouble = (folder.path() / "run.h5").string() + ": full after " + std::to_string(run.records.size()) +
                          " outputs; rows of numbers go on, fields do not";
            }
        }
        if (!one.kept) return;
        estimates->flush(), forecasts->flush();
        (*one.kept)[kRows] = {double(estimates->rows())};
        (*one.kept)[kForecastRows] = {double(forecasts->rows())};
        (*one.kept)[kRecords] = {double(run.records.size())};
        folder.keep_state(*one.kept);
    }

    nlohmann::ordered_json assimilation(const std::map<std::string, double>& figures) const {
        nlohmann::ordered_json out;
        out["members"] = last.members;
        out["misfit"] = last.misfit;
        out["nis"] = last.nis;
        for (const ParameterState& p : last.parameters)
            out["parameters"][p.name] = {{"prior", p.prior},           {"prior_sd", p.prior_sd}, {"value", p.posterior.value},
                                         {"sd", p.posterior.sd},       {"low", p.posterior.low}, {"high", p.posterior.high},
                                         {"identified", p.identified}, {"note", p.note}};
        for (const SensorState& s : last.sensors) {
            out["sensors"][s.name] = {{"bias", s.bias.value}, {"bias_sd", s.bias.sd}, {"counters", s.counters}};
        }
        for (const auto& [name, s] : twin.skill())
            out["sensors"][name].update({{"rank_histogram", s.ranks},
                                         {"spread", s.spread},
                                         {"rms_innovation", s.error},
                                         {"spread_over_skill", s.error > 0.0 ? s.spread / s.error : 1.0}});
        if (!forecast.coverage.empty()) out["forecast"] = {{"coverage_5s", forecast.coverage}, {"skill_5s", forecast.skill}};
        for (const auto& [name, value] : figures) out[name] = value;
        return out;
    }

    RunFolder folder;
    const Backend& backend;
    LiveTwin& twin;
    CoupledRun run;
    ArchiveMap kept;  // of a resumed run
    std::optional<EstimateLog> estimates;
    std::optional<ForecastLog> forecasts;
    TwinState last;
    Forecast forecast;
    bool broken = false, full = false;
    mutable std::mutex mutex;  // of all below
    std::condition_variable wake;
    std::deque<LiveResult> waiting;
    std::string trouble;
    bool ended = false;
    std::thread thread;
};

LiveRecorder::LiveRecorder(const std::filesystem::path& folder, const std::string& scenario_toml, const Backend& backend,
                           LiveTwin& twin)
    : impl_(std::make_unique<Impl>(folder, scenario_toml, backend, twin)) {}
LiveRecorder::LiveRecorder(Resume, const std::filesystem::path& folder, const Backend& backend, LiveTwin& twin)
    : impl_(std::make_unique<Impl>(folder, backend, twin)) {}
LiveRecorder::~LiveRecorder() = default;
const ArchiveMap& LiveRecorder::kept() const {
    return impl_->kept;
}

void LiveRecorder::put(LiveResult result) {
    {
        const std::lock_guard lock(impl_->mutex);
        if (impl_->waiting.size() >= kMostWaiting) {
            impl_->trouble = "the disk is too slow: results are left out of " + impl_->folder.path().string();
            return;
        }
        impl_->waiting.push_back(std::move(result));
    }
    impl_->wake.notify_one();
}

std::string LiveRecorder::trouble() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->trouble;
}

void LiveRecorder::drain(bool interrupted, double wall_s) {
    impl_->stop();
    CoupledRun& run = impl_->run;
    run.interrupted = interrupted, run.wall_s = wall_s;
    const Energy& e = run.energy;
    const double scale =
        std::max({std::abs(e.electrical_J), std::abs(e.lost_J), std::abs(e.stored_J), std::abs(e.assimilated_J)});
    run.energy_residual_relative = scale > 0.0 ? std::abs(e.residual_J()) / scale : 0.0;
}

void LiveRecorder::finish(const std::map<std::string, double>& figures) {
    if (impl_->broken) return;
    try {
        impl_->estimates->flush(), impl_->forecasts->flush();
        impl_->folder.add_to_summary("assimilation", impl_->assimilation(figures));
        impl_->folder.finish(impl_->run, impl_->backend);
    } catch (const std::exception& error) {
        const std::lock_guard lock(impl_->mutex);
        impl_->trouble = error.what();
    }
}

const CoupledRun& LiveRecorder::run() const {
    return impl_->run;
}
const RunFile* LiveRecorder::fields() const {
    return impl_->folder.fields();
}
const std::filesystem::path& LiveRecorder::folder() const {
    return impl_->folder.path();
}

}  // namespace jt
