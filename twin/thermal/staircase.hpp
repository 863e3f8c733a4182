// SPDX-License-Identifier: Apache-2.0
// Staircase weights: the faces of voxels on a round or slanted surface have more area than the surface (a sphere 1.50, a
// cylinder along the grid 1.27 times). Each face counts with |n . e|, n the true normal there and e its own: then the weighted
// areas sum to the true one.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "twin/bed/bed.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

class Staircase {
public:
    // open: 1 for void that is connected to the outside, packed. Both must outlive the object.
    Staircase(const Bed& bed, const Scenario& scenario, const std::vector<std::uint8_t>& open)
        : bed_(bed), scenario_(scenario), open_(open) {}

    // Weight (0..1] of the face between a solid cell and its neighbour along an axis (upper or lower), which is open void. The
    // normal is that of the shape whose edge lies between the two; where none does (a CT stack), see smoothed().
    double weight(std::array<int, 3> solid, int axis, bool upper) const;
    // The same with the normal of the smoothed indicator of what is not open void: the mean direction to its voxels within 4.5
    // voxels of the face, near ones counted more (that radius gives a sphere its area within 0.6 %; 2.5 without weights -7 %).
    double smoothed(std::array<int, 3> solid, int axis, bool upper) const;

private:
    // The region that the cell belongs to, counted from 1 in painting order; 0: none; -1: outside the outline.
    int owner(const std::array<int, 3>& cell) const;
    const Bed& bed_;
    const Scenario& scenario_;
    const std::vector<std::uint8_t>& open_;
};

}  // namespace jt
