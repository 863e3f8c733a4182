// SPDX-License-Identifier: Apache-2.0
// Endpoints: tcp://ADDRESS:PORT, ipc://PATH, inproc://NAME.
#pragma once
#include <string>
#include <string_view>

namespace jt {

inline constexpr std::string_view kSensorsEndpoint = "tcp://127.0.0.1:5701", kPredictionsEndpoint = "tcp://127.0.0.1:5702",
                                  kRequestsEndpoint = "tcp://127.0.0.1:5703", kCommandsEndpoint = "tcp://127.0.0.1:5704";

struct Endpoint {
    enum class Kind { tcp, ipc, inproc };
    Kind kind = Kind::tcp;
    std::string text;           // as given
    std::string address, port;  // of tcp: "127.0.0.1", "5701"; port "*" or "0": any that is free (bind only)
    bool loopback = false;      // cannot be reached from another machine
};

// `what` names the option or place for messages: "--sensors". Throws InputError.
Endpoint parse_endpoint(std::string_view text, const std::string& what, bool to_bind);

// The endpoint that a server tells of itself, for a client that has reached the server as `reached`: an address that stands for
// every interface (0.0.0.0, [::]) is replaced by the one that was used.
std::string as_seen_from(const std::string& told, const std::string& reached);

}  // namespace jt
