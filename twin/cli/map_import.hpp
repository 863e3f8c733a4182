// SPDX-License-Identifier: Apache-2.0
// `map import`: a stack becomes a folder with labels.tif and a scenario that `jouletwin run` takes.
#pragma once
#include <filesystem>
#include <string>

#include "twin/bed/bed.hpp"
#include "twin/cli/map_options.hpp"

namespace jt::cli {

// Throws InputError when the folder may not be used: it holds something and there is no --force.
void check_import_folder(const MapOptions& options);

// Writes labels.tif (grey values spread over 0..255, one per material, 0 void) and scenario.toml with the current along `axis`
// (0 x, 1 y, 2 z). Throws DiskError.
void write_import(const MapOptions& options, const Bed& bed, int axis);

}  // namespace jt::cli
