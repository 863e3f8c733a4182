// SPDX-License-Identifier: Apache-2.0
// What the seed paper states of its products: Huang et al., Adv. Mater. 2025, doi 10.1002/adma.202507521. Only numbers of its
// text; what stands in figures alone is not here. Used by `verify paper` and by reports.
#pragma once
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace jt {

// How a sample was made. dwell [s] at the temperature [K].
struct PaperSample {
    enum class Route { joule, furnace };
    std::string_view name;  // "JH-1000-30"
    Route route;
    double T_K, dwell_s;
};

struct PaperRow {
    std::string_view sample;    // name of a PaperSample
    std::string_view quantity;  // as in twin/quantity
    double value;               // in the unit of the quantity
    double tolerance;           // absolute: half the last digit stated, and what the maps' fit leaves
    std::string_view remark;    // "" or what to know of it
};

// A published statement that the model does not support, or that contradicts another one, and why.
struct PaperStatement {
    std::string_view statement, finding;
};

std::span<const PaperSample> paper_samples();
std::span<const PaperRow> paper_rows();
std::span<const PaperStatement> paper_statements();

// The sample that a run is like: same route, peak within 15 K and dwell within a tenth (or 2 s). Null: none.
const PaperSample* paper_sample_like(PaperSample::Route route, double T_K, double dwell_s);
// Rows of a sample, in the order of the table.
std::vector<PaperRow> paper_rows_of(std::string_view sample);

}  // namespace jt
