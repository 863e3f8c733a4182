// SPDX-License-Identifier: Apache-2.0
// The cases by subject, in the order they are run and printed.
#pragma once
#include <vector>

#include "twin/verify/verify.hpp"

namespace jt {

std::vector<VerifyCase> electric_cases();

}  // namespace jt
