// SPDX-License-Identifier: Apache-2.0
// Options of `jouletwin map`, as text from the command line and as checked values.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "twin/bed/bed.hpp"
#include "twin/stack/segment.hpp"
#include "twin/stack/stack.hpp"

namespace jt::cli {

// One --sigma: grey values and their conductivity [S/m]; 0 insulates.
struct GreySigma {
    GreyRange range;
    double sigma = 0.0;
    std::string value;  // as given, "8e5 S/m"
};

struct MapOptions {
    // As given.
    std::string file, voxel_text, crop_text, device = "auto", folder, axis;
    std::vector<std::string> sigma_texts;
    double tolerance = 1e-8;
    int coarsen = 1;
    bool json = false, force = false;

    // Checked.
    std::optional<std::array<double, 3>> voxel;  // of the stack [m]
    std::optional<std::array<int, 6>> crop;
    std::vector<GreySigma> sigmas;

    // Fills the checked values. Throws InputError with every problem.
    void check();
};

// The stack in the conductivities of --sigma: one material per range, void elsewhere; voxels coarsen times as large.
// Throws InputError, also when no voxel conducts.
Bed bed_of(const Stack& stack, const MapOptions& options);

}  // namespace jt::cli
