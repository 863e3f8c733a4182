// SPDX-License-Identifier: Apache-2.0
#include "twin/cli/remote_source.hpp"

#if defined(JT_SCREEN) && defined(JT_BRIDGE)
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

#include "twin/cli/remote_twin.hpp"
#include "twin/handover_queue.hpp"
#include "twin/latest_slot.hpp"

namespace jt::cli {

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

double now_s() {
    return Seconds(Clock::now().time_since_epoch()).count();
}
std::int64_t unix_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// What the link's thread tells the screen's.
struct Linked {  // how it fares
    SourceState::Kind kind = SourceState::Kind::connecting;
    std::string text, advice;
    bool open = false;      // commands get through
    bool commands = false;  // there is a heater to command
};
struct Begun {  // another run, or its new program
    std::shared_ptr<const RunFacts> facts;
    bool same_run = false;
    std::vector<std::string> fields;
};
struct Told {
    FromTwin message;
    double at_s = 0.0;
};
using News = std::variant<Linked, Begun, Told, std::vector<PastState>>;

struct Shared {
    HandoverQueue<News> news;
    HandoverQueue<Command> commands;
    LatestSlot<std::vector<std::string>> wants;
    std::atomic<bool> stop{false};
    std::mutex mutex;  // of the pause between two tries alone
    std::condition_variable woken;
};

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

// The link's thread.
class Keeper {
public:
    Keeper(std::shared_ptr<Shared> shared, std::string endpoint, std::function<std::unique_ptr<TwinLink>()> connect,
           RemoteTiming timing)
        : shared_(std::move(shared)), endpoint_(std::move(endpoint)), connect_(std::move(connect)), timing_(timing) {}

    void run() {
        auto pause = timing_.first_pause;
        while (!shared_->stop) {
            bool was_there = false;
            try {
                was_there = converse();
            } catch (const LinkRefused& refused) {
                tell(SourceState::Kind::broken, endpoint_ + " refuses: " + first_line(refused.what()),
                     "Give the keys that it allows (--key, --server-key), or the same version of the program.");
            } catch (const Error& error) {
                tell(SourceState::Kind::broken, endpoint_ + ": " + first_line(error.what()),
                     "It is tried again by itself. Go by the heater's own display.");
            } catch (const std::exception& error) {
                tell(SourceState::Kind::broken, endpoint_ + ": " + first_line(error.what()),
                     "It is tried again by itself. Go by the heater's own display.");
            }
            pause = was_there ? timing_.first_pause : std::min(2 * pause, timing_.last_pause);
            std::unique_lock lock(shared_->mutex);
            shared_->woken.wait_for(lock, pause, [&] { return shared_->stop.load(); });
        }
    }

private:
    std::shared_ptr<Shared> shared_;
    const std::string endpoint_;
    const std::function<std::unique_ptr<TwinLink>()> connect_;
    const RemoteTiming timing_;
    bool known_ = false;  // a twin has been heard before
    std::uint64_t epoch_ = 0;
    std::string scenario_, program_;
    bool missed_ = false;  // the snapshot is to be taken again
    Clock::time_point again_{};

    void tell(SourceState::Kind kind, std::string text, std::string advice, bool open = false, bool commands = false) {
        shared_->news.put(Linked{kind, std::move(text), std::move(advice), open, commands});
    }

    // From the first word to the silence. True: it was there.
    bool converse() {
        const auto link = connect_();
        const auto hello = link->hello(timing_.ask);
        if (shared_->stop) return false;
        if (!hello) {
            if (known_)
                tell(SourceState::Kind::broken, "The link to the twin is lost",
                     "It is tried again by itself. Go by the heater's own display; look whether jouletwin live still runs at " +
                         endpoint_ + ".");
            else
                tell(SourceState::Kind::connecting, endpoint_ + " does not answer",
                     "Start the twin there: jouletwin live SCENARIO --sensors EP. It is tried again by itself.");
            return false;
        }
        // The same life of the same twin goes on where it was; any other begins anew.
        if (!known_ || hello->epoch != epoch_ || hello->scenario != scenario_) {
            program_.clear();
            auto facts = facts_of_scenario(hello->scenario, hello->name.empty() ? endpoint_ : hello->name);
            shared_->news.put(Begun{std::move(facts), false, hello->fields});
        }
        known_ = true, epoch_ = hello->epoch, scenario_ = hello->scenario;
        // What was commanded before is not meant for now.
        while (shared_->commands.take()) {
        }
        if (auto wanted = shared_->wants.take()) wanted_ = std::move(*wanted);
        link->subscribe(wanted_);
        catch_up(*link);
        if (auto past = link->history(timing_.ask); !past.empty()) shared_->news.put(std::move(past));
        tell(SourceState::Kind::live, "The twin is live", "", true, hello->commands);
        listen(*link);
        return true;
    }

    void listen(TwinLink& link) {
        auto heard = Clock::now();
        while (!shared_->stop) {
            if (auto wanted = shared_->wants.take()) {
                link.subscribe(wanted_ = std::move(*wanted));
                missed_ = true;  // the last ones of these fields
            }
            if (missed_ && Clock::now() >= again_) catch_up(link);
            while (auto command = shared_->commands.take()) link.send(*command);
            auto one = link.receive(timing_.slice);
            if (!one) {
                if (Clock::now() - heard < timing_.silence) continue;
                tell(SourceState::Kind::broken, "The link to the twin is lost",
                     "It is tried again by itself. Go by the heater's own display; look whether jouletwin live still runs at " +
                         endpoint_ + ".");
                return;
            }
            heard = Clock::now();
            if (one->epoch != 0 && one->epoch != epoch_) return;  // another life of it: begin with the first word
            missed_ = missed_ || one->gap;
            give(std::move(*one));
        }
    }

    // Takes the snapshot; without an answer it is asked for again.
    void catch_up(TwinLink& link) {
        auto snapshot = link.snapshot(timing_.ask);
        // Where no answer comes, what is published comes first.
        again_ = Clock::now() + (snapshot ? timing_.slice : 4 * timing_.ask);
        missed_ = !snapshot;
        if (!snapshot) return;
        for (FromTwin& one : *snapshot)
            if (one.epoch == 0 || one.epoch == epoch_) give(std::move(one));
    }

    void give(FromTwin one) {
        if (const auto* status = std::get_if<TwinStatus>(&one.what)) new_program(status->heater.program);
        const double at_s = now_s() - (std::isfinite(one.age_s) ? std::max(0.0, one.age_s) : 0.0);
        shared_->news.put(Told{std::move(one), at_s});
    }

    // The heater follows another program than the scenario's: the set point shown is that one.
    void new_program(const std::string& program) {
        if (program.empty() || program == program_) return;
        program_ = program;
        try {
            shared_->news.put(Begun{facts_of_scenario(scenario_, endpoint_, program), true, {}});
        } catch (const InputError&) {
            // A program that this version cannot read: the one known stays, and the heater's message tells of it.
        }
    }

    std::vector<std::string> wanted_{"T_K"};
};

class RemoteSource final : public RunSource, public HeaterControl {
public:
    RemoteSource(const std::string& endpoint, std::function<std::unique_ptr<TwinLink>()> connect, RemoteTiming timing)
        : shared_(std::make_shared<Shared>()), endpoint_(endpoint), timing_(timing) {
        std::random_device seed;
        session_ = std::to_string(::getpid()) + "-" + std::to_string(seed());
        linked_.text = "Asking " + endpoint + " for its twin";
        thread_ = std::thread([keeper = Keeper(shared_, endpoint, std::move(connect), timing)]() mutable { keeper.run(); });
    }
    ~RemoteSource() override {
        {
            const std::lock_guard lock(shared_->mutex);
            shared_->stop = true;
        }
        shared_->woken.notify_all();
        thread_.join();
    }

    bool poll() override {
        bool changed = false;
        while (auto news = shared_->news.take()) {
            changed = true;
            std::visit([&](auto& one) { fold(one); }, *news);
        }
        const double now = now_s();
        twin_.age(now);
        if (command_) {
            command_->age_s = now - given_s_;
            if (command_->state == HeaterCommand::State::sent && command_->age_s > Seconds(timing_.command).count()) {
                command_->state = HeaterCommand::State::unanswered;
                command_->reason = "no answer in " + std::to_string(timing_.command.count() / 1000) + " s";
                changed = true;
            }
        }
        return changed;
    }
    SourceState state() const override {
        SourceState s{linked_.kind, linked_.text, linked_.advice, endpoint_, 0.0};
        if (s.kind == SourceState::Kind::live && !twin_.twin()) {
            s.kind = SourceState::Kind::waiting;
            s.text = "The twin is there and has not estimated anything yet";
            s.advice = "It waits for the heater and its sensors. Ctrl Enter starts the heater's program.";
        }
        const double since = twin_.last_heard_s().value_or(opened_s_);
        s.age_s = std::max(0.0, now_s() - since);
        return s;
    }
    const RunFacts* facts() const override { return twin_.facts(); }
    RunStatus status() const override {
        RunStatus s;
        s.realtime_factor = twin_.realtime_factor();
        return s;
    }
    const History& history() const override { return twin_.history(); }
    const std::vector<ScreenEvent>& events() const override { return twin_.events(); }
    const std::vector<double>& frame_times() const override { return twin_.frame_times(); }
    const std::vector<std::string>& field_names() const override { return twin_.field_names(); }
    void want(double t, const std::vector<std::string>& fields) override {
        want_t_ = t;
        if (fields == wanted_) return;
        wanted_ = fields;
        shared_->wants.publish(fields);
    }
    FramePtr frame() const override { return twin_.frame(want_t_); }
    const TwinFacts* twin() const override { return twin_.twin(); }
    HeaterControl* heater() override { return this; }

    void command(HeaterVerb verb, const Program* program) override {
        if (!closed().empty()) return;
        Command one;
        one.id = "screen-" + session_ + "-" + std::to_string(++given_);
        one.deadline_ns = unix_ns() + std::chrono::nanoseconds(timing_.command).count();
        one.verb = name_of(verb);
        if (verb == HeaterVerb::program) {
            if (!program) return;
            one.payload = program_toml(*program, facts() ? facts()->scenario.bed.initial_temperature : program->value.front());
        }
        command_ = HeaterCommand{verb, HeaterCommand::State::sent, {}, 0.0, one.id};
        given_s_ = now_s();
        shared_->commands.put(std::move(one));
    }
    std::optional<HeaterCommand> last() const override { return command_; }
    std::string closed() const override {
        if (!linked_.open) return "no link to the twin: use the heater's own switch";
        if (!linked_.commands) return "this twin has no heater to command: start it with --heater";
        return {};
    }

private:
    std::shared_ptr<Shared> shared_;
    const std::string endpoint_;
    const RemoteTiming timing_;
    std::string session_;
    RemoteTwin twin_;
    Linked linked_;
    const double opened_s_ = now_s();
    double want_t_ = HUGE_VAL, given_s_ = 0.0;
    std::vector<std::string> wanted_;
    std::optional<HeaterCommand> command_;
    std::uint64_t given_ = 0;
    std::thread thread_;

    void fold(Linked& one) { linked_ = std::move(one); }
    void fold(Begun& one) {
        const bool same = one.same_run;
        twin_.begin(std::move(one.facts), same);
        if (!same) twin_.offers(std::move(one.fields));
    }
    void fold(std::vector<PastState>& rows) {
        // The past is older than what is known already: only a screen that knows nothing takes it.
        twin_.past(rows);
    }
    void fold(Told& told) {
        const FromTwin& m = told.message;
        if (const auto* s = std::get_if<TwinState>(&m.what)) {
            twin_.take(*s, told.at_s, m.valid_for_s);
        } else if (const auto* f = std::get_if<Forecast>(&m.what)) {
            twin_.take(*f, told.at_s, m.valid_for_s);
        } else if (const auto* status = std::get_if<TwinStatus>(&m.what)) {
            twin_.take(*status, told.at_s);
            if (status->heater.last_command) answered(*status->heater.last_command);
        } else if (auto* field = std::get_if<FieldMessage>(&told.message.what)) {
            twin_.take(std::move(*field));
        } else if (const auto* alarm = std::get_if<AlarmMessage>(&m.what)) {
            twin_.take(*alarm);
        } else if (const auto* result = std::get_if<CommandResult>(&m.what)) {
            answered(*result);
        }
    }
    void answered(const CommandResult& result) {
        if (!command_ || result.id != command_->id) return;
        // An answer that comes late is one.
        command_->state = result.accepted ? HeaterCommand::State::confirmed : HeaterCommand::State::refused;
        command_->reason = result.accepted ? std::string() : result.reason;
    }
};

}  // namespace

std::unique_ptr<RunSource> open_remote(const std::string& endpoint, std::function<std::unique_ptr<TwinLink>()> connect,
                                       RemoteTiming timing) {
    return std::make_unique<RemoteSource>(endpoint, std::move(connect), timing);
}

}  // namespace jt::cli
#endif
