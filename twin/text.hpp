// SPDX-License-Identifier: Apache-2.0
// Text of strangers: files and messages may hold any bytes.
#pragma once
#include <string>
#include <string_view>

namespace jt {

// Length of the well-formed UTF-8 character at text[at]; 0 where there is none.
std::size_t utf8_length(std::string_view text, std::size_t at);

// Fit for messages, JSON and pictures: valid UTF-8 without control characters; a "?" for each byte that is neither.
std::string printable(std::string_view text);

// Without blanks at both ends.
std::string_view trim(std::string_view text, std::string_view blanks = " \t\r");

}  // namespace jt
