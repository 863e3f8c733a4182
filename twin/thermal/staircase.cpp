// SPDX-License-Identifier: Apache-2.0
#include "twin/thermal/staircase.hpp"

#include <cmath>

#include "twin/bed/shape.hpp"

namespace jt {
namespace {

using Vector = std::array<double, 3>;

double share_along(const Vector& normal, int axis) {
    const double length = std::hypot(normal[0], normal[1], normal[2]);
    return length > 0.0 ? std::abs(normal[std::size_t(axis)]) / length : 1.0;
}

// Normals at a point near the surface, of any length; along the face where the shape is flat there.
Vector normal_of(const Box&, const Vector&, int axis) {
    Vector n{};
    n[std::size_t(axis)] = 1.0;
    return n;
}
Vector normal_of(const Sphere& s, const Vector& p, int) {
    return {p[0] - s.center[0], p[1] - s.center[1], p[2] - s.center[2]};
}
Vector normal_of(const Ellipsoid& e, const Vector& p, int) {
    Vector n{};
    for (std::size_t a = 0; a < 3; ++a) n[a] = (p[a] - e.center[a]) / (e.semi_axes[a] * e.semi_axes[a]);
    return n;
}
Vector normal_of(const Cylinder& c, const Vector& p, int) {
    Vector axis{}, from{};
    double length2 = 0.0, along = 0.0;
    for (std::size_t a = 0; a < 3; ++a) {
        axis[a] = c.to[a] - c.from[a];
        from[a] = p[a] - c.from[a];
        length2 += axis[a] * axis[a];
        along += from[a] * axis[a];
    }
    const double at = along / length2, length = std::sqrt(length2);
    Vector radial{};
    double r2 = 0.0;
    for (std::size_t a = 0; a < 3; ++a) {
        radial[a] = from[a] - at * axis[a];
        r2 += radial[a] * radial[a];
    }
    // the nearer of the round side and the two flat ends
    const double to_side = std::abs(std::sqrt(r2) - c.radius), to_end = std::min(std::abs(at), std::abs(1.0 - at)) * length;
    return to_end < to_side ? axis : radial;
}

}  // namespace

int Staircase::owner(const std::array<int, 3>& cell) const {
    const BedSpec& spec = scenario_.bed;
    for (std::size_t n = spec.regions.size(); n > 0; --n)
        if (!spec.regions[n - 1].material.empty() && covers(spec.regions[n - 1].shape, bed_.extents, cell[0], cell[1], cell[2]))
            return int(n);
    if (spec.outline != BedSpec::Outline::cylinder) return 0;
    const int along = spec.current_axis.value_or(2);
    double square = 0.0, radius = 0.0;
    for (int a = 0; a < 3; ++a) {
        if (a == along) continue;
        const auto s = std::size_t(a);
        const double d = (cell[s] + 0.5) * bed_.extents.spacing()[s] - 0.5 * bed_.extents.size()[s];
        square += d * d;
        radius = 0.5 * bed_.extents.size()[s];
    }
    return square > radius * radius ? -1 : 0;
}

double Staircase::weight(std::array<int, 3> solid, int axis, bool upper) const {
    auto beyond = solid;
    beyond[std::size_t(axis)] += upper ? 1 : -1;
    const int a = owner(solid), b = owner(beyond);
    if (a == b) return smoothed(solid, axis, upper);
    const Extents& e = bed_.extents;
    Vector p{};
    for (std::size_t s = 0; s < 3; ++s) p[s] = (0.5 * (solid[s] + beyond[s]) + 0.5) * e.spacing()[s];
    const int edge = std::max(a, b);
    if (edge > 0)
        return share_along(std::visit([&](const auto& shape) { return normal_of(shape, p, axis); },
                                      scenario_.bed.regions[std::size_t(edge - 1)].shape),
                           axis);
    // the outline: a cylinder along the current
    const int along = scenario_.bed.current_axis.value_or(2);
    Vector radial{};
    for (std::size_t s = 0; s < 3; ++s)
        if (int(s) != along) radial[s] = p[s] - 0.5 * e.size()[s];
    return axis == along ? 1.0 : share_along(radial, axis);
}

double Staircase::smoothed(std::array<int, 3> solid, int axis, bool upper) const {
    constexpr int kReach = 5;
    constexpr double kRadius = 4.5;
    const Extents& e = bed_.extents;
    const auto cells = e.cells();
    Vector normal{};
    for (int dk = -kReach; dk <= kReach; ++dk)
        for (int dj = -kReach; dj <= kReach; ++dj)
            for (int di = -kReach; di <= kReach; ++di) {
                const std::array<int, 3> d{di, dj, dk};
                Vector from{double(di), double(dj), double(dk)};
                from[std::size_t(axis)] += upper ? -0.5 : 0.5;  // from the face's centre, in voxels
                const double distance = std::hypot(from[0], from[1], from[2]);
                if (distance >= kRadius) continue;
                std::array<int, 3> at{};
                for (std::size_t s = 0; s < 3; ++s) {
                    at[s] = solid[s] + d[s];
                    // the bed goes on beyond its box as it ends there
                    at[s] = at[s] < 0 ? 0 : at[s] >= cells[s] ? cells[s] - 1 : at[s];
                }
                if (open_[e.index(at[0], at[1], at[2])]) continue;
                for (std::size_t s = 0; s < 3; ++s) normal[s] += (1.0 - distance / kRadius) * from[s] / e.spacing()[s];
            }
    return share_along(normal, axis);
}

}  // namespace jt
