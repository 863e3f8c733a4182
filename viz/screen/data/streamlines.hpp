// SPDX-License-Identifier: Apache-2.0
// Current streamlines in a voxel field: the current that crosses each face of a cell, J = -sigma grad(phi) with sigma of two
// cells in series, and paths along it by Pollock's method ("Semianalytical computation of path lines for finite-difference
// models", Ground Water 26, 1988): within a cell each component of J is linear between its two faces, so that no path enters a
// void or leaves through an insulated side. Contacts between materials and conductivities that differ by direction are not in
// the fields; lines near them are approximate.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "viz/figure/bed_view.hpp"

namespace jt {

// Where current enters and leaves: cells of `material` (an index; -1: any) at this face.
struct CurrentPort {
    Face face = Face::xmin;
    int material = -1;
};

class CurrentField {
public:
    // phi [V], sigma [S/m]: per cell, x fastest, NaN where there is none; what they point to is the caller's. material: per
    // cell, may be empty when no port names one. Throws InputError when a span does not fill the extents.
    CurrentField(const Extents&, std::span<const float> phi, std::span<const float> sigma,
                 std::span<const std::uint8_t> material, std::vector<CurrentPort> ports);

    // Current density through the lower (0) or upper (1) face of a cell along the axis [A/m2], positive upwards.
    double through(int axis, int side, const std::array<int, 3>& cell) const;
    // Axis along which the most current goes; absent: none goes anywhere.
    std::optional<int> main_axis() const;
    // The cell layer, along an axis, whose upper faces the most current crosses; of layers that are alike to 1 % the middle
    // one.
    int busiest_section(int axis) const;

    // About `count` lines, seeded over the busiest section so that each stands for the same current, and followed both ways
    // until they leave or the current ends [m]. Empty: no current flows.
    std::vector<std::vector<Vec3>> streamlines(int count = 24) const;
    // The line through a point, from where its current enters to where it leaves; bounded.
    std::vector<Vec3> line_through(const Vec3& point) const;

private:
    const Extents e_;
    std::span<const float> phi_, sigma_;
    std::span<const std::uint8_t> material_;
    std::vector<CurrentPort> ports_;

    bool conducts(std::size_t cell) const;
    double between(std::size_t a, std::size_t b, double h) const;
    bool open(int axis, int side, std::size_t cell) const;
    void follow(std::array<int, 3> cell, Vec3 at, int way, std::vector<Vec3>& path) const;
};

}  // namespace jt
