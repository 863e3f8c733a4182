// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/data/history.hpp"

#include <algorithm>
#include <cmath>

#include "viz/figure/trace.hpp"

namespace jt {

History::History(std::vector<std::string> columns) : columns_(std::move(columns)), values_(columns_.size()) {}

bool History::append(double time_s, std::span<const double> row) {
    if (!std::isfinite(time_s) || row.size() != columns_.size() || (!times_.empty() && time_s <= times_.back())) return false;
    times_.push_back(time_s);
    for (std::size_t n = 0; n < row.size(); ++n) values_[n].push_back(row[n]);
    return true;
}

bool History::has(std::string_view column) const {
    return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
}

std::span<const double> History::column(std::string_view name) const {
    const auto at = std::find(columns_.begin(), columns_.end(), name);
    return at == columns_.end() ? std::span<const double>() : values_[std::size_t(at - columns_.begin())];
}

std::optional<std::size_t> History::row_at(double t) const {
    const auto after = std::upper_bound(times_.begin(), times_.end(), t + 1e-9);
    return after == times_.begin() ? std::nullopt : std::optional(std::size_t(after - times_.begin() - 1));
}

std::optional<double> History::at(std::string_view name, double t) const {
    const auto values = column(name);
    const auto row = row_at(t);
    return values.empty() || !row || !std::isfinite(values[*row]) ? std::nullopt : std::optional(values[*row]);
}

std::optional<History::Known> History::last_known(std::string_view name, double t) const {
    const auto values = column(name);
    const auto row = row_at(t);
    if (values.empty() || !row) return std::nullopt;
    for (std::size_t n = *row + 1; n-- > 0;)
        if (std::isfinite(values[n])) return Known{times_[n], values[n]};
    return std::nullopt;
}

History::Points History::reduced(std::string_view name, double start, double end, int pixels) const {
    Points points;
    for (const auto& trace : reduce_trace(times_, column(name), start, end, pixels)) {
        if (!points.time.empty()) points.time.push_back(points.time.back()), points.value.push_back(std::nan(""));
        for (const auto& p : trace) points.time.push_back(p.time), points.value.push_back(p.value);
    }
    return points;
}

}  // namespace jt
