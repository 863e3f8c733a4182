// SPDX-License-Identifier: Apache-2.0
// What a scenario will cost and what looks odd about it, before anything is run.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "kernels/extents.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

inline constexpr std::size_t kMostMaterials = 127;  // with void; a cell keeps its material in seven bits
// Upper estimates of the memory of a run, all fields and hierarchies; of the current alone.
inline constexpr double kBytesPerCell = 420.0, kBytesPerCellOfCurrent = 240.0;
inline constexpr double kSecondsPerCell = 0.2e-6;          // potential to 1e-8 on two cores, measured: 0.15 s per million cells
inline constexpr double kSecondsPerCellAndStep = 0.25e-6;  // coupled, on two cores, measured 0.15 to 0.26 s per million

std::uint64_t physical_memory();  // [byte] of this machine
std::string bytes_for_people(double bytes);

// Things that are allowed and deserve a second look.
std::vector<std::string> check_warnings(const Scenario& scenario);

// `jouletwin check`: the resolved scenario in SI, its cells, memory, time and warnings, for people. The first part is TOML that
// reads back; the rest stands in comments. extents and findings: of the voxelised bed (twin/bed/voxelise.hpp).
std::string check_report(const Scenario& scenario, const Extents& extents, const std::vector<std::string>& findings = {});

// The materials cells may be made of, void left out, in the order the scenario names them.
std::vector<std::string> bed_materials(const BedSpec& bed);

}  // namespace jt
