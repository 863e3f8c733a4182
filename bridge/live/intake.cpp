// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/intake.hpp"

#include <algorithm>
#include <deque>

#include "bridge/heater/instrument_model.hpp"
#include "bridge/live/heard_program.hpp"
#include "bridge/live/source_clock.hpp"
#include "bridge/live/window_clock.hpp"
#include "bridge/wire/subscriber.hpp"
#include "twin/same_time.hpp"

namespace jt {
namespace {

constexpr double kHeard = 1.0;                   // [s] a heater sends its status every 0.1 s
constexpr double kLateness = 1.0;                // [s] older readings are of no use to the twin
constexpr std::int64_t kLately = 5'000'000'000;  // [ns]

std::vector<SensorRule> rules_of(const Scenario& scenario) {
    std::vector<SensorRule> rules;
    for (const Sensor& sensor : scenario.sensors)
        rules.push_back(sensor_rule(sensor.name, instrument_model(sensor, scenario).unit));
    return rules;
}

double seconds(std::int64_t ns) {
    return 1e-9 * double(ns);
}

}  // namespace

struct Intake::Impl {
    Impl(const Scenario& scenario, const RunStart& s, double window_s)
        : start(s),
          inbox(rules_of(scenario)),
          program(scenario),
          windows(s.start_ns, {.window_s = window_s, .grace_s = 0.3 * window_s}),
          sensors(scenario.sensors.size()) {
        for (std::size_t n = 0; n < scenario.sensors.size(); ++n) index[scenario.sensors[n].name] = int(n);
    }

    void reading(const Reading& r, std::int64_t t_receive) {
        const auto found = index.find(r.sensor);
        Reading mine = r;
        mine.t_source_ns = clock.take(r.t_source_ns, t_receive);
        const std::int64_t now = clock.now(t_receive);
        if (mine.t_source_ns < start.start_ns) {
            ++before_run;
            return;
        }
        const ReadingOutcome outcome = inbox.put(mine, now, t_receive, now - std::int64_t(kLateness * 1e9));
        if (found == index.end()) return;
        Heard& one = sensors[std::size_t(found->second)];
        one.last = name(outcome);
        if (outcome != ReadingOutcome::accepted && outcome != ReadingOutcome::absent) return;
        one.message_ns = std::max(one.message_ns, t_receive);
        one.below_range = outcome == ReadingOutcome::absent && r.quality == Quality::uncertain;
        if (outcome == ReadingOutcome::accepted || one.below_range) one.value_ns = std::max(one.value_ns, t_receive);
        windows.saw(r.sensor, windows.run_s(mine.t_source_ns));
    }

    void status(const HeaterStatus& s, std::uint64_t epoch, std::int64_t t_receive) {
        heater_ns = std::max(heater_ns, t_receive);
        if (epoch != start.epoch || s.run != start.run) {
            over = over || epoch > start.epoch || (epoch == start.epoch && s.run > start.run);
            return;
        }
        heater = s;
        if (auto next = program.hear(s)) follow = std::move(next);
    }

    void frame(std::int64_t t_receive, std::span<const std::string_view> parts) {
        ++frames;
        Received received;
        const std::uint64_t before = rejections.total();
        const bool taken = take_frame(parts, sequence, rejections, received);
        if (rejections.total() != before) {
            rejected_at.push_back(t_receive);
            if (rejected_at.size() > 4096) rejected_at.pop_front();
        }
        if (!taken) return;
        if (const auto* r = std::get_if<Reading>(&received.message)) {
            last_ns = std::max(last_ns, t_receive);
            reading(*r, t_receive);
        } else if (const auto* s = std::get_if<HeaterStatus>(&received.message)) {
            last_ns = std::max(last_ns, t_receive);
            if (!clock.known()) (void)clock.take(received.header.t_source_ns, t_receive);
            status(*s, received.header.epoch, t_receive);
        }
    }

    Batch close(std::int64_t own_ns, int length) {
        Batch out;
        out.to_s = windows.next(length), out.length = length;
        windows.close(length);
        for (InboxReading& one : inbox.take()) waiting.push_back(std::move(one));
        std::vector<InboxReading> later;
        for (InboxReading& one : waiting) {
            const double t = windows.run_s(one.reading.t_source_ns);
            if (t > out.to_s + kSameTime) {
                later.push_back(std::move(one));
                continue;
            }
            if (!one.reading.value) continue;
            out.samples.push_back({one.sensor, t, *one.reading.value, one.reading.sigma, one.reading.seq});
            out.arrivals_ns.push_back(one.t_receive_monotonic_ns);
        }
        waiting = std::move(later);
        out.follow = std::move(follow);
        follow.reset();
        out.heater = heater;
        out.heater_age_s = heater_ns ? seconds(own_ns - heater_ns) : 1e9;
        out.heard = out.heater_age_s < kHeard;
        out.problem = program.problem();
        for (std::size_t n = 0; n < sensors.size(); ++n) {
            const Heard& one = sensors[n];
            SensorIntake in;
            in.heard = one.message_ns != 0;
            in.silent_s = in.heard ? seconds(own_ns - one.message_ns) : out.to_s;
            in.without_value_s = one.value_ns ? seconds(own_ns - one.value_ns) : out.to_s;
            in.below_range = one.below_range;
            in.last = one.last;
            const auto counts = inbox.counts(int(n));
            for (std::size_t k = 0; k < kReadingOutcomes; ++k)
                if (const auto o = ReadingOutcome(k); counts[k] > 0 && o != ReadingOutcome::accepted)
                    in.counters[std::string(name(o))] = counts[k];
            out.sensors.push_back(std::move(in));
        }
        inbox.add_to(out.counters);
        rejections.add_to(out.counters);
        sequence.add_to(out.counters);
        out.counters["frames"] = frames;
        if (before_run > 0) out.counters["reading.before the run"] = before_run;
        while (!rejected_at.empty() && rejected_at.front() < own_ns - kLately) rejected_at.pop_front();
        out.rejected_lately = rejected_at.size();
        out.last_rejection = rejections.last;
        out.clock_jumps = clock.jumps();
        out.last_clock_jump_s = seconds(clock.last_jump_ns());
        return out;
    }

    struct Heard {
        std::int64_t message_ns = 0, value_ns = 0;  // received
        bool below_range = false;
        std::string last;
    };
    RunStart start;
    Inbox inbox;
    HeardProgram program;
    SourceClock clock;
    WindowClock windows;
    SequenceCheck sequence;
    RejectionCounts rejections;
    std::map<std::string, int, std::less<>> index;
    std::vector<Heard> sensors;
    std::vector<InboxReading> waiting;  // of a window to come
    std::optional<Program> follow;
    HeaterStatus heater;
    std::int64_t heater_ns = 0, last_ns = 0;
    std::uint64_t frames = 0, before_run = 0;
    std::deque<std::int64_t> rejected_at;
    bool over = false;
};

Intake::Intake(const Scenario& scenario, const RunStart& start, double window_s)
    : impl_(std::make_unique<Impl>(scenario, start, window_s)) {}
Intake::~Intake() = default;

void Intake::frame(std::int64_t t_receive_ns, std::span<const std::string_view> parts) {
    impl_->frame(t_receive_ns, parts);
}
bool Intake::due(std::int64_t own_ns, int length) const {
    return impl_->clock.known() && impl_->windows.due(impl_->windows.run_s(impl_->clock.now(own_ns)), length);
}
double Intake::behind_s(std::int64_t own_ns) const {
    return impl_->clock.known() ? impl_->windows.run_s(impl_->clock.now(own_ns)) - impl_->windows.next(0) : 0.0;
}
Batch Intake::close(std::int64_t own_ns, int length) {
    return impl_->close(own_ns, length);
}
bool Intake::over() const {
    return impl_->over;
}
const HeaterStatus& Intake::heater() const {
    return impl_->heater;
}
const RunStart& Intake::start() const {
    return impl_->start;
}
long Intake::windows() const {
    return impl_->windows.windows();
}

}  // namespace jt
