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

inline constexpr double kElectronVoltOverBoltzmann = 11604.518121550083;  // [K], CODATA 2018

// How a char changes when it is heated (kernels/kinetics.hpp). Defaults: physics of coconut-shell char; estimates with range.
struct Kinetics {
    double attempt = 1e13;                                // A [1/s], 1e8 .. 1e16
    std::string history = "600 degC for 2 h at 5 K/min";  // before the run, where the scenario has none
    double peak_rate = 2.29e7, peak_energy = 200e3;       // of the first peak of G(r) [1/s], [J/mol]
    double field_gain = 0.0;                              // [J/mol] per kV/m, hypothesis; 0 .. 5 kJ/mol
    double conversion = 0.15;                             // of heat capacity, 0 .. 0.3
    double platelet_radius = 0.0;                         // [m] of metallic discs that the field orients, hypothesis; 0: off
    double volatiles = 0.0, volatile_heat = 0.0;          // mass share released by Th 1300 degC; [J/kg]
};

struct Material {
    std::string name;
    std::string description, file;               // file: where it was read ("" = inline in the scenario)
    std::optional<DirectionalLaw> sigma;         // [S/m]; absent = insulator
    std::optional<DirectionalLaw> conductivity;  // k [W/(m K)]
    std::optional<Law> density;                  // [kg/m3] (constant)
    std::optional<Law> heat_capacity;            // cp [J/(kg K)]
    std::optional<double> emissivity;
    std::optional<Kinetics> kinetics;
    bool is_void = false;  // no current, no heat
};

}  // namespace jt
