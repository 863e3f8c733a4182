// SPDX-License-Identifier: Apache-2.0
#include "twin/bed/shape.hpp"

#include <algorithm>
#include <cmath>

namespace jt {
namespace {

using Point = std::array<double, 3>;

struct Bounds {
    Point low, high;
};

Bounds bounds(const Box& b) {
    return {b.from, b.to};
}
Bounds bounds(const Sphere& s) {
    return {{s.center[0] - s.radius, s.center[1] - s.radius, s.center[2] - s.radius},
            {s.center[0] + s.radius, s.center[1] + s.radius, s.center[2] + s.radius}};
}
Bounds bounds(const Ellipsoid& e) {
    return {{e.center[0] - e.semi_axes[0], e.center[1] - e.semi_axes[1], e.center[2] - e.semi_axes[2]},
            {e.center[0] + e.semi_axes[0], e.center[1] + e.semi_axes[1], e.center[2] + e.semi_axes[2]}};
}
Bounds bounds(const Cylinder& c) {
    Bounds b{};
    for (std::size_t a = 0; a < 3; ++a) {
        b.low[a] = std::min(c.from[a], c.to[a]) - c.radius;
        b.high[a] = std::max(c.from[a], c.to[a]) + c.radius;
    }
    return b;
}

bool inside(const Box& b, const Point& p, const Point& slack) {
    for (std::size_t a = 0; a < 3; ++a)
        if (p[a] < b.from[a] - slack[a] || p[a] >= b.to[a] - slack[a]) return false;
    return true;
}
bool inside(const Sphere& s, const Point& p, const Point& slack) {
    double d2 = 0.0;
    for (std::size_t a = 0; a < 3; ++a) d2 += (p[a] - s.center[a]) * (p[a] - s.center[a]);
    const double r = s.radius + slack[0];
    return d2 <= r * r;
}
bool inside(const Ellipsoid& e, const Point& p, const Point& slack) {
    double d2 = 0.0;
    for (std::size_t a = 0; a < 3; ++a) {
        const double d = (p[a] - e.center[a]) / (e.semi_axes[a] + slack[a]);
        d2 += d * d;
    }
    return d2 <= 1.0;
}
bool inside(const Cylinder& c, const Point& p, const Point& slack) {
    double length2 = 0.0, along = 0.0, d2 = 0.0;
    for (std::size_t a = 0; a < 3; ++a) {
        const double axis = c.to[a] - c.from[a];
        length2 += axis * axis;
        along += (p[a] - c.from[a]) * axis;
        d2 += (p[a] - c.from[a]) * (p[a] - c.from[a]);
    }
    const double length = std::sqrt(length2), at = along / length, r = c.radius + slack[0];
    return at >= -slack[0] && at < length - slack[0] && d2 - at * at <= r * r;
}

}  // namespace

CellRange cells_around(const Shape& shape, const Extents& extents) {
    const Bounds b = std::visit([](const auto& s) { return bounds(s); }, shape);
    CellRange range{};
    for (std::size_t a = 0; a < 3; ++a) {
        const double h = extents.spacing()[a], cells = extents.cells()[a];
        // one cell more at each end than the bounds ask for: covers() decides
        range.low[a] = int(std::clamp(std::floor(b.low[a] / h) - 1.0, 0.0, cells));
        range.high[a] = int(std::clamp(std::ceil(b.high[a] / h) + 1.0, 0.0, cells));
    }
    return range;
}

bool covers(const Shape& shape, const Extents& e, int i, int j, int k) {
    const Point centre{(i + 0.5) * e.hx, (j + 0.5) * e.hy, (k + 0.5) * e.hz}, slack{1e-6 * e.hx, 1e-6 * e.hy, 1e-6 * e.hz};
    return std::visit([&](const auto& s) { return inside(s, centre, slack); }, shape);
}

}  // namespace jt
