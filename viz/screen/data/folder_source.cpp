// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/data/folder_source.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <deque>
#include <list>
#include <semaphore>
#include <thread>

#include "kernels/error.hpp"
#include "twin/bed/voxelise.hpp"
#include "twin/latest_slot.hpp"
#include "twin/recording/read_run.hpp"

namespace jt {

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr double kLookEvery = 0.3;       // [s] at least between two looks at the folder
constexpr double kRest = 10.0;           // times what the last reading took
constexpr double kSettles = 2.0;         // [s] a file that has just changed may be half written
constexpr double kQuiet = 10.0;          // [s] without anything new: the run does not go on
constexpr double kQuietIntervals = 8.0;  // or so many times the longest time between two news
constexpr double kFactorOver = 5.0;      // [s] of wall time that the real-time factor is taken over

// What the reading thread knows; parts that stay are shared.
struct Reading {
    std::shared_ptr<const RunFacts> facts;
    std::shared_ptr<const History> history = std::make_shared<History>();
    std::shared_ptr<const std::vector<ScreenEvent>> events = std::make_shared<std::vector<ScreenEvent>>();
    std::shared_ptr<const std::vector<double>> frame_times = std::make_shared<std::vector<double>>();
    std::shared_ptr<const std::vector<std::string>> field_names = std::make_shared<std::vector<std::string>>();
    RunStatus status;
    SourceState state;
    FramePtr frame;
    Clock::time_point changed = Clock::now();  // when something new came
};

struct Want {
    double t = 0.0;
    std::vector<std::string> fields;
    friend bool operator==(const Want&, const Want&) = default;
};

// What tells whether files have changed.
struct FileMark {
    std::int64_t size = -1, seconds = 0, nanoseconds = 0;
    std::uint64_t number = 0;
    friend bool operator==(const FileMark&, const FileMark&) = default;
};
constexpr std::array<const char*, 4> kFiles{"scenario.toml", "summary.json", "timeseries.csv", "run.h5"};
using Marks = std::array<FileMark, kFiles.size()>;

Marks marks_of(const std::filesystem::path& folder) {
    Marks marks;
    for (std::size_t n = 0; n < kFiles.size(); ++n) {
        struct stat found;
        if (::stat((folder / kFiles[n]).c_str(), &found) == 0)
            marks[n] = {found.st_size, found.st_mtim.tv_sec, found.st_mtim.tv_nsec, found.st_ino};
    }
    return marks;
}

// How long ago the newest of the files was written [s].
double written_ago(const Marks& marks) {
    timespec now;
    ::clock_gettime(CLOCK_REALTIME, &now);
    double least = 1e12;
    for (const FileMark& m : marks)
        if (m.size >= 0) least = std::min(least, double(now.tv_sec - m.seconds) + 1e-9 * double(now.tv_nsec - m.nanoseconds));
    return std::max(0.0, least);
}

// Frames by output, the least recently used go first.
class Frames {
public:
    explicit Frames(std::size_t most_bytes) : most_(most_bytes) {}
    void clear() { frames_.clear(); }
    FramePtr find(std::size_t output) {
        const auto at = std::find_if(frames_.begin(), frames_.end(), [&](const auto& one) { return one.first == output; });
        if (at == frames_.end()) return nullptr;
        frames_.splice(frames_.begin(), frames_, at);
        return at->second;
    }
    void keep(std::size_t output, FramePtr frame) {
        std::erase_if(frames_, [&](const auto& one) { return one.first == output; });
        frames_.emplace_front(output, std::move(frame));
        std::size_t bytes = 0;
        for (auto at = frames_.begin(); at != frames_.end(); ++at) {
            for (const auto& [name, values] : at->second->fields) bytes += values.size() * sizeof(float);
            if (bytes <= most_ || at == frames_.begin()) continue;
            frames_.erase(at, frames_.end());
            break;
        }
    }

private:
    std::list<std::pair<std::size_t, FramePtr>> frames_;
    std::size_t most_;
};

std::shared_ptr<const RunFacts> facts_of(const RunData& run) {
    auto facts = std::make_shared<RunFacts>();
    facts->name = run.name();
    facts->folder = run.folder().string();
    facts->scenario = run.scenario();
    if (const FieldReader* fields = run.fields()) {
        facts->extents = fields->extents();
        facts->material = fields->material();
        facts->material_names = fields->material_names();
        facts->in_product = run.in_product();
        // of an older file, or none: a screen may rely on both
        facts->material.resize(facts->extents.count(), 0);
        facts->in_product.resize(facts->extents.count(), false);
    } else {
        std::vector<std::string> findings;
        const Bed bed = voxelise(run.scenario(), findings);
        facts->extents = bed.extents;
        facts->material = bed.material;
        for (const Material& m : bed.materials) facts->material_names.push_back(m.name);
        facts->in_product.resize(bed.material.size());
        for (std::size_t c = 0; c < bed.material.size(); ++c)
            facts->in_product[c] = bed.product.empty() ? bed.material[c] != 0 : bed.product[c] != 0;
    }
    const std::string device = run.text("device").value_or(""), set = run.text("instruction_set").value_or("");
    facts->device = set.empty() || set == device ? device : device + " " + set;
    return facts;
}

// The numbers of a run of the current alone, which has no time series, as one row.
std::shared_ptr<const History> history_of(const RunData& run) {
    if (run.kind() == RunData::Kind::current) {
        std::vector<std::string> names;
        std::vector<double> row;
        for (const auto& [name, group] : {std::pair{"current_A", "final"},
                                          {"voltage_V", "final"},
                                          {"power_W", "final"},
                                          {"resistance_ohm", "final"},
                                          {"J_crowding", "peak"},
                                          {"J_crowding_max", "peak"}})
            if (const auto value = run.number(group, name)) names.emplace_back(name), row.push_back(*value);
        auto history = std::make_shared<History>(names);
        if (!row.empty()) history->append(0.0, row);
        return history;
    }
    std::vector<std::string> names;
    std::vector<std::span<const double>> columns;
    for (const auto& name : run.columns())
        if (name != "time_s") names.push_back(name), columns.push_back(run.column(name));
    auto history = std::make_shared<History>(names);
    std::vector<double> row(names.size());
    for (std::size_t n = 0; n < run.times().size(); ++n) {
        for (std::size_t c = 0; c < row.size(); ++c) row[c] = columns[c][n];
        history->append(run.times()[n], row);
    }
    return history;
}

class FolderSource final : public RunSource {
public:
    FolderSource(std::filesystem::path folder, std::size_t fields_in_memory)
        : folder_(std::move(folder)), frames_(fields_in_memory) {
        now_.state.name = folder_.string();
        now_.state.text = "Reading " + folder_.string();
        reading_ = now_;
        thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
    }
    ~FolderSource() override {
        thread_.request_stop();
        wake_.release();
    }

    bool poll() override {
        auto fresh = readings_.take();
        if (fresh) now_ = std::move(*fresh);
        return fresh.has_value();
    }
    SourceState state() const override {
        SourceState s = now_.state;
        if (s.kind != SourceState::Kind::finished) s.age_s = Seconds(Clock::now() - now_.changed).count();
        return s;
    }
    const RunFacts* facts() const override { return now_.facts.get(); }
    RunStatus status() const override { return now_.status; }
    const History& history() const override { return *now_.history; }
    const std::vector<ScreenEvent>& events() const override { return *now_.events; }
    const std::vector<double>& frame_times() const override { return *now_.frame_times; }
    const std::vector<std::string>& field_names() const override { return *now_.field_names; }
    FramePtr frame() const override { return now_.frame; }
    void want(double t, const std::vector<std::string>& fields) override {
        const Want want{t, fields};
        if (want == asked_) return;
        asked_ = want;
        wants_.publish(want);
        wake_.release();
    }

private:
    // All below is of the reading thread.
    void work(const std::stop_token& stop) {
        Clock::time_point next_look{};
        while (!stop.stop_requested()) {
            if (Clock::now() >= next_look) {
                const auto start = Clock::now();
                guarded([&] { look(); });
                next_look = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                               Seconds(std::max(kLookEvery, kRest * Seconds(Clock::now() - start).count())));
            }
            if (auto want = wants_.take()) want_ = std::move(want);
            serve(stop);
            if (stop.stop_requested()) return;
            (void)wake_.try_acquire_until(next_look);
            while (wake_.try_acquire()) continue;
        }
    }

    void publish() {
        published_ = reading_.state;
        readings_.publish(reading_);
    }

    void say(SourceState::Kind kind, const std::string& text, const std::string& advice) {
        reading_.state.kind = kind, reading_.state.text = text, reading_.state.advice = advice;
        if (published_.kind != kind || published_.text != text || published_.advice != advice) publish();
    }

    template <class Work>
    void guarded(Work&& work) {
        try {
            work();
        } catch (const std::exception& error) {
            trouble(error.what());
        }
    }

    // Something that cannot be read. What was read before stays; a file that has just changed may be half written.
    void trouble(const std::string& problem) {
        const std::string first = problem.substr(0, problem.find('\n'));
        const double ago = written_ago(marks_of(folder_));
        marks_.reset();  // look again
        if (ago < kSettles) {
            if (!reading_.facts)
                say(SourceState::Kind::waiting, "The run in " + folder_.string() + " is about to write its first output", "");
            return;
        }
        say(SourceState::Kind::broken, first,
            "The folder is looked at again and again; if the file stays damaged, make the run anew: jouletwin run SCENARIO "
            "-o " +
                folder_.string());
    }

    void forget() {
        if (!run_ && !reading_.facts) return;
        const SourceState state = reading_.state;
        run_.reset(), frames_.clear(), marks_.reset(), last_output_.reset(), pace_.clear();
        longest_ = 0.0;
        reading_ = Reading{};
        reading_.state = state;
        published_ = SourceState{};  // whatever it says: all else has changed
    }

    void look() {
        std::error_code code;
        const std::string name = folder_.string();
        if (!std::filesystem::exists(folder_, code)) {
            forget();
            say(SourceState::Kind::empty, "There is no folder " + name + " yet",
                "It is looked for again and again; a run makes it: jouletwin run SCENARIO -o " + name);
            return;
        }
        if (!std::filesystem::is_directory(folder_, code)) {
            forget();
            say(SourceState::Kind::broken, name + " is a file, not a folder",
                "Give the folder of a run: jouletwin view RUNDIR");
            return;
        }
        const Marks marks = marks_of(folder_);
        if (marks[0].size < 0) {
            forget();
            say(SourceState::Kind::empty, "This folder holds no run yet: start one with jouletwin run SCENARIO -o " + name, "");
            return;
        }
        if (!marks_ || *marks_ != marks)
            read(marks);
        else
            settle();
    }

    void read(const Marks& marks) {
        const bool anew = scenario_ && *scenario_ != marks[0];
        RunData run = RunData::read(folder_);
        const bool shrunk = run_ && (run.times().size() < run_->times().size() ||
                                     (!run.times().empty() && !run_->times().empty() && run.times()[0] != run_->times()[0]));
        if (anew || shrunk) forget();
        scenario_ = marks[0];
        const auto now = Clock::now();
        const bool first = !marks_;
        const bool had_fields = run_ && run_->fields();
        if (!reading_.facts || had_fields != (run.fields() != nullptr) ||
            (reading_.facts->device.empty() && !run.summary().is_null()))
            reading_.facts = facts_of(run);
        reading_.history = history_of(run);
        auto events = std::make_shared<std::vector<ScreenEvent>>();
        for (const auto& event : run.events()) events->push_back({event.time_s.value_or(0.0), event.text});
        std::stable_sort(events->begin(), events->end(), [](const auto& a, const auto& b) { return a.time_s < b.time_s; });
        reading_.events = std::move(events);
        reading_.frame_times =
            std::make_shared<std::vector<double>>(run.fields() ? run.fields()->times() : std::vector<double>());
        reading_.field_names =
            std::make_shared<std::vector<std::string>>(run.fields() ? run.fields()->fields() : std::vector<std::string>());
        const double ago = written_ago(marks);
        if (!first) longest_ = std::max(longest_, Seconds(now - reading_.changed).count() - ago);
        reading_.changed = now - std::chrono::duration_cast<Clock::duration>(Seconds(std::min(ago, 1e9)));
        run_ = std::move(run);
        marks_ = marks;
        if (run_->state() != RunData::State::unfinished)
            ended();
        else
            goes_on(true);
        publish();
    }

    // Nothing has changed: a run that was going on may have been killed.
    void settle() {
        if (run_ && run_->state() == RunData::State::unfinished) goes_on(false);
    }

    void ended() {
        RunStatus& s = reading_.status;
        s.realtime_factor = run_->number("realtime_factor");
        s.energy_residual = run_->number("energy", "residual_relative");
        s.failure.clear();
        std::string text;
        reading_.state.advice.clear();
        switch (run_->state()) {
            case RunData::State::failed:
                s.phase = RunStatus::Phase::failed;
                s.failure = run_->text("failure").value_or("");
                text = "The run has failed: " + s.failure;
                break;
            case RunData::State::interrupted:
                s.phase = RunStatus::Phase::interrupted;
                text = "The run was interrupted";
                reading_.state.advice = resume_advice();
                break;
            default:
                s.phase = RunStatus::Phase::complete;
                text = "The run is complete";
        }
        reading_.state.kind = SourceState::Kind::finished, reading_.state.text = text;
    }

    std::string resume_advice() const { return "jouletwin run --resume " + folder_.string() + " goes on with it"; }

    void goes_on(bool news) {
        const auto now = Clock::now();
        const double age = Seconds(now - reading_.changed).count();
        RunStatus& s = reading_.status;
        const auto& times = run_->times();
        if (news && !times.empty()) {
            pace_.emplace_back(now, times.back());
            while (pace_.size() > 2 && Seconds(now - pace_[1].first).count() > kFactorOver) pace_.pop_front();
            const double wall = Seconds(pace_.back().first - pace_.front().first).count();
            if (wall > 0.5) s.realtime_factor = (pace_.back().second - pace_.front().second) / wall;
        }
        const bool quiet = age > std::max(kQuiet, kQuietIntervals * longest_);
        s.phase = quiet ? RunStatus::Phase::unfinished : RunStatus::Phase::running;
        if (quiet) {
            s.realtime_factor.reset();
            say(SourceState::Kind::finished, "The run has no end and nothing new has come: it was killed, or it waits",
                resume_advice());
        } else if (times.empty()) {
            say(SourceState::Kind::waiting, "The run in " + folder_.string() + " has not written an output yet", "");
        } else {
            say(SourceState::Kind::live, "The run goes on, written by another program", "");
        }
    }

    // The fields that are wanted, of the output that is nearest by now.
    void serve(const std::stop_token& stop) {
        if (!want_ || !run_ || !run_->fields() || run_->fields()->times().empty()) return;
        const std::size_t output = run_->output_near(want_->t);
        FramePtr frame;
        guarded([&] { frame = form(output, stop); });
        if (!frame || stop.stop_requested()) return;
        const bool forward = last_output_ && output == *last_output_ + 1;
        if (frame != reading_.frame) {
            reading_.frame = frame;
            publish();
        }
        // played: the next one will be wanted
        if (forward && output + 1 < run_->fields()->times().size()) guarded([&] { form(output + 1, stop); });
        last_output_ = output;
    }

    FramePtr form(std::size_t output, const std::stop_token& stop) {
        const FieldReader& fields = *run_->fields();
        FramePtr known = frames_.find(output);
        const auto lacks = [&](const std::string& name) { return fields.has(name) && !(known && known->find(name)); };
        if (known && std::none_of(want_->fields.begin(), want_->fields.end(), lacks)) return known;
        auto frame = known ? std::make_shared<FieldFrame>(*known) : std::make_shared<FieldFrame>();
        frame->time_s = fields.times()[output];
        for (const auto& name : want_->fields) {
            if (stop.stop_requested()) return nullptr;
            if (lacks(name) && !frame->find(name)) frame->fields[name] = fields.read(name, output);
        }
        frames_.keep(output, frame);
        return frame;
    }

    const std::filesystem::path folder_;
    Reading now_;  // of the screen's thread
    Want asked_{std::nan(""), {}};
    LatestSlot<Reading> readings_;
    LatestSlot<Want> wants_;
    std::counting_semaphore<> wake_{0};

    Reading reading_;
    SourceState published_;
    std::optional<RunData> run_;
    std::optional<FileMark> scenario_;  // of the run that has been read
    std::optional<Marks> marks_;
    std::optional<Want> want_;
    std::optional<std::size_t> last_output_;
    Frames frames_;
    std::deque<std::pair<Clock::time_point, double>> pace_;  // when rows of which time were seen
    double longest_ = 0.0;                                   // [s] between two news
    std::jthread thread_;                                    // last: it uses all of the above
};

}  // namespace

std::unique_ptr<RunSource> open_folder(const std::filesystem::path& folder, std::size_t fields_in_memory) {
    return std::make_unique<FolderSource>(folder, fields_in_memory);
}

}  // namespace jt
