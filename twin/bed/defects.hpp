// SPDX-License-Identifier: Apache-2.0
// Random spheres of other conductivity in the product: the defect map m(x).
#pragma once
#include "twin/bed/bed.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

// Sets bed.sigma_factor inside spheres drawn at uniform places with uniform radii until `volume_fraction` of the product's
// cells is covered; a later sphere overwrites an earlier one. The same seed gives the same spheres everywhere.
// Throws InputError when the spheres are too small to cover cells.
void add_defects(Bed& bed, const Defects& defects);

}  // namespace jt
