// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/read_run.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>
#include <limits>
#include <set>

#include "kernels/error.hpp"
#include "twin/document.hpp"
#include "twin/scenario/reader.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

using ReadJson = nlohmann::json;

constexpr std::uintmax_t kLargestSeries = std::uintmax_t(2) << 30, kLargestSummary = 64u << 20;
constexpr std::size_t kMostColumns = 10'000;
constexpr double kShareOff = 1e-3;  // the shares of a distribution add up to one within this

// One line of RFC 4180 without its end.
std::vector<std::string> split(std::string_view line) {
    std::vector<std::string> parts(1);
    bool quoted = false;
    for (std::size_t n = 0; n < line.size(); ++n) {
        const char c = line[n];
        if (quoted && c == '"' && n + 1 < line.size() && line[n + 1] == '"')
            parts.back() += '"', ++n;
        else if (c == '"')
            quoted = !quoted;
        else if (c == ',' && !quoted)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

std::optional<double> number_in(const ReadJson& value, const std::filesystem::path& file, const std::string& key) {
    if (value.is_null()) return std::nullopt;
    if (!value.is_number()) throw InputError(file.string() + ": " + key + ": is not a number");
    return value.get<double>();
}

const ReadJson& member(const ReadJson& object, std::string_view key) {
    static const ReadJson none;
    if (!object.is_object()) return none;
    const auto found = object.find(std::string(key));
    return found == object.end() ? none : *found;
}

}  // namespace

RunData RunData::read(const std::filesystem::path& folder) {
    std::error_code code;
    if (!std::filesystem::exists(folder, code)) throw InputError(folder.string() + ": no such folder");
    if (!std::filesystem::is_directory(folder, code))
        throw InputError(folder.string() + ": is no folder; allowed: the folder of a run");
    if (!std::filesystem::exists(folder / "scenario.toml", code))
        throw InputError(folder.string() + ": holds no scenario.toml; allowed: the folder of a run");
    RunData run;
    run.folder_ = folder;
    std::vector<std::string> problems;
    const auto part = [&](auto&& work) {
        try {
            work();
        } catch (const InputError& error) {
            problems.insert(problems.end(), error.problems.begin(), error.problems.end());
        }
    };
    part([&] {
        run.scenario_text_ = read_text_file(folder / "scenario.toml");
        run.scenario_ = read_scenario(folder / "scenario.toml", {}, {.allow_unavailable = true, .allow_missing_files = true});
    });
    part([&] { run.read_summary(); });
    part([&] { run.read_series(); });
    part([&] { run.read_fields(); });
    if (!problems.empty()) throw InputError(problems);
    return run;
}

void RunData::read_summary() {
    std::error_code code;
    if (!std::filesystem::exists(summary_file(), code)) return;
    const std::string text = read_text_file(summary_file(), kLargestSummary);
    try {
        summary_ = ReadJson::parse(text);
    } catch (const ReadJson::exception& error) {
        throw InputError(summary_file().string() + ": is damaged: " + error.what());
    }
    if (!summary_.is_object()) throw InputError(summary_file().string() + ": is damaged: it holds no object");
}

void RunData::read_series() {
    const auto file = folder_ / "timeseries.csv";
    std::error_code code;
    if (!std::filesystem::exists(file, code)) return;
    const std::string text = read_text_file(file, kLargestSeries);
    std::size_t at = 0, line_number = 0;
    const auto next = [&](std::string_view& line) {
        const std::size_t end = text.find('\n', at);
        if (end == std::string::npos) return false;  // also a last line that was cut
        line = std::string_view(text).substr(at, end - at);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        at = end + 1, ++line_number;
        return true;
    };
    const auto fail = [&](const std::string& what) {
        throw InputError(file.string() + ":" + std::to_string(line_number) + ": " + what);
    };
    std::string_view line;
    if (!next(line)) return;
    columns_ = split(line);
    if (columns_.front() != "time_s" || columns_.size() > kMostColumns)
        fail("is damaged: the first column is " + quote(columns_.front()) + "; allowed: time_s");
    if (std::set<std::string>(columns_.begin(), columns_.end()).size() != columns_.size())
        fail("is damaged: two columns have one name");
    values_.resize(columns_.size());
    while (next(line)) {
        std::size_t column = 0;
        for (std::size_t from = 0; from <= line.size(); ++column) {
            const std::size_t comma = std::min(line.find(',', from), line.size());
            const std::string_view cell = line.substr(from, comma - from);
            if (column >= columns_.size()) fail("is damaged: more than " + std::to_string(columns_.size()) + " numbers");
            double value = std::numeric_limits<double>::quiet_NaN();
            if (!cell.empty()) {
                const auto read = std::from_chars(cell.data(), cell.data() + cell.size(), value);
                if (read.ec != std::errc() || read.ptr != cell.data() + cell.size())
                    fail("is damaged: " + columns_[column] + " is " + quote(cell) + "; allowed: a number");
            }
            values_[column].push_back(value);
            from = comma + 1;
        }
        if (column != columns_.size())
            fail("is damaged: " + std::to_string(column) + " numbers in " + std::to_string(columns_.size()) + " columns");
        const double t = values_[0].back();
        if (!std::isfinite(t) || (values_[0].size() > 1 && t < values_[0][values_[0].size() - 2]))
            fail("is damaged: times must be numbers and ascend");
    }
    times_ = values_[0];
}

void RunData::read_fields() {
    std::error_code code;
    if (!std::filesystem::exists(folder_ / "run.h5", code)) return;
    fields_.emplace(folder_ / "run.h5");
    const auto& names = fields_->material_names();
    const auto& product = scenario_.bed.product;
    std::vector<bool> wanted(256, false);
    for (std::size_t m = 0; m < names.size() && m < wanted.size(); ++m)
        wanted[m] = std::find(product.begin(), product.end(), names[m]) != product.end();
    product_.reserve(fields_->material().size());
    for (const std::uint8_t m : fields_->material()) product_.push_back(wanted[m]);
    if (product_.size() != fields_->extents().count()) product_.assign(fields_->extents().count(), false);
}

std::string RunData::name() const {
    std::error_code code;
    const auto whole = std::filesystem::absolute(folder_, code).lexically_normal();
    const auto last = whole.has_filename() ? whole.filename() : whole.parent_path().filename();
    return last.empty() ? folder_.string() : last.string();
}

RunData::Kind RunData::kind() const {
    if (scenario_.run.solve == RunSpec::Solve::current) return Kind::current;
    return scenario_.run.steady ? Kind::steady : Kind::transient;
}

RunData::State RunData::state() const {
    if (summary_.is_null()) return State::unfinished;
    if (text("failure")) return State::failed;
    const ReadJson& interrupted = member(summary_, "interrupted");
    return interrupted.is_boolean() && interrupted.get<bool>() ? State::interrupted : State::complete;
}

std::string RunData::date() const {
    std::time_t newest = 0;
    for (const char* file : {"scenario.toml", "summary.json", "timeseries.csv", "run.h5"}) {
        struct stat found;
        if (::stat((folder_ / file).c_str(), &found) == 0) newest = std::max(newest, found.st_mtime);
    }
    std::tm utc{};
    char text[32] = "";
    if (gmtime_r(&newest, &utc)) std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &utc);
    return text;
}

std::optional<double> RunData::number(std::string_view key) const {
    return number_in(member(summary_, key), summary_file(), std::string(key));
}

std::optional<double> RunData::number(std::string_view group, std::string_view key) const {
    const ReadJson& of = member(summary_, group);
    if (!of.is_null() && !of.is_object())
        throw InputError(summary_file().string() + ": " + std::string(group) + ": is not an object");
    return number_in(member(of, key), summary_file(), std::string(group) + "." + std::string(key));
}

std::optional<std::string> RunData::text(std::string_view key) const {
    const ReadJson& value = member(summary_, key);
    if (value.is_null()) return std::nullopt;
    if (!value.is_string()) throw InputError(summary_file().string() + ": " + std::string(key) + ": is not a text");
    return value.get<std::string>();
}

std::vector<RunData::Event> RunData::events() const {
    std::vector<Event> events;
    for (const char* key : {"findings", "events"}) {
        const ReadJson& list = member(summary_, key);
        if (list.is_null()) continue;
        const auto fail = [&] { return InputError(summary_file().string() + ": " + key + ": is not a list of events"); };
        if (!list.is_array()) throw fail();
        for (const ReadJson& entry : list) {
            if (entry.is_string()) {
                events.push_back({std::nullopt, entry.get<std::string>()});
                continue;
            }
            const ReadJson& words = member(entry, "text");
            if (!words.is_string()) throw fail();
            events.push_back({number_in(member(entry, "time_s"), summary_file(), "events.time_s"), words.get<std::string>()});
        }
    }
    return events;
}

const ReadJson& RunData::microstructure() const {
    const ReadJson& found = member(summary_, "microstructure");
    if (!found.is_null() && !found.is_object())
        throw InputError(summary_file().string() + ": microstructure: is not an object");
    return found;
}

std::optional<RunData::Distribution> RunData::distribution(std::string_view quantity) const {
    const ReadJson& found = member(member(microstructure(), "distribution"), quantity);
    if (found.is_null()) return std::nullopt;
    const std::string key = "microstructure.distribution." + std::string(quantity);
    const auto fail = [&](const std::string& what) { return InputError(summary_file().string() + ": " + key + ": " + what); };
    const auto percentile = [&](const char* name) {
        const auto value = number_in(member(found, name), summary_file(), key + "." + name);
        if (!value) throw fail(std::string(name) + " is missing");
        return *value;
    };
    Distribution d{percentile("p05"), percentile("p50"), percentile("p95"), {}, {}};
    if (!(d.p05 <= d.p50 && d.p50 <= d.p95)) throw fail("its percentiles do not ascend");
    const auto list = [&](const char* name) {
        std::vector<double> values;
        const ReadJson& from = member(found, name);
        if (!from.is_array()) throw fail(std::string(name) + " is not a list");
        for (const ReadJson& entry : from) {
            const auto value = number_in(entry, summary_file(), key + "." + name);
            if (!value) throw fail(std::string(name) + " has an empty entry");
            values.push_back(*value);
        }
        return values;
    };
    d.edges = list("edges"), d.share = list("share");
    if (d.share.empty() || d.edges.size() != d.share.size() + 1)
        throw fail(std::to_string(d.edges.size()) + " edges for " + std::to_string(d.share.size()) + " shares");
    double sum = 0.0;
    for (std::size_t n = 0; n < d.share.size(); ++n) {
        if (!(d.edges[n] < d.edges[n + 1])) throw fail("its edges do not ascend");
        if (!(d.share[n] >= 0.0)) throw fail("a share is negative");
        sum += d.share[n];
    }
    if (std::abs(sum - 1.0) > kShareOff) throw fail("its shares add up to " + format_number(sum) + ", not 1");
    return d;
}

std::span<const double> RunData::column(std::string_view name) const {
    const auto found = std::find(columns_.begin(), columns_.end(), name);
    if (found == columns_.end()) return {};
    return values_[std::size_t(found - columns_.begin())];
}

namespace {

std::size_t nearest_time(const std::vector<double>& ascending, double t) {
    const auto above = std::lower_bound(ascending.begin(), ascending.end(), t);
    if (above == ascending.begin()) return 0;
    const auto below = std::prev(above);
    return std::size_t((above == ascending.end() || t - *below <= *above - t ? below : above) - ascending.begin());
}

}  // namespace

std::optional<double> RunData::at(std::string_view name, double t) const {
    const auto values = column(name);
    if (values.empty()) return std::nullopt;
    const double value = values[nearest_time(times_, t)];
    return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::size_t RunData::output_near(double t) const {
    return nearest_time(fields_->times(), t);
}

}  // namespace jt
