// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/data/live_feed.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "twin/handover_queue.hpp"
#include "twin/latest_slot.hpp"
#include "viz/screen/data/folder_source.hpp"

namespace jt {

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr double kPaceOver = 5.0;  // [s] of wall time that the real-time factor is taken over
// Of the run's time that samples may take at most; more where the run waits for the clock anyway.
constexpr double kMostShare = 0.05, kMostShareOfWaiting = 0.2, kKeepsUp = 0.97;
constexpr double kUnwatched = 5.0;  // [s] after which nobody looks
constexpr std::size_t kNewest = 8;  // outputs that are never thinned out

// Fields of outputs that are kept, where the run has them: those a run folder keeps (twin/recording/run_folder.cpp).
const char* const kElectric[] = {"phi_V", "J_A_per_m2", "J_over_J0", "sigma_S_per_m", "q_W_per_m3"};
const char* const kProduct[] = {"Th_K", "id_ig", "d002_nm", "capacity_mAh_g"};

std::size_t bytes_of(const FieldFrame& frame) {
    std::size_t bytes = 0;
    for (const auto& [name, values] : frame.fields) bytes += values.size() * sizeof(float);
    return bytes;
}

struct Row {
    double time_s = 0.0;
    std::vector<double> values;
};

struct Report {
    std::shared_ptr<const RunFacts> facts;
    std::shared_ptr<const std::vector<ScreenEvent>> events = std::make_shared<std::vector<ScreenEvent>>();
    std::shared_ptr<const std::vector<FramePtr>> outputs = std::make_shared<std::vector<FramePtr>>();
    std::shared_ptr<const std::vector<double>> output_times = std::make_shared<std::vector<double>>();
    std::shared_ptr<const std::vector<std::string>> field_names = std::make_shared<std::vector<std::string>>();
    FramePtr newest;
    RunStatus status;
    SourceState state;
    std::string folder;  // to be shown in place of this, complete; empty: not yet
    Clock::time_point at = Clock::now();
};

double since(Clock::time_point then) {
    return Seconds(Clock::now() - then).count();
}

}  // namespace

// All that the two threads share.
struct LiveFeed::Link {
    HandoverQueue<Row> rows;
    LatestSlot<Report> reports;
    LatestSlot<std::vector<std::string>> wants;
    std::atomic<bool> stop{false};
    std::atomic<double> commanded_rate{1.0}, confirmed_rate{1.0};
    std::atomic<Clock::rep> looked{0};  // when the screen polled last
};

struct LiveFeed::Told : Report {};

// The screen's side.
class LiveFeed::Source final : public RunSource, public RunControl {
public:
    Source(std::shared_ptr<Link> link, const std::vector<std::string>& columns, SourceState state)
        : link_(std::move(link)), history_(columns) {
        now_.state = std::move(state);
    }
    ~Source() override { link_->looked = 0; }

    bool poll() override {
        link_->looked = Clock::now().time_since_epoch().count();
        bool changed = false;
        while (auto row = link_->rows.take()) history_.append(row->time_s, row->values), changed = true;
        if (auto report = link_->reports.take()) {
            now_ = std::move(*report);
            changed = true;
            choose();
        }
        if (!now_.folder.empty() && !folder_) {
            folder_ = open_folder(now_.folder);
            if (want_t_) folder_->want(*want_t_, want_fields_);
        }
        if (folder_ && folder_->poll()) {
            // what is shown stays until the folder can show as much
            const bool ready = folder_->facts() && folder_->state().kind == SourceState::Kind::finished &&
                               (folder_->frame() || folder_->frame_times().empty() || !want_t_);
            changed = changed || shows_folder_ || ready;
            shows_folder_ = shows_folder_ || ready;
        }
        return changed;
    }
    SourceState state() const override {
        if (shows_folder_) return folder_->state();
        SourceState s = now_.state;
        if (s.kind != SourceState::Kind::finished) s.age_s = since(now_.at);
        return s;
    }
    const RunFacts* facts() const override { return shows_folder_ ? folder_->facts() : now_.facts.get(); }
    RunStatus status() const override { return shows_folder_ ? folder_->status() : now_.status; }
    const History& history() const override { return shows_folder_ ? folder_->history() : history_; }
    const std::vector<ScreenEvent>& events() const override { return shows_folder_ ? folder_->events() : *now_.events; }
    const std::vector<double>& frame_times() const override {
        return shows_folder_ ? folder_->frame_times() : *now_.output_times;
    }
    const std::vector<std::string>& field_names() const override {
        return shows_folder_ ? folder_->field_names() : *now_.field_names;
    }
    void want(double t, const std::vector<std::string>& fields) override {
        if (folder_) folder_->want(t, fields);
        if (want_t_ == t && want_fields_ == fields) return;
        if (want_fields_ != fields) link_->wants.publish(fields);
        want_t_ = t, want_fields_ = fields;
        choose();
    }
    FramePtr frame() const override { return shows_folder_ ? folder_->frame() : frame_; }
    RunControl* control() override { return now_.status.phase == RunStatus::Phase::running ? this : nullptr; }

    void stop() override { link_->stop = true; }
    void set_rate(double rate) override {
        if (std::isfinite(rate)) link_->commanded_rate = std::clamp(rate, 0.0, 1e6);
    }
    bool stop_commanded() const override { return link_->stop; }
    double commanded_rate() const override { return link_->commanded_rate; }
    double confirmed_rate() const override { return link_->confirmed_rate; }

private:
    // Of the outputs in memory and the newest moment, the one nearest to what is wanted.
    void choose() {
        const double t = want_t_.value_or(HUGE_VAL);
        frame_ = now_.newest;
        const auto& times = *now_.output_times;
        if (times.empty() || !frame_ || t >= frame_->time_s) return;
        const auto above = std::lower_bound(times.begin(), times.end(), t);
        for (const auto at : {above, above == times.begin() ? above : std::prev(above)})
            if (at != times.end() && std::abs(*at - t) <= std::abs(frame_->time_s - t))
                frame_ = (*now_.outputs)[std::size_t(at - times.begin())];
    }

    std::shared_ptr<Link> link_;
    History history_;
    Report now_;
    FramePtr frame_;
    std::optional<double> want_t_;
    std::vector<std::string> want_fields_;
    std::unique_ptr<RunSource> folder_;  // once the run has ended
    bool shows_folder_ = false;
};

LiveFeed::LiveFeed(const Scenario& scenario, Settings settings)
    : link_(std::make_shared<Link>()),
      scenario_(scenario),
      settings_(std::move(settings)),
      columns_(time_series_columns(scenario)),
      told_(std::make_unique<Told>()),
      wanted_{"T_K"} {
    link_->commanded_rate = settings_.rate, link_->confirmed_rate = settings_.rate;
    told_->state = {SourceState::Kind::connecting, "The model is being built", "", "LIVE in this process", 0.0};
}

LiveFeed::~LiveFeed() = default;

std::unique_ptr<RunSource> LiveFeed::source() {
    auto columns = column_names(columns_);
    columns.erase(columns.begin());  // time
    return std::make_unique<Source>(link_, columns, told_->state);
}

bool LiveFeed::stop_commanded() const {
    return link_->stop;
}
double LiveFeed::commanded_rate() const {
    return link_->commanded_rate;
}
void LiveFeed::confirm_rate(double rate) {
    link_->confirmed_rate = rate;
}

bool LiveFeed::stepped(const CoupledRun&) {
    return !link_->stop;
}

bool LiveFeed::wants_sample(double) {
    const auto now = Clock::now();
    const Clock::time_point looked{Clock::duration(link_->looked.load())};
    if (Seconds(now - looked).count() > kUnwatched) return false;
    const double rate = link_->commanded_rate;
    const bool waits = rate > 0.0 && told_->status.realtime_factor.value_or(0.0) >= kKeepsUp * rate;
    const double rest = cost_s_ / (waits ? kMostShareOfWaiting : kMostShare);
    // a little early is in time: steps come when they come
    if (Seconds(now - sampled_).count() < std::max(0.8 * settings_.sample_every_s, rest)) return false;
    asked_ = now;
    return true;
}

void LiveFeed::sampled(const CoupledRun& run, const RunRecord& record, RunFields& fields) {
    show(run, record, fields, false);
    // counted from the question on, so that they keep their rhythm whatever they cost
    sampled_ = asked_;
    cost_s_ = since(asked_);
}

bool LiveFeed::recorded(const CoupledRun& run, const RunRecord& record, RunFields& fields) {
    show(run, record, fields, true);
    sampled_ = Clock::now();
    return !link_->stop;
}

// Facts, and the rows of before in a run that is resumed.
void LiveFeed::first(const CoupledRun& run, RunFields& fields) {
    auto facts = std::make_shared<RunFacts>();
    facts->name = settings_.name, facts->folder = settings_.folder, facts->device = settings_.device;
    facts->scenario = scenario_;
    facts->extents = run.bed.extents;
    facts->material = run.bed.material;
    for (const Material& m : run.bed.materials) facts->material_names.push_back(m.name);
    facts->in_product.resize(run.bed.material.size());
    for (std::size_t c = 0; c < run.bed.material.size(); ++c)
        facts->in_product[c] =
            run.bed.product.empty() ? !run.bed.materials[run.bed.material[c]].is_void : run.bed.product[c] != 0;
    told_->facts = std::move(facts);
    kept_ = {"T_K"};
    if (fields.twin().has_electric()) kept_.insert(kept_.end(), std::begin(kElectric), std::end(kElectric));
    if (!columns_.microstructure.empty()) kept_.insert(kept_.end(), std::begin(kProduct), std::end(kProduct));
    told_->field_names = std::make_shared<std::vector<std::string>>(kept_);
    for (std::size_t n = 0; n + 1 < run.records.size(); ++n) {
        auto values = column_values(columns_, run.records[n]);
        values.erase(values.begin());
        link_->rows.put({run.records[n].time_s, std::move(values)});
    }
}

void LiveFeed::show(const CoupledRun& run, const RunRecord& record, RunFields& fields, bool output) {
    if (!told_->facts) first(run, fields);
    if (auto wants = link_->wants.take()) wanted_ = std::move(*wants);

    auto values = column_values(columns_, record);
    values.erase(values.begin());
    link_->rows.put({record.time_s, std::move(values)});

    auto frame = std::make_shared<FieldFrame>();
    frame->time_s = record.time_s;
    const auto available = fields.available();
    const auto is_in = [](const std::vector<std::string>& list, const std::string& name) {
        return std::find(list.begin(), list.end(), name) != list.end();
    };
    for (const auto& name : available)
        if (is_in(wanted_, name) || (output && is_in(kept_, name))) frame->fields[name] = fields.field(name);
    told_->newest = frame;
    if (output) {
        auto outputs = *told_->outputs;
        outputs.push_back(frame);
        bytes_ += bytes_of(*frame);
        while (bytes_ > settings_.fields_in_memory && outputs.size() > kNewest + 2) {
            std::vector<FramePtr> left;
            for (std::size_t n = 0; n < outputs.size(); ++n)
                if (n % 2 == 0 || n + kNewest >= outputs.size())
                    left.push_back(outputs[n]);
                else
                    bytes_ -= bytes_of(*outputs[n]);
            if (left.size() == outputs.size()) break;
            outputs = std::move(left);
        }
        auto times = std::make_shared<std::vector<double>>();
        for (const auto& one : outputs) times->push_back(one->time_s);
        told_->outputs = std::make_shared<std::vector<FramePtr>>(std::move(outputs));
        told_->output_times = std::move(times);
    }
    if (run.events.size() != told_->events->size()) {
        auto events = std::make_shared<std::vector<ScreenEvent>>();
        for (const RunEvent& event : run.events) events->push_back({event.time_s, event.text});
        told_->events = std::move(events);
    }
    const auto now = Clock::now();
    pace_.emplace_back(now, record.time_s);
    while (pace_.size() > 2 && Seconds(now - pace_[1].first).count() >= kPaceOver) pace_.pop_front();
    RunStatus& s = told_->status;
    s.phase = RunStatus::Phase::running;
    if (const double wall = Seconds(now - pace_.front().first).count(); wall > 0.2)
        s.realtime_factor = (record.time_s - pace_.front().second) / wall;
    if (output) s.energy_residual = run.energy_residual_relative;
    told_->state.kind = SourceState::Kind::live;
    told_->state.text = "The run goes on in this process";
    publish();
}

void LiveFeed::publish() {
    told_->at = Clock::now();
    link_->reports.publish(*told_);
}

void LiveFeed::ended(const CoupledRun& run) {
    RunStatus& s = told_->status;
    s.phase = run.failure       ? RunStatus::Phase::failed
              : run.interrupted ? RunStatus::Phase::interrupted
                                : RunStatus::Phase::complete;
    s.failure = run.failure.value_or("");
    s.energy_residual = run.energy_residual_relative;
    if (run.wall_s > 0.0) s.realtime_factor = run.simulated_s / run.wall_s;
    auto events = std::make_shared<std::vector<ScreenEvent>>();
    for (const RunEvent& event : run.events) events->push_back({event.time_s, event.text});
    told_->events = std::move(events);
    told_->state.kind = SourceState::Kind::finished;
    told_->state.text = run.failure       ? "The run has failed: " + *run.failure
                        : run.interrupted ? "The run was ended before its time"
                                          : "The run is complete; its pictures and summary are being written";
    publish();
}

void LiveFeed::failed(const std::string& why) {
    const std::string first = why.substr(0, why.find('\n'));
    told_->status.phase = RunStatus::Phase::failed, told_->status.failure = first;
    told_->state.kind = told_->facts ? SourceState::Kind::finished : SourceState::Kind::broken;
    told_->state.text = "The run has failed: " + first;
    publish();
}

void LiveFeed::recorded_in(const std::string& folder) {
    told_->folder = folder;
    publish();
}

}  // namespace jt
