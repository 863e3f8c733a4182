// SPDX-License-Identifier: Apache-2.0
#include "twin/material/law.hpp"

#include <algorithm>
#include <cmath>

namespace jt {
namespace {

// c0 + c1 T + c2 T^2 ...
double polynomial(const std::vector<double>& c, double T) {
    double value = 0.0;
    for (std::size_t q = c.size(); q-- > 0;) value = value * T + c[q];
    return value;
}

}  // namespace

double Law::at(double T) const {
    T = std::clamp(T, valid_min, valid_max);
    const auto& c = coefficients;
    switch (kind) {
        case Kind::constant:
            return c[0];
        case Kind::linear:
            return c[0] * (1.0 + c[1] * (T - c[2]));
        case Kind::polynomial:
            return polynomial(c, T);
        case Kind::powers: {
            double value = 0.0;
            for (std::size_t q = 0; q < c.size(); ++q) value += c[q] * std::pow(T, exponents[q]);
            return value;
        }
        case Kind::exponential:
            return c[0] * std::exp(c[1] * (T - c[2]));
        case Kind::inverse:
            return 1.0 / polynomial(c, T);
        case Kind::arrhenius:
            return c[0] * std::exp(-c[1] * (1.0 / T - 1.0 / c[2]));
        case Kind::table: {
            const auto upper = std::upper_bound(table_T.begin(), table_T.end(), T);
            if (upper == table_T.begin()) return table_value.front();
            if (upper == table_T.end()) return table_value.back();
            const auto q = static_cast<std::size_t>(upper - table_T.begin());
            return table_value[q - 1] +
                   (table_value[q] - table_value[q - 1]) * (T - table_T[q - 1]) / (table_T[q] - table_T[q - 1]);
        }
    }
    return 0.0;
}

Law Law::make_constant(double value) {
    Law law;
    law.coefficients = {value};
    return law;
}

}  // namespace jt
