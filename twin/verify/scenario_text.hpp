// SPDX-License-Identifier: Apache-2.0
// Pieces of the scenario texts of the cases; lengths in metres.
#pragma once
#include <array>
#include <string>

#include "twin/units.hpp"

namespace jt::verify_text {

inline std::string text_of(double value) {
    return format_number(value);
}

inline std::string triple(const std::array<double, 3>& v, const char* unit) {
    return "[\"" + text_of(v[0]) + " " + unit + "\", \"" + text_of(v[1]) + " " + unit + "\", \"" + text_of(v[2]) + " " + unit +
           "\"]";
}

inline std::string box(const std::array<double, 3>& from, const std::array<double, 3>& to, const std::string& what) {
    return "[[bed.region]]\nshape = \"box\"\nfrom = " + triple(from, "m") + "\nto = " + triple(to, "m") + "\n" + what + "\n";
}

// A box of cells; `axis` is that of the current, none when 0.
inline std::string bed(const std::array<double, 3>& size, const std::array<double, 3>& voxel, char axis,
                       const std::string& material = "matrix") {
    return "[bed]\nsize = " + triple(size, "m") + "\nvoxel = " + triple(voxel, "m") + "\nmaterial = \"" + material + "\"\n" +
           (axis ? std::string("current_axis = \"") + axis + "\"\n" : "");
}

inline std::string start_at(double kelvin) {
    return "initial_temperature = \"" + text_of(kelvin) + " K\"\n";
}

// A material with heat: sigma and k are TOML values, density [kg/m3] and heat capacity [J/(kg K)] numbers.
inline std::string matter(const std::string& name, const std::string& sigma, const std::string& k, double density,
                          double heat_capacity) {
    return "[material." + name + "]\n" + (sigma.empty() ? "" : "sigma = " + sigma + "\n") + "thermal_conductivity = " + k +
           "\ndensity = \"" + text_of(density) + " kg/m^3\"\nheat_capacity = \"" + text_of(heat_capacity) + " J/(kg K)\"\n";
}

inline std::string heater(const std::string& mode, double value, const char* unit) {
    return "[heater]\nmode = \"" + mode + "\"\nprogram = \"" + text_of(value) + " " + unit + "\"\n";
}

inline std::string run_for(double duration, double output_every) {
    return "[run]\nduration = \"" + text_of(duration) + " s\"\noutput_every = \"" + text_of(output_every) + " s\"\n";
}

inline const std::string kSteady = "[run]\nsteady = true\n";

// A material that only conducts current.
inline std::string constant(const std::string& name, double sigma) {
    return "[material." + name + "]\nsigma = \"" + text_of(sigma) + " S/m\"\n";
}

}  // namespace jt::verify_text
