// SPDX-License-Identifier: Apache-2.0
// InstrumentModel: what is known of a measuring instrument, from its sensor in the scenario and the defaults of its kind. The
// virtual heater makes readings by it; who interprets readings takes noise, lag and prior biases from the same place.
//
//     kind                   noise (1 sd)      bias of a run (1 sd)               lag               rate     source
//     thermocouple K         0.5 K             half of max(2.2 K, 0.75 % of degC) 2.3 .. 0.7 s      10 Hz    ASTM E230; lags of
//     thermocouple K_sheath  0.5 K             the same                           7 .. 2 s          10 Hz    bare beads and
//     thermocouple C         1 K               4.5 K to 450 degC, 1 % above       0.8 .. 0.23 s     20 Hz    sheaths in still
//     ratio_pyrometer        1 K + 0.1 %       0.5 % of T                         10 ms             50 Hz    gas; the rest:
//     pyrometer              0.5 K             0.5 % of T                         10 ms             100 Hz   estimates from
//     current                0.05 % of range   gain 0.5 %, offset 0.1 % of range  1 ms              100 Hz   data sheets
//     voltage                0.05 % of range   gain 0.2 %                         1 ms              100 Hz
// The range of current and voltage is the supply's limit. Noise is Student-t with 5 degrees of freedom, scaled to the sd above;
// 1 % of the readings are missing.
#pragma once
#include <optional>
#include <string>

#include "twin/scenario/scenario.hpp"

namespace jt {

inline constexpr double kSecondRadiationConstant = 0.01438777;  // c2 [m K]
inline constexpr int kNoiseDegrees = 5;                         // of freedom, of the noise of every instrument

struct InstrumentModel {
    enum class Kind { thermocouple, ratio_pyrometer, pyrometer, voltage, current };
    Kind kind = Kind::thermocouple;
    std::string name, unit;  // "K", "V", "A"
    std::string type;        // of a thermocouple
    double rate_Hz = 10.0;
    double noise = 0.0, noise_relative = 0.0;          // sd = noise + noise_relative |value|
    double resolution = 0.0;                           // step of the reading, 0: none
    std::optional<double> lag_s;                       // empty: a thermocouple's, by its temperature
    double latency_s = 0.0;                            // measurement to delivery
    double dropout = 0.0;                              // share of readings that are missing
    double bias = 0.0;                                 // known to be there (the scenario's)
    std::optional<double> floor_K;                     // a pyrometer has no reading below
    double wavelength = 0.0, second_wavelength = 0.0;  // [m]
    std::optional<double> set_emissivity;              // on a one-colour pyrometer; empty: that of the surface
    double lead_ohm = 0.0;                             // of a two-wire voltage
    double range = 0.0;                                // full scale of current and voltage

    bool thermometer() const { return kind != Kind::voltage && kind != Kind::current; }
    // Time constant at a value (of a thermocouple: T [K]) [s].
    double lag(double value) const;
    // Noise of one reading, 1 sd, with the step of its resolution.
    double sigma(double value) const;
    // Prior of what is wrong with it for a whole run, 1 sd: offset, at T [K] where it depends on that; gain.
    double bias_sd(double T_K) const;
    double gain_sd() const;
};

InstrumentModel instrument_model(const Sensor& sensor, const Scenario& scenario);

// What a pyrometer shows for a surface at T [K] of which it assumes another emissivity (ratio) than there is.
// One colour: 1/Tr = 1/T - (lambda/c2) ln(e/e_set).
double one_colour_reading(double T, double wavelength, double emissivity_over_set);
// Two colours, l1 < l2: 1/Tr = 1/T - (L/c2) ln(e1/e2 over the set ratio), L = l1 l2/(l2 - l1).
double ratio_reading(double T, double first, double second, double ratio_over_set);

}  // namespace jt
