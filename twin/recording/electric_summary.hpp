// SPDX-License-Identifier: Apache-2.0
// summary.json of a run with run.solve = "current". Keys are those of every run's summary; what was not solved is absent.
#pragma once
#include <nlohmann/json.hpp>

#include "kernels/backend.hpp"
#include "twin/electric/electric_run.hpp"

namespace jt {

nlohmann::ordered_json electric_summary(const ElectricRun& run, const Backend& backend, const std::string& version);

}  // namespace jt
