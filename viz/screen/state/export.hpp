// SPDX-License-Identifier: Apache-2.0
// Exports of what a screen shows, as files for other programs. Names hold the run, the moment and, where there is such a file
// already, a number: nothing is ever overwritten.
#pragma once
#include <filesystem>

#include "viz/screen/state/screen_model.hpp"
#include "viz/screen/state/view_state.hpp"

namespace jt {

// RUN_t12.5s.csv: rows of all columns in the time that charts show, as timeseries.csv has them (SI units in the names, an empty
// field where there is no value). Beside it RUN_t12.5s_slices.csv where there are fields: the cells of the slice at the probe
// with x_mm, y_mm, z_mm, T_K, the difference from the product's mean, |J|/J0 and the quantity of the microstructure that is
// shown. Returns the first. Throws InputError when nothing is known of the run yet, DiskError.
std::filesystem::path export_csv(const ScreenModel&, const ViewState&, const std::filesystem::path& folder);

// RUN_t12.5s.vti: the fields of the shown frame as cell data of a VTK image (float32, lengths in m), and the material. Opens in
// ParaView. Throws InputError when there are no fields, DiskError.
std::filesystem::path export_vtk(const ScreenModel&, const ViewState&, const std::filesystem::path& folder);

}  // namespace jt
