// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/state/spread.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jt {

namespace {

constexpr std::size_t kMost = 4'000'000;  // cells looked at
constexpr std::size_t kFine = 4096;       // bins of the percentiles

}  // namespace

std::vector<double> cell_weights(const RunFacts& facts) {
    std::vector<double> weights;
    for (const auto& name : facts.material_names) {
        const int at = facts.scenario.material_index(name);
        const bool known = at >= 0 && facts.scenario.materials[std::size_t(at)].density;
        weights.push_back(known ? facts.scenario.materials[std::size_t(at)].density->at(298.15) : 1.0);
    }
    return weights;
}

Spread spread_of(std::span<const float> field, const RunFacts& facts, std::size_t bins, double within_low, double within_high) {
    Spread spread;
    const std::size_t count = std::min({field.size(), facts.in_product.size(), facts.material.size()});
    const auto weights = cell_weights(facts);
    // Odd, so that it does not keep to one column of cells.
    const std::size_t stride = count > kMost ? (count / kMost + 1) | 1 : 1;
    const auto each = [&](auto&& f) {
        for (std::size_t c = 0; c < count; c += stride)
            if (facts.in_product[c] && std::isfinite(field[c]))
                f(double(field[c]), facts.material[c] < weights.size() ? weights[facts.material[c]] : 1.0);
    };
    double low = std::numeric_limits<double>::infinity(), high = -low, mass = 0.0, sum = 0.0, outside = 0.0;
    each([&](double v, double w) {
        low = std::min(low, v), high = std::max(high, v), mass += w, sum += w * v;
        if (v < within_low || v > within_high) outside += w;
    });
    if (!(low <= high) || !(mass > 0.0)) return spread;
    spread.any = true;
    spread.low = low, spread.high = high, spread.mean = sum / mass, spread.outside = outside / mass;
    spread.share.assign(std::max<std::size_t>(bins, 1), 0.0);
    const double width = high - low;
    std::vector<double> fine(kFine, 0.0);
    each([&](double v, double w) {
        const double position = width > 0.0 ? (v - low) / width : 0.5;
        fine[std::min(kFine - 1, std::size_t(position * double(kFine)))] += w / mass;
        auto& bar = spread.share[std::min(spread.share.size() - 1, std::size_t(position * double(spread.share.size())))];
        bar += w / mass;
    });
    const auto percentile = [&](double p) {
        double below = 0.0;
        for (std::size_t n = 0; n < kFine; ++n) {
            if (below + fine[n] >= p && fine[n] > 0.0)
                return low + width * (double(n) + std::clamp((p - below) / fine[n], 0.0, 1.0)) / double(kFine);
            below += fine[n];
        }
        return high;
    };
    spread.p05 = percentile(0.05), spread.p95 = percentile(0.95);
    return spread;
}

}  // namespace jt
