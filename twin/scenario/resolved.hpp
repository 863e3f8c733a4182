// SPDX-License-Identifier: Apache-2.0
// The resolved scenario: TOML in SI units with every default filled in, materials inline and paths absolute. It reads back to
// the same Scenario, so a run folder needs nothing else.
#pragma once
#include <string>

#include "twin/scenario/scenario.hpp"

namespace jt {

std::string resolved_toml(const Scenario& scenario);

}  // namespace jt
