// SPDX-License-Identifier: Apache-2.0
#include "twin/bed/contact_area.hpp"

namespace jt {

double contact_area(const Bed& bed, const Scenario& scenario, const Terminal& terminal) {
    const Extents& e = bed.extents;
    const int axis = axis_of(terminal.face);
    const int material = terminal.material.empty() ? -1 : scenario.material_index(terminal.material);
    std::array<int, 3> low{0, 0, 0}, high = e.cells();
    const auto a = std::size_t(axis);
    if (is_upper(terminal.face))
        low[a] = high[a] - 1;
    else
        high[a] = 1;
    std::size_t cells = 0;
    for (int k = low[2]; k < high[2]; ++k)
        for (int j = low[1]; j < high[1]; ++j)
            for (int i = low[0]; i < high[0]; ++i) {
                const int here = bed.material[e.index(i, j, k)];
                cells += material < 0 ? bed.materials[std::size_t(here)].sigma.has_value() : here == material;
            }
    return double(cells) * e.face_area(axis);
}

}  // namespace jt
