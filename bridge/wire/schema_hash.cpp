// SPDX-License-Identifier: Apache-2.0
#include <concepts>
#include <string>

#include "bridge/wire/message_fields.hpp"
#include "bridge/wire/payload.hpp"

namespace jt {
namespace {

// Names and types, in the order of the lists.
class Describer {
public:
    std::string text;
    template <class T>
    void must(const char* key, const T& value) {
        text += key, text += ':';
        type(value);
        text += ';';
    }
    template <class T>
    void may(const char* key, const T& value) {
        text += '?';
        must(key, value);
    }
    template <class T>
    void not_negative(const char* key, const T& value) {
        must(key, value);
    }
    template <class T>
    void type(const T& value) {
        if constexpr (std::is_same_v<T, bool>)
            text += "bool";
        else if constexpr (std::is_same_v<T, double>)
            text += "number";
        else if constexpr (std::is_same_v<T, std::string>)
            text += "text";
        else if constexpr (std::is_same_v<T, Quality>)
            text += "quality";
        else if constexpr (std::is_same_v<T, HeaterPhase>)
            text += "phase";
        else if constexpr (std::is_integral_v<T>)
            text += (std::is_signed_v<T> ? "i" : "u") + std::to_string(8 * sizeof(T));
        else
            compound(value);
    }

private:
    template <class T>
    void compound(const std::optional<T>&) {
        text += "optional ";
        type(T{});
    }
    template <class T>
    void compound(const std::vector<T>&) {
        text += "list of ";
        type(T{});
    }
    template <class T, std::size_t N>
    void compound(const std::array<T, N>&) {
        text += std::to_string(N) + " of ";
        type(T{});
    }
    template <class T>
    void compound(const std::map<std::string, T>&) {
        text += "map to ";
        type(T{});
    }
    template <class T>
    requires requires(Describer& d, const T& m) { wire::members(d, m); }
    void compound(const T& value) {
        text += '{';
        wire::members(*this, value);
        text += '}';
    }
};

}  // namespace

std::string schema_hash() {
    Describer d;
    const auto add = [&](const char* title, const auto& m) {
        d.text += title;
        d.type(m);
    };
    add("reading", Reading{});
    add("heater", HeaterStatus{});
    add("state", TwinState{});
    add("forecast", Forecast{});
    add("field", FieldMessage{});
    add("alarm", AlarmMessage{});
    add("status", TwinStatus{});
    add("heartbeat", Heartbeat{});
    add("command", Command{});
    add("command_result", CommandResult{});
    add("hello", Hello{});
    add("time", TimeReply{});
    std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a, 64 bit
    for (const char c : d.text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    static constexpr char kHex[] = "0123456789abcdef";
    std::string text(16, '0');
    for (int n = 15; n >= 0; --n, hash >>= 4) text[std::size_t(n)] = kHex[hash & 15];
    return text;
}

}  // namespace jt
