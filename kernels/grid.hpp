// SPDX-License-Identifier: Apache-2.0
// Grid: memory layout of a field on the device. x is fastest; one ghost layer all round.
//
// Rows share their ghosts: the cell right of row j is the cell left of row j + 1 (stride nx + 1 instead of nx + 2), and planes
// share their ghost rows likewise. A ghost value is zero and stays zero. A face coefficient is stored with the cell on its
// lower side, so the outer face at i = -1 and the one at i = nx - 1 of the row before have different places.
#pragma once
#include <cstdint>

#include "kernels/extents.hpp"
#include "kernels/portability.hpp"

namespace jt {

using Index = std::int64_t;

struct Cell {
    int i, j, k;
    Index n;  // place in the field
};

struct Grid {
    int nx = 0, ny = 0, nz = 0;

    JT_HD Index stride_y() const { return Index(nx) + 1; }
    JT_HD Index stride_z() const { return (Index(nx) + 1) * (Index(ny) + 1); }
    JT_HD Index stride(int axis) const { return axis == 0 ? 1 : axis == 1 ? stride_y() : stride_z(); }
    JT_HD Index index(int i, int j, int k) const {
        return (Index(k) + 1) * stride_z() + (Index(j) + 1) * stride_y() + Index(i) + 1;
    }
    JT_HD Cell cell(int i, int j, int k) const { return {i, j, k, index(i, j, k)}; }
    JT_HD int extent(int axis) const { return axis == 0 ? nx : axis == 1 ? ny : nz; }
    JT_HD Index cells() const { return Index(nx) * ny * nz; }
    JT_HD Index rows() const { return Index(ny) * nz; }
    // Place of cell c in a packed array without ghosts, x fastest.
    JT_HD Index packed(const Cell& c) const { return (Index(c.k) * ny + c.j) * nx + c.i; }
    // Values a field allocates, ghosts included.
    JT_HD Index allocation() const { return (Index(nz) + 2) * stride_z() + stride_y() + 1; }
};

inline Grid grid_of(const Extents& e) {
    return {e.nx, e.ny, e.nz};
}

}  // namespace jt
