// SPDX-License-Identifier: Apache-2.0
// Bed: the voxelised scenario on the host. Arrays hold extents.count() values, x fastest. Built by voxelise.hpp.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "kernels/extents.hpp"
#include "twin/material/material.hpp"

namespace jt {

// A region thinner than its voxels: in-plane conductances and mass scale by ratio = real / voxelised thickness,
// the conductance along `normal` by 1 / ratio, so that sheet conductance, sheet mass and through-resistance are kept.
struct Sheet {
    int normal = 2;
    double ratio = 1.0;
    double factor(int axis) const { return axis == normal ? 1.0 / ratio : ratio; }
};

struct Bed {
    Extents extents;
    std::vector<Material> materials;                     // [0] is void
    std::vector<std::uint8_t> material;                  // index into materials
    std::vector<float> sigma_factor;                     // m(x) >= 0, times the law; empty = 1 everywhere
    std::vector<Sheet> sheets;                           // [0] is the identity
    std::vector<std::uint8_t> sheet;                     // index into sheets; empty = 0 everywhere
    std::vector<std::uint8_t> product;                   // 1 where the cell belongs to the product; empty = every solid cell
    double temperature = 298.15;                         // initial, uniform [K]
    std::array<double, 3> outline_share{1.0, 1.0, 1.0};  // of the box section normal to each axis, inside the outline

    // Section of the bed normal to an axis [m2]: of the box, or of the cylinder along its own axis.
    double section(int axis) const {
        const auto size = extents.size();
        return size[std::size_t((axis + 1) % 3)] * size[std::size_t((axis + 2) % 3)] * outline_share[std::size_t(axis)];
    }
};

}  // namespace jt
