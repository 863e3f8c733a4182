// SPDX-License-Identifier: Apache-2.0
// History: rows of a run over time, by columns named as in timeseries.csv, with a pyramid of minima and maxima, so that a chart
// of an hour at 100 Hz costs what its pixels cost. Buckets are anchored at absolute time: nothing flickers when the view moves.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jt {

class History {
public:
    explicit History(std::vector<std::string> columns = {});

    // A row: one value per column, NaN where there is none. Rows not after the last one are refused (false), as are rows whose
    // time is not finite.
    bool append(double time_s, std::span<const double> row);

    const std::vector<std::string>& columns() const { return columns_; }
    const std::vector<double>& times() const { return times_; }  // [s], ascending
    bool has(std::string_view column) const;
    std::span<const double> column(std::string_view name) const;  // one value per time; empty: no such column

    // The newest row not after t (index), absent before the first one.
    std::optional<std::size_t> row_at(double t) const;
    // Value of that row; absent: no column, no row, no value there.
    std::optional<double> at(std::string_view column, double t) const;
    // Newest finite value not after t and its time: what is still known of a quantity whose value is missing now.
    struct Known {
        double time_s, value;
    };
    std::optional<Known> last_known(std::string_view column, double t) const;

    // A column between start and end for a picture of `pixels` columns: at most 4 points a bucket (first, lowest, highest,
    // last, in time order), raw rows where they are few; gaps stay as NaN; the nearest rows outside are kept.
    struct Points {
        std::vector<double> time, value;
    };
    Points reduced(std::string_view column, double start, double end, int pixels) const;

private:
    std::vector<std::string> columns_;
    std::vector<double> times_;
    std::vector<std::vector<double>> values_;  // by column
};

}  // namespace jt
