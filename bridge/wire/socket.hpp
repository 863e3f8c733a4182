// SPDX-License-Identifier: Apache-2.0
// Socket: owns one ZeroMQ socket with the options that all of this program's have: linger 0, high-water marks, a bound on the
// size of messages, heartbeats, reconnection with growing pauses, CURVE. For the sources of bridge/wire alone.
#pragma once
#include <zmq.h>

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/wire/endpoint.hpp"
#include "bridge/wire/security.hpp"

namespace jt::wire {

// A message as it came. Its parts live until the next one is received.
class Incoming {
public:
    Incoming() = default;
    ~Incoming();
    Incoming(const Incoming&) = delete;
    Incoming& operator=(const Incoming&) = delete;
    std::span<const std::string_view> parts() const { return views_; }
    bool cut() const { return cut_; }  // it had more parts than are kept

private:
    friend class Socket;
    static constexpr std::size_t kMostParts = 4096;  // a snapshot: three for each topic
    void clear();
    std::vector<zmq_msg_t> messages_;
    std::vector<std::string_view> views_;
    bool cut_ = false;
};

class Socket {
public:
    // type: ZMQ_XPUB ... Throws NetworkError where ZeroMQ is out of sockets.
    Socket(void* context, int type);
    ~Socket();
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    void set(int option, int value);
    void set(int option, std::int64_t value);
    void set(int option, std::string_view value);

    // Returns the address that it is bound to. Throws NetworkError: port in use, no such address.
    std::string bind(const Endpoint& endpoint, const Keys& keys);
    void connect(const Endpoint& endpoint, const Keys& keys);

    // All parts or none, at once or not at all. False: the high-water mark is reached, or nobody is there.
    bool send(std::span<const std::string_view> parts);
    // False: nothing is there.
    bool receive(Incoming& message);

    void* handle() const { return socket_; }

private:
    void* socket_;
};

// Waits for something to read. False: time is over or a signal came.
bool wait_for(void* socket, std::chrono::milliseconds timeout);

}  // namespace jt::wire
