// SPDX-License-Identifier: Apache-2.0
// History: rows of a run over time, by columns named as in timeseries.csv, with a pyramid of minima and maxima, so that a chart
// of an hour at 100 Hz costs what its pixels cost. Buckets are anchored at absolute time: nothing flickers when the view moves.
#pragma once
#include <cstddef>
#include <cstdint>
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

    const std::vector<std::string>& columns() const { return names_; }
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
    // last, in time order), raw rows where they are few; the nearest rows outside are kept. Between two points there is a NaN
    // where the column has a gap, however narrow; only a value that is missing (or beyond what an axis shows) is a gap, not a
    // long time without rows. Buckets are a power of two of seconds wide, one to two a pixel, and begin at multiples of that:
    // one bucket gives the same points however the view moves. Costs pixels times the logarithm of the rows.
    struct Points {
        std::vector<double> time, value;
    };
    Points reduced(std::string_view column, double start, double end, int pixels) const;

private:
    // What is known of a block of rows: 16, 128, 1024 ... of them, a whole one.
    struct Block {
        double low = 0.0, high = 0.0;  // values, and the rows that hold them; of no meaning where nothing is there
        std::uint32_t lowest = 0, highest = 0;
        bool any = false, missing = false;  // some value, some gap
    };
    struct Column {
        std::vector<double> values;
        std::vector<std::vector<Block>> levels;
    };
    struct Range;
    static std::size_t rows_of(std::size_t level) { return std::size_t(16) << (3 * level); }
    static void grow(Column&);
    static void gather(const Column&, std::size_t from, std::size_t to, Range&);
    // First row from `from` on (before `to`), and last row before `to` (from `from` on), that holds a value, or that does not;
    // `to`, and std::size_t(-1), where there is none.
    static std::size_t next(const Column&, std::size_t from, std::size_t to, bool value);
    static std::size_t previous(const Column&, std::size_t from, std::size_t to, bool value);
    const Column* find(std::string_view name) const;
    std::size_t first_row_from(double t, std::size_t from) const;

    std::vector<std::string> names_;
    std::vector<double> times_;
    std::vector<Column> columns_;
};

}  // namespace jt
