// SPDX-License-Identifier: Apache-2.0
#include "twin/bed/heterogeneity.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "twin/bed/random.hpp"

namespace jt {
namespace {

// Standard normal number of cell c (Box and Muller 1958).
double normal(std::uint64_t seed, std::uint64_t c) {
    SplitMix64 random(SplitMix64::mix(seed + 0x9E3779B97F4A7C15ull * (c + 1)));
    const double u = 1.0 - random.unit();  // in (0, 1]
    const double v = random.unit();
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

// Filters `lines` lines of n values, `stride` apart, in place. start(line) is the place of the first value.
template <class Start>
void filter(std::vector<float>& field, int n, std::size_t stride, double voxels, std::int64_t lines, Start start) {
    // exp(-2 (x/L)^2) < 1e-4 beyond 2.15 L
    const int reach = int(std::min(double(n - 1), std::ceil(2.15 * voxels)));
    if (reach == 0) return;
    std::vector<double> weight(std::size_t(reach) + 1);
    for (int d = 0; d <= reach; ++d) weight[std::size_t(d)] = std::exp(-2.0 * (d / voxels) * (d / voxels));
    std::vector<double> norm(static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i) {
        double squares = 0.0;
        for (int s = std::max(0, i - reach); s <= std::min(n - 1, i + reach); ++s)
            squares += weight[std::size_t(std::abs(i - s))] * weight[std::size_t(std::abs(i - s))];
        norm[std::size_t(i)] = 1.0 / std::sqrt(squares);
    }
#pragma omp parallel
    {
        std::vector<double> line(static_cast<std::size_t>(n));
#pragma omp for
        for (std::int64_t l = 0; l < lines; ++l) {
            float* at = field.data() + start(l);
            for (int i = 0; i < n; ++i) line[std::size_t(i)] = double(at[std::size_t(i) * stride]);
            for (int i = 0; i < n; ++i) {
                double sum = 0.0;
                for (int s = std::max(0, i - reach); s <= std::min(n - 1, i + reach); ++s)
                    sum += weight[std::size_t(std::abs(i - s))] * line[std::size_t(s)];
                at[std::size_t(i) * stride] = float(sum * norm[std::size_t(i)]);
            }
        }
    }
}

}  // namespace

std::vector<float> gaussian_field(const Extents& e, double correlation, std::uint64_t seed) {
    std::vector<float> field(e.count());
    const auto cells = std::int64_t(e.count());
#pragma omp parallel for
    for (std::int64_t c = 0; c < cells; ++c) field[std::size_t(c)] = float(normal(seed, std::uint64_t(c)));
    const std::size_t nx = std::size_t(e.nx), ny = std::size_t(e.ny), plane = nx * ny;
    filter(field, e.nx, 1, correlation / e.hx, std::int64_t(ny) * e.nz, [&](std::int64_t l) { return std::size_t(l) * nx; });
    filter(field, e.ny, nx, correlation / e.hy, std::int64_t(nx) * e.nz,
           [&](std::int64_t l) { return std::size_t(l) / nx * plane + std::size_t(l) % nx; });
    filter(field, e.nz, plane, correlation / e.hz, std::int64_t(plane), [&](std::int64_t l) { return std::size_t(l); });
    return field;
}

void add_heterogeneity(Bed& bed, const Heterogeneity& heterogeneity) {
    const auto field = gaussian_field(bed.extents, heterogeneity.correlation, heterogeneity.seed);
    for (std::size_t c = 0; c < field.size(); ++c)
        if (bed.product[c]) bed.sigma_factor[c] *= float(std::exp(heterogeneity.log_sd * double(field[c])));
}

}  // namespace jt
