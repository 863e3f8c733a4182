// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/live_recorder.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "bridge/live/estimate_log.hpp"
#include "kernels/error.hpp"
#include "twin/recording/run_folder.hpp"

namespace jt {
namespace {

constexpr std::size_t kMostWaiting = 600;      // results: a minute of windows that a disk may hang
constexpr std::size_t kMostOutputsFactor = 4;  // a heater may hold: so many times the scenario's duration

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

}  // namespace

struct LiveRecorder::Impl {
    Impl(const std::filesystem::path& f, const std::string& toml, const Backend& b, LiveTwin& t)
        : folder(RunFolder::create(f, toml, b)), backend(b), twin(t) {
        run.bed = twin.bed();
        for (const auto& [what, note] : twin.notes()) run.findings.push_back(note);
        folder.starting(twin.twin());
        std::error_code ignored;
        std::filesystem::remove(f / "estimates.csv", ignored);
        estimates.emplace(f / "estimates.csv");
        thread = std::thread([this] { work(); });
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
        if (one.forecast) forecast = *one.forecast;
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
            estimates->flush();
        }
        if (one.kept) folder.keep_state(*one.kept);
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
        if (!forecast.coverage.empty()) out["forecast"] = {{"coverage_5s", forecast.coverage}, {"skill_5s", forecast.skill}};
        for (const auto& [name, value] : figures) out[name] = value;
        return out;
    }

    RunFolder folder;
    const Backend& backend;
    LiveTwin& twin;
    CoupledRun run;
    std::optional<EstimateLog> estimates;
    TwinState last;
    Forecast forecast;
    bool broken = false;
    std::atomic<std::uint64_t> dropped{0};
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
LiveRecorder::~LiveRecorder() = default;

void LiveRecorder::put(const LiveResult& result) {
    {
        const std::lock_guard lock(impl_->mutex);
        if (impl_->waiting.size() >= kMostWaiting) {
            ++impl_->dropped;
            return;
        }
        impl_->waiting.push_back(result);
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
        impl_->estimates->flush();
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
