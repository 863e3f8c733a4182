// SPDX-License-Identifier: Apache-2.0
#include "twin/lumped/sensor_log.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "kernels/error.hpp"
#include "twin/lumped/log_text.hpp"
#include "twin/scenario/schema.hpp"
#include "twin/text.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr std::size_t kMostLogProblems = 20;
constexpr double kLargestReading = 1e12;  // no reading of a Joule heater, in any unit

constexpr std::array<Dimension, 4> kDimension{Dimension::time, Dimension::temperature, Dimension::voltage, Dimension::current};
const std::array<std::vector<std::string>, 4> kUsualNames{{
    {"time", "t", "elapsed", "seconds"},
    {"temperature", "temp.", "temp", "t", "reading", "pyrometer", "thermocouple"},
    {"voltage", "volt", "v", "u"},
    {"current", "curr", "i", "a", "amps"},
}};

using log_text::Cells;
using log_text::clock_time;
using log_text::Column;
using log_text::column_of;
using log_text::lower;
using log_text::number;
using log_text::plain_unit;
using log_text::split;

class LogReader {
public:
    LogReader(const std::filesystem::path& file, const LogColumns& columns) : file_(file.string()), columns_(columns) {}

    SensorLog read() {
        load();
        log_.source = file_;
        std::size_t first = 0;
        while (first < lines_.size() && trim(lines_[first]).empty()) ++first;
        if (first == lines_.size()) fail("the file holds no text; allowed: a sensor log (see jouletwin lumped --help)");
        const bool logger = lines_[first].starts_with("#BeginHeader");
        const std::size_t data = logger ? logger_header(first) : table_header(first);
        choose();
        rows(data, logger);
        if (problems_.empty() && log_.time_s.empty())
            fail("there is no row of data after the header (line " + std::to_string(data) + ")");
        if (problems_.empty() && announced_ && log_.rows() != *announced_)
            fail("the header announces " + std::to_string(*announced_) + " rows (\"No. of Data\"), the file holds " +
                 std::to_string(log_.rows()) + (log_.rows() < *announced_ ? ": it is cut off" : ""));
        if (!problems_.empty()) {
            if (more_) problems_.push_back("and " + std::to_string(more_) + " more problems");
            throw InputError(problems_);
        }
        look_at_times();
        return std::move(log_);
    }

private:
    [[noreturn]] void fail(const std::string& what) const { throw InputError(file_ + ": " + what); }
    void problem(std::size_t line, const std::string& what) {
        if (problems_.size() < kMostLogProblems)
            problems_.push_back(file_ + ":" + std::to_string(line + 1) + ": " + what);
        else
            ++more_;
    }

    void load() {
        std::error_code code;
        const auto status = std::filesystem::status(file_, code);
        if (code || !std::filesystem::exists(status)) fail("there is no such file");
        if (!std::filesystem::is_regular_file(status)) fail("is not a file");
        const auto size = std::filesystem::file_size(file_, code);
        if (code) fail("cannot be read: " + code.message());
        if (size > kMostLogBytes)
            fail("has " + std::to_string(size >> 20) + " MiB; allowed: at most " + std::to_string(kMostLogBytes >> 20) +
                 " MiB");
        std::ifstream in(file_, std::ios::binary);
        if (!in) fail(std::string("cannot be read: ") + std::strerror(errno));
        text_.resize(std::size_t(size));
        in.read(text_.data(), std::streamsize(text_.size()));
        if (in.gcount() != std::streamsize(text_.size())) fail("cannot be read to its end");
        std::string_view rest = text_;
        if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
        if (rest.starts_with("\xFF\xFE") || rest.starts_with("\xFE\xFF")) fail("is UTF-16; allowed: save it as UTF-8 or ASCII");
        if (const auto nul = rest.find('\0'); nul != std::string_view::npos)
            fail("is binary (a zero byte in line " +
                 std::to_string(1 + std::count(rest.begin(), rest.begin() + std::ptrdiff_t(nul), '\n')) +
                 "); allowed: a text table");
        while (!rest.empty()) {
            const auto end = rest.find('\n');
            const std::string_view line = rest.substr(0, end);
            lines_.push_back(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
            if (line.size() > kLongestLogLine)
                fail("line " + std::to_string(lines_.size()) + " has " + std::to_string(line.size()) +
                     " characters; allowed: at most " + std::to_string(kLongestLogLine));
            if (lines_.size() > 2 * kMostLogRows) fail("has more than " + std::to_string(2 * kMostLogRows) + " lines");
            if (end == std::string_view::npos) break;
            rest.remove_prefix(end + 1);
        }
    }

    // Returns the line of the first row of data.
    std::size_t logger_header(std::size_t first) {
        std::vector<std::string_view> names, units;
        log_.format = "logger";
        for (std::size_t n = first; n < lines_.size(); ++n) {
            const auto cells = split(lines_[n], ',').cell;
            const std::string_view key = cells.front();
            if (key == "Waveform Name") names = cells;
            if (key == "Unit" && cells.size() > 2) units = cells;
            if (key == "#FormatType" && cells.size() > 1)
                log_.format = "logger " + printable(cells[1].substr(0, cells[1].find('\\')));
            if (key == "No. of Data" && cells.size() > 1) {
                const auto count = number(cells[1], false);
                if (!count || !(*count >= 0 && *count <= double(kMostLogRows)))
                    fail("line " + std::to_string(n + 1) + ": \"No. of Data\" is " + quote(printable(cells[1])) +
                         "; allowed: a count up to " + std::to_string(kMostLogRows));
                announced_ = std::size_t(*count);
            }
            if (key != "#EndHeader") continue;
            if (names.size() < 3) fail("the header has no row \"Waveform Name\" with channels");
            width_ = cells.size();
            if (width_ > kMostLogColumns)
                fail("has " + std::to_string(width_) + " columns; allowed: at most " + std::to_string(kMostLogColumns));
            clock_ = true;
            for (std::size_t c = 0; c < width_; ++c)
                header_.push_back({c >= 2 && c < names.size() ? printable(names[c]) : "", "",
                                   c >= 2 && c < units.size() ? plain_unit(units[c]) : ""});
            for (auto& column : header_) column.base = column.name;
            return n + 1;
        }
        fail("the header that begins in line " + std::to_string(first + 1) + " has no end (\"#EndHeader\"): it is cut off");
    }

    std::size_t table_header(std::size_t first) {
        log_.format = "table";
        while (first < lines_.size() && (trim(lines_[first]).empty() || lines_[first].starts_with('#'))) ++first;
        if (first == lines_.size()) fail("there is no line of column names");
        const std::string_view line = lines_[first];
        for (const char candidate : {',', ';', '\t'})
            if (std::count(line.begin(), line.end(), candidate) > std::count(line.begin(), line.end(), separator_))
                separator_ = candidate;
        const Cells cells = split(line, separator_);
        if (cells.open_quote) fail("line " + std::to_string(first + 1) + ": a quote is not closed");
        width_ = cells.cell.size();
        if (width_ > kMostLogColumns)
            fail("has " + std::to_string(width_) + " columns; allowed: at most " + std::to_string(kMostLogColumns));
        if (width_ < 3)
            fail("line " + std::to_string(first + 1) + " names " + std::to_string(width_) +
                 (width_ == 1 ? " column" : " columns") + ": " + quote(printable(line)) +
                 "; allowed: names of columns, separated by commas, semicolons or tabs");
        for (const auto& cell : cells.cell) header_.push_back(column_of(cell));
        const bool numbers =
            std::all_of(cells.cell.begin(), cells.cell.end(), [](std::string_view c) { return number(c, true).has_value(); });
        if (numbers) fail("line " + std::to_string(first + 1) + " holds numbers; allowed: a line of column names first");
        return first + 1;
    }

    std::vector<std::string> names() const {
        std::vector<std::string> result;
        for (const Column& column : header_)
            if (!column.name.empty()) result.push_back(column.name);
        return result;
    }
    std::string there() const {
        std::string text;
        std::size_t count = 0;
        for (const auto& name : names()) {
            if (++count > 30) return text + ", ...";
            text += (text.empty() ? "" : ", ") + name;
        }
        return "the log has: " + text;
    }

    // The columns of that name; names in full come before names without their unit.
    std::vector<std::size_t> find(const std::string& name) const {
        std::vector<std::size_t> whole, base;
        for (std::size_t c = 0; c < header_.size(); ++c) {
            if (name.empty()) continue;
            if (header_[c].name == name) whole.push_back(c);
            if (header_[c].base == name) base.push_back(c);
        }
        return whole.empty() ? base : whole;
    }

    struct Chosen {
        std::size_t column = 0;
        double factor = 1.0, offset = 0.0;  // to SI, sign included
        bool negated = false;
    };

    std::optional<Chosen> choose_named(std::size_t role, const std::string& text) {
        const std::string option = "--column " + std::string(kLogRoles[role]) + "=" + quote(printable(text));
        const auto colon = text.rfind(':');
        struct Reading {
            std::string name;
            std::string unit;
            bool negated;
        };
        std::vector<Reading> readings{{text, "", false}};
        if (text.starts_with('-')) readings.push_back({text.substr(1), "", true});
        if (colon != std::string::npos) {
            readings.push_back({text.substr(0, colon), text.substr(colon + 1), false});
            if (text.starts_with('-')) readings.push_back({text.substr(1, colon - 1), text.substr(colon + 1), true});
        }
        for (const Reading& reading : readings) {
            const auto found = find(printable(trim(reading.name)));
            if (found.empty()) continue;
            if (found.size() > 1) {
                problems_.push_back(file_ + ": " + option + ": " + std::to_string(found.size()) + " columns have that name");
                return std::nullopt;
            }
            return in_unit(role, found.front(), reading.unit, reading.negated, option);
        }
        std::string wanted = readings.back().name;
        const std::string near = nearest(printable(wanted), names());
        problems_.push_back(file_ + ": " + option + ": there is no such column" +
                            (near.empty() ? "" : "; did you mean " + near + "?") + "; " + there());
        return std::nullopt;
    }

    std::optional<Chosen> choose_usual(std::size_t role) {
        std::vector<std::size_t> fitting;
        for (const auto& usual : kUsualNames[role]) {
            for (std::size_t c = 0; c < header_.size(); ++c) {
                if (lower(header_[c].base) != usual && lower(header_[c].name) != usual) continue;
                // "T" and "t" are told apart by their unit
                try {
                    const std::string unit = header_[c].unit.empty() ? std::string(info(kDimension[role]).si) : header_[c].unit;
                    (void)parse_quantity("1 " + unit, kDimension[role]);
                } catch (const InputError&) {
                    continue;
                }
                if (std::find(fitting.begin(), fitting.end(), c) == fitting.end()) fitting.push_back(c);
            }
            if (!fitting.empty()) break;
        }
        const std::string what(kLogRoles[role]);
        if (fitting.size() == 1) return in_unit(role, fitting.front(), "", false, what);
        if (fitting.empty())
            problems_.push_back(file_ + ": which column is the " + what + "? Name it with --column " + what + "=NAME[:UNIT]; " +
                                there());
        else
            problems_.push_back(file_ + ": " + std::to_string(fitting.size()) + " columns may be the " + what + " (" +
                                header_[fitting[0]].name + ", " + header_[fitting[1]].name + "); name one with --column " +
                                what + "=NAME[:UNIT]");
        return std::nullopt;
    }

    std::optional<Chosen> in_unit(std::size_t role, std::size_t column, const std::string& asked, bool negated,
                                  const std::string& option) {
        std::string unit = asked.empty() ? header_[column].unit : plain_unit(asked);
        const DimensionInfo& dimension = info(kDimension[role]);
        if (unit.empty() && role == std::size_t(LogRole::time)) unit = "s";  // a clock needs none
        if (unit.empty()) {
            problems_.push_back(file_ + ": " + option + ": the log gives column " + header_[column].name +
                                " no unit; name it: --column " + std::string(kLogRoles[role]) + "=" + header_[column].name +
                                ":" + (role == 1 ? "degC" : std::string(dimension.si)));
            return std::nullopt;
        }
        try {
            Chosen chosen;
            chosen.column = column;
            chosen.negated = negated;
            chosen.offset = parse_quantity("0 " + unit, kDimension[role]);
            chosen.factor = (parse_quantity("1 " + unit, kDimension[role]) - chosen.offset) * (negated ? -1.0 : 1.0);
            header_[column].unit = unit;
            return chosen;
        } catch (const InputError& e) {
            problems_.push_back(file_ + ": " + option + ": unit of column " + header_[column].name + ": " + e.what());
            return std::nullopt;
        }
    }

    void choose() {
        for (std::size_t role = 0; role < 4; ++role) {
            if (columns_.text[role])
                chosen_[role] = choose_named(role, *columns_.text[role]);
            else if (role > 0 || !clock_)
                chosen_[role] = choose_usual(role);
        }
        if (!problems_.empty()) throw InputError(problems_);
        for (std::size_t a = 1; a < 4; ++a)
            for (std::size_t b = 0; b < a; ++b)
                if (chosen_[a] && chosen_[b] && chosen_[a]->column == chosen_[b]->column)
                    problems_.push_back(file_ + ": column " + header_[chosen_[a]->column].name + " is to be the " +
                                        std::string(kLogRoles[b]) + " and the " + std::string(kLogRoles[a]));
        if (!problems_.empty()) throw InputError(problems_);
        const auto channel = [&](LogRole role) {
            const Chosen& c = *chosen_[std::size_t(role)];
            return LogChannel{header_[c.column].name, header_[c.column].unit, c.negated, {}};
        };
        log_.temperature = channel(LogRole::temperature);
        log_.voltage = channel(LogRole::voltage);
        log_.current = channel(LogRole::current);
    }

    std::optional<double> time_of(const std::vector<std::string_view>& cells, std::size_t line) {
        if (chosen_[0]) {
            const std::string_view cell = cells[chosen_[0]->column];
            if (const auto value = number(cell, separator_ != ',');
                value && std::isfinite(*value) && std::abs(*value) < kLargestReading)
                return chosen_[0]->offset + chosen_[0]->factor * *value;
            if (const auto value = clock_time(cell)) return wall(*value);
            problem(line, "time is " + quote(printable(cell)) +
                              "; allowed: a number, or a date and time such as 2021-04-21 11:56:17");
            return std::nullopt;
        }
        const auto value = clock_time(cells[0]);
        const auto micro = number(cells[1], false);
        if (!value) problem(line, "date and time are " + quote(printable(cells[0])) + "; allowed: such as 04/21/2021 11:56:17");
        if (!micro || !(*micro >= 0.0 && *micro < 1e6)) {
            problem(line, "microseconds are " + quote(printable(cells[1])) + "; allowed: 0 to 999999");
            return std::nullopt;
        }
        if (!value) return std::nullopt;
        return wall(*value + *micro * 1e-6);
    }
    // A wall clock counts from the first row.
    double wall(double value) {
        if (!origin_) origin_ = value;
        return std::round((value - *origin_) * 1e6) * 1e-6;
    }

    double value_of(std::size_t role, std::string_view cell, std::size_t line) {
        const Chosen& c = *chosen_[role];
        if (cell.empty() && role == std::size_t(LogRole::temperature)) return std::numeric_limits<double>::quiet_NaN();
        const auto value = number(cell, separator_ != ',');
        if (!value || !std::isfinite(*value) || std::abs(*value) > kLargestReading) {
            problem(line, std::string(kLogRoles[role]) + " (column " + header_[c.column].name + ") is " +
                              quote(printable(cell)) + "; allowed: a finite number" +
                              (role == 1 ? ", or nothing where there was no reading" : ""));
            return 0.0;
        }
        const double si = c.offset + c.factor * *value;
        if (role == std::size_t(LogRole::temperature) && !(si > 0.0))
            problem(line, "temperature is " + std::string(cell) + " " + header_[c.column].unit + ", below absolute zero");
        return si;
    }

    void rows(std::size_t data, bool logger) {
        bool mark = false;
        std::size_t mark_line = 0;
        for (std::size_t n = data; n < lines_.size(); ++n) {
            const std::string_view line = trim(lines_[n]);
            if (logger && line.starts_with("#BeginMark")) mark = true, mark_line = n;
            const bool skipped = mark || line.empty() || line.starts_with('#');
            if (logger && line.starts_with("#EndMark")) mark = false;
            if (skipped) continue;
            Cells cells = split(lines_[n], separator_);
            if (cells.open_quote) {
                problem(n, "a quote is not closed");
                continue;
            }
            if (cells.cell.size() == width_ + 1 && cells.cell.back().empty()) cells.cell.pop_back();  // loggers that end so
            if (cells.cell.size() != width_) {
                problem(n, "the row has " + std::to_string(cells.cell.size()) + " cells, the header " + std::to_string(width_) +
                               (n + 1 == lines_.size() ? ": the file is cut off" : ""));
                continue;
            }
            const auto time = time_of(cells.cell, n);
            if (time) {
                if (!log_.time_s.empty() && !(*time > log_.time_s.back()))
                    problem(n, std::string(*time < log_.time_s.back() ? "time goes backwards" : "time stands still") + ": " +
                                   format_number(*time) + " s after " + format_number(log_.time_s.back()) + " s");
                log_.time_s.push_back(*time);
            }
            log_.temperature.values.push_back(value_of(1, cells.cell[chosen_[1]->column], n));
            log_.voltage.values.push_back(value_of(2, cells.cell[chosen_[2]->column], n));
            log_.current.values.push_back(value_of(3, cells.cell[chosen_[3]->column], n));
            if (log_.temperature.values.size() > kMostLogRows) fail("has more than " + std::to_string(kMostLogRows) + " rows");
        }
        if (mark) problem(mark_line, "the block of marks has no end (\"#EndMark\"): the file is cut off");
    }

    void look_at_times() {
        std::vector<double> steps;
        for (std::size_t n = 1; n < log_.rows(); ++n) steps.push_back(log_.time_s[n] - log_.time_s[n - 1]);
        if (steps.empty()) return;
        const std::vector<double> in_order = steps;
        std::nth_element(steps.begin(), steps.begin() + std::ptrdiff_t(steps.size() / 2), steps.end());
        const double usual = steps[steps.size() / 2];
        const auto widest = std::size_t(std::max_element(in_order.begin(), in_order.end()) - in_order.begin());
        if (in_order[widest] > 20.0 * usual)
            log_.findings.push_back("no rows between " + format_number(log_.time_s[widest]) + " and " +
                                    format_number(log_.time_s[widest + 1]) + " s (usual spacing " + format_number(usual) +
                                    " s)");
    }

    std::string file_;
    const LogColumns& columns_;
    SensorLog log_;
    std::string text_;
    std::vector<std::string_view> lines_;
    std::vector<Column> header_;
    std::size_t width_ = 0;
    char separator_ = ',';
    bool clock_ = false;  // date and time stand in the first two columns
    std::optional<std::size_t> announced_;
    std::optional<double> origin_;
    std::array<std::optional<Chosen>, 4> chosen_;
    std::vector<std::string> problems_;
    std::size_t more_ = 0;
};

}  // namespace

void LogColumns::choose(std::string_view option) {
    const auto equals = option.find('=');
    const std::string_view role = trim(option.substr(0, equals));
    const auto at = std::find(kLogRoles.begin(), kLogRoles.end(), role);
    if (equals == std::string_view::npos || at == kLogRoles.end() || trim(option.substr(equals + 1)).empty())
        throw InputError("--column " + quote(printable(option)) +
                         ": allowed: ROLE=[-]NAME[:UNIT] with ROLE time, temperature, voltage or current, such as "
                         "temperature=TEMP.:degC or current=-I:kA");
    auto& slot = text[std::size_t(at - kLogRoles.begin())];
    if (slot) throw InputError("--column " + std::string(role) + " is given twice");
    slot = std::string(trim(option.substr(equals + 1)));
}

SensorLog read_sensor_log(const std::filesystem::path& file, const LogColumns& columns) {
    return LogReader(file, columns).read();
}

}  // namespace jt
