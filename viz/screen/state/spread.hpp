// SPDX-License-Identifier: Apache-2.0
// How a field is distributed over the mass of the product.
#pragma once
#include <span>
#include <vector>

#include "viz/screen/data/run_facts.hpp"

namespace jt {

struct Spread {
    double mean = 0.0, p05 = 0.0, p95 = 0.0, low = 0.0, high = 0.0;
    std::vector<double> share;  // of equal bins between low and high, sum 1
    double outside = 0.0;       // share of the mass beyond the limits asked for
    bool any = false;
};

// Mass of a cell of each material, relative: its density. The volatiles that have left are not taken off.
std::vector<double> cell_weights(const RunFacts&);

// Of the product's cells that have a value; very large fields are sampled (4 million cells). within: limits to count beyond.
Spread spread_of(std::span<const float> field, const RunFacts&, std::size_t bins, double within_low, double within_high);

}  // namespace jt
