// SPDX-License-Identifier: Apache-2.0
// Effective conductivity of a voxel map along its three axes: the two ends held at their potentials at half-cell distance, the
// sides insulated; sigma_eff = (I / A) / (V / L).
#pragma once
#include <array>
#include <string>
#include <vector>

#include "kernels/backend.hpp"
#include "twin/bed/bed.hpp"
#include "twin/electric/electric_field.hpp"

namespace jt {

struct EffectiveAxis {
    double sigma_S_per_m = 0.0;  // 0 when the axis does not percolate
    Percolation percolation;
    ElectricReport electric;  // at the field strength of 1 V over the length; empty when not percolating
    double wall_s = 0.0;
    std::string failure;  // why the solver did not converge; empty: it did, or had nothing to solve
};

struct Effective {
    std::array<EffectiveAxis, 3> axis;
    int shown = -1;                // axis of the field below: the best conducting one; -1: none percolates
    std::vector<float> J_over_J0;  // packed; NaN where nothing conducts
    double bytes_per_cell = 0.0;
};

// A direction that does not converge says so in its failure; the others are solved all the same.
Effective effective_conductivity(Backend& backend, const Bed& bed, double relative_residual = 1e-8);

}  // namespace jt
