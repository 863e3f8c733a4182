// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/endpoint.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "kernels/error.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr std::size_t kLongestPath = 100;  // bytes; of a Unix socket: 107

bool is_ipv4(const std::string& text) {
    in_addr address{};
    return inet_pton(AF_INET, text.c_str(), &address) == 1;
}
bool is_ipv6(const std::string& text) {
    in6_addr address{};
    return inet_pton(AF_INET6, text.c_str(), &address) == 1;
}
// Of a machine or a network interface.
bool is_name(const std::string& text) {
    return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
}

}  // namespace

Endpoint parse_endpoint(std::string_view text, const std::string& option, bool to_bind) {
    const auto refuse = [&](const std::string& why) {
        return InputError(option + " " + quote(text) + ": " + why +
                          "; allowed: tcp://ADDRESS:PORT such as tcp://127.0.0.1:5701, or ipc://FILE");
    };
    Endpoint endpoint;
    endpoint.text = text;
    const auto plain = [](unsigned char c) { return c > ' ' && c < 127; };
    if (!std::all_of(text.begin(), text.end(), plain)) throw refuse("has blanks or characters beyond ASCII");
    if (text.starts_with("ipc://") || text.starts_with("inproc://")) {
        endpoint.kind = text[1] == 'p' ? Endpoint::Kind::ipc : Endpoint::Kind::inproc;
        endpoint.loopback = true;
        const std::string_view path = text.substr(text.find("://") + 3);
        if (path.empty()) throw refuse("has no name");
        if (path.size() > kLongestPath) throw refuse("its name is longer than " + std::to_string(kLongestPath) + " bytes");
        if (path == "*" && !to_bind) throw refuse("\"*\" is no name to connect to");
        return endpoint;
    }
    if (!text.starts_with("tcp://")) throw refuse(text.find("://") == text.npos ? "no tcp:// before it" : "unknown protocol");
    const std::string rest(text.substr(6));
    const std::size_t colon = rest.rfind(':');
    if (colon == rest.npos || rest.find(']', colon) != rest.npos) throw refuse("its port is missing");
    endpoint.address = rest.substr(0, colon);
    endpoint.port = rest.substr(colon + 1);
    if (endpoint.address.empty()) throw refuse("its address is missing");
    const bool any_port = endpoint.port == "*" || endpoint.port == "0";
    if (any_port && !to_bind) throw refuse("port " + quote(endpoint.port) + " is none to connect to");
    if (!any_port) {
        unsigned port = 0;
        const char* end = endpoint.port.data() + endpoint.port.size();
        const auto [at, status] = std::from_chars(endpoint.port.data(), end, port);
        if (status != std::errc() || at != end || port < 1 || port > 65535)
            throw refuse("port " + quote(endpoint.port) + " is none from 1 to 65535");
    }
    const std::string& a = endpoint.address;
    if (a.front() == '[') {
        if (a.back() != ']' || !is_ipv6(a.substr(1, a.size() - 2))) throw refuse(quote(a) + " is no IPv6 address");
        endpoint.loopback = a == "[::1]";
    } else if (a == "*") {
        if (!to_bind) throw refuse("\"*\" is no address to connect to");
    } else if (is_ipv4(a)) {
        if (a == "0.0.0.0" && !to_bind) throw refuse("0.0.0.0 is no address to connect to");
        endpoint.loopback = a.starts_with("127.");
    } else if (a.find_first_not_of("0123456789.") == a.npos) {
        throw refuse(quote(a) + " is no IPv4 address");
    } else if (!is_name(a)) {
        throw refuse(quote(a) + " is no address");
    } else if (to_bind && a == "localhost") {
        // Interfaces have other names: ZeroMQ binds addresses.
        endpoint.address = "127.0.0.1";
        endpoint.text = "tcp://127.0.0.1:" + endpoint.port;
        endpoint.loopback = true;
    } else {
        endpoint.loopback = a == "localhost" || (to_bind && a == "lo");
    }
    return endpoint;
}

std::string as_seen_from(const std::string& told, const std::string& reached) {
    const auto host = [](const std::string& text) {  // "tcp://HOST:PORT" -> HOST; of others nothing
        const std::size_t colon = text.rfind(':');
        return text.starts_with("tcp://") && colon > 6 ? text.substr(6, colon - 6) : std::string();
    };
    const std::string theirs = host(told), used = host(reached);
    if (used.empty() || (theirs != "0.0.0.0" && theirs != "[::]" && theirs != "*")) return told;
    return "tcp://" + used + told.substr(told.rfind(':'));
}

}  // namespace jt
