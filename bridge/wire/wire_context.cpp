// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/wire_context.hpp"

#include <zmq.h>

#include <array>
#include <atomic>
#include <memory>
#include <set>
#include <thread>

#include "bridge/wire/context_impl.hpp"
#include "bridge/wire/socket.hpp"
#include "kernels/error.hpp"

namespace jt {
namespace {

// Decides who may connect: ZeroMQ asks it for each client (ZAP, rfc.zeromq.org/spec/27). One thread; ends when told.
class Doorkeeper {
public:
    Doorkeeper(void* context, const std::vector<std::string>& allow)
        : door_(std::make_unique<wire::Socket>(context, ZMQ_REP)),
          ear_(std::make_unique<wire::Socket>(context, ZMQ_PAIR)),
          mouth_(context, ZMQ_PAIR),
          allow_(allow.begin(), allow.end()) {
        Keys none;
        door_->bind(parse_endpoint("inproc://zeromq.zap.01", "ZAP", true), none);
        const Endpoint end = parse_endpoint("inproc://jouletwin.zap.end", "ZAP", true);
        ear_->bind(end, none);
        mouth_.connect(end, none);
        thread_ = std::thread([this] { run(); });
    }
    ~Doorkeeper() {
        const std::array<std::string_view, 1> end{"end"};
        mouth_.send(end);
        thread_.join();
    }

    std::atomic<std::uint64_t> accepted{0}, refused{0};

private:
    std::unique_ptr<wire::Socket> door_, ear_;
    wire::Socket mouth_;
    std::set<std::string> allow_;
    std::thread thread_;

    void run() {
        wire::Incoming request;
        for (;;) {
            zmq_pollitem_t items[] = {{door_->handle(), 0, ZMQ_POLLIN, 0}, {ear_->handle(), 0, ZMQ_POLLIN, 0}};
            zmq_poll(items, 2, -1);
            if (items[1].revents & ZMQ_POLLIN) return;
            if (!(items[0].revents & ZMQ_POLLIN) || !door_->receive(request)) continue;
            answer(request.parts());
        }
    }
    // version | request id | domain | address | identity | mechanism | credentials...
    void answer(std::span<const std::string_view> parts) {
        const bool asked = parts.size() >= 6 && parts[0] == "1.0";
        std::string user;
        bool welcome = false;
        if (asked && parts.size() == 7 && parts[5] == "CURVE" && parts[6].size() == 32) {
            char text[41];
            zmq_z85_encode(text, reinterpret_cast<const std::uint8_t*>(parts[6].data()), 32);
            user = text;
            welcome = allow_.contains(user);
        }
        ++(welcome ? accepted : refused);
        const std::string id(asked ? parts[1] : std::string_view{});
        const std::array<std::string_view, 6> reply{"1.0",
                                                    id,
                                                    welcome ? "200" : "400",
                                                    welcome ? "" : "not in the allow-list",
                                                    welcome ? std::string_view(user) : std::string_view{},
                                                    ""};
        door_->send(reply);
    }
};

struct ContextCloser {
    void operator()(void* context) const {
        while (zmq_ctx_term(context) != 0 && zmq_errno() == EINTR) {
        }
    }
};

}  // namespace

struct WireContext::Impl {
    Keys keys;
    std::unique_ptr<void, ContextCloser> context;
    std::unique_ptr<Doorkeeper> doorkeeper;  // ends before the context
};

WireContext::WireContext(Keys keys) : impl_(std::make_unique<Impl>()) {
    impl_->keys = std::move(keys);
    impl_->context.reset(zmq_ctx_new());
    if (!impl_->context) throw NetworkError(std::string("no ZeroMQ context: ") + zmq_strerror(zmq_errno()));
    if (impl_->keys.has_allow) impl_->doorkeeper = std::make_unique<Doorkeeper>(impl_->context.get(), impl_->keys.allow);
}
WireContext::~WireContext() = default;

const Keys& WireContext::keys() const {
    return impl_->keys;
}
std::uint64_t WireContext::clients_accepted() const {
    return impl_->doorkeeper ? impl_->doorkeeper->accepted.load() : 0;
}
std::uint64_t WireContext::clients_refused() const {
    return impl_->doorkeeper ? impl_->doorkeeper->refused.load() : 0;
}

namespace wire {

void* context_of(WireContext& context) {
    return context.impl().context.get();
}

}  // namespace wire
}  // namespace jt
