// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/reading_csv.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <optional>

#include "bridge/wire/payload.hpp"
#include "kernels/error.hpp"
#include "twin/recording/write_file.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

enum Column { receive, sensor, value, unit, sigma, quality, source, seq, epoch, kColumns };
constexpr std::array<std::string_view, kColumns> kColumnNames{"t_receive_ns", "sensor",      "value", "unit", "sigma",
                                                              "quality",      "t_source_ns", "seq",   "epoch"};
constexpr std::size_t kMostProblems = 20;

std::vector<std::string_view> split(std::string_view line) {
    std::vector<std::string_view> cells;
    while (true) {
        const auto comma = line.find(',');
        cells.push_back(line.substr(0, comma));
        if (comma == std::string_view::npos) return cells;
        line.remove_prefix(comma + 1);
    }
}

std::string_view without_return(std::string_view line) {
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

// Where each column is; absent: is not there.
std::array<std::optional<std::size_t>, kColumns> places(const std::vector<std::string_view>& header) {
    std::array<std::optional<std::size_t>, kColumns> place;
    for (std::size_t c = 0; c < kColumns; ++c)
        if (const auto found = std::find(header.begin(), header.end(), kColumnNames[c]); found != header.end())
            place[c] = std::size_t(found - header.begin());
    return place;
}

template <class T>
std::optional<T> number(std::string_view text) {
    T result{};
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), result);
    if (text.empty() || status != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return result;
}

class ReadingTable {
public:
    explicit ReadingTable(const std::filesystem::path& file) : file_(file.string()) {}

    std::vector<LoggedReading> read() {
        std::error_code code;
        if (!std::filesystem::is_regular_file(file_, code)) fail("there is no such file");
        if (const auto size = std::filesystem::file_size(file_, code); code || size > kMostLogBytes)
            fail("has more than " + std::to_string(kMostLogBytes >> 20) + " MiB, or cannot be read");
        std::ifstream in(file_, std::ios::binary);
        if (!in) fail(std::string("cannot be read: ") + std::strerror(errno));
        std::string line;
        if (!std::getline(in, line)) fail("the file is empty; allowed: a first line " + std::string(kReadingCsvHeader));
        const auto header = split(without_return(line));
        place_ = places(header);
        for (std::size_t c = sensor; c < kColumns; ++c)
            if (!place_[c]) problem("there is no column " + std::string(kColumnNames[c]));
        for (std::size_t n = 0; n < header.size(); ++n)
            for (const auto name : kColumnNames)
                if (header[n] == name && std::find(header.begin() + std::ptrdiff_t(n) + 1, header.end(), name) != header.end())
                    problem("there are two columns " + std::string(name));
        if (!problems_.empty()) throw InputError(problems_);
        const std::size_t width = header.size();
        while (std::getline(in, line)) {
            ++line_;
            if (line.size() > kLongestLogLine) fail("line " + std::to_string(line_) + " is too long");
            const std::string_view text = without_return(line);
            if (text.empty()) continue;
            if (readings_.size() == kMostLogRows) fail("has more than " + std::to_string(kMostLogRows) + " rows");
            row(split(text), width, in.eof());
        }
        if (more_ > 0) problems_.push_back("and " + std::to_string(more_) + " more problems");
        if (!problems_.empty()) throw InputError(problems_);
        return std::move(readings_);
    }

private:
    [[noreturn]] void fail(const std::string& what) const { throw InputError(file_ + ": " + what); }
    void problem(const std::string& what) {
        if (problems_.size() < kMostProblems)
            problems_.push_back(file_ + ":" + std::to_string(line_) + ": " + what);
        else
            ++more_;
    }
    std::string found(Column c, std::string_view cell, const char* allowed) const {
        return std::string(kColumnNames[c]) + " is " + quote(cell) + "; allowed: " + allowed;
    }

    void row(const std::vector<std::string_view>& cells, std::size_t width, bool cut_off) {
        if (cells.size() != width)
            return problem("has " + std::to_string(cells.size()) + " cells, the header " + std::to_string(width) +
                           (cut_off ? ": the file is cut off" : ""));
        LoggedReading logged;
        Reading& r = logged.reading;
        const auto cell = [&](Column c) { return cells[*place_[c]]; };
        bool good = true;
        const auto check = [&](bool right, Column c, const char* allowed) {
            if (!right) problem(found(c, cell(c), allowed));
            good = good && right;
        };
        const auto plain = [](std::string_view text) {
            return !text.empty() && text.size() <= kLongestTopic &&
                   std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
        };
        r.sensor = cell(sensor);
        check(plain(r.sensor), sensor, "a name of printable ASCII characters");
        if (!cell(value).empty()) {
            r.value = number<double>(cell(value));
            check(r.value && std::isfinite(*r.value), value, "a finite number, or nothing");
        }
        r.unit = cell(unit);
        check(plain(r.unit), unit, "K, V, A");
        const auto spread = number<double>(cell(sigma));
        check(spread && std::isfinite(*spread) && *spread >= 0.0, sigma, "a finite number, 0 or more");
        const auto how = quality_of(cell(quality));
        check(how.has_value(), quality, "good, uncertain, predicted, stale, bad");
        const auto time = number<std::int64_t>(cell(source));
        check(time && *time >= 0, source, "Unix time in nanoseconds");
        const auto count = number<std::uint64_t>(cell(seq)), life = number<std::uint64_t>(cell(epoch));
        check(count.has_value(), seq, "a whole number");
        check(life.has_value(), epoch, "a whole number");
        std::optional<std::int64_t> received = time;
        if (place_[receive]) {
            received = number<std::int64_t>(cell(receive));
            check(received && *received >= 0, receive, "Unix time in nanoseconds");
        }
        if (!good) return;
        r.sigma = *spread;
        r.quality = *how;
        r.t_source_ns = *time;
        r.seq = *count;
        r.epoch = *life;
        logged.t_receive_ns = *received;
        readings_.push_back(std::move(logged));
    }

    std::string file_;
    std::array<std::optional<std::size_t>, kColumns> place_;
    std::vector<LoggedReading> readings_;
    std::vector<std::string> problems_;
    std::size_t more_ = 0, line_ = 1;
};

}  // namespace

std::string csv_line(const LoggedReading& logged) {
    const Reading& r = logged.reading;
    return std::to_string(logged.t_receive_ns) + "," + r.sensor + "," + (r.value ? format_number(*r.value) : "") + "," +
           r.unit + "," + format_number(r.sigma) + "," + std::string(name(r.quality)) + "," + std::to_string(r.t_source_ns) +
           "," + std::to_string(r.seq) + "," + std::to_string(r.epoch) + "\n";
}

void write_reading_csv(const std::filesystem::path& file, const std::vector<LoggedReading>& readings) {
    std::string text = std::string(kReadingCsvHeader) + "\n";
    for (const auto& one : readings) text += csv_line(one);
    write_file(file, text);
}

std::vector<LoggedReading> read_reading_csv(const std::filesystem::path& file) {
    return ReadingTable(file).read();
}

bool is_reading_csv(const std::filesystem::path& file) {
    std::error_code code;
    if (!std::filesystem::is_regular_file(file, code)) return false;
    std::ifstream in(file, std::ios::binary);
    char first[512] = {};
    in.read(first, sizeof first);
    std::string_view line(first, std::size_t(in.gcount()));
    line = without_return(line.substr(0, line.find('\n')));
    const auto place = places(split(line));
    return place[sensor] && place[value] && place[source];
}

std::vector<LoggedReading> readings_of(const SensorLog& log, const std::map<LogRole, std::string>& names, std::int64_t t0_ns) {
    struct Channel {
        const LogChannel* channel;
        const char* unit;
    };
    const std::map<LogRole, Channel> channels{{LogRole::temperature, {&log.temperature, "K"}},
                                              {LogRole::voltage, {&log.voltage, "V"}},
                                              {LogRole::current, {&log.current, "A"}}};
    std::map<LogRole, double> sigma;
    for (const auto& [role, name] : names) {
        if (!channels.contains(role)) throw InputError("the time of a log is no sensor: " + quote(name));
        sigma[role] = quantisation_step(channels.at(role).channel->values) / std::sqrt(12.0);
    }
    std::vector<LoggedReading> readings;
    for (std::size_t n = 0; n < log.rows(); ++n) {
        const std::int64_t t = t0_ns + std::llround((log.time_s[n] - log.time_s.front()) * 1e9);
        for (const auto& [role, name] : names) {
            LoggedReading& one = readings.emplace_back();
            const double v = channels.at(role).channel->values[n];
            one.t_receive_ns = t;
            one.reading = {.sensor = name,
                           .value = {},
                           .unit = channels.at(role).unit,
                           .sigma = sigma[role],
                           .quality = Quality::good,
                           .t_source_ns = t,
                           .seq = n + 1,
                           .epoch = 0};
            if (std::isfinite(v)) one.reading.value = v;
        }
    }
    return readings;
}

}  // namespace jt
