// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/shown_fields.hpp"

#include <cctype>
#include <cmath>
#include <cstdio>

#include "twin/quantity/quantity.hpp"

namespace jt {

std::string label_of(const std::string& name) {
    for (const Quantity& q : quantities()) {
        if (q.name != name) continue;
        std::string label(q.label);
        const auto low = [&](std::size_t n) { return std::islower(static_cast<unsigned char>(label[n])) != 0; };
        if (label.size() > 2 && low(0) && low(1)) label[0] = char(std::toupper(static_cast<unsigned char>(label[0])));
        return label;
    }
    return name;
}

std::string seconds_text(double seconds) {
    if (!std::isfinite(seconds)) return "\u2014";
    char text[64];
    std::snprintf(text, sizeof text, std::abs(seconds) < 10.0 ? "%.2f s" : "%.1f s", seconds);
    return text;
}

}  // namespace jt
