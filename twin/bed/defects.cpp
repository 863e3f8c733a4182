// SPDX-License-Identifier: Apache-2.0
#include "twin/bed/defects.hpp"

#include <algorithm>

#include "kernels/error.hpp"
#include "twin/bed/random.hpp"
#include "twin/bed/shape.hpp"
#include "twin/units.hpp"

namespace jt {

void add_defects(Bed& bed, const Defects& defects) {
    const Extents& e = bed.extents;
    const auto size = e.size();
    const auto product = std::size_t(std::count(bed.product.begin(), bed.product.end(), std::uint8_t(1)));
    if (product == 0) throw InputError("bed.defects: the bed has no cell of the product to put defects into");
    const auto wanted = std::size_t(defects.volume_fraction * double(product));
    std::vector<std::uint8_t> covered(e.count(), 0);
    std::size_t count = 0, idle = 0;
    SplitMix64 random(defects.seed);
    for (std::size_t sphere = 0; count < wanted; ++sphere) {
        // one draw each, in this order: the order is part of what a seed means
        const double x = random.unit() * size[0], y = random.unit() * size[1], z = random.unit() * size[2];
        const double radius = defects.radius[0] + (defects.radius[1] - defects.radius[0]) * random.unit();
        const float factor = float(defects.sigma_factor[sphere % defects.sigma_factor.size()]);
        const Shape shape = Sphere{{x, y, z}, radius};
        const CellRange range = cells_around(shape, e);
        const std::size_t before = count;
        for (int k = range.low[2]; k < range.high[2]; ++k)
            for (int j = range.low[1]; j < range.high[1]; ++j)
                for (int i = range.low[0]; i < range.high[0]; ++i) {
                    const std::size_t c = e.index(i, j, k);
                    if (!bed.product[c] || !covers(shape, e, i, j, k)) continue;
                    count += covered[c] ? 0 : 1;
                    covered[c] = 1;
                    bed.sigma_factor[c] = factor;
                }
        // Spheres smaller than a voxel, or a product in a far corner: most draws hit nothing.
        idle = count > before ? 0 : idle + 1;
        if (idle > 100000)
            throw InputError("bed.defects.radius: " + format_for_people(defects.radius[0], Dimension::length) + " to " +
                             format_for_people(defects.radius[1], Dimension::length) + " cover " + std::to_string(count) +
                             " of the " + std::to_string(wanted) +
                             " cells of the product they should; allowed: radii of a voxel or more");
    }
}

}  // namespace jt
