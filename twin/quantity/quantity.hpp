// SPDX-License-Identifier: Apache-2.0
// Quantity: the one table of every number and field that leaves the program. CSV columns, data sets, --json, pictures and the
// screen all take name, unit, label, digits, default range and colour map from here. Only quantities the model computes are
// listed.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kernels/error.hpp"  // thrown here and by all who use the table

namespace jt {

// Which of the colour maps shows a quantity. The colours themselves belong to viz.
enum class ColourMapId { inferno, diverging, viridis, uncertainty };

// How a value is placed along its colour map and on an axis.
enum class Scale { linear, log2, log10 };

struct Quantity {
    std::string_view name;   // as in files and options: "J_over_J0"
    std::string_view label;  // for people: "|J|/J₀"
    std::string_view unit;   // for people: "A/m²"; empty for a pure number
    int digits;              // significant digits shown to people
    Scale scale;
    std::optional<std::array<double, 2>> range;  // default range in the unit; absent: that of the field
    ColourMapId map;
    double offset = 0.0;  // added to a value to show it in the unit: -273.15 for temperatures, stored in K and shown in °C
    // What the model's value may be off by, in the stored unit; 0: none is stated. I_D/I_G, d002 and capacities: what the fits
    // were quoted with. HRTEM: its rounding. L_a, L_c: half the range they were estimated in. The others are estimates of ours.
    double uncertainty = 0.0;
};

std::span<const Quantity> quantities();

// Throws InputError naming the known quantities.
const Quantity& quantity(std::string_view name);

// A number for people: `digits` significant digits, true minus, powers of ten as 1.2×10⁵ beyond 1e-3 .. 1e5.
// A value that does not exist (NaN, infinite) is an em dash.
std::string format_number(double value, int digits);

// An exponent for people: "⁻¹²".
std::string superscript(int exponent);

}  // namespace jt
