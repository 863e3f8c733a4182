// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/server.hpp"

#include <deque>

#include "bridge/wire/context_impl.hpp"
#include "bridge/wire/socket.hpp"
#include "kernels/error.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr int kMostRequestsInOnePoll = 1000;                // requests
constexpr std::size_t kMostPending = 1000;                  // commands without an answer yet
constexpr std::int64_t kMostBytes = std::int64_t(1) << 20;  // of a part of a request
constexpr std::size_t kMostSnapshot = 1365;                 // frames, three parts each: what a requester keeps

}  // namespace

struct Server::Impl {
    struct Asker {
        std::string peer;
        bool delimiter = false;  // of REQ sockets: an empty part after the peer
        std::uint64_t seq = 0;
    };
    struct Pending {
        std::string id;
        Asker asker;
    };

    wire::Socket socket;
    Hello hello;
    std::string endpoint;
    std::function<std::vector<Frame>()> on_snapshot;
    std::function<std::optional<CommandResult>(const Command&)> on_command;
    std::function<void(const Heartbeat&)> on_heartbeat;
    std::map<std::string, std::function<std::string(const std::string&)>, std::less<>> on_text;
    std::deque<Pending> pending;
    std::map<std::string, std::uint64_t> requests;
    RejectionCounts rejections;
    std::uint64_t unsent = 0;
    bool muted = false;
    wire::Incoming incoming;

    Impl(void* context, Hello h) : socket(context, ZMQ_ROUTER), hello(std::move(h)) {}

    void reply(const Asker& to, std::string_view topic, MessageType type, std::string_view payload,
               const std::vector<Frame>& frames = {}) {
        if (muted) return;
        Header header;
        header.type = type;
        header.seq = to.seq;
        header.epoch = hello.epoch;
        header.t_send_ns = header.t_source_ns = unix_ns();
        const auto bytes = encode_header(header);
        std::vector<std::string_view> parts{to.peer};
        if (to.delimiter) parts.emplace_back();
        parts.insert(parts.end(), {topic, std::string_view(bytes.data(), bytes.size()), payload});
        std::vector<std::array<char, kHeaderBytes>> headers;
        headers.reserve(frames.size());
        for (const Frame& frame : frames) {
            headers.push_back(encode_header(frame.header));
            parts.insert(parts.end(), {frame.topic, std::string_view(headers.back().data(), kHeaderBytes), frame.payload});
        }
        if (!socket.send(parts)) ++unsent;
    }
    void reply(const Asker& to, std::string_view topic, const Message& message) {
        reply(to, topic, type_of(message), encode_payload(message));
    }
    void refuse(const Asker& to, std::string_view topic, const std::string& why) {
        reply(to, topic, MessageType::refusal, why);
    }

    void handle(std::span<const std::string_view> parts) {
        const std::int64_t received_ns = unix_ns();
        if (parts.size() < 2) return rejections.add(Rejection::parts, "request without a part");
        Asker asker{std::string(parts[0]), parts[1].empty(), 0};
        const auto rest = parts.subspan(asker.delimiter ? 2 : 1);
        Frame frame;
        std::string detail;
        if (const Rejection r = decode_frame(rest, frame, detail); r != Rejection::none) {
            refuse(asker, "refused", detail);
            return rejections.add(r, std::move(detail));
        }
        asker.seq = frame.header.seq;
        const std::string& topic = frame.topic;
        const auto reject = [&](Rejection why, const std::string& text) {
            refuse(asker, topic, text);
            rejections.add(why, text);
        };
        if (topic == "hello") {
            reply(asker, topic, hello);
        } else if (topic == "time") {
            reply(asker, topic, TimeReply{frame.header.t_send_ns, received_ns, unix_ns()});
        } else if (topic == "snapshot") {
            give_snapshot(asker, frame.payload);
        } else if (topic == "command") {
            Decoded decoded = decode_payload(MessageType::command, frame.payload);
            if (frame.header.type != MessageType::command)
                return reject(Rejection::type, "\"command\" with a message of another type");
            if (decoded.rejection != Rejection::none) return reject(decoded.rejection, decoded.detail);
            take_command(asker, std::get<Command>(decoded.message));
        } else if (topic == kTopicHeartbeat) {
            Decoded decoded = decode_payload(MessageType::heartbeat, frame.payload);
            if (decoded.rejection != Rejection::none) return reject(decoded.rejection, decoded.detail);
            if (on_heartbeat) on_heartbeat(std::get<Heartbeat>(decoded.message));
        } else if (const auto found = on_text.find(topic); found != on_text.end()) {
            try {
                reply(asker, topic, MessageType::text, found->second(frame.payload));
            } catch (const Error& error) {
                refuse(asker, topic, error.what());
            }
        } else {
            std::string known = "hello, time, snapshot";
            if (on_command) known += ", command";
            for (const auto& [name, handler] : on_text) known += ", " + name;
            return reject(Rejection::topic, "nothing is known of " + quote(topic) + "; allowed: " + known);
        }
        ++requests["requests." + topic];
    }

    void give_snapshot(const Asker& asker, std::string_view wanted) {
        std::vector<Frame> frames = on_snapshot ? on_snapshot() : std::vector<Frame>{};
        if (!wanted.empty())
            std::erase_if(frames, [&](const Frame& frame) {
                for (std::string_view rest = wanted; !rest.empty();) {
                    const std::size_t end = rest.find('\n');
                    if (frame.topic.starts_with(rest.substr(0, end))) return false;
                    rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
                }
                return true;
            });
        if (frames.size() > kMostSnapshot) frames.resize(kMostSnapshot);
        reply(asker, "snapshot", MessageType::snapshot, "", frames);
    }

    void take_command(const Asker& asker, const Command& command) {
        CommandResult refusal{command.id, command.verb, false, "", unix_ns()};
        if (!on_command) {
            refusal.reason = "nobody takes commands here";
            return reply(asker, "command", refusal);
        }
        std::optional<CommandResult> result;
        try {
            result = on_command(command);
        } catch (const Error& error) {
            refusal.reason = error.what();
            result = refusal;
        }
        if (!result) {
            std::erase_if(pending, [&](const Pending& p) { return p.id == command.id && p.asker.peer == asker.peer; });
            if (pending.size() >= kMostPending) pending.pop_front();
            pending.push_back({command.id, asker});
            return;
        }
        if (result->id.empty()) result->id = command.id;
        if (result->verb.empty()) result->verb = command.verb;
        if (result->t_ns == 0) result->t_ns = unix_ns();
        reply(asker, "command", *result);
    }
};

Server::Server(WireContext& context, const std::string& endpoint, Hello hello) {
    const Endpoint parsed = parse_endpoint(endpoint, "requests", true);
    hello.major = kWireMajor;
    hello.minor = kWireMinor;
    hello.schema = schema_hash();
    impl_ = std::make_unique<Impl>(wire::context_of(context), std::move(hello));
    impl_->socket.set(ZMQ_MAXMSGSIZE, kMostBytes);
    impl_->endpoint = impl_->socket.bind(parsed, context.keys());
    impl_->hello.endpoints["requests"] = impl_->endpoint;
}
Server::~Server() = default;

void Server::on_snapshot(std::function<std::vector<Frame>()> handler) {
    impl_->on_snapshot = std::move(handler);
}
void Server::on_command(std::function<std::optional<CommandResult>(const Command&)> handler) {
    impl_->on_command = std::move(handler);
}
void Server::on_heartbeat(std::function<void(const Heartbeat&)> handler) {
    impl_->on_heartbeat = std::move(handler);
}
void Server::on_text(const std::string& name, std::function<std::string(const std::string&)> handler) {
    impl_->on_text[name] = std::move(handler);
}
Hello& Server::hello() {
    return impl_->hello;
}

void Server::mute(bool on) {
    impl_->muted = on;
}

void Server::answer(const CommandResult& result) {
    std::erase_if(impl_->pending, [&](const Impl::Pending& p) {
        if (p.id != result.id) return false;
        impl_->reply(p.asker, "command", result);
        return true;
    });
}

int Server::poll(std::chrono::milliseconds timeout) {
    Impl& i = *impl_;
    int done = 0;
    bool waited = false;
    while (done < kMostRequestsInOnePoll) {
        if (i.socket.receive(i.incoming)) {
            ++done;
            i.handle(i.incoming.parts());
            continue;
        }
        if (done > 0 || waited || timeout.count() <= 0 || !wire::wait_for(i.socket.handle(), timeout)) break;
        waited = true;
    }
    return done;
}

const std::string& Server::endpoint() const {
    return impl_->endpoint;
}
std::map<std::string, std::uint64_t> Server::counters() const {
    auto counters = impl_->requests;
    impl_->rejections.add_to(counters);
    if (impl_->unsent > 0) counters["replies.unsent"] = impl_->unsent;
    return counters;
}
void* Server::handle() {
    return impl_->socket.handle();
}

}  // namespace jt
