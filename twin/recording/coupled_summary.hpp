// SPDX-License-Identifier: Apache-2.0
// summary.json of a coupled run, complete or ended before its time. What the run does not have is absent, never 0; a steady run
// has no times, steps or energies but the powers of its state. `fields`: the run's file, null where none was written; without
// it there is no histogram of |J|/J0. Throws DiskError when it cannot be read.
#pragma once
#include <nlohmann/json.hpp>

#include "kernels/backend.hpp"
#include "twin/recording/run_file.hpp"
#include "twin/scenario/scenario.hpp"
#include "twin/stepping/run_coupled.hpp"

namespace jt {

nlohmann::ordered_json coupled_summary(const CoupledRun& run, const Scenario& scenario, const Backend& backend,
                                       const std::string& version, const RunFile* fields = nullptr);

}  // namespace jt
