// SPDX-License-Identifier: Apache-2.0
// PropertyLaw: a material law in the form the kernels evaluate, one per material and axis. Made by twin/material from a Law.
#pragma once
#include <cmath>
#include <cstdint>

#include "kernels/grid.hpp"

namespace jt {

enum class LawKind : int { zero, constant, linear, polynomial, powers, exponential, inverse, table, arrhenius };

inline constexpr int kLawCoefficients = 8;
// Marks a cell of an island that no terminal feeds: it conducts nothing. The lower bits are the material.
inline constexpr std::uint8_t kPinned = 0x80;

struct PropertyLaw {
    LawKind kind = LawKind::zero;
    int count = 0;                            // coefficients, or table points
    double c[kLawCoefficients] = {};          // coefficients [SI]
    double p[kLawCoefficients] = {};          // exponents of `powers`
    int table = 0;                            // first point in the shared table arrays
    double valid_min = 0.0, valid_max = 1e9;  // [K]
};

namespace JT_NS {

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
    }
    return 0.0;
}

// out = law of the cell's material at its temperature, times the defect factor and the sheet factor of this axis.
// Returns the number of cells whose temperature lies outside their law's range.
struct EvaluateProperty {
    const std::uint8_t* material;
    const PropertyLaw* laws;  // by material, for one axis
    const double *table_T, *table_value;
    const double* T;  // null: uniform_T
    double uniform_T;
    const float* factor;        // null: 1
    const std::uint8_t* sheet;  // null: none
    const double* sheet_factor;
    double* out;
    JT_HD double operator()(Cell c) const {
        const std::uint8_t index = material[c.n];
        const double temperature = T ? T[c.n] : uniform_T;
        const PropertyLaw& law = laws[index & ~kPinned];
        double value = index & kPinned ? 0.0 : evaluate(law, table_T, table_value, temperature);
        if (factor) value *= double(factor[c.n]);
        if (sheet) value *= sheet_factor[sheet[c.n]];
        out[c.n] = value;
        return temperature < law.valid_min || temperature > law.valid_max ? 1.0 : 0.0;
    }
};

}  // namespace JT_NS
}  // namespace jt
