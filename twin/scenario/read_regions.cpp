// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "twin/scenario/parts.hpp"

namespace jt {
namespace {

// Keys that belong to the shape must be there, those of other shapes must not.
bool check_shape_keys(const Section& region, const std::string& shape, std::initializer_list<std::string_view> wanted) {
    bool good = true;
    for (const auto key : {"from", "to", "center", "radius", "semi_axes"}) {
        bool is_wanted = false;
        for (const auto w : wanted) is_wanted = is_wanted || w == key;
        if (is_wanted && !region.has(key)) {
            region.require(key);
            good = false;
        } else if (!is_wanted && region.has(key)) {
            region.problem(key, "does not belong to a " + shape);
            good = false;
        }
    }
    return good;
}

}  // namespace

std::optional<Shape> read_shape(const Section& region, const std::string& shape) {
    if (shape == "box") {
        if (!check_shape_keys(region, shape, {"from", "to"})) return {};
        const auto from = region.triple("from"), to = region.triple("to");
        if (!from || !to) return {};
        for (std::size_t a = 0; a < 3; ++a)
            if (!((*from)[a] < (*to)[a])) {
                region.problem("to", "found " + format_for_people((*to)[a], Dimension::length) + " along " + "xyz"[a] +
                                         "; allowed: above from, " + format_for_people((*from)[a], Dimension::length));
                return {};
            }
        return Box{*from, *to};
    }
    if (shape == "sphere") {
        if (!check_shape_keys(region, shape, {"center", "radius"})) return {};
        const auto center = region.triple("center");
        const auto radius = region.number("radius");
        if (!center || !radius) return {};
        return Sphere{*center, *radius};
    }
    if (shape == "cylinder") {
        if (!check_shape_keys(region, shape, {"from", "to", "radius"})) return {};
        const auto from = region.triple("from"), to = region.triple("to");
        const auto radius = region.number("radius");
        if (!from || !to || !radius) return {};
        if (*from == *to) {
            region.problem("to", "is the same point as from; allowed: the other end of the axis");
            return {};
        }
        return Cylinder{*from, *to, *radius};
    }
    if (!check_shape_keys(region, shape, {"center", "semi_axes"})) return {};
    const auto center = region.triple("center"), semi_axes = region.triple("semi_axes");
    if (!center || !semi_axes) return {};
    return Ellipsoid{*center, *semi_axes};
}

namespace {

struct Bounds {
    std::array<double, 3> low, high;
};

Bounds bounds_of(const Shape& shape) {
    Bounds b{};
    for (std::size_t a = 0; a < 3; ++a) {
        if (const auto* box = std::get_if<Box>(&shape)) {
            b.low[a] = box->from[a];
            b.high[a] = box->to[a];
        } else if (const auto* sphere = std::get_if<Sphere>(&shape)) {
            b.low[a] = sphere->center[a] - sphere->radius;
            b.high[a] = sphere->center[a] + sphere->radius;
        } else if (const auto* cylinder = std::get_if<Cylinder>(&shape)) {
            b.low[a] = std::min(cylinder->from[a], cylinder->to[a]) - cylinder->radius;
            b.high[a] = std::max(cylinder->from[a], cylinder->to[a]) + cylinder->radius;
        } else {
            const auto& ellipsoid = std::get<Ellipsoid>(shape);
            b.low[a] = ellipsoid.center[a] - ellipsoid.semi_axes[a];
            b.high[a] = ellipsoid.center[a] + ellipsoid.semi_axes[a];
        }
    }
    return b;
}

}  // namespace

void read_regions(const Section& bed, BedSpec& spec) {
    for (const Section& table : bed.sections("region", "bed.region[]", 100000)) {
        Region region;
        const auto name = table.text("shape");
        const auto shape = name ? read_shape(table, *name) : std::nullopt;
        region.material = table.text("material").value_or("");
        region.sigma_factor = table.number("sigma_factor");
        region.sheet_thickness = table.number("sheet_thickness");
        if (!table.has("material") && !table.has("sigma_factor"))
            table.problem("material", "missing; allowed: a material, or sigma_factor");
        if (!region.material.empty()) table.mention_material("material", region.material);
        if (table.has("sheet_thickness") && name && *name != "box")
            table.problem("sheet_thickness", "belongs to a box; found a " + *name);
        if (table.has("sheet_thickness") && !table.has("material")) table.problem("sheet_thickness", "needs a material");
        if (!shape) continue;
        region.shape = *shape;
        if (spec.size[0] > 0.0) {
            const Bounds b = bounds_of(region.shape);
            for (std::size_t a = 0; a < 3; ++a)
                if (b.high[a] <= 0.0 || b.low[a] >= spec.size[a]) {
                    table.problem("lies outside the bed: " + format_for_people(b.low[a], Dimension::length) + " to " +
                                  format_for_people(b.high[a], Dimension::length) + " along " + "xyz"[a] + "; allowed: 0 to " +
                                  format_for_people(spec.size[a], Dimension::length));
                    break;
                }
        }
        spec.regions.push_back(std::move(region));
    }
}

}  // namespace jt
