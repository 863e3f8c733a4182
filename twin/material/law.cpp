// SPDX-License-Identifier: Apache-2.0
#include "twin/material/law.hpp"

#include <algorithm>
#include <cmath>

#include "twin/material/material.hpp"

namespace jt {
namespace {

// c0 + c1 T + c2 T^2 ...
double polynomial(const std::vector<double>& c, double T) {
    double value = 0.0;
    for (std::size_t q = c.size(); q-- > 0;) value = value * T + c[q];
    return value;
}

// f_b 10^y exp(-Ea/kB (1/T - 1/300 K)), as in kernels/material_law.hpp.
double char_bed(const std::vector<double>& c, double Th, double T) {
    const double share = 1.0 / (1.0 + std::exp(-(Th - c[3]) / c[4]));
    const double y = c[1] + (c[2] - c[1]) * share, Ea = (c[5] + c[6] * (1.0 - share)) * kElectronVoltOverBoltzmann;
    return std::clamp(c[0] * std::pow(10.0, y) * std::exp(-Ea * (1.0 / T - 1.0 / 300.0)), 1e-6, 1e6);
}

}  // namespace

double zbs_conductivity(const std::vector<double>& c, const std::string& gas, double T) {
    const double kf = gas == "nitrogen" ? 0.0259 * std::pow(T / 300.0, 0.76) : 0.01772 * std::pow(T / 300.0, 0.715);
    const double kp = c[0] * (1.0 + c[1] * (T - c[2])), p = c[3];
    const double B = 1.25 * std::pow((1.0 - p) / p, 10.0 / 9.0), root = std::sqrt(1.0 - p);
    const double kr = 4.0 * 5.670374419e-8 * T * T * T * c[4] / ((2.0 / c[5] - 1.0) * kf);
    const double K = kp / kf, N = 1.0 + (kr - B) / K;
    const double kc =
        2.0 / N *
        (B * (K + kr - 1.0) / (N * N * K) * std::log((K + kr) / B) + (B + 1.0) * (kr - B) / (2.0 * B) - (B - 1.0) / N);
    return (c.size() > 7 ? c[7] : 1.0) * kf * ((1.0 - root) * (1.0 + p * kr) + root * (c[6] * K + (1.0 - c[6]) * kc));
}

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
        case Kind::zbs:
            return zbs_conductivity(c, option, T);
        case Kind::char_bed:
            return char_bed(c, Th_C, T);
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

Law scaled(const Law& law, double factor) {
    Law out = law;
    auto& c = out.coefficients;
    switch (law.kind) {
        case Law::Kind::constant:
        case Law::Kind::linear:
        case Law::Kind::exponential:
        case Law::Kind::arrhenius:
        case Law::Kind::char_bed:
            c[0] *= factor;
            break;
        case Law::Kind::polynomial:
        case Law::Kind::powers:
            for (double& one : c) one *= factor;
            break;
        case Law::Kind::inverse:
            for (double& one : c) one /= factor;
            break;
        case Law::Kind::table:
            for (double& one : out.table_value) one *= factor;
            break;
        case Law::Kind::zbs:
            c.resize(8, 1.0);
            c[7] *= factor;
            break;
    }
    return out;
}

Law Law::make_constant(double value) {
    Law law;
    law.coefficients = {value};
    return law;
}

}  // namespace jt
