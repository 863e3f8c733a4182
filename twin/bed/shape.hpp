// SPDX-License-Identifier: Apache-2.0
// Which cells a primitive shape covers: those whose centre lies inside. A box owns its lower faces and not its upper ones, so
// that boxes side by side share no cell; round shapes own their surface.
#pragma once
#include <array>

#include "kernels/extents.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

// Cells [low, high) per axis that may lie inside the shape, cut to the box.
struct CellRange {
    std::array<int, 3> low, high;
    bool empty() const { return low[0] >= high[0] || low[1] >= high[1] || low[2] >= high[2]; }
};
CellRange cells_around(const Shape& shape, const Extents& extents);

// Whether the cell's centre lies inside; a millionth of a voxel decides nothing (rounding of decimal input).
bool covers(const Shape& shape, const Extents& extents, int i, int j, int k);

}  // namespace jt
