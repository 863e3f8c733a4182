// SPDX-License-Identifier: Apache-2.0
#include "twin/text.hpp"

namespace jt {

std::size_t utf8_length(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t n) {
        return at + n < text.size() ? unsigned(static_cast<unsigned char>(text[at + n])) : 0u;
    };
    const auto more = [&](std::size_t n) { return (byte(n) & 0xC0u) == 0x80u; };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first < 0xE0) return more(1) ? 2 : 0;
    if (first >= 0xE0 && first < 0xF0) {
        if (!more(1) || !more(2)) return 0;
        const unsigned code = (first & 0x0F) << 12 | (byte(1) & 0x3F) << 6;
        return code < 0x800 || (code >= 0xD800 && code < 0xE000) ? 0 : 3;
    }
    if (first >= 0xF0 && first < 0xF5) {
        if (!more(1) || !more(2) || !more(3)) return 0;
        const unsigned code = (first & 0x07) << 18 | (byte(1) & 0x3F) << 12;
        return code < 0x10000 || code > 0x10FFFF ? 0 : 4;
    }
    return 0;
}

std::string printable(std::string_view text) {
    std::string result;
    for (std::size_t q = 0; q < text.size();) {
        const std::size_t length = utf8_length(text, q);
        const auto byte = static_cast<unsigned char>(text[q]);
        if (length == 0 || byte < 0x20 || byte == 0x7f)
            result += '?', q += 1;
        else
            result += text.substr(q, length), q += length;
    }
    return result;
}

std::string_view trim(std::string_view text, std::string_view blanks) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace jt
