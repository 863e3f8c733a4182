// SPDX-License-Identifier: Apache-2.0
#include "twin/stack/grey_statistics.hpp"

#include <algorithm>

namespace jt {
namespace {

std::optional<int> otsu_threshold(const GreyStatistics& s, double total, double sum) {
    double best = 0.0, dark = 0.0, dark_sum = 0.0;
    int first = 0, last = 0;
    for (int t = s.least + 1; t <= s.most; ++t) {
        dark += double(s.count[std::size_t(t - 1)]);
        dark_sum += double(s.count[std::size_t(t - 1)]) * (t - 1);
        const double bright = total - dark;
        const double apart = dark_sum / dark - (sum - dark_sum) / bright;
        const double variance = dark * bright * apart * apart;
        if (variance > best) first = t, best = variance;
        if (variance == best) last = t;
    }
    if (!(best > 0.0)) return {};
    return (first + last + 1) / 2;
}

}  // namespace

std::int64_t GreyStatistics::count_between(int low, int high) const {
    std::int64_t sum = 0;
    for (int g = std::max(low, 0); g <= std::min(high, int(count.size()) - 1); ++g) sum += count[std::size_t(g)];
    return sum;
}

GreyStatistics grey_statistics(const Stack& stack) {
    GreyStatistics s;
    s.count.assign(stack.bits == 8 ? 256 : 65536, 0);
    for (const std::uint16_t grey : stack.grey) ++s.count[grey];
    double sum = 0.0;
    s.least = int(s.count.size());
    for (int g = 0; g < int(s.count.size()); ++g) {
        const std::int64_t count = s.count[std::size_t(g)];
        if (count == 0) continue;
        s.least = std::min(s.least, g);
        s.most = g;
        sum += double(count) * g;
    }
    const double total = double(stack.grey.size());
    s.mean = sum / total;
    s.otsu = otsu_threshold(s, total, sum);
    return s;
}

}  // namespace jt
