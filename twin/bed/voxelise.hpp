// SPDX-License-Identifier: Apache-2.0
// Voxelise: the bed a scenario describes, or its CT stack, as cells.
#pragma once
#include <string>
#include <vector>

#include "twin/bed/bed.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

// Regions are painted in file order; painting a material ends an earlier sigma factor or sheet there. Then the outline is cut
// (outside a cylinder all is void), and random defects and heterogeneity are drawn in the product.
// findings: things a user should know, such as a region that covers no cell.
// Throws InputError for a stack that cannot be read or does not fit its labels, and for a bed without any solid cell.
Bed voxelise(const Scenario& scenario, std::vector<std::string>& findings);

}  // namespace jt
