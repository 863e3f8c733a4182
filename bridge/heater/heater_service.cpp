// SPDX-License-Identifier: Apache-2.0
#include "bridge/heater/heater_service.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "twin/units.hpp"

namespace jt {
namespace {

constexpr double kTick = 0.005;      // [s] readings go out this late at most
constexpr double kFlushEvery = 1.0;  // [s]
constexpr double kMostBehind = 1.0;  // [s] from then on the status says that the plant does not keep its pace
const char* const kTwin = "twin";    // the role whose heartbeat the watchdog awaits

std::int64_t unix_now_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

class Service {
public:
    Service(VirtualHeater& heater, HeaterPort& port, ReadingLog* readings, TruthLog* truth, const ServiceOptions& options)
        : heater_(heater), port_(port), readings_(readings), truth_(truth), options_(options) {}

    void run(const std::function<bool()>& stop) {
        if (options_.start) {
            Command start;
            start.id = "at-once";
            start.verb = "start";
            heater_.command(start, unix_now_ns(), now());
        }
        if (truth_) truth_->watch(heater_);
        while (!stop()) {
            const bool ended = heater_.ended();
            move();
            let_out();
            if (options_.once && ended && heater_.ended()) break;
            port_.receive(
                wait(), [&](const Command& c) { return done(c); },
                [&](const Heartbeat& beat) {
                    if (beat.role == kTwin) heater_.hear_twin(now());
                });
        }
        tell(true);
        flush(true);
    }

private:
    using Clock = std::chrono::steady_clock;
    double now() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
    bool on() {
        const HeaterPhase phase = heater_.plant().phase();
        return phase == HeaterPhase::running || phase == HeaterPhase::holding;
    }
    // As fast as possible only while there is something to do.
    // With `once` the slice after the end is one as well: by the wall's clock it would make two logs of one seed differ.
    bool hurried() { return options_.rate == 0.0 && (on() || (options_.once && heater_.ended())); }

    // Where the plant's clock should stand.
    double due() {
        const double wall = now();
        if (hurried())
            due_ = heater_.plant().clock() + options_.slice;
        else
            due_ += (wall - wall_) * (options_.rate > 0.0 ? options_.rate : 1.0);
        wall_ = wall;
        return due_;
    }

    // A slice at most: commands do not wait for a plant that is behind.
    void move() {
        if (heater_.plant().clock() < due()) heater_.advance(options_.slice * double(++slices_));
        if (truth_) truth_->watch(heater_);
    }

    void let_out() {
        const bool silent = heater_.silent();
        port_.silence(silent);
        for (const Reading& r : heater_.take(due_)) {
            if (silent) continue;
            port_.send(r);
            if (readings_) readings_->write(r);
        }
        if (heater_.garbage() && !silent) port_.send_garbage();
        const HeaterPhase phase = heater_.plant().phase();
        tell(phase != phase_);
        notice(phase);
        phase_ = phase;
        flush(false);
    }

    void notice(HeaterPhase phase) {
        if (!options_.notice) return;
        Plant& plant = heater_.plant();
        if (plant.run() != noticed_run_) {
            noticed_run_ = plant.run(), noticed_ = 0;
            options_.notice("run " + std::to_string(noticed_run_) + " started");
        } else if (phase != phase_ && (phase == HeaterPhase::running || phase == HeaterPhase::holding)) {
            options_.notice(at(plant.times().run_s) + name_of(phase));
        }
        for (; noticed_ < plant.events().size(); ++noticed_)
            options_.notice(at(plant.events()[noticed_].time_s) + plant.events()[noticed_].text);
    }
    static std::string at(double run_s) { return format_for_people(run_s, Dimension::time) + ": "; }

    void tell(bool at_once) {
        const double t = now();
        if (heater_.silent()) return;
        if (at_once || t >= next_status_) {
            HeaterStatus status = heater_.status(t);
            if (const double behind = due_ - heater_.plant().clock(); behind > kMostBehind)
                status.message += (status.message.empty() ? "" : "; ") + std::string("the plant does not keep its pace");
            port_.send(status);
            next_status_ = t + options_.status_every;
        }
        if (t >= next_heartbeat_) {
            port_.send(Heartbeat{t, "heater", name_of(heater_.plant().phase())});
            next_heartbeat_ = t + options_.heartbeat_every;
        }
    }

    std::optional<CommandResult> done(const Command& command) {
        const CommandResult result = heater_.command(command, unix_now_ns(), now());
        tell(true);
        return heater_.silent() ? std::nullopt : std::optional(result);
    }

    double wait() {
        if (hurried() || heater_.plant().clock() < due_) return 0.0;
        return kTick;
    }

    void flush(bool at_once) {
        const double t = now();
        if (!at_once && t < next_flush_) return;
        next_flush_ = t + kFlushEvery;
        if (readings_) readings_->flush();
        if (truth_) truth_->flush();
    }

    VirtualHeater& heater_;
    HeaterPort& port_;
    ReadingLog* readings_;
    TruthLog* truth_;
    ServiceOptions options_;
    Clock::time_point start_ = Clock::now();
    double wall_ = 0.0, due_ = 0.0, next_status_ = 0.0, next_heartbeat_ = 0.0, next_flush_ = 0.0;
    long slices_ = 0;  // the plant has moved
    std::uint64_t noticed_run_ = 0;
    std::size_t noticed_ = 0;  // events of that run
    HeaterPhase phase_ = HeaterPhase::idle;
};

}  // namespace

void NoPort::receive(double seconds, const std::function<std::optional<CommandResult>(const Command&)>&,
                     const std::function<void(const Heartbeat&)>&) {
    if (seconds > 0.0) std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

void serve(VirtualHeater& heater, HeaterPort& port, ReadingLog* readings, TruthLog* truth, const ServiceOptions& options,
           const std::function<bool()>& stop) {
    Service(heater, port, readings, truth, options).run(stop);
}

}  // namespace jt
