// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>

#include "kernels/conduction.hpp"

namespace jt {

// Currents whose contact heat is released on surfaces; phi is that of 1 V, heat scales with V^2.
struct ContactCurrents {
    std::array<const double*, 3> face{};
    const double* phi = nullptr;
    const std::uint8_t* material = nullptr;
    Terminals terminals;
    Contacts electric;
    double voltage_squared = 0.0;
    bool any = false;  // contacts that release heat
};

}  // namespace jt
