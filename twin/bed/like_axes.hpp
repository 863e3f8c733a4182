// SPDX-License-Identifier: Apache-2.0
// Axes along which every cell of a bed has the same value of a property: that is evaluated once for them.
#pragma once
#include <algorithm>
#include <array>

#include "twin/bed/bed.hpp"
#include "twin/material/property_laws.hpp"

namespace jt {

// For each axis the first one along which laws and sheets give the same.
inline std::array<int, 3> like_axes(const PropertyLaws& laws, const Bed& bed) {
    const auto same = [&](int a, int b) {
        return laws.alike(a, b) && (bed.sheet.empty() || std::all_of(bed.sheets.begin(), bed.sheets.end(), [&](const Sheet& s) {
                                        return s.factor(a) == s.factor(b);
                                    }));
    };
    return {0, same(0, 1) ? 0 : 1, same(0, 2) ? 0 : same(1, 2) ? 1 : 2};
}

}  // namespace jt
