// SPDX-License-Identifier: Apache-2.0
// Colour bar: title with unit, round ticks, the histogram of the field beside it, and caps with white diagonal ticks where
// values lie outside the range.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "viz/figure/bed_view.hpp"

namespace jt {

// Counts of a field along a range. bin n holds positions n / bins .. (n + 1) / bins.
struct Histogram {
    std::vector<std::int64_t> bins;
    std::int64_t below = 0, above = 0, none = 0;
    std::int64_t data() const;
};
Histogram histogram_of(std::span<const float> values, const Range& range, int bins);

struct ColourBarOptions {
    std::string id = "colour_bar";  // of its texts
    std::optional<double> marker;   // a value that is pointed at: the probe's
    bool locked = false;            // a lock sign: the range does not follow the data
    bool framed = true;             // off: on the panel's colour, without a frame
    bool note = true;               // what the grey bars are
};

// An empty title is left out.
void draw_colour_bar(Scribe&, const Rect& panel, const std::string& title, const ColourScale&, const Histogram&, const Theme&,
                     const ColourBarOptions& = {});

}  // namespace jt
