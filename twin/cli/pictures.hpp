// SPDX-License-Identifier: Apache-2.0
// Pictures of what the commands have solved (viz/figure); absent from a build without JT_FIGURES, which says so.
#pragma once
#include <filesystem>

#include "twin/cli/map_options.hpp"
#include "twin/electric/effective.hpp"
#include "twin/electric/electric_run.hpp"
#include "twin/lumped/lumped_twin.hpp"
#include "twin/recording/run_file.hpp"
#include "twin/stepping/run_coupled.hpp"

namespace jt::cli {

// |J|/J0 of the best conducting direction, with the conductivities. Writes nothing and returns false when no axis percolates
// or pictures are not built. Throws DiskError.
bool write_effective_picture(const std::filesystem::path& file, const MapOptions& options, const Bed& bed,
                             const Effective& result);

// |J|/J0 of a run with its numbers, and its histogram (histogram_J_over_J0.png beside `file`). Returns false when pictures are
// not built.
bool write_run_picture(const std::filesystem::path& file, const Scenario& scenario, const ElectricRun& run);

// trends.png (not of a steady run) and the centre slices slices_T_K.png and slices_J_over_J0.png of a coupled run, the latter
// at the corners of its program, where it was hottest and at its end; histogram_J_over_J0.png at its greatest power. Returns
// false when pictures are not built.
bool write_run_pictures(const std::filesystem::path& folder, const Scenario& scenario, const CoupledRun& run,
                        const RunFile* fields);

// A log beside its lumped twin over time, from the fit window to the end of the prediction. Returns false when pictures are not
// built.
bool write_lumped_picture(const std::filesystem::path& file, const SensorLog& log, const LumpedFit& fit,
                          const LumpedPrediction* prediction);
// What `orientation` tabulates: discs of these radii [m] in these fields [V/m] at T [K], stacks of so many sheets of the first
// radius.
struct OrientationTable {
    std::vector<double> radii, fields;
    double T = 0.0;
    std::vector<int> sheets;
};

// Free energy against angle: of the first and the largest disc in every field, and per sheet of the stacks. Returns false when
// pictures are not built.
bool write_orientation_picture(const std::filesystem::path& file, const OrientationTable& table, const std::string& finding);

}  // namespace jt::cli
