// SPDX-License-Identifier: Apache-2.0
// BedFigure: one field of the bed as a composed picture: the bed in three dimensions, its three centre slices, the colour bar
// with histogram, the numbers and what is to be said about them. 1600 x 1000 px at scale 1.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "viz/figure/bed_view.hpp"
#include "viz/figure/number_tiles.hpp"

namespace jt {

struct BedFigure {
    std::string title, subtitle;
    std::string field_title;  // above the bed; empty: the quantity's label and unit
    Extents extents;
    std::vector<float> values;   // extents.count(), x fastest; NaN: no value (void, or no current)
    Quantity quantity;           // label, unit, scale and colour map of the values
    std::optional<Range> range;  // absent: range_of(quantity, values)
    std::vector<Electrode> electrodes;
    std::vector<FigureNumber> numbers;                               // in reading order
    std::vector<std::string> notes;                                  // sentences
    std::string nothing = "Nothing conducts: no cell has a value.";  // said in place of a field without values
};

inline constexpr int kFigureWidth = 1600, kFigureHeight = 1000;

// Draws the picture and returns every text in it with its place. Throws InputError when values do not fill the extents.
std::vector<FigureItem> draw_bed_figure(Painter&, const BedFigure&, const Theme& = grey_theme());

// The same as a PNG of scale x 1600 by scale x 1000 pixels, scale 0.5 .. 4. Throws InputError, DiskError.
std::vector<FigureItem> write_bed_figure(const std::filesystem::path&, const BedFigure&, const Theme& = grey_theme(),
                                         double scale = 1.0);

}  // namespace jt
