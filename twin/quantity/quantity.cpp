// SPDX-License-Identifier: Apache-2.0
#include "twin/quantity/quantity.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace jt {

namespace {

constexpr std::array<double, 2> kQuarterToFour{0.25, 4.0}, kPlusMinus25{-25.0, 25.0};

constexpr Quantity kQuantities[] = {
    {"material", "material", "", 3, Scale::linear, std::nullopt, ColourMapId::viridis},
    {"T_K", "temperature", "\u00b0C", 4, Scale::linear, std::nullopt, ColourMapId::inferno, -273.15},
    {"T_minus_mean_K", "T \u2212 T mean", "K", 2, Scale::linear, kPlusMinus25, ColourMapId::diverging},
    {"T_sd_K", "temperature, sd", "K", 2, Scale::linear, std::nullopt, ColourMapId::uncertainty},
    {"phi_V", "potential", "V", 4, Scale::linear, std::nullopt, ColourMapId::viridis},
    {"J_A_per_m2", "|J|", "A/m\u00b2", 3, Scale::log10, std::nullopt, ColourMapId::viridis},
    {"J_over_J0", "|J|/J\u2080", "", 3, Scale::log2, kQuarterToFour, ColourMapId::diverging},
    {"sigma_S_per_m", "conductivity", "S/m", 4, Scale::log10, std::nullopt, ColourMapId::viridis},
    {"q_W_per_m3", "Joule heat", "W/m\u00b3", 3, Scale::log10, std::nullopt, ColourMapId::viridis},
    {"Th_K", "Th, 30 s equivalent", "\u00b0C", 4, Scale::linear, std::nullopt, ColourMapId::viridis, -273.15},
    {"id_ig", "I_D/I_G", "", 3, Scale::linear, std::nullopt, ColourMapId::viridis, 0.0, 0.10},
    {"d002_nm", "d\u2080\u2080\u2082 (XRD)", "nm", 4, Scale::linear, std::nullopt, ColourMapId::viridis, 0.0, 0.003},
    {"d_hrtem_nm", "spacing (HRTEM)", "nm", 3, Scale::linear, std::nullopt, ColourMapId::viridis, 0.0, 0.005},
    {"fringe_nm", "fringe length", "nm", 3, Scale::linear, std::nullopt, ColourMapId::viridis, 0.0, 0.03},
    {"La_nm", "L_a", "nm", 2, Scale::linear, std::nullopt, ColourMapId::viridis, 0.0, 1.5},
    {"Lc_nm", "L_c", "nm", 2, Scale::linear, std::nullopt, ColourMapId::viridis, 0.0, 0.5},
    {"pdf_G1", "G(r), first peak", "", 3, Scale::linear, std::nullopt, ColourMapId::viridis, 0.0, 0.3},
    {"pdf_r1_A", "G(r), place of the peak", "\u00c5", 4, Scale::linear, std::nullopt, ColourMapId::viridis, 0.0, 0.02},
    {"plateau_mAh_g", "plateau capacity", "mAh/g", 3, Scale::linear, std::nullopt, ColourMapId::viridis, 0.0, 25.0},
    {"slope_mAh_g", "slope capacity", "mAh/g", 3, Scale::linear, std::nullopt, ColourMapId::viridis, 0.0, 10.0},
    {"capacity_mAh_g", "reversible capacity", "mAh/g", 3, Scale::linear, std::nullopt, ColourMapId::viridis, 0.0, 25.0},
    {"ice_percent", "first-cycle efficiency", "%", 4, Scale::linear, std::nullopt, ColourMapId::viridis, 0.0, 1.0},
    {"alignment", "alignment |2S|", "", 2, Scale::linear, std::nullopt, ColourMapId::viridis},
    {"released", "volatiles released", "", 3, Scale::linear, std::nullopt, ColourMapId::viridis},
};

}  // namespace

std::span<const Quantity> quantities() {
    return kQuantities;
}

const Quantity& quantity(std::string_view name) {
    for (const auto& entry : kQuantities)
        if (entry.name == name) return entry;
    std::string known;
    for (const auto& entry : kQuantities) known += (known.empty() ? "" : ", ") + std::string(entry.name);
    throw InputError("quantity \"" + std::string(name) + "\": unknown; there are " + known);
}

std::string superscript(int exponent) {
    static const char* const digits[] = {"\u2070", "\u00b9", "\u00b2", "\u00b3", "\u2074",
                                         "\u2075", "\u2076", "\u2077", "\u2078", "\u2079"};
    std::string text = exponent < 0 ? "\u207b" : "";
    for (const char digit : std::to_string(std::abs(exponent))) text += digits[digit - '0'];
    return text;
}

std::string format_number(double value, int digits) {
    if (!std::isfinite(value)) return "\u2014";
    digits = std::clamp(digits, 1, 17);
    if (value == 0.0) return "0";
    char mantissa[64];
    std::snprintf(mantissa, sizeof mantissa, "%.*e", digits - 1, std::abs(value));  // rounds before the exponent is read
    const std::string text = mantissa;
    const auto e = text.find('e');
    const int exponent = std::stoi(text.substr(e + 1));
    std::string shown;
    if (exponent < -3 || exponent > 4) {
        shown = text.substr(0, e) + "\u00d710" + superscript(exponent);
    } else {
        std::snprintf(mantissa, sizeof mantissa, "%.*f", std::max(0, digits - 1 - exponent), std::stod(text));
        shown = mantissa;
    }
    return (value < 0.0 ? "\u2212" : "") + shown;
}

}  // namespace jt
