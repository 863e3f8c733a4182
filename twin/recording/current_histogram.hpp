// SPDX-License-Identifier: Apache-2.0
// Histogram of |J|/J0 over the product's cells: how many of them the current crowds into, or passes by.
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <vector>

#include "twin/bed/bed.hpp"
#include "twin/electric/electric_run.hpp"
#include "twin/recording/run_file.hpp"
#include "twin/stepping/run_coupled.hpp"

namespace jt {

// Bins of a quarter octave; 1, 2, 4 ... stand in the middle of theirs, so that rounding moves no cell of a uniform bed. They
// reach far down: beside strips that carry the current a powder sees little of it.
struct CurrentHistogram {
    std::vector<double> edges;        // ascending, one more than shares; from below 2^-24 to above 2^7
    std::vector<double> share;        // of the product's conducting cells; with below and above they sum to 1
    double below = 0.0, above = 0.0;  // the share outside the edges
    std::optional<double> time_s;     // of a run in time: when
    std::size_t output = 0;           // of a run in time: the number of its output
};

// values: |J|/J0 per cell, x fastest, NaN where nothing conducts. None without a conducting cell of the product.
std::optional<CurrentHistogram> current_histogram(std::span<const float> J_over_J0, const Bed& bed);

std::optional<CurrentHistogram> current_histogram(const ElectricRun& run);
// At the output with the greatest power; none for a run without current. Throws DiskError.
std::optional<CurrentHistogram> current_histogram(const CoupledRun& run, const RunFile& fields);

// Share of cells in bins that lie wholly above, or below, a value.
double share_above(const CurrentHistogram&, double value);
double share_below(const CurrentHistogram&, double value);

// {"edges": [...], "share": [...], "below", "above", and "time_s" of a run in time}; only the edges around bins in use.
nlohmann::ordered_json histogram_json(const CurrentHistogram&);

}  // namespace jt
