// SPDX-License-Identifier: Apache-2.0
#include "twin/cli/wire_link.hpp"

#if defined(JT_SCREEN) && defined(JT_BRIDGE)
#include <algorithm>
#include <deque>
#include <set>

#include "bridge/wire/endpoint.hpp"
#include "bridge/wire/history.hpp"
#include "bridge/wire/requester.hpp"
#include "bridge/wire/subscriber.hpp"
#include "bridge/wire/wait_any.hpp"

namespace jt::cli {
namespace {

constexpr int kFramesWaiting = 2000;  // of a screen that is busy: what is beyond shows as a gap
constexpr std::string_view kScalars[] = {kTopicState, kTopicForecast, kTopicAlarm, kTopicStatus, kTopicHeartbeat};

std::string topic_of(const std::string& field) {
    return std::string(kTopicField) + field;
}

}  // namespace

struct WireLink::Impl {
    Impl(WireContext& c, const std::string& requests) : context(c), requester(c, requests), endpoint(requests) {}

    // As a screen takes it; nothing: of a kind that a twin does not send.
    static std::optional<FromTwin> from(Received&& received, bool of_snapshot) {
        FromTwin out;
        const bool known = std::visit(
            [&](auto& message) {
                using T = std::decay_t<decltype(message)>;
                if constexpr (std::is_constructible_v<decltype(out.what), T>) {
                    out.what = std::move(message);
                    return true;
                } else {
                    return false;
                }
            },
            received.message);
        if (!known) return {};
        out.epoch = received.header.epoch;
        if (received.valid_until_ns != 0)
            out.valid_for_s = 1e-9 * (double(received.valid_until_ns) - double(received.header.t_send_ns));
        out.gap = !of_snapshot && (received.continuity == Continuity::gap || received.continuity == Continuity::new_epoch);
        return out;
    }

    void listen_at(const std::string& predictions) {
        SubscriberOptions options;
        options.topics.clear();
        for (const auto topic : kScalars) options.topics.emplace_back(topic);
        options.high_water_mark = kFramesWaiting;
        options.newest_only = false;
        subscriber.emplace(context, std::vector<std::string>{predictions}, options);
    }

    void take_in(Milliseconds timeout) {
        if (subscriber)
            wait_any({&*subscriber, &requester}, timeout);
        else
            wait_any({&requester}, timeout);
        for (Reply& reply : requester.poll(Milliseconds(0))) {
            if (const auto* result = std::get_if<CommandResult>(&reply.message)) {
                came.push_back({*result});
            } else if (reply.topic == "command" && !reply.text.empty()) {
                CommandResult refused;
                refused.verb = "command", refused.reason = reply.text;
                came.push_back({refused});
            }
        }
        if (!subscriber) return;
        for (Received& one : subscriber->poll(Milliseconds(0)))
            if (auto message = from(std::move(one), false)) came.push_back(std::move(*message));
    }

    WireContext& context;
    Requester requester;
    std::string endpoint;
    std::optional<Subscriber> subscriber;
    std::set<std::string> fields;
    std::deque<FromTwin> came;
};

WireLink::WireLink(WireContext& context, const std::string& requests) : impl_(std::make_unique<Impl>(context, requests)) {}
WireLink::~WireLink() = default;

std::optional<TwinHello> WireLink::hello(Milliseconds timeout) {
    const auto hello = impl_->requester.hello(timeout);
    if (!hello) {
        if (hello.problem.find("refused") != std::string::npos) throw LinkRefused(hello.problem);
        return {};
    }
    if (hello.value->role != "twin")
        throw LinkRefused("a " + hello.value->role + " answers, not a twin; allowed: the --requests of jouletwin live");
    if (hello.value->major != kWireMajor)
        throw LinkRefused("it speaks version " + std::to_string(hello.value->major) + " of the wire; this program speaks " +
                          std::to_string(kWireMajor));
    const auto predictions = hello.value->endpoints.find("predictions");
    if (predictions == hello.value->endpoints.end()) throw LinkRefused("it does not tell where its predictions are");
    const auto scenario = impl_->requester.text("scenario", timeout);
    if (!scenario) return {};
    impl_->listen_at(as_seen_from(predictions->second, impl_->endpoint));
    TwinHello out;
    out.epoch = hello.value->epoch, out.scenario = *scenario.value, out.name = hello.value->title;
    out.fields = hello.value->fields, out.commands = hello.value->endpoints.contains("commands");
    return out;
}

std::vector<FromTwin> WireLink::snapshot(Milliseconds timeout) {
    std::vector<FromTwin> out;
    std::vector<std::string> topics;
    for (const auto topic : kScalars) topics.emplace_back(topic);
    for (const std::string& field : impl_->fields) topics.push_back(topic_of(field));
    auto answer = impl_->requester.snapshot(timeout, topics);
    if (!answer) return out;  // silence shows soon enough
    for (Received& one : *answer.value) {
        impl_->subscriber->sequence().start_after(one.topic, one.header.epoch, one.header.seq);
        if (auto message = Impl::from(std::move(one), true)) out.push_back(std::move(*message));
    }
    return out;
}

std::vector<PastState> WireLink::history(Milliseconds timeout) {
    std::vector<PastState> out;
    const auto text = impl_->requester.text("history", timeout);
    if (!text) return out;
    for (PastRow& row : decode_history(*text.value)) out.push_back({row.run_s, std::move(row.scalars)});
    return out;
}

void WireLink::subscribe(const std::vector<std::string>& fields) {
    if (!impl_->subscriber) return;
    const std::set<std::string> wanted(fields.begin(), fields.end());
    for (const std::string& field : impl_->fields)
        if (!wanted.contains(field)) impl_->subscriber->unsubscribe(topic_of(field));
    for (const std::string& field : wanted)
        if (!impl_->fields.contains(field)) impl_->subscriber->subscribe(topic_of(field));
    impl_->fields = wanted;
}

std::optional<FromTwin> WireLink::receive(Milliseconds timeout) {
    if (impl_->came.empty()) impl_->take_in(timeout);
    if (impl_->came.empty()) return {};
    FromTwin one = std::move(impl_->came.front());
    impl_->came.pop_front();
    return one;
}

void WireLink::send(const Command& command) {
    if (impl_->requester.ask("command", command) != 0) return;
    CommandResult lost{command.id, command.verb, false, "the twin cannot be reached", 0};
    impl_->came.push_back({lost});
}

}  // namespace jt::cli
#endif
