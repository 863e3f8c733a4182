// SPDX-License-Identifier: Apache-2.0
// Size of a voxel box: cells per axis and voxel edge per axis [m]. Host-side arrays of a box hold count() values, x fastest.
#pragma once
#include <array>
#include <cstddef>

namespace jt {

struct Extents {
    int nx = 0, ny = 0, nz = 0;           // cells
    double hx = 0.0, hy = 0.0, hz = 0.0;  // voxel edges [m]

    std::size_t count() const { return std::size_t(nx) * std::size_t(ny) * std::size_t(nz); }
    std::size_t index(int i, int j, int k) const {
        return (std::size_t(k) * std::size_t(ny) + std::size_t(j)) * std::size_t(nx) + std::size_t(i);
    }
    std::array<int, 3> cells() const { return {nx, ny, nz}; }
    std::array<double, 3> spacing() const { return {hx, hy, hz}; }
    std::array<double, 3> size() const { return {nx * hx, ny * hy, nz * hz}; }  // [m]
    double voxel_volume() const { return hx * hy * hz; }                        // [m3]
    // Area of a face normal to axis (0 x, 1 y, 2 z) [m2].
    double face_area(int axis) const { return axis == 0 ? hy * hz : axis == 1 ? hx * hz : hx * hy; }
    friend bool operator==(const Extents&, const Extents&) = default;
};

}  // namespace jt
