// SPDX-License-Identifier: Apache-2.0
// Triangles of a simple polygon, concave ones included.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "viz/figure/painter.hpp"

namespace jt {

// Indices into the points, in either sense of rotation; at most points - 2 triangles. Bands (two chains that both go one way
// along x) take linear time, other polygons quadratic. Points that repeat or a polygon that crosses itself do no harm: what
// comes out is within its hull.
std::vector<std::array<unsigned, 3>> triangles_of(std::span<const Point>);

}  // namespace jt
