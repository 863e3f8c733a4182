// SPDX-License-Identifier: Apache-2.0
// Material: named set of laws. Anisotropic laws are in-plane/through with the normal axis of the sheet.
#pragma once
#include <optional>
#include <string>

#include "twin/material/law.hpp"

namespace jt {

struct DirectionalLaw {
    Law in_plane;                // the only law of an isotropic property
    std::optional<Law> through;  // along `normal`
    int normal = 2;              // 0 x, 1 y, 2 z
    const Law& along(int axis) const { return through && axis == normal ? *through : in_plane; }
    bool isotropic() const { return !through; }
};

struct Material {
    std::string name;
    std::string description, file;               // file: where it was read ("" = inline in the scenario)
    std::optional<DirectionalLaw> sigma;         // [S/m]; absent = insulator
    std::optional<DirectionalLaw> conductivity;  // k [W/(m K)]
    std::optional<Law> density;                  // [kg/m3] (constant)
    std::optional<Law> heat_capacity;            // cp [J/(kg K)]
    std::optional<double> emissivity;
    bool is_void = false;  // no current, no heat
};

}  // namespace jt
