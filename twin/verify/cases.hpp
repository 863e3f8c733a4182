// SPDX-License-Identifier: Apache-2.0
// The cases by subject; they are run and printed in the order of their names.
#pragma once
#include <vector>

#include "twin/verify/verify.hpp"

namespace jt {

std::vector<VerifyCase> electric_cases();      // electric_cases.cpp
std::vector<VerifyCase> field_cases();         // field_cases.cpp
std::vector<VerifyCase> rod_cases();           // rod_cases.cpp
std::vector<VerifyCase> heat_cases();          // heat_cases.cpp
std::vector<VerifyCase> coupled_cases();       // coupled_cases.cpp
std::vector<VerifyCase> manufactured_cases();  // manufactured_cases.cpp
std::vector<VerifyCase> experiment_cases();    // experiment_cases.cpp
void limits_of_heat(VerifyContext& v);         // heat_cases.cpp: the thermal part of V25
void inclusions(VerifyContext& v);             // field_cases.cpp: ellipsoids, holes and heat of V04

}  // namespace jt
