// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/colour_vision.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace jt {

namespace {

using Matrix = std::array<std::array<double, 3>, 3>;

constexpr Matrix kProtan{{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeutan{{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kTritan{{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}};

double linear(std::uint8_t v) {
    static const auto table = [] {
        std::array<double, 256> t{};
        for (std::size_t n = 0; n < t.size(); ++n) {
            const double s = double(n) / 255.0;
            t[n] = s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
        }
        return t;
    }();
    return table[v];
}

std::uint8_t encoded(double v) {
    v = std::clamp(v, 0.0, 1.0);
    const double s = v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1.0 / 2.4) - 0.055;
    return std::uint8_t(std::lround(s * 255.0));
}

}  // namespace

Colour seen_with(ColourVision vision, Colour c) {
    if (vision == ColourVision::normal) return c;
    const Matrix& m = vision == ColourVision::protan ? kProtan : vision == ColourVision::deutan ? kDeutan : kTritan;
    const double r = linear(c.r), g = linear(c.g), b = linear(c.b);
    const auto row = [&](std::size_t n) { return encoded(m[n][0] * r + m[n][1] * g + m[n][2] * b); };
    return {row(0), row(1), row(2), c.a};
}

void apply_vision(ColourVision vision, Image& image) {
    if (vision == ColourVision::normal) return;
    Colour before{}, seen = seen_with(vision, before);  // neighbours are mostly alike
    for (Colour& pixel : image.pixels) {
        if (!(pixel == before)) before = pixel, seen = seen_with(vision, pixel);
        pixel = seen;
    }
}

}  // namespace jt
