// SPDX-License-Identifier: Apache-2.0
// Kinetics of the char, cell by cell.
//
// Ordering: sites order at Arrhenius rates A exp(-E/RT) over a broad, flat distribution of E. The front E* [J/mol] obeys
//     dE*/dt = R T A exp(-(E* - D)/(R T))
// with the exact update for constant T in dt
//     E*' = R T ln( exp(E*/RT) + A dt exp(D/RT) )
// D [J/mol] a field term (a hypothesis, 0 unless asked for). Th = E*/(R ln(30 s A)) is the temperature whose 30 s isothermal
// hold gives the same order. First peak of G(r): dg/dt = k (1 - g), k = k0 exp(-E_p/RT), exact for constant T. Within a step T
// is taken as linear in time; two updates of half the step, at the places of Gauss's two-point rule, follow a ramp of 20 K in a
// step to 0.001 K of Th.
#pragma once
#include <cmath>
#include <cstdint>

#include "kernels/grid.hpp"
#include "kernels/material_law.hpp"
#include "kernels/orientation.hpp"

namespace jt {

inline constexpr double kHoldOfTh = 30.0, kLogHoldOfTh = 3.4011973816621555;  // [s] the hold that Th refers to; its logarithm

// Constants of one material; attempt 0: it has no kinetics.
struct KineticsLaw {
    double attempt = 0.0, log_attempt = 0.0;      // A [1/s], its logarithm
    double peak_rate = 0.0, peak_energy = 0.0;    // k0 [1/s], E_p [J/mol]
    double field_gain = 0.0;                      // [J/mol] of D by |E| / (1 kV/m), which counts up to 10
    double conversion = 0.0;                      // share of heat capacity that goes with conversion
    double volatiles = 0.0, volatile_heat = 0.0;  // mass share released in the end; [J/kg] taken up by it
    double platelet_gain = 0.0;                   // [K m2/V2] u = gain E^2 / T of a platelet (kernels/orientation.hpp)
    double density = 0.0;                         // [kg/m3]
    int product = 0;                              // 1: it counts in means
};

namespace JT_NS {

// Share of the unconverted char: 1 up to Th = 745 degC, 0 from 1100 degC on.
JT_HD double unconverted(double Th_C) {
    const double x = (Th_C - 745.0) / (1100.0 - 745.0);
    return x < 0.0 ? 1.0 : x > 1.0 ? 0.0 : 1.0 - x;
}

// Share of the volatiles that have left: 0 up to 745 degC, 1 from 1300 degC on.
JT_HD double released_share(double Th_C) {
    const double x = (Th_C - 745.0) / (1300.0 - 745.0);
    return x < 0.0 ? 0.0 : x > 1.0 ? 1.0 : x;
}

JT_HD double Th_celsius(double front, double log_attempt) {
    return front / (kGasConstant * (log_attempt + kLogHoldOfTh)) - 273.15;
}

// Advances front and peak over a part of a step in which T goes linearly from T_from to T_to.
struct AdvanceKinetics {
    const std::uint8_t* material;
    const KineticsLaw* laws;
    const double *T_from, *T_to;
    double from, to;              // the part, as shares of the step
    double dt, log_half, log_dt;  // [s] of the part; logarithms of half of it and of it
    const double* field;          // |E| [V/m]; null: none
    double *front, *peak;
    JT_HD void operator()(Cell c) const {
        const KineticsLaw& law = laws[material[c.n] & ~kPinned];
        if (law.attempt == 0.0) return;
        const double start = T_from[c.n], rise = T_to[c.n] - start;
        const double first = start + from * rise, width = (to - from) * rise;
        double term = 0.0;
        if (field) {
            const double strength = 1e-3 * field[c.n];
            term = law.field_gain * (strength < 10.0 ? strength : 10.0);
        }
        double e = front[c.n], exponent = 0.0;
        const double open = 1.0 - peak[c.n];
        if (width < 0.25 && width > -0.25) {
            const double T = first + 0.5 * width;
            e = front_after(e, T, law.log_attempt + log_dt, term);
            exponent = dt * law.peak_rate * exp(-law.peak_energy / (kGasConstant * T));
        } else {
            const double gauss = 0.21132486540518711775;  // (1 - 1/sqrt 3) / 2
            const double T1 = first + gauss * width, T2 = first + (1.0 - gauss) * width;
            e = front_after(e, T1, law.log_attempt + log_half, term);
            e = front_after(e, T2, law.log_attempt + log_half, term);
            exponent = 0.5 * dt * law.peak_rate *
                       (exp(-law.peak_energy / (kGasConstant * T1)) + exp(-law.peak_energy / (kGasConstant * T2)));
        }
        front[c.n] = e;
        peak[c.n] = exponent < 1e-17 ? peak[c.n] : 1.0 - open * exp(-exponent);
    }
};

// Advances the orientation of platelets over a step in which T goes linearly, at the temperature of its middle.
struct AdvanceOrientation {
    const std::uint8_t* material;
    const KineticsLaw* laws;
    const double *T_from, *T_to;
    double dt;
    const double* field;  // |E| [V/m]; null: none
    double* order;        // S
    JT_HD void operator()(Cell c) const {
        const KineticsLaw& law = laws[material[c.n] & ~kPinned];
        if (law.attempt == 0.0) return;
        const double T = 0.5 * (T_from[c.n] + T_to[c.n]), E = field ? field[c.n] : 0.0;
        const double aim = equilibrium_order(law.platelet_gain * E * E / T);
        order[c.n] = relaxed_order(order[c.n], aim, orientation_rate(OrientationRelaxation{}, T), dt);
    }
};

// What follows from the front: the factor of heat capacity (conversion, and the mass that is left, times that of the cell's
// sheet), and the heat that the release of volatiles since the last call takes up [J in the cell], where that is asked for.
struct FormChar {
    const std::uint8_t* material;
    const KineticsLaw* laws;
    const double* front;
    const std::uint8_t* sheet;  // null: none
    const double* mass_factor;  // by sheet
    double volume;
    double *factor, *released;  // released: mass share; in and out
    double* reaction;           // [J]; null: none
    JT_HD void operator()(Cell c) const {
        const KineticsLaw& law = laws[material[c.n] & ~kPinned];
        const double mass = sheet ? mass_factor[sheet[c.n]] : 1.0;
        if (law.attempt == 0.0) {
            factor[c.n] = mass;
            return;
        }
        const double Th = Th_celsius(front[c.n], law.log_attempt), w = law.volatiles * released_share(Th);
        if (released) {
            // reversed never: the front only rises
            if (reaction) reaction[c.n] = -law.density * mass * volume * (w - released[c.n]) * law.volatile_heat;
            released[c.n] = w;
        }
        factor[c.n] = mass * (1.0 + law.conversion * unconverted(Th)) * (1.0 - w);
    }
};

// The front of a char that has been held for 30 s at the temperature it has, where that is further than where it is.
struct HoldFront {
    const std::uint8_t* material;
    const KineticsLaw* laws;
    const double* T;
    double* front;
    JT_HD void operator()(Cell c) const {
        const KineticsLaw& law = laws[material[c.n] & ~kPinned];
        if (law.attempt == 0.0) return;
        const double held = kGasConstant * T[c.n] * (law.log_attempt + kLogHoldOfTh);
        if (held > front[c.n]) front[c.n] = held;
    }
};

// |E| = |J| / sigma from (|J| at 1 V)^2 in place, at a voltage.
struct FieldStrength {
    const double* sigma;
    double voltage;
    double* field;
    JT_HD void operator()(Cell c) const {
        const double s = sigma[c.n];
        field[c.n] = s > 0.0 ? sqrt(field[c.n]) * voltage / s : 0.0;
    }
};

}  // namespace JT_NS
}  // namespace jt
