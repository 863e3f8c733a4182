// SPDX-License-Identifier: Apache-2.0
// Law: one property as a function of temperature, with unit, valid range and source, as a material file states it.
// Trivially copyable form for the kernels: kernels/material_law.hpp (made from this one by compile_law in law.cpp).
#pragma once
#include <array>
#include <string>
#include <vector>

namespace jt {

struct Law {
    enum class Kind {
        constant,     // c0
        linear,       // c0 * (1 + c1 * (T - c2))
        polynomial,   // sum c_i T^i
        powers,       // sum c_i T^p_i (exponents may be negative)
        exponential,  // c0 * exp(c1 * (T - c2))
        inverse,      // 1 / (polynomial): a resistivity polynomial gives a conductivity
        table,        // linear between (T, value), held outside
        arrhenius,    // c0 * exp(-c1 * (1/T - 1/c2)), c1 [K] the activation energy over kB, c2 [K] the reference
        zbs,          // conductivity of a packed bed, Zehner-Bauer-Schluender: see zbs_conductivity
        char_bed,     // conductivity of a char bed by T and Th: c0 bed factor, c1 y0, c2 y1, c3 Thm [degC], c4 w [K], c5 Ea at
                      // full treatment [eV], c6 Ea added without treatment [eV]: kernels/material_law.hpp
    };
    Kind kind = Kind::constant;
    std::vector<double> coefficients;          // SI
    std::vector<double> exponents;             // powers only
    std::vector<double> table_T, table_value;  // table only; T strictly increasing [K]
    double valid_min = 0.0, valid_max = 1e9;   // [K]; outside it T is clipped and the cell is counted
    std::string unit, source;                  // as written; values here are SI
    std::string option;                        // zbs: the gas; char_bed: the set
    double Th_C = 745.0;                       // char_bed: the treatment that at() is for [degC]

    // Value at T [K], T clipped to the valid range.
    double at(double T) const;
    bool in_range(double T) const { return T >= valid_min && T <= valid_max; }
    static Law make_constant(double value);
};

// The law whose value is `factor` (> 0) times that of `law` at every temperature.
Law scaled(const Law& law, double factor);

// k_eff of a packed bed [W/(m K)] at T [K] by Zehner, Bauer and Schluender (VDI Heat Atlas; Tsotsas and Martin): particles in
// contact in a stagnant gas, with radiation between them. c0 .. c2: k of the particle c0 (1 + c1 (T - c2)); c3 porosity between
// particles, c4 particle size [m], c5 emissivity, c6 share of flattened contact, c7 (if there is one) a
// factor on the whole. gas: "argon" or "nitrogen" (handbook fits,
// within 4 % to 2000 K and 3 % to 1300 K).
double zbs_conductivity(const std::vector<double>& c, const std::string& gas, double T);

}  // namespace jt
