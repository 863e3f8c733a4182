// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/timeseries.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>

#include "kernels/error.hpp"
#include "twin/recording/write_file.hpp"

namespace jt {
namespace {

using Path = std::filesystem::path;

struct Cell {
    std::string name;
    std::optional<double> value;
};

// The columns of the file and what `r` holds for them.
std::vector<Cell> cells(const TimeSeriesColumns& columns, const RunRecord& r) {
    std::vector<Cell> out{{"time_s", r.time_s}};
    if (columns.setpoint) out.push_back({"setpoint_K", r.setpoint_K});
    const std::vector<Cell> thermal{
        {"T_mean_K", r.T_mean_K}, {"T_max_K", r.T_max_K}, {"T_min_K", r.T_min_K}, {"T_spread_K", r.T_spread_K}};
    out.insert(out.end(), thermal.begin(), thermal.end());
    if (columns.electric) {
        const std::vector<Cell> electric{
            {"current_A", r.current_A},           {"voltage_V", r.voltage_V},   {"power_W", r.power_W},
            {"resistance_ohm", r.resistance_ohm}, {"J_crowding", r.J_crowding}, {"J_crowding_max", r.J_crowding_max},
            {"J_max_A_per_m2", r.J_max_A_per_m2}};
        out.insert(out.end(), electric.begin(), electric.end());
    }
    if (columns.reading) out.push_back({"reading_K", r.reading_K});
    for (const auto& name : columns.microstructure) {
        const auto found = r.microstructure.find(name);
        out.push_back({name, found == r.microstructure.end() ? std::nullopt : std::optional(found->second)});
    }
    for (const auto& name : columns.extra) {
        const auto found = r.extra.find(name);
        out.push_back(
            {name, found == r.extra.end() || !std::isfinite(found->second) ? std::nullopt : std::optional(found->second)});
    }
    const std::size_t own = out.size();
    for (const auto& probe : columns.probes) {
        const bool taken =
            std::any_of(out.begin(), out.begin() + std::ptrdiff_t(own), [&](const Cell& cell) { return cell.name == probe; });
        const auto found = r.probes.find(probe);
        out.push_back({taken ? "probe_" + probe : probe, found == r.probes.end() ? std::nullopt : found->second});
    }
    return out;
}

// RFC 4180: a name with a comma, quote or line end stands in quotes, its quotes doubled.
std::string quoted(const std::string& name) {
    if (name.find_first_of(",\"\r\n") == std::string::npos) return name;
    std::string out = "\"";
    for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string header(const TimeSeriesColumns& columns) {
    std::string line;
    for (const Cell& cell : cells(columns, {})) line += (line.empty() ? "" : ",") + quoted(cell.name);
    return line + "\n";
}

std::string row(const TimeSeriesColumns& columns, const RunRecord& record) {
    std::string line;
    for (const Cell& cell : cells(columns, record)) {
        if (!line.empty()) line += ',';
        if (!cell.value || !std::isfinite(*cell.value)) continue;
        char text[32];
        line.append(text, std::to_chars(text, text + sizeof text, *cell.value).ptr);  // shortest that reads back the same
    }
    return line + "\n";
}

[[noreturn]] void cannot_write(const Path& path, int code) {
    throw DiskError(path.string() + ": cannot be written: " + std::strerror(code));
}

}  // namespace

std::vector<std::string> column_names(const TimeSeriesColumns& columns) {
    std::vector<std::string> names;
    for (const auto& cell : cells(columns, {})) names.push_back(cell.name);
    return names;
}

std::vector<double> column_values(const TimeSeriesColumns& columns, const RunRecord& record) {
    std::vector<double> values;
    for (const auto& cell : cells(columns, record)) values.push_back(cell.value.value_or(std::nan("")));
    return values;
}

TimeSeriesColumns time_series_columns(const Scenario& scenario) {
    TimeSeriesColumns columns;
    if (scenario.heater) {
        const Heater::Mode mode = scenario.heater->mode;
        columns.setpoint = mode == Heater::Mode::temperature || mode == Heater::Mode::imposed;
        columns.reading = mode == Heater::Mode::temperature;
        columns.electric = mode != Heater::Mode::imposed && !scenario.terminals.empty();
    }
    // those of the materials that the bed is: a run whose product holds no char has none
    bool kinetic = false;
    Observed observed;
    for (const std::string& name : scenario.bed.product) {
        const int n = scenario.material_index(name);
        if (n < 0) continue;
        const auto& k = scenario.materials[std::size_t(n)].kinetics;
        if (!k) continue;
        const Observed one = observed_of(*k);
        kinetic = true;
        observed.releases = observed.releases || one.releases;
        observed.orients = observed.orients || one.orients;
    }
    if (kinetic) columns.microstructure = observable_names(observed);
    for (const Probe& probe : scenario.probes) columns.probes.push_back(probe.name);
    return columns;
}

TimeSeries::TimeSeries(Path path, TimeSeriesColumns columns, long long keep_bytes)
    : path_(std::move(path)), columns_(std::move(columns)), bytes_(keep_bytes) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (descriptor_ < 0) cannot_write(path_, errno);
    if (::ftruncate(descriptor_, bytes_) != 0) {
        const int code = errno;
        ::close(descriptor_);
        cannot_write(path_, code);
    }
}

TimeSeries::TimeSeries(TimeSeries&& other) noexcept
    : path_(std::move(other.path_)),
      columns_(std::move(other.columns_)),
      bytes_(other.bytes_),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

TimeSeries& TimeSeries::operator=(TimeSeries&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(columns_, other.columns_);
    std::swap(bytes_, other.bytes_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

TimeSeries::~TimeSeries() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

TimeSeries TimeSeries::create(const Path& path, const TimeSeriesColumns& columns) {
    const std::string first = header(columns);
    write_file(path, first);
    return TimeSeries(path, columns, static_cast<long long>(first.size()));
}

TimeSeries TimeSeries::open(const Path& path, const TimeSeriesColumns& columns, std::size_t keep) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw InputError(path.string() + ": cannot be read: " + std::strerror(errno));
    const std::string expected = header(columns);
    std::string found(expected.size(), '\0');
    file.read(found.data(), std::streamsize(found.size()));
    if (found != expected)
        throw InputError(path.string() +
                         ": has other columns than this run; expected: " + expected.substr(0, expected.size() - 1));
    auto bytes = static_cast<long long>(expected.size());
    std::string line;
    for (std::size_t n = 0; n < keep; ++n) {
        std::getline(file, line);
        if (file.eof() || !file)  // also a last line without its end: cut by a kill
            throw InputError(path.string() + ": holds " + std::to_string(n) + " rows, " + std::to_string(keep) + " are needed");
        bytes += static_cast<long long>(line.size()) + 1;
    }
    return TimeSeries(path, columns, bytes);
}

void TimeSeries::append(const RunRecord& record) {
    const std::string line = row(columns_, record);
    int code = 0;
    for (std::size_t done = 0; done < line.size() && code == 0;) {
        const ssize_t written = ::write(descriptor_, line.data() + done, line.size() - done);
        if (written >= 0)
            done += std::size_t(written);
        else if (errno != EINTR)
            code = errno;
    }
    if (code == 0 && ::fdatasync(descriptor_) != 0 && errno != EINVAL) code = errno;
    if (code != 0) {
        // A row is there or not there. If even shortening fails, a resumed run cuts the rest.
        [[maybe_unused]] const int shortened = ::ftruncate(descriptor_, bytes_);
        cannot_write(path_, code);
    }
    bytes_ += static_cast<long long>(line.size());
}

}  // namespace jt
