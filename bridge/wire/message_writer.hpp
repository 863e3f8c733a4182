// SPDX-License-Identifier: Apache-2.0
// MessageWriter: JSON of a message, as its list in message_fields.hpp has it: numbers as short as they read back exactly, text
// in UTF-8 whatever it holds, null for what is not finite.
#pragma once
#include <charconv>
#include <cmath>
#include <concepts>
#include <string>
#include <string_view>

#include "bridge/wire/message_fields.hpp"
#include "bridge/wire/payload.hpp"
#include "twin/text.hpp"

namespace jt {

class MessageWriter {
public:
    std::string text;
    bool all_finite = true;

    template <class T>
    void must(const char* key, const T& value) {
        begin(key);
        put(value);
    }
    template <class T>
    void may(const char* key, const T& value) {
        must(key, value);
    }
    template <class T>
    void may(const char* key, const std::optional<T>& value) {
        if (value) must(key, *value);
    }
    template <class T>
    void must(const char* key, const std::optional<T>& value) {
        may(key, value);
    }
    template <class T>
    void not_negative(const char* key, const T& value) {
        must(key, value);
    }
    // Braces of an object.
    void open() { text += '{', first_ = true; }
    void close() { text += '}', first_ = false; }

private:
    bool first_ = true;
    void begin(std::string_view key) {
        if (!first_) text += ',';
        first_ = false;
        put(key);
        text += ':';
    }
    template <class T>
    void number(T value) {
        char digits[32];
        text.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
    }
    void put(double value) {
        if (std::isfinite(value)) return number(value);
        all_finite = false;
        text += "null";
    }
    void put(bool value) { text += value ? "true" : "false"; }
    template <std::integral T>
    void put(T value) {
        number(value);
    }
    void put(Quality value) { put(name(value)); }
    void put(HeaterPhase value) { put(name(value)); }
    void put(const std::string& value) { put(std::string_view(value)); }
    void put(std::string_view value) {
        text += '"';
        for (std::size_t at = 0; at < value.size();) {
            const char c = value[at];
            const std::size_t length = utf8_length(value, at);
            if (length == 0) {
                text += "\\ufffd";  // what is no UTF-8
                ++at;
                continue;
            }
            if (c == '"' || c == '\\') {
                text += '\\', text += c;
            } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
                static constexpr char kHex[] = "0123456789abcdef";
                text += "\\u00", text += kHex[c >> 4], text += kHex[c & 15];
            } else {
                text.append(value, at, length);
            }
            at += length;
        }
        text += '"';
    }
    template <class List>
    void list(const List& values) {
        text += '[';
        for (std::size_t n = 0; n < values.size(); ++n) {
            if (n > 0) text += ',';
            put(values[n]);
        }
        text += ']';
    }
    template <class T>
    void put(const std::vector<T>& values) {
        list(values);
    }
    template <class T, std::size_t N>
    void put(const std::array<T, N>& values) {
        list(values);
    }
    template <class T>
    void put(const std::map<std::string, T>& values) {
        open();
        for (const auto& [key, value] : values) {
            begin(key);
            put(value);
        }
        close();
    }
    template <class T>
    requires requires(MessageWriter& w, const T& m) { wire::members(w, m); }
    void put(const T& value) {
        open();
        wire::members(*this, value);
        close();
    }
};

}  // namespace jt
