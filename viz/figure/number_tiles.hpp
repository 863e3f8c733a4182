// SPDX-License-Identifier: Apache-2.0
// Numbers as tiles, label above value, in reading order.
#pragma once
#include <string>
#include <vector>

#include "viz/figure/text.hpp"

namespace jt {

struct FigureNumber {
    std::string label;  // "conductivity along y"
    std::string value;  // for people (format_number); empty: there is none, shown as an em dash
    std::string unit;   // "S/m"; empty for a pure number
};

inline constexpr double kTileHeight = 76.0, kSmallestTileWidth = 190.0;  // [px]

// Fills `area` with one row of tiles, two where it is higher than one tile. Those that do not fit are counted in the last tile.
void draw_number_tiles(Scribe&, const Rect& area, const std::vector<FigureNumber>&, const Theme&);

}  // namespace jt
