// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/requester.hpp"

#include <algorithm>

#include "bridge/wire/context_impl.hpp"
#include "bridge/wire/socket.hpp"
#include "kernels/error.hpp"

namespace jt {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

constexpr int kMostInOnePoll = 1000;          // replies
constexpr Milliseconds kAgain{250};           // a command without an answer is sent again
constexpr Milliseconds kConnectionPause{10};  // between looks whether somebody is there to send to

Milliseconds left(Clock::time_point end) {
    return std::max(Milliseconds(0), std::chrono::ceil<Milliseconds>(end - Clock::now()));
}

}  // namespace

struct Requester::Impl {
    wire::Socket socket;
    std::string endpoint;
    std::uint64_t number = 0, epoch = new_epoch();
    std::vector<Reply> others;  // to requests of ask() that came while another was awaited
    RejectionCounts rejections;
    std::uint64_t asked = 0, answered = 0, dropped = 0;
    std::vector<std::uint64_t> open;  // of ask(), without an answer yet
    wire::Incoming incoming;

    explicit Impl(void* context) : socket(context, ZMQ_DEALER) {}

    bool send(std::uint64_t id, const std::string& topic, const Message& message, const std::string& text) {
        Header header;
        header.type = type_of(message);
        header.seq = id;
        header.epoch = epoch;
        header.t_send_ns = header.t_source_ns = unix_ns();
        const auto bytes = encode_header(header);
        const std::string payload = message.index() == 0 ? text : encode_payload(message);
        const std::array<std::string_view, 3> parts{topic, std::string_view(bytes.data(), bytes.size()), payload};
        if (!socket.send(parts)) return false;
        ++asked;
        return true;
    }

    // A reply that can be read; nothing otherwise, which is counted.
    std::optional<Reply> read(std::span<const std::string_view> parts) {
        const std::int64_t now = unix_ns(), monotonic = monotonic_ns();
        std::string detail;
        Frame frame;
        if (!parts.empty() && parts[0].empty()) parts = parts.subspan(1);
        const auto refuse = [&](Rejection why, std::string text) -> std::optional<Reply> {
            rejections.add(why, std::move(text));
            return {};
        };
        if (parts.size() < 3 || parts.size() % 3 != 0)
            return refuse(Rejection::parts, "reply of " + std::to_string(parts.size()) + " parts; allowed: 3, 6, 9 ...");
        if (const Rejection r = decode_frame(parts.first(3), frame, detail); r != Rejection::none) return refuse(r, detail);
        Decoded decoded = decode_payload(frame.header.type, frame.payload);
        if (decoded.rejection != Rejection::none) return refuse(decoded.rejection, decoded.detail);
        Reply reply;
        reply.id = frame.header.seq;
        reply.topic = std::move(frame.topic);
        reply.header = frame.header;
        reply.message = std::move(decoded.message);
        if (reply.message.index() == 0) reply.text = std::move(frame.payload);
        reply.t_receive_ns = now;
        for (std::size_t n = 3; n < parts.size(); n += 3) {
            // One that cannot be read does not take the others with it.
            Frame one;
            if (const Rejection r = decode_frame(parts.subspan(n, 3), one, detail); r != Rejection::none) {
                rejections.add(r, detail);
                continue;
            }
            Decoded content = decode_message(one);
            if (content.rejection != Rejection::none) {
                rejections.add(content.rejection, content.detail);
                continue;
            }
            reply.frames.push_back({std::move(one.topic), one.header, std::move(content.message), content.valid_until_ns, now,
                                    monotonic, Continuity::first});
        }
        return reply;
    }

    std::optional<Reply> take() {
        for (int n = 0; n < kMostInOnePoll; ++n) {
            if (!socket.receive(incoming)) return {};
            if (auto reply = read(incoming.parts())) return reply;
        }
        return {};
    }

    // Waits for the reply to `topic`. again: zero: never.
    Answer<Reply> ask_and_wait(const std::string& topic, const Message& message, const std::string& text, Milliseconds timeout,
                               Milliseconds again = Milliseconds(0)) {
        const auto end = Clock::now() + timeout;
        std::uint64_t first = 0;
        auto next = Clock::now();
        for (;;) {
            const auto now = Clock::now();
            const bool to_send = first == 0 || (again.count() > 0 && now >= next);
            if (to_send && send(number + 1, topic, message, text)) {
                ++number;
                if (first == 0) first = number;
                next = now + again;
            }
            Milliseconds wait = left(end);
            if (first == 0)
                wait = std::min(wait, kConnectionPause);
            else if (again.count() > 0)
                wait = std::min(wait, left(next));
            wire::wait_for(socket.handle(), wait);
            while (auto reply = take()) {
                const auto asked_before = std::find(open.begin(), open.end(), reply->id);
                if (asked_before != open.end()) {
                    open.erase(asked_before);
                    ++answered;
                    others.push_back(std::move(*reply));
                } else if (first == 0 || reply->id < first || reply->id > number) {
                    ++dropped;
                } else if (reply->header.type == MessageType::refusal) {
                    ++answered;
                    return {{}, "refused: " + reply->text};
                } else {
                    ++answered;
                    return {std::move(*reply), {}};
                }
            }
            if (Clock::now() >= end)
                return {
                    {},
                    (first == 0 ? "nobody there at " : "no answer within " + std::to_string(timeout.count()) + " ms from ") +
                        endpoint};
        }
    }

    template <class T>
    Answer<T> message_of(Answer<Reply> reply) {
        if (!reply) return {{}, reply.problem};
        if (auto* message = std::get_if<T>(&reply.value->message)) return {std::move(*message), {}};
        rejections.add(Rejection::type, "an answer of another type than asked for");
        return {{}, "an answer of another type than asked for from " + endpoint};
    }
};

Requester::Requester(WireContext& context, const std::string& endpoint) {
    const Endpoint parsed = parse_endpoint(endpoint, "requests", false);
    impl_ = std::make_unique<Impl>(wire::context_of(context));
    impl_->endpoint = endpoint;
    // Nothing is queued for a server that is not there: what was asked before it came would be old by then.
    impl_->socket.set(ZMQ_IMMEDIATE, 1);
    impl_->socket.connect(parsed, context.keys());
}
Requester::~Requester() = default;

Answer<Hello> Requester::hello(Milliseconds timeout) {
    return impl_->message_of<Hello>(impl_->ask_and_wait("hello", {}, "", timeout));
}

Answer<std::vector<Received>> Requester::snapshot(Milliseconds timeout, const std::vector<std::string>& topics) {
    std::string wanted;
    for (const auto& topic : topics) wanted += topic + "\n";
    auto reply = impl_->ask_and_wait("snapshot", {}, wanted, timeout);
    if (!reply) return {{}, reply.problem};
    if (reply.value->header.type != MessageType::snapshot) return {{}, "no snapshot from " + impl_->endpoint};
    return {std::move(reply.value->frames), {}};
}

Answer<CommandResult> Requester::command(const Command& command, Milliseconds timeout) {
    auto result = impl_->message_of<CommandResult>(impl_->ask_and_wait("command", command, "", timeout, kAgain));
    if (result && result.value->id != command.id) return {{}, "an answer to another command from " + impl_->endpoint};
    return result;
}

Answer<std::string> Requester::text(const std::string& name, Milliseconds timeout, const std::string& payload) {
    auto reply = impl_->ask_and_wait(name, {}, payload, timeout);
    if (!reply) return {{}, reply.problem};
    if (reply.value->header.type != MessageType::text) return {{}, "no text from " + impl_->endpoint};
    return {std::move(reply.value->text), {}};
}

Answer<TimeReply> Requester::time(ClockOffset& offset, Milliseconds timeout) {
    auto reply = impl_->ask_and_wait("time", {}, "", timeout);
    if (!reply) return {{}, reply.problem};
    const std::int64_t t4 = reply.value->t_receive_ns;
    auto stamps = impl_->message_of<TimeReply>(std::move(reply));
    if (stamps)
        offset.add({stamps.value->t_asked_ns, stamps.value->t_received_ns, stamps.value->t_sent_ns, t4}, monotonic_ns());
    return stamps;
}

std::uint64_t Requester::ask(const std::string& topic, const Message& message, const std::string& text) {
    if (!impl_->send(impl_->number + 1, topic, message, text)) return 0;
    ++impl_->number;
    if (topic != kTopicHeartbeat) {
        constexpr std::size_t kMostOpen = 1000;
        if (impl_->open.size() >= kMostOpen) impl_->open.erase(impl_->open.begin());
        impl_->open.push_back(impl_->number);
    }
    return impl_->number;
}

std::vector<Reply> Requester::poll(Milliseconds timeout) {
    std::vector<Reply> replies = std::exchange(impl_->others, {});
    if (replies.empty()) wire::wait_for(impl_->socket.handle(), timeout);
    while (replies.size() < std::size_t(kMostInOnePoll)) {
        auto reply = impl_->take();
        if (!reply) break;
        const auto open = std::find(impl_->open.begin(), impl_->open.end(), reply->id);
        if (open == impl_->open.end()) {
            ++impl_->dropped;
            continue;
        }
        impl_->open.erase(open);
        ++impl_->answered;
        replies.push_back(std::move(*reply));
    }
    return replies;
}

const std::string& Requester::endpoint() const {
    return impl_->endpoint;
}
std::map<std::string, std::uint64_t> Requester::counters() const {
    std::map<std::string, std::uint64_t> counters{
        {"requests.sent", impl_->asked}, {"replies.received", impl_->answered}, {"replies.too_late", impl_->dropped}};
    impl_->rejections.add_to(counters);
    return counters;
}
void* Requester::handle() {
    return impl_->socket.handle();
}

}  // namespace jt
