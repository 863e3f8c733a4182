// SPDX-License-Identifier: Apache-2.0
#include "twin/thermal/heat_capacity.hpp"

#include <algorithm>

namespace jt {
namespace {

constexpr int kNodes = 6001;
constexpr double kStep = 1.0;     // [K]
constexpr double kLowest = 50.0;  // [K] laws with negative powers of T mean nothing below

}  // namespace

HeatCapacity::HeatCapacity(Backend& backend, const Bed& bed, const std::uint8_t* sheet) {
    std::vector<double> h, c;
    for (const Material& m : bed.materials) {
        double sum = 0.0, before = 0.0;
        for (int node = 0; node < kNodes; ++node) {
            const double T = std::max(node * kStep, kLowest);
            const double value = m.density && m.heat_capacity ? m.density->at(T) * m.heat_capacity->at(T) : 0.0;
            if (node > 0) sum += 0.5 * kStep * (before + value);
            h.push_back(sum);
            c.push_back(before = value);
        }
    }
    h_ = Buffer<double>::from(backend, h);
    c_ = Buffer<double>::from(backend, c);
    if (sheet) {
        std::vector<double> ratio;
        for (const Sheet& s : bed.sheets) ratio.push_back(s.ratio);
        mass_factor_ = Buffer<double>::from(backend, ratio);
    }
    std::vector<std::int32_t> first;
    for (const std::uint8_t m : bed.material) first.push_back(std::int32_t(m) * kNodes);
    first_ = upload_field(backend, grid_of(bed.extents), first);
    view_ = {{h_.get(), c_.get(), kNodes, kStep}, first_.get(), sheet, sheet ? mass_factor_.get() : nullptr, nullptr};
}

}  // namespace jt
