// SPDX-License-Identifier: Apache-2.0
#include "twin/bench/reference_map.hpp"

#include <algorithm>
#include <cmath>

#include "twin/bed/random.hpp"

namespace jt {

std::vector<std::uint8_t> reference_map(const ReferenceMap& map) {
    const int n = map.cells;
    const std::size_t count = std::size_t(n) * std::size_t(n) * std::size_t(n);
    std::vector<std::uint8_t> kind(count, 0), marked(count, 0);
    SplitMix64 random(map.seed);
    std::size_t covered = 0;
    for (int sphere = 0; covered * 10 < count; ++sphere) {
        const double x = random.unit() * n, y = random.unit() * n, z = random.unit() * n, r = 3.0 + 5.0 * random.unit();
        auto low = [&](double at) { return std::max(0, int(std::floor(at - r)) - 1); };
        auto high = [&](double at) { return std::min(n, int(std::ceil(at + r)) + 1); };
        for (int k = low(z); k < high(z); ++k)
            for (int j = low(y); j < high(y); ++j)
                for (int i = low(x); i < high(x); ++i) {
                    const double dx = i + 0.5 - x, dy = j + 0.5 - y, dz = k + 0.5 - z;
                    if (dx * dx + dy * dy + dz * dz > r * r) continue;
                    const std::size_t c = (std::size_t(k) * std::size_t(n) + std::size_t(j)) * std::size_t(n) + std::size_t(i);
                    covered += marked[c] ? 0 : 1;
                    marked[c] = 1;
                    kind[c] = sphere % 2 == 0 ? 1 : 2;
                }
    }
    return kind;
}

}  // namespace jt
