// SPDX-License-Identifier: Apache-2.0
// Text of loggers' files: cells of a row, numbers, clocks, units and columns as loggers write them.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jt::log_text {

std::string lower(std::string_view text);  // of ASCII

// Units as loggers write them: the degree sign has many encodings, all of them above 127.
std::string plain_unit(std::string_view text);

struct Cells {
    std::vector<std::string_view> cell;
    bool open_quote = false;
};

// One line of a table. Quotes around a cell are taken off; a quoted cell may hold the separator, not a line end.
Cells split(std::string_view line, char separator);

// Empty where it is none, as a whole.
std::optional<double> number(std::string_view text, bool decimal_comma);

// "04/21/2021 11:56:17", "2021-04-21T11:56:17.506", "11:56:17": seconds from an origin that is the same for a whole file.
std::optional<double> clock_time(std::string_view text);

// A column as the header has it.
struct Column {
    std::string name, base, unit;  // "T (degC)", "T", "degC"
};

Column column_of(std::string_view cell);

}  // namespace jt::log_text
