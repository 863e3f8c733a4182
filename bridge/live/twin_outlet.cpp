// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/twin_outlet.hpp"

#include <algorithm>

namespace jt {
namespace {

constexpr int kFramesForASlowOne = 200;
constexpr double kStateValid = 1.0, kForecastValid = 3.0, kTwinStatusValid = 2.0;  // [s]
constexpr std::size_t kMostPast = 4000;  // states kept for those who come later: an hour of them thinned to one a second

std::int64_t from_now(double seconds) {
    return unix_ns() + std::int64_t(seconds * 1e9);
}

}  // namespace

TwinOutlet::TwinOutlet(WireContext& context, const OutletOptions& options)
    : options_(options),
      epoch_(new_epoch()),
      since_ns_(monotonic_ns()),
      publisher_(context, options.publish, epoch_, {.high_water_mark = kFramesForASlowOne}),
      server_(context, options.requests, hello()) {
    server_.hello().endpoints["predictions"] = publisher_.endpoint();
    for (const auto& [name, endpoint] : options_.endpoints) server_.hello().endpoints[name] = endpoint;
    server_.on_snapshot([this] { return snapshot(); });
    server_.on_text("scenario", [this](const std::string&) { return options_.scenario_toml; });
    server_.on_text("history", [this](const std::string&) { return encode_history(past_); });
    server_.on_command([this](const Command& command) -> std::optional<CommandResult> {
        if (options_.command) return options_.command(command);
        return CommandResult{command.id, command.verb, false, "this twin has no heater that takes commands", unix_ns()};
    });
    server_.on_heartbeat([](const Heartbeat&) {});  // screens may send theirs
}

Hello TwinOutlet::hello() const {
    Hello h;
    h.epoch = epoch_, h.role = "twin", h.program = std::string("jouletwin ") + JT_VERSION, h.title = options_.title,
    h.fields = options_.fields;
    return h;
}

void TwinOutlet::begin_run() {
    past_.clear();
    past_every_ = 1, past_count_ = 0;
}

void TwinOutlet::publish(LiveResult& r) {
    TwinState& s = r.state;
    const double slower = 1.0 + s.degradation;
    s.valid_until_ns = from_now(kStateValid * slower);
    publisher_.publish(kTopicState, s, {.quality = s.quality, .valid_until_ns = s.valid_until_ns});
    if (r.forecast && finite(*r.forecast)) {
        r.forecast->valid_until_ns = from_now(kForecastValid * slower);
        publisher_.publish(kTopicForecast, *r.forecast,
                           {.quality = r.forecast->quality, .valid_until_ns = r.forecast->valid_until_ns});
    }
    for (const FieldMessage& f : r.fields)
        publisher_.publish(std::string(kTopicField) + f.quantity, f,
                           {.quality = s.quality, .valid_until_ns = from_now(kForecastValid * slower)});
    for (const AlarmMessage& alarm : r.alarms) tell(alarm);
    remember(s);
}

void TwinOutlet::tell(const AlarmMessage& alarm) {
    publisher_.publish(kTopicAlarm, alarm);
    if (!alarm.active) {
        alarms_.erase(alarm.id);
        return;
    }
    for (Frame& f : publisher_.snapshot())
        if (f.topic == kTopicAlarm) alarms_[alarm.id] = std::move(f);
}

void TwinOutlet::tell(TwinStatus s) {
    for (const auto& [name, n] : publisher_.counters()) s.counters["published." + name] = n;
    for (const auto& [name, n] : server_.counters()) s.counters["requests." + name] = n;
    s.version = JT_VERSION, s.device = options_.device, s.scenario_title = options_.title;
    publisher_.publish(kTopicStatus, s, {.valid_until_ns = from_now(kTwinStatusValid)});
}

void TwinOutlet::beat(const std::string& state) {
    publisher_.publish(kTopicHeartbeat, Heartbeat{1e-9 * double(monotonic_ns() - since_ns_), "twin", state},
                       {.valid_until_ns = from_now(kForecastValid)});
}

void TwinOutlet::poll() {
    server_.poll(std::chrono::milliseconds(0));
    publisher_.update();
}

std::vector<std::string> TwinOutlet::wanted_fields() const {
    std::vector<std::string> names;
    for (const std::string& name : options_.fields)
        if (publisher_.wanted(std::string(kTopicField) + name)) names.push_back(name);
    return names;
}

// The last of each topic; of alarms, all that are on.
std::vector<Frame> TwinOutlet::snapshot() const {
    std::vector<Frame> frames, on;
    for (Frame& f : publisher_.snapshot())
        if (f.topic != kTopicAlarm) frames.push_back(std::move(f));
    for (const auto& [id, f] : alarms_) on.push_back(f);
    std::sort(on.begin(), on.end(), [](const Frame& a, const Frame& b) { return a.header.seq < b.header.seq; });
    frames.insert(frames.end(), on.begin(), on.end());
    return frames;
}

void TwinOutlet::remember(const TwinState& s) {
    if (past_count_++ % past_every_ != 0) return;
    past_.push_back(past_row(s));
    if (past_.size() < kMostPast) return;
    for (std::size_t n = 0; 2 * n < past_.size(); ++n) past_[n] = std::move(past_[2 * n]);
    past_.resize((past_.size() + 1) / 2);
    past_every_ *= 2;
}

}  // namespace jt
