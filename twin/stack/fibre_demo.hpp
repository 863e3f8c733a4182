// SPDX-License-Identifier: Apache-2.0
// Fibre demo: a synthetic CT stack of a carbon-fibre preform, for machines without a scan at hand: straight fibres of 10 um
// that lie nearly flat in the x-y planes, so that z conducts worst, as in pressed preforms; porosity about 87 %.
#pragma once
#include <cstdint>

#include "twin/stack/stack.hpp"

namespace jt {

struct FibreDemo {
    int cells = 100;                // per axis
    double voxel = 1.3e-6;          // [m]
    double fibre_diameter = 10e-6;  // [m]
    double solid = 0.13;            // share of the voxels that are fibre, at least
    std::uint64_t seed = 1;
};

// 8 bit: fibre is grey 90..255, pore 0..89. The same voxels on every machine: integer arithmetic alone decides.
// Throws InputError for cells outside 8..500 or a fibre that is not 2 to 100 voxels thick.
Stack fibre_demo(const FibreDemo& demo);

}  // namespace jt
