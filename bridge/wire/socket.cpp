// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/socket.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "kernels/error.hpp"

namespace jt::wire {
namespace {

constexpr int kHeartbeat_ms = 1000, kSilence_ms = 4000;                 // a peer that does not answer so long is gone
constexpr int kReconnect_ms = 50, kReconnectMost_ms = 2000;             // pauses between tries
constexpr int kHandshake_ms = 5000;                                     // for those that connect and say nothing
constexpr int kHighWaterMark = 1000;                                    // frames for each peer
constexpr std::int64_t kMostBytes = (std::int64_t(256) << 20) + 16384;  // of a part: a field of 2^26 cells
constexpr const char* kDomain = "jouletwin";

std::string reason() {
    return zmq_strerror(zmq_errno());
}

// ZeroMQ takes away whatever has the name of a socket before it binds it: a file of the user, or the socket of a program that
// is running. Only what nobody listens to any more may go.
void check_free(const Endpoint& endpoint) {
    const std::string path = endpoint.text.substr(std::string_view("ipc://").size());
    struct stat there {};
    if (path == "*" || lstat(path.c_str(), &there) != 0) return;
    if (!S_ISSOCK(there.st_mode))
        throw InputError(endpoint.text + ": there is a file that is no socket; allowed: a name that is free");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw InputError(endpoint.text + ": the name is too long");
    std::memcpy(address.sun_path, path.data(), path.size());
    const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (probe < 0) throw NetworkError(endpoint.text + ": no socket: " + std::strerror(errno));
    const bool nobody =
        ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 && errno == ECONNREFUSED;
    ::close(probe);
    if (!nobody)
        throw NetworkError(endpoint.text + ": the address is in use; another program (or another jouletwin) listens there");
}

}  // namespace

Incoming::~Incoming() {
    clear();
}
void Incoming::clear() {
    for (auto& m : messages_) zmq_msg_close(&m);
    messages_.clear();
    views_.clear();
    cut_ = false;
}

Socket::Socket(void* context, int type) : socket_(zmq_socket(context, type)) {
    if (!socket_) throw NetworkError("no socket: " + reason());
    try {
        set(ZMQ_LINGER, 0);
        set(ZMQ_SNDHWM, kHighWaterMark);
        set(ZMQ_RCVHWM, kHighWaterMark);
        set(ZMQ_MAXMSGSIZE, kMostBytes);
        set(ZMQ_HEARTBEAT_IVL, kHeartbeat_ms);
        set(ZMQ_HEARTBEAT_TIMEOUT, kSilence_ms);
        set(ZMQ_HEARTBEAT_TTL, kSilence_ms);
        set(ZMQ_RECONNECT_IVL, kReconnect_ms);
        set(ZMQ_RECONNECT_IVL_MAX, kReconnectMost_ms);
        set(ZMQ_HANDSHAKE_IVL, kHandshake_ms);
    } catch (...) {
        zmq_close(socket_);
        throw;
    }
}
Socket::~Socket() {
    zmq_close(socket_);
}

void Socket::set(int option, int value) {
    if (zmq_setsockopt(socket_, option, &value, sizeof value) != 0) throw NetworkError("option of a socket: " + reason());
}
void Socket::set(int option, std::int64_t value) {
    if (zmq_setsockopt(socket_, option, &value, sizeof value) != 0) throw NetworkError("option of a socket: " + reason());
}
void Socket::set(int option, std::string_view value) {
    if (zmq_setsockopt(socket_, option, value.data(), value.size()) != 0) throw NetworkError("option of a socket: " + reason());
}

std::string Socket::bind(const Endpoint& endpoint, const Keys& keys) {
    if (keys.has_allow) {
        set(ZMQ_CURVE_SERVER, 1);
        set(ZMQ_CURVE_SECRETKEY, std::string_view(keys.own.secret_key));
        set(ZMQ_ZAP_DOMAIN, std::string_view(kDomain));
    } else if (!endpoint.loopback && !keys.insecure) {
        throw InputError(endpoint.text +
                         ": others could reach it, and there are no keys; allowed: --key and --allow, an address "
                         "of this machine alone (127.0.0.1), or --insecure");
    }
    if (endpoint.kind == Endpoint::Kind::ipc) check_free(endpoint);
    if (endpoint.address.starts_with('[')) set(ZMQ_IPV6, 1);
    if (zmq_bind(socket_, endpoint.text.c_str()) != 0) {
        const int error = zmq_errno();
        if (error == EADDRINUSE)
            throw NetworkError(endpoint.text + ": the address is in use; another program (or another jouletwin) listens there");
        throw NetworkError(endpoint.text + ": cannot be bound: " + zmq_strerror(error));
    }
    char bound[1024];
    std::size_t length = sizeof bound;
    if (zmq_getsockopt(socket_, ZMQ_LAST_ENDPOINT, bound, &length) != 0) throw NetworkError(endpoint.text + ": " + reason());
    return bound;
}

void Socket::connect(const Endpoint& endpoint, const Keys& keys) {
    if (!keys.server_key.empty()) {
        set(ZMQ_CURVE_SERVERKEY, std::string_view(keys.server_key));
        set(ZMQ_CURVE_PUBLICKEY, std::string_view(keys.own.public_key));
        set(ZMQ_CURVE_SECRETKEY, std::string_view(keys.own.secret_key));
    }
    if (endpoint.address.starts_with('[')) set(ZMQ_IPV6, 1);
    if (zmq_connect(socket_, endpoint.text.c_str()) != 0)
        throw InputError(endpoint.text + ": cannot be connected to: " + reason());
}

bool Socket::send(std::span<const std::string_view> parts) {
    for (std::size_t n = 0; n < parts.size(); ++n) {
        const int flags = ZMQ_DONTWAIT | (n + 1 < parts.size() ? ZMQ_SNDMORE : 0);
        // Once the first part is taken, ZeroMQ takes the others.
        while (zmq_send(socket_, parts[n].data(), parts[n].size(), flags) < 0) {
            const int error = zmq_errno();
            if (error == EINTR) continue;
            if (error == EAGAIN || error == EHOSTUNREACH) return false;
            throw NetworkError(std::string("sending: ") + zmq_strerror(error));
        }
    }
    return true;
}

bool Socket::receive(Incoming& message) {
    message.clear();
    for (bool more = true; more;) {
        zmq_msg_t part;
        zmq_msg_init(&part);
        while (zmq_msg_recv(&part, socket_, ZMQ_DONTWAIT) < 0) {
            const int error = zmq_errno();
            if (error == EINTR) continue;
            zmq_msg_close(&part);
            message.clear();
            if (error == EAGAIN) return false;
            throw NetworkError(std::string("receiving: ") + zmq_strerror(error));
        }
        more = zmq_msg_more(&part) != 0;
        if (message.messages_.size() < Incoming::kMostParts) {
            message.messages_.push_back(part);  // a zmq_msg_t may be moved as bytes as long as only one is used
        } else {
            message.cut_ = true;
            zmq_msg_close(&part);
        }
    }
    for (auto& m : message.messages_) message.views_.emplace_back(static_cast<const char*>(zmq_msg_data(&m)), zmq_msg_size(&m));
    return true;
}

bool wait_for(void* socket, std::chrono::milliseconds timeout) {
    zmq_pollitem_t item{socket, 0, ZMQ_POLLIN, 0};
    const auto ms = std::clamp<std::int64_t>(timeout.count(), 0, std::numeric_limits<int>::max());
    return zmq_poll(&item, 1, long(ms)) > 0;  // a signal ends the wait: the caller looks what it means
}

}  // namespace jt::wire
