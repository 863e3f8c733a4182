// SPDX-License-Identifier: Apache-2.0
// What grey values a stack holds, and where they part into dark and bright.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "twin/stack/stack.hpp"

namespace jt {

struct GreyStatistics {
    int least = 0, most = 0;
    double mean = 0.0;
    std::vector<std::int64_t> count;  // of each grey value, 0 to 2^bits - 1
    // Otsu's threshold (IEEE Trans. SMC 9 (1979) 62): grey values from it on are the bright class, chosen so that the variance
    // between the two classes is largest; the middle where several are as good. Absent when all voxels are alike.
    std::optional<int> otsu;

    std::int64_t count_between(int low, int high) const;  // both included
};

GreyStatistics grey_statistics(const Stack& stack);

}  // namespace jt
