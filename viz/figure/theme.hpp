// SPDX-License-Identifier: Apache-2.0
// Theme: the colours and type sizes of every picture and of the screen. Grey and quiet; colour is kept for the fields and for
// what needs attention.
#pragma once
#include <cstdint>

namespace jt {

struct Colour {
    std::uint8_t r = 0, g = 0, b = 0, a = 255;
    friend bool operator==(const Colour&, const Colour&) = default;
};

constexpr Colour hex(std::uint32_t rgb) {
    return {std::uint8_t(rgb >> 16), std::uint8_t(rgb >> 8), std::uint8_t(rgb)};
}
constexpr Colour with_alpha(Colour colour, double alpha) {
    colour.a = std::uint8_t(alpha * 255.0 + 0.5);
    return colour;
}

struct Theme {
    Colour background, panel, inset;  // window, panels, grooves
    Colour border;
    Colour text, muted;                                             // values, labels
    Colour backdrop, backdrop_edge, backdrop_text, backdrop_muted;  // behind 3-D views and slices
    Colour selection;                                               // forecasts, uncertainty, what is selected
    Colour set_point, future;                                       // dashed lines; background of charts right of "now"
    Colour urgent, invalid;                                         // a limit that is crossed; data that are stale
    Colour normal;                                                  // band of normal values on a bar
    Colour urgent_text, high, high_text, low, low_text;             // on and of the badges of alarms, by priority
};

const Theme& grey_theme();
const Theme& dark_theme();
const Theme& paper_theme();  // the grey one on white, for what is printed

// Type sizes [px at scale 1].
inline constexpr double kTitlePx = 28.0;  // also the secondary values
inline constexpr double kBodyPx = 18.0;
inline constexpr double kPanelTitlePx = 16.0;
inline constexpr double kLabelPx = 15.0;
inline constexpr double kSmallestPx = 14.0;

// Contrast ratio of WCAG 2: 1 (same) .. 21 (black on white). Alpha is ignored.
double contrast(Colour a, Colour b);

}  // namespace jt
