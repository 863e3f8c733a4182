// SPDX-License-Identifier: Apache-2.0
// Observables of the product as functions of the ordering coordinate, cell by cell. Fitted to the anchors of Huang et al., Adv.
// Mater. 2025, doi 10.1002/adma.202507521; Th in degC. Logistic: L(Th; lo, hi, m, w) = lo + (hi - lo)/(1 + exp((Th - m)/w)),
// asymptotes fixed beforehand, m and w from two anchors.
#pragma once
#include "kernels/kinetics.hpp"

namespace jt {

enum class Observable : int {
    mass,  // 1
    Th,    // [K]
    id_ig,
    d002,       // XRD [nm]
    fringe,     // [nm]
    La,         // [nm]
    Lc,         // [nm]
    plateau,    // [mAh/g]
    slope,      // [mAh/g]
    capacity,   // plateau + slope
    ice,        // [%]
    hrtem,      // [nm]
    peak,       // extent g of the change of G(r), 0 .. 1
    peak_G1,    // height of its first peak
    peak_r1,    // place of it [A]
    released,   // mass share of volatiles that has left
    alignment,  // |2S| of the platelets, 0 .. 1
};

// Irreversible capacity of the first cycle [mAh/g]: 26.72 (JH-1000) and 26.32 (TF-1000) follow from the paper's numbers.
inline constexpr double kIrreversible = 26.52;
// HRTEM reads more than XRD by this [nm]: one offset for JH-1000-30 and TF-1000.
inline constexpr double kHrtemOffset = 0.0097;
// The fits hold from the char as carbonised (Th 744.6 degC) to 1350 degC.
inline constexpr double kCalibratedFrom = 744.0, kCalibratedTo = 1350.0;  // Th [degC]

namespace JT_NS {

JT_HD double logistic(double Th, double low, double high, double middle, double width) {
    return low + (high - low) / (1.0 + exp((Th - middle) / width));
}

JT_HD double d002_spacing(double Th) {
    return logistic(Th, 0.345, 0.395, 1111.5, 182.1);
}

JT_HD double plateau_capacity(double Th) {
    const double d = (Th - 1001.45) / (Th > 1001.45 ? 328.1 : 120.0);
    return 210.36 * exp(-0.5 * d * d);
}

JT_HD double slope_capacity(double Th) {
    return 96.47 * exp(-(Th - 1001.45) / 3988.0);
}

JT_HD double observable(Observable which, double Th, double g, double w, double S) {
    switch (which) {
        case Observable::mass:
            return 1.0;
        case Observable::Th:
            return Th + 273.15;
        case Observable::id_ig:
            return logistic(Th, 0.50, 1.60, 1100.6, 135.0);
        case Observable::d002:
            return d002_spacing(Th);
        case Observable::hrtem:
            return d002_spacing(Th) + kHrtemOffset;
        case Observable::fringe: {
            const double length = 0.62 + 1.249e-4 * (Th - 901.6);
            return length < 0.60 ? 0.60 : length > 0.70 ? 0.70 : length;
        }
        case Observable::La:
            return 2.5 + 1.5 * (Th - 900.0) / 400.0;
        case Observable::Lc:
            return 1.0 + 0.5 * (Th - 900.0) / 400.0;
        case Observable::plateau:
            return plateau_capacity(Th);
        case Observable::slope:
            return slope_capacity(Th);
        case Observable::capacity:
            return plateau_capacity(Th) + slope_capacity(Th);
        case Observable::ice: {
            const double reversible = plateau_capacity(Th) + slope_capacity(Th);
            return 100.0 * reversible / (reversible + kIrreversible);
        }
        case Observable::peak:
            return g;
        case Observable::peak_G1:
            return 3.24 + 2.76 * g;
        case Observable::peak_r1:
            return 1.5556 - 0.1656 * g;
        case Observable::released:
            return w;
        case Observable::alignment:
            return S < 0.0 ? -2.0 * S : 2.0 * S;
    }
    return 0.0;
}

// Sum of mass times observable over the product [kg ...]; the values themselves to `out` where it is given, NaN elsewhere.
struct EvaluateObservable {
    Observable which;
    const std::uint8_t* material;
    const KineticsLaw* laws;
    const double *front, *peak;
    const double* released;     // null: none
    const double* order;        // null: none
    const std::uint8_t* sheet;  // null: none
    const double* mass_factor;
    double volume;
    double* out;  // null: sum only
    JT_HD double operator()(Cell c) const {
        const KineticsLaw& law = laws[material[c.n] & ~kPinned];
        const bool counts = law.attempt > 0.0 && law.product != 0;
        const double w = released ? released[c.n] : 0.0;
        const double value =
            counts ? observable(which, Th_celsius(front[c.n], law.log_attempt), peak[c.n], w, order ? order[c.n] : 0.0) : 0.0;
        if (out) out[c.n] = counts ? value : NAN;
        double mass = law.density * volume * (which == Observable::released ? 1.0 : 1.0 - w);
        if (sheet) mass *= mass_factor[sheet[c.n]];
        return counts ? mass * value : 0.0;
    }
};

// 1 for a cell of the product whose Th lies outside the range of the fits.
struct OutsideCalibration {
    const std::uint8_t* material;
    const KineticsLaw* laws;
    const double* front;
    JT_HD double operator()(Cell c) const {
        const KineticsLaw& law = laws[material[c.n] & ~kPinned];
        if (law.attempt == 0.0 || law.product == 0) return 0.0;
        const double Th = Th_celsius(front[c.n], law.log_attempt);
        return Th < kCalibratedFrom || Th > kCalibratedTo ? 1.0 : 0.0;
    }
};

}  // namespace JT_NS
}  // namespace jt
