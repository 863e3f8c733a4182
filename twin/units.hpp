// SPDX-License-Identifier: Apache-2.0
// Units: quantities with a unit, as people write them, to SI at the border and back. "850 degC" -> 1123.15.
// Temperatures may be given in degC; differences, spreads and rates of temperature only in K, because 5 degC is 278.15 K.
#pragma once
#include <string>
#include <string_view>

namespace jt {

enum class Dimension {
    number,
    length,
    time,
    frequency,
    temperature,             // a point of the scale: K or degC
    temperature_difference,  // K only
    temperature_rate,
    inverse_temperature,
    voltage,
    voltage_rate,
    current,
    current_rate,
    power,
    power_rate,
    resistance,
    conductivity,  // electrical
    resistivity,
    contact_resistivity,  // electrical, ohm m2
    contact_conductance,  // electrical, S/m2
    heat_transfer,        // W/(m2 K)
    thermal_conductivity,
    density,
    heat_capacity,  // per mass
    power_density,  // per volume
    heat_flux,      // per area
    molar_energy,
    specific_energy,  // per mass
    electric_field,
    specific_charge,  // per mass; in mAh/g, the unit of the field, in place of C/kg
};

struct DimensionInfo {
    std::string_view name;     // "length"
    std::string_view si;       // "m"
    std::string_view example;  // "20 mm"
};
const DimensionInfo& info(Dimension dimension);

// Value in SI of a quantity such as "12 kW", "850 degC", "24 K/min". A number without unit is accepted for Dimension::number
// only (as is "12 %"). Throws InputError with one line: what was found and what is allowed. Safe from any thread.
double parse_quantity(std::string_view text, Dimension dimension);

// What a value in `unit` is multiplied with to be SI. Throws InputError; units with an offset (degC) are refused.
double unit_factor(std::string_view unit, Dimension dimension);

// The dimension of the rate of change in time of `dimension` (K -> K/s). Throws Error where there is none.
Dimension rate_of(Dimension dimension);

// Shortest text that reads back to the same double: "0.02 m"; the bare number for Dimension::number.
std::string format_quantity(double si, Dimension dimension);
std::string format_number(double value);
// For people: at most six digits, prefixes for lengths ("0.25 mm", "1 nm").
std::string format_for_people(double si, Dimension dimension);

// Text from outside made fit for a message: quoted, control characters replaced, cut at 60 characters.
std::string quote(std::string_view text);

}  // namespace jt
