// SPDX-License-Identifier: Apache-2.0
#include "twin/cli/wire_link.hpp"

#if defined(JT_SCREEN) && defined(JT_BRIDGE)
#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "bridge/wire/endpoint.hpp"
#include "bridge/wire/history.hpp"
#include "bridge/wire/requester.hpp"
#include "bridge/wire/subscriber.hpp"
#include "bridge/wire/wait_any.hpp"

namespace jt::cli {
namespace {

constexpr int kFramesWaiting = 500;         // of a screen that is busy: some seconds; what is beyond shows as a gap
constexpr std::size_t kMostCommands = 100;  // whose answers are awaited
constexpr std::string_view kScalars[] = {kTopicState, kTopicForecast, kTopicAlarm, kTopicStatus, kTopicHeartbeat};
// Those that come again and again, whatever happens.
constexpr std::string_view kRegular[] = {kTopicState, kTopicStatus, kTopicHeartbeat};

std::string topic_of(const std::string& field) {
    return std::string(kTopicField) + field;
}

}  // namespace

struct WireLink::Impl {
    struct Came {
        FromTwin message;
        std::string topic;  // of what was published; empty: an answer
        std::uint64_t seq = 0;
        std::int64_t monotonic_ns = 0;
    };

    Impl(WireContext& c, const std::string& requests) : context(c), requester(c, requests), endpoint(requests) {}

    // As a screen takes it; nothing: of a kind that a twin does not send.
    static std::optional<FromTwin> from(Received&& received) {
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
        return out;
    }

    // Whether something may be missing before it. A subscription holds from some moment on that nobody tells: what was
    // published between the snapshot and that moment shows with the first that comes of a topic, or not at all in the topics
    // in which little comes.
    bool missed(const Received& received) {
        const bool first = unheard.erase(received.topic) > 0;
        return first || received.continuity == Continuity::gap || received.continuity == Continuity::new_epoch;
    }

    void listen_at(const std::string& predictions) {
        SubscriberOptions options;
        options.topics.clear();
        for (const auto topic : kScalars) options.topics.emplace_back(topic);
        options.high_water_mark = kFramesWaiting;
        options.newest_only = false;
        subscriber.emplace(context, std::vector<std::string>{predictions}, options);
        unheard.clear();
        for (const auto topic : kRegular) unheard.emplace(topic);
    }

    void take_in(Milliseconds timeout) {
        if (subscriber)
            wait_any({&*subscriber, &requester}, timeout);
        else
            wait_any({&requester}, timeout);
        for (Reply& reply : requester.poll(Milliseconds(0))) {
            const auto command = commands.find(reply.id);
            if (command == commands.end()) continue;
            CommandResult result{command->second.id, command->second.verb, false, reply.text, 0};  // a refusal
            commands.erase(command);
            if (const auto* answer = std::get_if<CommandResult>(&reply.message)) result = *answer;
            answered(std::move(result));
        }
        if (!subscriber) return;
        for (Received& one : subscriber->poll(Milliseconds(0))) {
            Came next;
            next.topic = one.topic, next.seq = one.header.seq, next.monotonic_ns = one.monotonic_ns;
            const bool gap = missed(one);
            auto message = from(std::move(one));
            if (!message) continue;
            next.message = std::move(*message);
            next.message.gap = gap;
            came.push_back(std::move(next));
        }
    }

    void answered(CommandResult result) {
        Came& one = came.emplace_back();
        one.message.what = std::move(result);
        one.monotonic_ns = monotonic_ns();
    }

    // Of what came before, that which the snapshot has overtaken.
    void forget_before(const std::string& topic, std::uint64_t epoch, std::uint64_t seq) {
        std::erase_if(came, [&](const Came& one) {
            return one.topic == topic && (one.message.epoch < epoch || (one.message.epoch == epoch && one.seq <= seq));
        });
    }

    WireContext& context;
    Requester requester;
    std::string endpoint;
    std::optional<Subscriber> subscriber;
    std::set<std::string> fields;
    std::set<std::string, std::less<>> unheard;  // of the regular topics: nothing has come yet
    std::deque<Came> came;
    std::map<std::uint64_t, Command> commands;  // by the number of the request: not answered yet
    ClockOffset clock;
};

WireLink::WireLink(WireContext& context, const std::string& requests) : impl_(std::make_unique<Impl>(context, requests)) {}
WireLink::~WireLink() = default;

std::optional<TwinHello> WireLink::hello(Milliseconds timeout) {
    const auto hello = impl_->requester.hello(timeout);
    if (!hello) {
        if (hello.problem.starts_with("refused")) throw LinkRefused(hello.problem);
        if (impl_->requester.counters().contains("rejected." + std::string(name(Rejection::version))))
            throw LinkRefused("it speaks another version of the wire than this program's, which is " +
                              std::to_string(kWireMajor) + "." + std::to_string(kWireMinor));
        return {};
    }
    if (hello.value->role != "twin")
        throw LinkRefused("a " + hello.value->role + " answers, not a twin; allowed: the --requests of jouletwin live");
    if (hello.value->major != kWireMajor)
        throw LinkRefused("it speaks version " + std::to_string(hello.value->major) + " of the wire; this program speaks " +
                          std::to_string(kWireMajor));
    const auto predictions = hello.value->endpoints.find("predictions");
    if (predictions == hello.value->endpoints.end()) throw LinkRefused("it does not tell where its predictions are");
    const std::string there = as_seen_from(predictions->second, impl_->endpoint);
    if (parse_endpoint(there, "predictions of " + impl_->endpoint, false).loopback &&
        !parse_endpoint(impl_->endpoint, "requests", false).loopback)
        throw LinkRefused("its predictions are at " + there +
                          ", which only its own machine reaches; give it --publish "
                          "tcp://ADDRESS:PORT");
    const auto scenario = impl_->requester.text("scenario", timeout);
    if (!scenario) return {};
    (void)impl_->requester.time(impl_->clock, timeout);  // without an answer the clocks are taken for equal
    impl_->listen_at(there);
    TwinHello out;
    out.epoch = hello.value->epoch, out.scenario = *scenario.value, out.name = hello.value->title;
    out.fields = hello.value->fields, out.commands = hello.value->endpoints.contains("commands");
    return out;
}

std::optional<std::vector<FromTwin>> WireLink::snapshot(Milliseconds timeout) {
    if (!impl_->subscriber) return {};
    std::vector<std::string> topics;
    for (const auto topic : kScalars) topics.emplace_back(topic);
    for (const std::string& field : impl_->fields) topics.push_back(topic_of(field));
    auto answer = impl_->requester.snapshot(timeout, topics);
    if (!answer) return {};
    std::vector<FromTwin> out;
    for (Received& one : *answer.value) {
        impl_->subscriber->sequence().start_after(one.topic, one.header.epoch, one.header.seq);
        impl_->forget_before(one.topic, one.header.epoch, one.header.seq);
        const double age = 1e-9 * (double(one.t_receive_ns) + double(impl_->clock.offset_ns()) - double(one.header.t_send_ns));
        if (auto message = Impl::from(std::move(one))) {
            message->age_s = std::max(0.0, age);
            out.push_back(std::move(*message));
        }
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
    Impl::Came one = std::move(impl_->came.front());
    impl_->came.pop_front();
    one.message.age_s = 1e-9 * double(monotonic_ns() - one.monotonic_ns);
    return std::move(one.message);
}

void WireLink::send(const Command& command) {
    if (const std::uint64_t number = impl_->requester.ask("command", command)) {
        impl_->commands.emplace(number, command);
        if (impl_->commands.size() > kMostCommands) impl_->commands.erase(impl_->commands.begin());
        return;
    }
    CommandResult lost{command.id, command.verb, false, "the twin cannot be reached", 0};
    impl_->answered(std::move(lost));
}

}  // namespace jt::cli
#endif
