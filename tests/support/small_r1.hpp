// SPDX-License-Identifier: Apache-2.0
// Device R1 as an x-z section of few cells, for tests that need a twin and not its detail.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "tests/paths.hpp"
#include "twin/bed/voxelise.hpp"
#include "twin/scenario/reader.hpp"

namespace jt::test {

inline const std::filesystem::path kScenarios = std::filesystem::path(JT_SOURCE_DIR) / "data" / "scenarios";

inline Scenario small_r1(const std::string& more = "", const std::string& voxel = "2.5 mm") {
    std::vector<std::string> sets{"bed.voxel=[\"" + voxel + "\", \"10 mm\", \"0.125 mm\"]"};
    if (!more.empty()) sets.push_back(more);
    return read_scenario(kScenarios / "live_r1.toml", sets);
}

inline Bed bed_of(const Scenario& scenario) {
    std::vector<std::string> findings;
    return voxelise(scenario, findings);
}

}  // namespace jt::test
