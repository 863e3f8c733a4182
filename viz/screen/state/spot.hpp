// SPDX-License-Identifier: Apache-2.0
// What a sensor of the scenario looks at, in a field of the bed.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "twin/scenario/scenario.hpp"
#include "viz/screen/data/run_facts.hpp"

namespace jt {

// The cells a thermometer sees, as indices into fields: of a pyrometer the first solid one along each line of sight within its
// spot (at least the one nearest to its middle), of a thermocouple the cell it stands in. Empty: it sees nothing solid, or it
// is no thermometer.
std::vector<std::size_t> cells_seen(const Sensor&, const RunFacts&);

// Mean of a field over cells; absent where there is no value.
std::optional<double> mean_over(std::span<const float> field, std::span<const std::size_t> cells);

// "zmax, x 10.0 y 5.0 mm, Ø 2.0 mm"
std::string place_text(const Sensor&, const Extents&);

}  // namespace jt
