// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

namespace jt {

// The value below which a share `rank` of the values lies; they are put into another order. At least one value.
inline double percentile(std::vector<double>& values, double rank) {
    const auto n = std::min(values.size() - 1, std::size_t(rank * double(values.size())));
    std::nth_element(values.begin(), values.begin() + std::ptrdiff_t(n), values.end());
    return values[n];
}

}  // namespace jt
