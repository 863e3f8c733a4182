// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/live_service.hpp"

#include <algorithm>
#include <cmath>
#include <deque>

#include "bridge/live/live_worker.hpp"
#include "bridge/live/pace_keeper.hpp"
#include "bridge/live/run_log.hpp"
#include "bridge/live/twin_outlet.hpp"
#include "bridge/wire/requester.hpp"
#include "bridge/wire/subscriber.hpp"
#include "bridge/wire/wait_any.hpp"
#include "kernels/error.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr auto kServicePoll = std::chrono::milliseconds(5);
constexpr int kInWork = 2;        // windows with the worker: one it computes, one it goes on with
constexpr int kMostTogether = 5;  // windows that are due
constexpr double kStatusEvery = 0.5, kBeatEvery = 1.0, kHeaterBeatEvery = 0.5, kTimeEvery = 2.0;  // [s]
constexpr std::int64_t kBefore = 2'000'000'000;  // [ns] of frames from before a run's status that may be its own
constexpr std::size_t kMostBefore = 65536;       // frames
constexpr double kFirstForecast = 1.0;           // [s] the first steps of a run are many
constexpr double kStateEvery = 2.0;              // [s] a kill costs no more computing than of so long
constexpr double kDead = 30.0;                   // [s] without a message: the run is over
constexpr double kAnswerWithin = 2.0;            // [s] beyond a command's deadline
constexpr double kNeverHeard = 1e9;              // [s] age of what never came
constexpr double kLoadShare = 0.1;               // of the newest window in the mean of the load

// Our own clock: Unix time at the start of the process, and from then on without a step.
class OwnClock {
public:
    std::int64_t now() const { return unix_ + (monotonic_ns() - monotonic_); }
    double seconds() const { return 1e-9 * double(monotonic_ns() - monotonic_); }

private:
    std::int64_t unix_ = unix_ns(), monotonic_ = monotonic_ns();
};

// Something that is due every so many seconds.
class Every {
public:
    bool due(double now_s, double period_s) {
        if (now_s < next_) return false;
        next_ = now_s + period_s;
        return true;
    }

private:
    double next_ = 0.0;
};

std::filesystem::path numbered(const std::filesystem::path& folder, int n) {
    return n == 1 ? folder : std::filesystem::path(folder.string() + "-" + std::to_string(n));
}

}  // namespace

struct LiveService::Impl {
    Impl(WireContext& context, Backend& backend, const Scenario& s, const std::string& toml, const LiveServiceOptions& o)
        : scenario(s),
          options(o),
          outlet(context, outlet_options(toml, backend)),
          sensors(context, o.sensors, subscriber_options()),
          scenario_toml(toml),
          worker(backend, s, worker_options()) {
        if (!o.heater.empty()) heater.emplace(context, o.heater);
    }

    OutletOptions outlet_options(const std::string& toml, const Backend& backend) {
        OutletOptions out;
        out.publish = options.publish, out.requests = options.requests;
        out.endpoints["sensors"] = options.sensors.front();
        if (!options.heater.empty()) {
            out.endpoints["commands"] = options.heater;
            out.command = [this](const Command& command) { return pass_on(command); };
        }
        out.fields = live_fields(scenario);
        out.title = scenario.title, out.scenario_toml = toml, out.device = backend.name();
        return out;
    }
    WorkerOptions worker_options() const {
        WorkerOptions out;
        out.twin.members = options.members, out.twin.window_s = options.window_s, out.twin.seed = options.seed;
        out.twin.radius_m = options.radius_m;
        out.twin.forecasts_beside = true;
        out.scenario_toml = scenario_toml;
        out.recorded = options.recorded;
        return out;
    }
    SubscriberOptions subscriber_options() {
        SubscriberOptions out;
        out.tap = [this](std::int64_t, std::span<const std::string_view> parts) { frame(parts); };
        return out;
    }

    void say(const std::string& line) const {
        if (options.notice) options.notice(line);
    }

    // ---- what comes in

    void frame(std::span<const std::string_view> parts) {
        const std::int64_t now = clock.now();
        ++frames;
        if (intake && !reading_back) {
            keep([&] { log->frame(now, parts); });
            intake->frame(now, parts);
        }
        // The newest are kept, since a run's first readings may be ahead of its status. Those of a run that is read back, or
        // that waits for the twin, wait for their turn.
        FrameRecord one;
        one.t_receive_ns = now;
        for (const auto part : parts) one.parts.emplace_back(part);
        before.push_back(std::move(one));
        const bool wait = reading_back || next;
        while (before.size() > kMostBefore || (!wait && before.front().t_receive_ns < now - kBefore)) before.pop_front();
    }

    // The log may fail; the twin goes on.
    template <class Write>
    void keep(Write write) {
        if (!log) return;
        try {
            write();
        } catch (const DiskError& error) {
            log.reset();
            trouble(error.what());
        }
    }

    void heard(const Received& received) {
        if (const auto* status = std::get_if<HeaterStatus>(&received.message)) {
            heater_status = *status, heater_epoch = received.header.epoch;
            heater_at = clock.seconds();
            const RunStart now{heater_epoch, status->run, status->start_ns};
            const bool runs = status->phase == HeaterPhase::running || status->phase == HeaterPhase::holding;
            if ((last_run && *last_run == now) || (next && *next == now)) return;
            if (!runs && !left_unfinished(now)) return;
            if (next) say("a run of the heater has passed before the twin was ready for it");
            next = now;
        }
    }

    // ---- runs

    // Whose run an unfinished log in a folder is of: a twin that was killed.
    static std::optional<BeginMark> unfinished(const std::filesystem::path& folder) {
        if (!std::filesystem::exists(folder / kFrameLogName)) return {};
        try {
            const BeginMark begin = begin_of(folder / kFrameLogName);
            FrameLogReader reader(folder / kFrameLogName);
            while (const auto record = reader.next())
                if (const auto mark = mark_of(*record); mark && std::holds_alternative<EndMark>(*mark)) return {};
            return begin;
        } catch (const InputError&) {
            return {};  // no log of a run, or one that cannot be read: there is nothing to go on with
        }
    }

    bool resumes(const BeginMark& there, const RunStart& start) const {
        return there.start == start && there.members == options.members && there.seed == options.seed &&
               there.window_s == options.window_s && there.radius_m == options.radius_m;
    }
    // Whether a run that the heater has ended by now is one that a twin was killed in: it is gone on with, to its end.
    bool left_unfinished(const RunStart& start) {
        if (!options.folder || start.run == 0 || (looked_for && *looked_for == start)) return false;
        looked_for = start;
        for (int n = folders;; ++n) {
            const auto there = unfinished(numbered(*options.folder, n));
            if (!there) return false;
            if (resumes(*there, start)) return true;
        }
    }

    // The folder of the next run: that of a run that goes on, or the next that holds no unfinished run of another.
    std::filesystem::path next_folder(const RunStart& start, std::optional<BeginMark>& resumed) {
        for (;; ++folders) {
            const std::filesystem::path folder = numbered(*options.folder, folders);
            const auto there = unfinished(folder);
            if (there && resumes(*there, start)) resumed = there;
            if (there && !resumed) continue;
            ++folders;
            return folder;
        }
    }

    // The run that waits, once the twin is ready; it may be over by then.
    void begin_next() {
        if (!next || intake || !ready) return;
        const RunStart start = *next;
        begin(start);
        next.reset();
    }

    void begin(const RunStart& start) {
        last_run = start;
        std::optional<std::filesystem::path> folder;
        std::optional<BeginMark> resumed;
        if (options.folder) folder = next_folder(start, resumed);
        run = resumed ? resumed->run : run + 1;
        worker.begin(run, folder, resumed.has_value());
        ready = false;
        intake.emplace(scenario, start, options.window_s);
        outlet.begin_run();
        forecasts = 0;
        forecast_at = kFirstForecast, state_at = kStateEvery, last_batch_s = 0.0;
        delays_before = delays.size();
        if (resumed) {
            reading_back = *folder;
            say("run " + std::to_string(run) + " of the heater goes on, recorded in " + folder->string());
            return;  // when the worker knows from where
        }
        open_log(folder, [&] { std::filesystem::remove(*folder / kFrameLogName); });
        keep([&] {
            log->mark(BeginMark{start, run, options.seed, options.members, options.window_s, JT_VERSION, options.radius_m});
        });
        take_in_before();
        say("run " + std::to_string(run) + " of the heater has begun" + (folder ? ", recorded in " + folder->string() : ""));
    }

    template <class First>
    void open_log(const std::optional<std::filesystem::path>& folder, First first) {
        if (!folder) return;
        try {
            std::filesystem::create_directories(*folder);
            first();
            log.emplace(*folder / kFrameLogName);
        } catch (const std::exception& error) {
            trouble(error.what());
        }
    }

    void take_in_before() {
        for (const FrameRecord& one : before) {
            const std::vector<std::string_view> parts(one.parts.begin(), one.parts.end());
            keep([&] { log->frame(one.t_receive_ns, parts); });
            intake->frame(one.t_receive_ns, parts);
        }
        before.clear();
    }

    // The run of a twin that was killed: its frames once more, windows beyond the checkpoint computed again.
    void read_back(long windows) {
        const std::filesystem::path folder = *reading_back;
        reading_back.reset();
        try {
            FrameLogReader reader(folder / kFrameLogName);
            while (const auto record = reader.next()) {
                const auto mark = mark_of(*record);
                if (!mark) {
                    const std::vector<std::string_view> parts(record->parts.begin(), record->parts.end());
                    intake->frame(record->t_receive_ns, parts);
                } else if (const auto* w = std::get_if<WindowMark>(&*mark)) {
                    LiveWork work;
                    work.batch = intake->close(w->own_ns, w->length);
                    last_batch_s = work.batch.to_s;
                    work.degradation = w->degradation;
                    if (--windows < 0) worker.put(std::move(work));
                }
            }
            // what has come since is taken in by the log that goes on
        } catch (const InputError& error) {
            trouble(error.what());
        }
        forecast_at = last_batch_s;
        open_log(folder, [] {});
        take_in_before();
    }

    void end(const std::string& why, bool interrupted) {
        keep([&] {
            log->mark(EndMark{why});
            log->flush();
        });
        log.reset();
        intake.reset();
        const auto l = latency(delays_before);
        worker.end(interrupted, {{"latency_median_s", l[0]},
                                 {"latency_p99_s", l[1]},
                                 {"latency_longest_s", l[2]},
                                 {"forecasts", double(forecasts)}});
        say("the run has ended: " + why);
        ++ended;
    }

    void look_for_windows() {
        if (!intake || reading_back) return;
        if (worker.waiting() >= kInWork) return;
        const std::int64_t now = clock.now();
        pace.look(intake->behind_s(now) - options.window_s, clock.seconds());
        int length = pace.length();
        if (!intake->due(now, length)) return finish_where_over();
        while (length < kMostTogether && intake->due(now, length + 1)) ++length;
        pace.took(length > pace.length());
        LiveWork work;
        work.degradation = pace.level();
        work.batch = intake->close(now, length);
        const double to = work.batch.to_s;
        work.forecast = to >= forecast_at - 1e-6;
        if (work.forecast) forecast_at = to + pace.forecast_every_s();
        work.state = to >= state_at - 1e-6;
        if (work.state) state_at = to + kStateEvery;
        keep([&] {
            log->mark(WindowMark{now, work.batch.length, work.degradation, work.forecast});
            log->flush();
        });
        if (fields_due.due(clock.seconds(), pace.fields_every_s())) work.fields = outlet.wanted_fields();
        last_batch_s = to;
        worker.put(std::move(work));
    }

    void finish_where_over() {
        const HeaterStatus& s = intake->heater();
        const bool runs = s.phase == HeaterPhase::running || s.phase == HeaterPhase::holding;
        if (intake->over()) return end("the heater has started anew", false);
        if (!runs && s.run == intake->start().run && last_batch_s >= scenario.run.duration - 1e-6)
            return end("the heater's run is over", false);
        if (clock.seconds() - frame_at > kDead) end("nothing has come from the heater for half a minute", true);
    }

    // ---- what goes out

    void publish(LiveResult& r) {
        load += kLoadShare * (r.work_s / options.window_s - load);
        r.state.realtime_factor = load > 0.0 ? 1.0 / load : 0.0;
        const std::int64_t sent = clock.now();
        double longest = 0.0;
        for (const std::int64_t at : r.arrivals_ns) {
            const double one = 1e-9 * double(sent - at);
            longest = std::max(longest, one);
            delays.push_back(float(one));
        }
        r.state.latency_s = longest;
        if (r.forecast) ++forecasts, pace.forecast_took(r.forecast_s);
        counters = r.counters;
        outlet.publish(r);
        for (const AlarmMessage& alarm : r.alarms) announce(alarm);
        if (options.progress) options.progress(r.state);
    }

    void tell(const AlarmMessage& alarm) {
        outlet.tell(alarm);
        announce(alarm);
    }
    void announce(const AlarmMessage& alarm) const { say((alarm.active ? "alarm: " : "over: ") + alarm.text); }

    void trouble(const std::string& text) {
        if (text.empty() || text == told_trouble) return;
        told_trouble = text;
        tell({"disk", "the run is not recorded any more: " + text, "make room on the disk; the twin goes on", 2, true,
              last_batch_s});
    }

    void tell_status() {
        TwinStatus s;
        s.heater = heater_status;
        s.heater_age_s = heater_at >= 0.0 ? clock.seconds() - heater_at : kNeverHeard;
        s.heater_heard = s.heater_age_s < 1.0;
        s.counters = counters;
        for (const auto& [name, n] : sensors.counters()) s.counters["sensors." + name] = n;
        if (offset.known()) s.counters["clock.steps"] = offset.steps();
        outlet.tell(std::move(s));
    }

    // ---- the heater

    std::optional<CommandResult> pass_on(const Command& command) {
        CommandResult refused{command.id, command.verb, false, "", unix_ns()};
        if (!heater) {
            refused.reason = "this twin has no heater that takes commands (live --heater)";
            return refused;
        }
        if (heater->ask("command", command) == 0) {
            refused.reason = "nobody is at " + heater->endpoint();
            return refused;
        }
        const double wait = std::clamp(1e-9 * double(command.deadline_ns - unix_ns()), 0.0, 60.0) + kAnswerWithin;
        asked[command.id] = {command.verb, clock.seconds() + wait};
        return {};
    }

    void hear_heater() {
        if (!heater) return;
        for (const Reply& reply : heater->poll(std::chrono::milliseconds(0))) {
            if (const auto* result = std::get_if<CommandResult>(&reply.message)) {
                asked.erase(result->id);
                outlet.answer(*result);
            } else if (const auto* t = std::get_if<TimeReply>(&reply.message)) {
                offset.add({t->t_asked_ns, t->t_received_ns, t->t_sent_ns, reply.t_receive_ns}, monotonic_ns());
            } else if (reply.topic == "command" && !asked.empty()) {
                say("the heater has refused a request: " + reply.text);
            }
        }
        const double now = clock.seconds();
        for (auto one = asked.begin(); one != asked.end();) {
            if (now < one->second.until_s) {
                ++one;
                continue;
            }
            outlet.answer({one->first, one->second.verb, false, "no answer from the heater", unix_ns()});
            one = asked.erase(one);
        }
        if (heater_beat.due(now, kHeaterBeatEvery))
            heater->ask("heartbeat", Heartbeat{now, "twin", intake ? "running" : "waiting"});
        if (time_due.due(now, kTimeEvery)) heater->ask("time");
    }

    void hear_worker() {
        for (LiveWorker::Event& event : worker.take()) {
            if (event.ready) {
                ready = true;
                if (!was_ready)
                    say("ready: " + (worker.note().empty() ? std::string("waiting for the heater") : worker.note()));
                was_ready = true;
            } else if (!event.result && !event.ended && !event.trouble.empty() && !was_ready) {
                throw InputError(event.trouble);
            }
            if (event.resumed && reading_back) read_back(*event.resumed);
            if (event.result) publish(*event.result);
            if (event.ended) {
                say("written to " + *event.ended);
                ++written;
            }
            trouble(event.trouble);
        }
    }

    void serve(const std::function<bool()>& stop) {
        while (!stop()) {
            if (heater)
                wait_any({&sensors, &outlet.server(), &*heater}, kServicePoll);
            else
                wait_any({&sensors, &outlet.server()}, kServicePoll);
            const std::uint64_t before_poll = frames;
            for (const Received& one : sensors.poll(std::chrono::milliseconds(0))) heard(one);
            if (frames != before_poll) frame_at = clock.seconds();
            hear_heater();
            hear_worker();
            begin_next();
            look_for_windows();
            outlet.poll();
            if (status_due.due(clock.seconds(), kStatusEvery)) tell_status();
            if (beat.due(clock.seconds(), kBeatEvery)) outlet.beat(intake ? "running" : "waiting");
            if (options.once && ended > 0 && (written > 0 || !options.folder) && worker.waiting() == 0) return;
        }
        if (intake) end("interrupted", true);
    }

    // Of all delays but the first few.
    std::array<double, 3> latency(std::size_t without = 0) const {
        std::vector<float> sorted(delays.begin() + std::ptrdiff_t(without), delays.end());
        if (sorted.empty()) return {};
        std::sort(sorted.begin(), sorted.end());
        const auto at = [&](double share) { return double(sorted[std::size_t(share * double(sorted.size() - 1))]); };
        return {at(0.5), at(0.99), at(1.0)};
    }

    const Scenario scenario;
    const LiveServiceOptions options;
    OwnClock clock;
    TwinOutlet outlet;
    Subscriber sensors;
    std::optional<Requester> heater;
    const std::string scenario_toml;
    std::optional<Intake> intake;
    std::optional<RunLog> log;
    std::deque<FrameRecord> before;
    std::optional<RunStart> last_run, next, looked_for;  // next: heard of, not begun yet
    std::uint64_t run = 0, frames = 0, forecasts = 0;
    int folders = 1, ended = 0, written = 0;
    bool ready = false, was_ready = false;
    PaceKeeper pace;
    std::optional<std::filesystem::path> reading_back;  // the folder of a run that goes on
    double forecast_at = 0.0, state_at = 0.0, last_batch_s = 0.0, frame_at = 0.0, heater_at = -1.0, load = 0.0;
    HeaterStatus heater_status;
    std::uint64_t heater_epoch = 0;
    std::vector<float> delays;
    std::size_t delays_before = 0;  // those of the runs before
    std::map<std::string, std::uint64_t> counters;
    std::string told_trouble;
    struct Asked {
        std::string verb;
        double until_s = 0.0;
    };
    std::map<std::string, Asked> asked;  // commands that the heater has not answered
    ClockOffset offset;
    Every fields_due, status_due, beat, heater_beat, time_due;
    LiveWorker worker;  // ends first
};

LiveService::LiveService(WireContext& context, Backend& backend, const Scenario& scenario, const std::string& scenario_toml,
                         const LiveServiceOptions& options)
    : impl_(std::make_unique<Impl>(context, backend, scenario, scenario_toml, options)) {}
LiveService::~LiveService() = default;

void LiveService::run(const std::function<bool()>& stop) {
    impl_->serve(stop);
}
const std::string& LiveService::predictions_endpoint() const {
    return impl_->outlet.predictions_endpoint();
}
const std::string& LiveService::requests_endpoint() const {
    return impl_->outlet.requests_endpoint();
}
std::array<double, 3> LiveService::latency_s() const {
    return impl_->latency();
}

}  // namespace jt
