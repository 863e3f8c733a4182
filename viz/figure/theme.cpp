// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/theme.hpp"

#include <algorithm>
#include <cmath>

namespace jt {

const Theme& grey_theme() {
    static const Theme theme{.background = hex(0xD3D6D9),
                             .panel = hex(0xE4E6E8),
                             .inset = hex(0xC3C7CB),
                             .border = hex(0xA9AFB5),
                             .text = hex(0x1C2126),
                             .muted = hex(0x4A525A),
                             .backdrop = hex(0x2B3036),
                             .backdrop_edge = hex(0x8A949D),
                             .backdrop_text = hex(0xE6E9EB),
                             .backdrop_muted = hex(0xA7B0B8),
                             .selection = hex(0x2F5D8A),
                             .set_point = hex(0x6B7680),
                             .future = hex(0xDADDE0),
                             .urgent = hex(0xB3261E),
                             .invalid = hex(0x5E35B1),
                             .normal = hex(0xB4C4D4),
                             .urgent_text = hex(0xFFFFFF),
                             .high = hex(0xE8A200),
                             .high_text = hex(0x1C2126),
                             .low = hex(0xF2D64B),
                             .low_text = hex(0x1C2126)};
    return theme;
}

const Theme& dark_theme() {
    static const Theme theme{.background = hex(0x1B1F23),
                             .panel = hex(0x22272B),
                             .inset = hex(0x363C42),
                             .border = hex(0x454C53),
                             .text = hex(0xE6E9EB),
                             .muted = hex(0xA7B0B8),
                             .backdrop = hex(0x14171A),
                             .backdrop_edge = hex(0x8A949D),
                             .backdrop_text = hex(0xE6E9EB),
                             .backdrop_muted = hex(0xA7B0B8),
                             .selection = hex(0x7FB0DE),
                             .set_point = hex(0x8A949D),
                             .future = hex(0x262C31),
                             .urgent = hex(0xFF6B5E),
                             .invalid = hex(0xB39DDB),
                             .normal = hex(0x424F5C),
                             .urgent_text = hex(0x1C2126),
                             .high = hex(0xFFB81C),
                             .high_text = hex(0x1C2126),
                             .low = hex(0xF2D64B),
                             .low_text = hex(0x1C2126)};
    return theme;
}

const Theme& paper_theme() {
    static const Theme theme = [] {
        Theme paper = grey_theme();
        paper.background = paper.panel = hex(0xFFFFFF);
        paper.inset = hex(0xDCDFE2);
        paper.border = hex(0xC3C7CB);
        paper.future = hex(0xF1F2F4);
        return paper;
    }();
    return theme;
}

double contrast(Colour a, Colour b) {
    const auto linear = [](std::uint8_t channel) {
        const double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    const auto luminance = [&](Colour c) { return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b); };
    const double one = luminance(a), two = luminance(b);
    return (std::max(one, two) + 0.05) / (std::min(one, two) + 0.05);
}

}  // namespace jt
