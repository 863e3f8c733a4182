// SPDX-License-Identifier: Apache-2.0
#include "twin/stack/fibre_demo.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "kernels/error.hpp"
#include "twin/bed/random.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr std::int64_t kUnit = 16;  // lengths are counted in sixteenths of a voxel

struct Fibre {
    std::array<std::int64_t, 3> at;         // a point of the axis [1/16 voxel]
    std::array<std::int64_t, 3> direction;  // any length
};

std::int64_t between(SplitMix64& random, std::int64_t low, std::int64_t high) {
    return low + std::int64_t(random.next() % std::uint64_t(high - low + 1));
}

// Through a random point of the box; flat within about 14 degrees of the x-y plane.
Fibre draw(SplitMix64& random, int cells) {
    constexpr std::int64_t kLong = 256;
    Fibre fibre{};
    for (auto& p : fibre.at) p = between(random, 0, cells * kUnit);
    std::int64_t length = 0;
    do {  // uniform in a ring, so that every angle is equally likely
        for (std::size_t a = 0; a < 2; ++a) fibre.direction[a] = between(random, -kLong, kLong);
        length = fibre.direction[0] * fibre.direction[0] + fibre.direction[1] * fibre.direction[1];
    } while (length > kLong * kLong || length < kLong * kLong / 4);
    fibre.direction[2] = between(random, -kLong / 4, kLong / 4) / 2;
    return fibre;
}

// Marks the voxels whose centres are nearer to the axis than the radius; returns how many were not marked before. A row of
// voxels meets the fibre in one stretch: floating point finds it with a voxel to spare, integers decide.
std::int64_t paint(const Fibre& fibre, std::int64_t diameter, int cells, std::vector<std::uint16_t>& solid) {
    const auto [dx, dy, dz] = fibre.direction;
    const std::int64_t d2 = dx * dx + dy * dy + dz * dz, a = dy * dy + dz * dz;
    std::int64_t added = 0;
    for (int k = 0; k < cells; ++k)
        for (int j = 0; j < cells; ++j) {
            const std::int64_t py = j * kUnit + kUnit / 2 - fibre.at[1], pz = k * kUnit + kUnit / 2 - fibre.at[2];
            // |p x direction|^2 - (radius |direction|)^2 = a px^2 - 2 b px + c / 4, negative inside the fibre
            const std::int64_t cross_x = py * dz - pz * dy, b = dx * (py * dy + pz * dz);
            const std::int64_t c = 4 * (cross_x * cross_x + dx * dx * (py * py + pz * pz)) - diameter * diameter * d2;
            int first = 0, last = cells - 1;
            if (a > 0) {
                const double half2 = double(b) * double(b) - double(a) * (0.25 * double(c));
                if (half2 < -1e-9 * double(b) * double(b)) continue;
                const double middle = double(b) / double(a), half = std::sqrt(std::max(half2, 0.0)) / double(a);
                const auto cell_at = [&](double px) {
                    return int(std::clamp((px + double(fibre.at[0])) / double(kUnit), -1.0, double(cells)));
                };
                first = std::max(first, cell_at(middle - half) - 2);
                last = std::min(last, cell_at(middle + half) + 2);
            }
            for (int i = first; i <= last; ++i) {
                const std::int64_t px = i * kUnit + kUnit / 2 - fibre.at[0];
                auto& voxel =
                    solid[(std::size_t(k) * std::size_t(cells) + std::size_t(j)) * std::size_t(cells) + std::size_t(i)];
                if (4 * (a * px * px - 2 * b * px) + c >= 0 || voxel) continue;
                voxel = 1;
                ++added;
            }
        }
    return added;
}

}  // namespace

Stack fibre_demo(const FibreDemo& demo) {
    if (demo.cells < 8 || demo.cells > 500)
        throw InputError("fibre demo: " + std::to_string(demo.cells) + " cells per axis; allowed: 8 to 500");
    const double thick = demo.fibre_diameter / demo.voxel;
    if (!(thick >= 2.0 && thick <= 100.0))
        throw InputError("fibre demo: fibres of " + format_for_people(thick, Dimension::number) +
                         " voxels; allowed: 2 to 100 voxels thick");
    if (!(demo.solid > 0.0 && demo.solid <= 0.5))
        throw InputError("fibre demo: solid share " + format_number(demo.solid) + "; allowed: > 0, <= 0.5");
    const std::int64_t diameter = std::llround(thick * double(kUnit));
    Stack stack{.nx = demo.cells, .ny = demo.cells, .nz = demo.cells, .bits = 8, .grey = {}};
    const std::size_t count = std::size_t(demo.cells) * std::size_t(demo.cells) * std::size_t(demo.cells);
    stack.grey.assign(count, 0);
    SplitMix64 random(demo.seed);
    for (std::int64_t solid = 0; double(solid) < demo.solid * double(count);)
        solid += paint(draw(random, demo.cells), diameter, demo.cells, stack.grey);

    // Detector noise: the sum of four uniform bytes is nearly Gaussian. Fibre about 172, pore about 44.
    for (std::size_t n = 0; n < count; ++n) {
        const std::uint64_t bits = SplitMix64::mix(demo.seed + 0x9E3779B97F4A7C15ull * (n + 1));
        int noise = -510;
        for (int b = 0; b < 4; ++b) noise += int(bits >> (8 * b) & 255);
        stack.grey[n] =
            std::uint16_t(stack.grey[n] ? std::clamp(172 + noise / 7, 90, 255) : std::clamp(44 + noise / 14, 0, 89));
    }
    return stack;
}

}  // namespace jt
