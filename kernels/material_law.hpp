// SPDX-License-Identifier: Apache-2.0
// PropertyLaw: a material law in the form the kernels evaluate, one per material and axis. Made by twin/material from a Law.
#pragma once
#include <cmath>
#include <cstdint>

#include "kernels/elementary.hpp"
#include "kernels/grid.hpp"

namespace jt {

inline constexpr double kGasConstant = 8.314462618;  // [J/(mol K)], CODATA 2018

enum class LawKind : int {
    zero,
    constant,
    linear,
    polynomial,
    powers,
    exponential,
    inverse,
    table,
    arrhenius,
    uniform,
    char_bed
};

inline constexpr int kLawCoefficients = 8;
// Marks a cell of an island that no terminal feeds: it conducts nothing. The lower bits are the material.
inline constexpr std::uint8_t kPinned = 0x80;

inline constexpr double kCharLeast = 650.0, kCharMost = 1350.0;  // Th of the fit of a char's conductivity [degC]

struct PropertyLaw {
    LawKind kind = LawKind::zero;
    int count = 0;                            // coefficients, or table points
    double c[kLawCoefficients] = {};          // coefficients [SI]
    double p[kLawCoefficients] = {};          // exponents of `powers`
    int table = 0;                            // first point in the shared table arrays
    double valid_min = 0.0, valid_max = 1e9;  // [K]
    double scale = 1.0;                       // on the value
};

// The ordering of the char in the middle of a step: the front at its start, and what it does from there until now.
struct CharView {
    const double* front = nullptr;   // [J/mol]; null: there is no char
    const double* T_from = nullptr;  // temperature then; null: front is of now
    double log_span = 0.0;           // ln of the time since then [s]
};

namespace JT_NS {

// The front of the char's ordering (kernels/kinetics.hpp) [J/mol] after dt at T; log_span = ln(A dt).
JT_HD double front_after(double front, double T, double log_span, double field_term) {
    const double rt = kGasConstant * T, a = front / rt, b = log_span + field_term / rt, x = a - b;
    const double more = rt * log_one_plus(exponential(x < 0.0 ? x : -x));
    return x > 0.0 ? front + more : rt * b + more;
}

JT_HD double law_polynomial(const PropertyLaw& law, double T) {
    double value = 0.0;
    for (int q = law.count - 1; q >= 0; --q) value = value * T + law.c[q];
    return value;
}

// Value of the law at T [K]; T outside the valid range is clipped.
JT_HD double evaluate(const PropertyLaw& law, const double* table_T, const double* table_value, double T) {
    T = T < law.valid_min ? law.valid_min : T > law.valid_max ? law.valid_max : T;
    switch (law.kind) {
        case LawKind::zero:
            return 0.0;
        case LawKind::constant:
            return law.c[0];
        case LawKind::linear:
            return law.c[0] * (1.0 + law.c[1] * (T - law.c[2]));
        case LawKind::polynomial:
            return law_polynomial(law, T);
        case LawKind::powers: {
            double value = 0.0;
            for (int q = 0; q < law.count; ++q) value += law.c[q] * pow(T, law.p[q]);
            return value;
        }
        case LawKind::exponential:
            return law.c[0] * exp(law.c[1] * (T - law.c[2]));
        case LawKind::inverse:
            return 1.0 / law_polynomial(law, T);
        case LawKind::arrhenius:
            return law.c[0] * exp(-law.c[1] * (1.0 / T - 1.0 / law.c[2]));
        case LawKind::table: {
            const double *t = table_T + law.table, *v = table_value + law.table;
            const int last = law.count - 1;
            if (T <= t[0]) return v[0];
            if (T >= t[last]) return v[last];
            int q = 0;
            while (T >= t[q + 1]) ++q;
            return v[q] + (v[q + 1] - v[q]) * (T - t[q]) / (t[q + 1] - t[q]);
        }
        case LawKind::uniform: {  // values at c0 + n c1
            const double* v = table_value + law.table;
            const double place = (T - law.c[0]) / law.c[1];
            int q = int(place);
            q = q < 0 ? 0 : q > law.count - 2 ? law.count - 2 : q;
            return v[q] + (v[q + 1] - v[q]) * (place - q);
        }
        case LawKind::char_bed:
            break;  // needs the ordering too: char_conductivity
    }
    return 0.0;
}

// Conductivity of a char bed at T [K] and Th [degC]: f_b 10^y exp(-Ea/kB (1/T - 1/300 K)), y = y0 + (y1 - y0) L,
// L = 1/(1 + exp(-(Th - Thm)/w)), Ea = Ea1 + dEa (1 - L). Coefficients: ln f_b + y0 ln 10, (y1 - y0) ln 10, Thm, 1/w, Ea1/kB,
// dEa/kB, then 1/(R ln 30 A) and ln A of the kinetics. Th is held at 650 .. 1350 degC, the value in 1e-6 .. 1e6 S/m.
JT_HD double char_conductivity(const PropertyLaw& law, double T, double Th) {
    Th = Th < kCharLeast ? kCharLeast : Th > kCharMost ? kCharMost : Th;
    T = T < law.valid_min ? law.valid_min : T > law.valid_max ? law.valid_max : T;
    const double share = 1.0 / (1.0 + exponential((law.c[2] - Th) * law.c[3]));
    const double value =
        exponential(law.c[0] + law.c[1] * share - (law.c[4] + law.c[5] * (1.0 - share)) * (1.0 / T - 1.0 / 300.0));
    return value < 1e-6 ? 1e-6 : value > 1e6 ? 1e6 : value;
}

// The same by the front [J/mol], negative where temperature or ordering lie outside the law's range.
JT_HD double marked_char_conductivity(const PropertyLaw& law, double T, double front) {
    const double Th = front * law.c[6] - 273.15, value = char_conductivity(law, T, Th);
    const bool outside = (T < law.valid_min) | (T > law.valid_max) | (Th < kCharLeast) | (Th > kCharMost);
    return outside ? -value : value;
}

// What a char's law is evaluated from.
enum class CharState { uniform, at_rest, in_step };  // one temperature; T and the front of now; T, and the front of before

// out = conductivity of a char in every cell, negative where temperature or ordering lie outside its law's range;
// EvaluateProperty takes it from there where the cell is of that char. No branch, and nothing narrower than a double: rows of
// 16 cells are still vectorised.
template <CharState kState>
struct EvaluateChar {
    PropertyLaw law;
    const double* T;
    double uniform_T;
    CharView state;
    double* out;
    JT_HD void operator()(Cell c) const {
        double temperature = uniform_T, front = state.front[c.n];
        if constexpr (kState != CharState::uniform) temperature = T[c.n];
        if constexpr (kState == CharState::in_step)
            front = front_after(front, 0.5 * (state.T_from[c.n] + temperature), law.c[7] + state.log_span, 0.0);
        out[c.n] = marked_char_conductivity(law, temperature, front);
    }
};

// out = law of the cell's material at its temperature, times the defect factor and the sheet factor of this axis. Returns the
// number of cells outside their law's range.
struct EvaluateProperty {
    const std::uint8_t* material;
    const PropertyLaw* laws;  // by material, for one axis
    const double *table_T, *table_value;
    const double* T;  // null: uniform_T
    double uniform_T;
    const float* factor;        // null: 1
    const std::uint8_t* sheet;  // null: none
    const double* sheet_factor;
    CharView char_state;
    const double* made;  // by EvaluateChar, may be `out`; null: the char is evaluated here
    double* out;
    JT_HD double operator()(Cell c) const {
        const std::uint8_t index = material[c.n];
        const double temperature = T ? T[c.n] : uniform_T;
        const PropertyLaw& law = laws[index & ~kPinned];
        double value = 0.0, outside = temperature < law.valid_min || temperature > law.valid_max ? 1.0 : 0.0;
        if (law.kind == LawKind::char_bed) {
            if (made) {
                value = made[c.n];
            } else {
                double front = char_state.front[c.n];
                if (char_state.T_from)
                    front =
                        front_after(front, 0.5 * (char_state.T_from[c.n] + temperature), law.c[7] + char_state.log_span, 0.0);
                value = marked_char_conductivity(law, temperature, front);
            }
            outside = value < 0.0 ? 1.0 : 0.0;
            value = index & kPinned ? 0.0 : value < 0.0 ? -value : value;
        } else if (!(index & kPinned)) {
            value = law.scale * evaluate(law, table_T, table_value, temperature);
        }
        if (factor) value *= double(factor[c.n]);
        if (sheet) value *= sheet_factor[sheet[c.n]];
        out[c.n] = value;
        return outside;
    }
};

}  // namespace JT_NS
}  // namespace jt
