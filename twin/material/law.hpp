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
    };
    Kind kind = Kind::constant;
    std::vector<double> coefficients;          // SI
    std::vector<double> exponents;             // powers only
    std::vector<double> table_T, table_value;  // table only; T strictly increasing [K]
    double valid_min = 0.0, valid_max = 1e9;   // [K]; outside it T is clipped and the cell is counted
    std::string unit, source;                  // as written; values here are SI

    // Value at T [K], T clipped to the valid range.
    double at(double T) const;
    bool in_range(double T) const { return T >= valid_min && T <= valid_max; }
    static Law make_constant(double value);
};

}  // namespace jt
