// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/trace.hpp"

#include <algorithm>
#include <cmath>

#include "viz/figure/axis_ticks.hpp"

namespace jt {

namespace {

struct Column {
    double number = 0.0;
    std::size_t first = 0, lowest = 0, highest = 0, last = 0;
};

}  // namespace

std::vector<Trace> reduce_trace(std::span<const double> time, std::span<const double> value, double start, double end,
                                int columns) {
    std::vector<Trace> traces;
    if (time.empty() || !(end > start)) return traces;
    const double width = (end - start) / std::max(columns, 1);
    const auto at = [&](double t) { return std::size_t(std::lower_bound(time.begin(), time.end(), t) - time.begin()); };
    const std::size_t begin = at(start), stop = std::size_t(std::upper_bound(time.begin(), time.end(), end) - time.begin());

    bool open = false;  // a column is being filled
    Column column;
    const auto add = [&](std::size_t i) { traces.back().push_back({time[i], value[i]}); };
    const auto flush = [&] {
        if (!open) return;
        std::size_t order[] = {column.first, column.lowest, column.highest, column.last};
        std::sort(std::begin(order), std::end(order));
        for (std::size_t n = 0; n < 4; ++n)
            if (n == 0 || order[n] != order[n - 1]) add(order[n]);
        open = false;
    };
    bool gap = true;  // since the last value
    for (std::size_t i = begin > 0 ? begin - 1 : 0; i < std::min(time.size(), stop + 1); ++i) {
        if (!(std::abs(value[i]) <= kLargestShown)) {  // false for NaN
            gap = true;
            continue;
        }
        const double number = std::floor(time[i] / width);
        if (open && number == column.number) {
            column.last = i;
            if (value[i] < value[column.lowest]) column.lowest = i;
            if (value[i] > value[column.highest]) column.highest = i;
        } else {
            flush();
            if (gap) traces.emplace_back();
            column = {number, i, i, i, i};
            open = true;
        }
        gap = false;
    }
    flush();
    return traces;
}

}  // namespace jt
