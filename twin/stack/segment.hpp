// SPDX-License-Identifier: Apache-2.0
// Segment: from the grey values of a stack to the materials of voxels.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "twin/stack/stack.hpp"

namespace jt {

// Grey values low..high, both included, are `material` (0: void).
struct GreyRange {
    std::string name;  // for messages
    int low = 0, high = 0;
    std::uint8_t material = 1;
};

struct Segmented {
    int nx = 0, ny = 0, nz = 0;
    std::vector<std::uint8_t> material;  // x fastest; grey without a range is 0
    std::vector<std::int64_t> voxels;    // of the stack's voxels inside the crop, how many each range holds
};

// crop: x0, x1, y0, y1, z0, z1 in voxels of the stack, upper ends excluded. Then blocks of coarsen^3 voxels become one, of the
// material most of them have, the lowest index where several have as many; blocks at the upper ends may hold fewer voxels.
// `file` stands for the stack in messages. Throws InputError with every problem: a crop outside the stack, ranges that overlap
// or exceed the bit depth, a range without any voxel.
Segmented segment(const Stack& stack, const std::vector<GreyRange>& ranges, const std::optional<std::array<int, 6>>& crop,
                  int coarsen, const std::string& file);

}  // namespace jt
