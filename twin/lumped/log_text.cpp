// SPDX-License-Identifier: Apache-2.0
#include "twin/lumped/log_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "twin/text.hpp"

namespace jt::log_text {

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    return result;
}

std::string plain_unit(std::string_view text) {
    std::string ascii;
    bool foreign = false;
    for (const char c : trim(text)) (c & 0x80) ? void(foreign = true) : void(ascii += c);
    const bool one_sign = ascii.empty() && trim(text).size() <= 3;  // degree and C in one character
    if (foreign && (ascii == "C" || one_sign)) return "degC";
    if (foreign && ascii == "F") return "degF";
    if (lower(ascii) == "c" || lower(ascii) == "deg c" || lower(ascii) == "deg. c" || lower(ascii) == "celsius") return "degC";
    if (lower(ascii) == "sec") return "s";
    return printable(trim(text));
}

Cells split(std::string_view line, char separator) {
    Cells cells;
    std::size_t q = 0;
    while (true) {
        while (q < line.size() && line[q] == ' ') ++q;
        if (q < line.size() && line[q] == '"') {
            const std::size_t end = line.find('"', q + 1);
            if (end == std::string_view::npos) {
                cells.open_quote = true;
                cells.cell.push_back(line.substr(q + 1));
                return cells;
            }
            cells.cell.push_back(trim(line.substr(q + 1, end - q - 1)));
            q = line.find(separator, end);
        } else {
            const std::size_t end = line.find(separator, q);
            cells.cell.push_back(trim(line.substr(q, end == std::string_view::npos ? end : end - q)));
            q = end;
        }
        if (q == std::string_view::npos) return cells;
        ++q;
    }
}

std::optional<double> number(std::string_view text, bool decimal_comma) {
    std::string copy;
    if (decimal_comma && std::count(text.begin(), text.end(), ',') == 1) {
        copy = text;
        std::replace(copy.begin(), copy.end(), ',', '.');
        text = copy;
    }
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0.0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || status != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<double> clock_time(std::string_view text) {
    double date_s = 0.0;
    if (const auto gap = text.find_first_of(" T"); gap != std::string_view::npos) {
        const std::string_view date = text.substr(0, gap);
        text = trim(text.substr(gap + 1));
        std::array<int, 3> part{};
        std::size_t q = 0;
        for (std::size_t n = 0; n < 3; ++n) {
            const auto [end, status] = std::from_chars(date.data() + q, date.data() + date.size(), part[n]);
            if (status != std::errc() || part[n] < 0) return std::nullopt;
            q = std::size_t(end - date.data());
            if (n < 2 && (q >= date.size() || (date[q] != '/' && date[q] != '-' && date[q] != '.'))) return std::nullopt;
            if (n < 2) ++q;
        }
        if (q != date.size()) return std::nullopt;
        const bool year_first = part[0] > 31, day_first = !year_first && part[0] > 12;
        const int year = year_first ? part[0] : part[2],
                  month = year_first  ? part[1]
                          : day_first ? part[1]
                                      : part[0],
                  day = year_first  ? part[2]
                        : day_first ? part[0]
                                    : part[1];
        if (year > 9999) return std::nullopt;
        const std::chrono::year_month_day ymd{std::chrono::year(year), std::chrono::month(unsigned(month)),
                                              std::chrono::day(unsigned(day))};
        if (!ymd.ok()) return std::nullopt;
        date_s = 86400.0 * double((std::chrono::sys_days(ymd).time_since_epoch()).count());
    }
    const auto first = text.find(':'), second = first == std::string_view::npos ? first : text.find(':', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto h = number(text.substr(0, first), false), m = number(text.substr(first + 1, second - first - 1), false),
               s = number(text.substr(second + 1), true);
    if (!h || !m || !s || !(*h >= 0 && *h < 24) || !(*m >= 0 && *m < 60) || !(*s >= 0 && *s < 61)) return std::nullopt;
    if (*h != std::floor(*h) || *m != std::floor(*m)) return std::nullopt;
    return date_s + *h * 3600.0 + *m * 60.0 + *s;
}

Column column_of(std::string_view cell) {
    Column column{printable(cell), printable(cell), ""};
    const auto close = cell.empty() ? '\0' : cell.back();
    if (close == ')' || close == ']') {
        const auto open = cell.rfind(close == ')' ? '(' : '[');
        if (open != std::string_view::npos && open > 0) {
            column.base = printable(trim(cell.substr(0, open)));
            column.unit = plain_unit(cell.substr(open + 1, cell.size() - open - 2));
            return column;
        }
    }
    const auto under = cell.rfind('_');
    if (under == std::string_view::npos || under == 0) return column;
    const std::string unit = plain_unit(cell.substr(under + 1));
    for (const char* known : {"s", "ms", "us", "min", "h", "K", "degC", "degF", "V", "mV", "kV", "A", "mA", "kA"})
        if (unit == known) column.base = printable(cell.substr(0, under)), column.unit = unit;
    return column;
}

}  // namespace jt::log_text
