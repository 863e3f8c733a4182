// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/data/history.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "viz/figure/axis_ticks.hpp"

namespace jt {

namespace {

constexpr std::size_t kNone = std::size_t(-1);
constexpr std::size_t kRawRows = 2;  // a pixel: as many rows are shown as they are

bool is_value(double v) {
    return std::abs(v) <= kLargestShown;  // false for NaN
}

}  // namespace

struct History::Range {
    double low = HUGE_VAL, high = -HUGE_VAL;
    std::size_t lowest = kNone, highest = kNone;
    bool missing = false;
};

History::History(std::vector<std::string> columns) : names_(std::move(columns)), columns_(names_.size()) {}

bool History::append(double time_s, std::span<const double> row) {
    if (!std::isfinite(time_s) || row.size() != names_.size() || (!times_.empty() && time_s <= times_.back())) return false;
    times_.push_back(time_s);
    for (std::size_t n = 0; n < row.size(); ++n) {
        columns_[n].values.push_back(row[n]);
        grow(columns_[n]);
    }
    return true;
}

// Forms the blocks that the last row has made whole.
void History::grow(Column& c) {
    const std::size_t rows = c.values.size();
    for (std::size_t level = 0; rows % rows_of(level) == 0; ++level) {
        if (c.levels.size() == level) c.levels.emplace_back();
        const std::size_t from = rows - rows_of(level);
        Range range;
        gather(c, from, rows, range);
        Block block;
        block.any = range.lowest != kNone, block.missing = range.missing;
        block.low = range.low, block.high = range.high;
        if (block.any) block.lowest = std::uint32_t(range.lowest), block.highest = std::uint32_t(range.highest);
        c.levels[level].push_back(block);
    }
}

void History::gather(const Column& c, std::size_t from, std::size_t to, Range& range) {
    const auto take = [&](double low, std::size_t lowest, double high, std::size_t highest) {
        if (low < range.low) range.low = low, range.lowest = lowest;
        if (high > range.high) range.high = high, range.highest = highest;
    };
    std::size_t row = from;
    const auto scan = [&](std::size_t until) {
        for (; row < until; ++row) {
            const double v = c.values[row];
            is_value(v) ? take(v, row, v, row) : void(range.missing = true);
        }
    };
    while (row < to) {
        std::size_t level = 0;
        while (level < c.levels.size() && row % rows_of(level) == 0 && row + rows_of(level) <= to &&
               row / rows_of(level) < c.levels[level].size())
            ++level;
        if (level == 0) {
            scan(std::min(to, (row / rows_of(0) + 1) * rows_of(0)));
            continue;
        }
        // as many blocks of this level as there are before one of the next level, or the end
        const auto& blocks = c.levels[level - 1];
        const std::size_t rows = rows_of(level - 1), place = row / rows,
                          until = std::min({blocks.size(), to / rows, (row / rows_of(level) + 1) * (rows_of(level) / rows)});
        for (std::size_t n = place; n < until; ++n) {
            const Block& block = blocks[n];
            range.missing = range.missing || block.missing;
            if (block.any) take(block.low, block.lowest, block.high, block.highest);
        }
        row = until * rows;
    }
}

std::size_t History::next(const Column& c, std::size_t from, std::size_t to, bool value) {
    for (std::size_t row = from; row < to;) {
        if (is_value(c.values[row]) == value) return row;
        std::size_t step = 1;
        for (std::size_t level = 0; level < c.levels.size() && row % rows_of(level) == 0; ++level) {
            const std::size_t place = row / rows_of(level);
            if (place >= c.levels[level].size()) break;
            const Block& block = c.levels[level][place];
            if (value ? block.any : block.missing) break;
            step = rows_of(level);
        }
        row += step;
    }
    return to;
}

std::size_t History::previous(const Column& c, std::size_t from, std::size_t to, bool value) {
    for (std::size_t end = to; end > from;) {
        if (is_value(c.values[end - 1]) == value) return end - 1;
        std::size_t step = 1;
        for (std::size_t level = 0; level < c.levels.size() && end % rows_of(level) == 0; ++level) {
            const std::size_t place = end / rows_of(level) - 1;
            if (place >= c.levels[level].size()) break;
            const Block& block = c.levels[level][place];
            if (value ? block.any : block.missing) break;
            step = rows_of(level);
        }
        end -= std::min(step, end);
    }
    return kNone;
}

const History::Column* History::find(std::string_view name) const {
    const auto at = std::find(names_.begin(), names_.end(), name);
    return at == names_.end() ? nullptr : &columns_[std::size_t(at - names_.begin())];
}

bool History::has(std::string_view column) const {
    return find(column) != nullptr;
}

std::span<const double> History::column(std::string_view name) const {
    const Column* c = find(name);
    return c ? std::span<const double>(c->values) : std::span<const double>();
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
    const Column* c = find(name);
    const auto row = row_at(t);
    if (!c || !row) return std::nullopt;
    const std::size_t known = previous(*c, 0, *row + 1, true);
    return known == kNone ? std::nullopt : std::optional(Known{times_[known], c->values[known]});
}

// First row at or after t, which is not before row `from`: sought in growing strides.
std::size_t History::first_row_from(double t, std::size_t from) const {
    std::size_t stride = 1, low = from;
    while (low + stride < times_.size() && times_[low + stride] < t) low += stride, stride *= 2;
    const auto end = times_.begin() + std::ptrdiff_t(std::min(times_.size(), low + stride + 1));
    return std::size_t(std::lower_bound(times_.begin() + std::ptrdiff_t(low), end, t) - times_.begin());
}

History::Points History::reduced(std::string_view name, double start, double end, int pixels) const {
    Points points;
    const Column* c = find(name);
    if (!c || times_.empty() || !(end > start) || !std::isfinite(start) || !std::isfinite(end)) return points;
    const auto& values = c->values;
    const auto row_from = [&](double t) {
        return std::size_t(std::lower_bound(times_.begin(), times_.end(), t) - times_.begin());
    };
    std::size_t last_added = kNone;
    bool gap = false;  // before the next point
    const auto add = [&](std::size_t row) {
        if (gap && last_added != kNone) {
            const std::size_t hole = next(*c, last_added + 1, row, false);
            points.time.push_back(times_[std::min(hole, row)]), points.value.push_back(std::nan(""));
        }
        gap = false;
        points.time.push_back(times_[row]), points.value.push_back(values[row]);
        last_added = row;
    };

    const std::size_t width_pixels = std::size_t(std::max(pixels, 1));
    const std::size_t first = row_from(start), last = row_from(std::nextafter(end, HUGE_VAL));
    if (last - first <= kRawRows * width_pixels) {
        for (std::size_t row = first > 0 ? first - 1 : 0; row < std::min(times_.size(), last + 1); ++row)
            is_value(values[row]) ? add(row) : void(gap = true);
        return points;
    }

    // Whole buckets, those at the ends too, and a row on either side.
    const double width = std::exp2(std::floor(std::log2((end - start) / double(width_pixels))));
    std::size_t row = row_from(std::floor(start / width) * width);
    const std::size_t stop = first_row_from((std::floor(end / width) + 1.0) * width, last > 0 ? last - 1 : 0);
    if (row > 0) is_value(values[row - 1]) ? add(row - 1) : void(gap = true);
    while (row < stop) {
        const std::size_t after = std::min(stop, first_row_from((std::floor(times_[row] / width) + 1.0) * width, row));
        Range range;
        gather(*c, row, after, range);
        if (range.lowest == kNone) {
            gap = true;
        } else {
            std::array<std::size_t, 4> order{next(*c, row, after, true), range.lowest, range.highest,
                                             previous(*c, row, after, true)};
            std::sort(order.begin(), order.end());
            for (std::size_t n = 0; n < order.size(); ++n) {
                if (n > 0 && order[n] == order[n - 1]) continue;
                if (range.missing)
                    gap =
                        gap || next(*c, last_added == kNone ? row : std::max(row, last_added + 1), order[n], false) < order[n];
                add(order[n]);
            }
            if (range.missing && last_added + 1 < after) gap = next(*c, last_added + 1, after, false) < after;
        }
        row = after;
    }
    if (row < times_.size()) is_value(values[row]) ? add(row) : void(gap = true);
    return points;
}

}  // namespace jt
