// SPDX-License-Identifier: Apache-2.0
// Colour maps: value -> colour. A map is linear in sRGB between equidistant stops. A range places values on it; a value outside
// the range gets the end colour and a flag, so that pictures can mark it. NaN is no datum: there is nothing to colour.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "twin/quantity/quantity.hpp"
#include "viz/figure/theme.hpp"

namespace jt {

std::span<const Colour> colour_stops(ColourMapId);
Colour colour_at(ColourMapId, double position);  // position 0 .. 1, clamped

struct Range {
    Scale scale = Scale::linear;
    double low = 0.0, high = 1.0;

    // 0 at low, 1 at high, beyond them outside the range. -infinity for a value <= 0 on a logarithmic scale.
    double position(double value) const;
    double value(double position) const;  // the inverse
};
// Checks that low < high, both finite, both > 0 where the scale is logarithmic. Throws InputError.
Range make_range(Scale scale, double low, double high);
inline Range symmetric_range(double centre, double half_width) {
    return make_range(Scale::linear, centre - half_width, centre + half_width);
}

// The range in which a field of a quantity is shown. A quantity with a default range keeps it as long as it holds 99 % of the
// values from below; a log2 default widens by whole factors of two on both sides until it does. Other ranges are those of the
// data (1st to 99th percentile on a logarithmic scale). A uniform or empty field gets a range around its value.
Range range_of(const Quantity& quantity, std::span<const float> values);

enum class Datum { none, below, inside, above };

struct Shade {
    Colour colour;
    Datum datum = Datum::none;
};

struct ColourScale {
    ColourMapId map = ColourMapId::viridis;
    Range range;
    Shade operator()(double value) const;
};

// Places and labels of about five round ticks inside a range, ascending. log2: powers of two (1/4, 1/2, 1 ...); log10: decades,
// or 1-2-5 when there are few; linear: steps of 1, 2 or 5 times a power of ten.
struct Tick {
    double value, position;
    std::string label;
};
std::vector<Tick> round_ticks(const Range& range, int about = 5);

}  // namespace jt
