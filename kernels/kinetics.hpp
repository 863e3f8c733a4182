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

struct CharOrder {
    double front, peak;  // [J/mol]; share of the first peak
};

// Part of a step: where it lies, as shares of the step; its length [s], logarithms of half of it.
struct StepPart {
    double from, to, dt, log_half;
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

// Front and peak after a part of a step in which T goes linearly from `start` by `rise`; strength: |E| [kV/m]. Without a
// branch.
JT_HD CharOrder ordered(const KineticsLaw& law, const StepPart& part, double start, double rise, double strength,
                        CharOrder is) {
    const double gauss = 0.21132486540518711775;  // (1 - 1/sqrt 3) / 2
    const double first = start + part.from * rise, width = (part.to - part.from) * rise;
    const double T1 = first + gauss * width, T2 = first + (1.0 - gauss) * width;
    const double log_span = law.log_attempt + part.log_half, term = law.field_gain * (strength < 10.0 ? strength : 10.0);
    const double front = front_after(front_after(is.front, T1, log_span, term), T2, log_span, term);
    const double exponent =
        0.5 * part.dt * law.peak_rate *
        (exponential(-law.peak_energy / (kGasConstant * T1)) + exponential(-law.peak_energy / (kGasConstant * T2)));
    const double peak = 1.0 - (1.0 - is.peak) * exponential(-exponent);
    return {front, exponent < 1e-17 ? is.peak : peak};
}

// Advances front and peak over a part of a step.
struct AdvanceKinetics {
    const std::uint8_t* material;
    const KineticsLaw* laws;
    const double *T_from, *T_to;
    StepPart part;
    const double* field;  // |E| [V/m]; null: none
    double *front, *peak;
    JT_HD void operator()(Cell c) const {
        const KineticsLaw& law = laws[material[c.n] & ~kPinned];
        if (law.attempt == 0.0) return;
        const double start = T_from[c.n], strength = field ? 1e-3 * field[c.n] : 0.0;
        const CharOrder now = ordered(law, part, start, T_to[c.n] - start, strength, {front[c.n], peak[c.n]});
        front[c.n] = now.front, peak[c.n] = now.peak;
    }
};

// The same of the only char there is, told by its front: above 0, and 0 elsewhere. No branch, and nothing narrower than a
// double: rows of 16 cells are still vectorised.
struct AdvanceOnlyChar {
    KineticsLaw law;
    const double *T_from, *T_to;
    StepPart part;
    double *front, *peak;
    JT_HD void operator()(Cell c) const {
        const double start = T_from[c.n], was = front[c.n], before = peak[c.n];
        const CharOrder now = ordered(law, part, start, T_to[c.n] - start, 0.0, {was, before});
        front[c.n] = was > 0.0 ? now.front : was;
        peak[c.n] = was > 0.0 ? now.peak : before;
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
