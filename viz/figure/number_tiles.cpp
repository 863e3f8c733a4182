// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/number_tiles.hpp"

#include <algorithm>
#include <cmath>

namespace jt {

namespace {

constexpr double kTileGap = 8.0;

}  // namespace

void draw_number_tiles(Scribe& scribe, const Rect& area, const std::vector<FigureNumber>& numbers, const Theme& theme) {
    Painter& painter = scribe.painter();
    const TextStyle label{kLabelPx, Weight::regular, theme.muted}, value{kTitlePx, Weight::medium, theme.text},
        unit{kLabelPx, Weight::regular, theme.muted};
    const double label_line = scribe.line_height(label), value_line = scribe.line_height(value);
    const std::size_t rows = area.h > kTileHeight ? 2 : 1,
                      most =
                          rows * std::max<std::size_t>(1, std::size_t((area.w + kTileGap) / (kSmallestTileWidth + kTileGap)));
    const std::size_t shown = std::min(numbers.size(), most);
    const std::size_t columns = std::max<std::size_t>(1, (shown + rows - 1) / rows);
    const double w = std::min(320.0, std::floor((area.w - kTileGap * double(columns - 1)) / double(columns)));
    const double h = (area.h - kTileGap * double(rows - 1)) / double(rows);
    for (std::size_t n = 0; n < shown; ++n) {
        const Rect tile{area.x + double(n % columns) * (w + kTileGap), area.y + double(n / columns) * (h + kTileGap), w, h};
        painter.rectangle(tile, theme.panel);
        painter.frame(tile, {theme.border, 1.0, 0.0});
        scribe.enter(tile, theme.panel);
        const std::string id = "number." + std::to_string(n);
        const double room = tile.w - 24, top = tile.y + (tile.h - label_line - value_line) / 2;
        if (n + 1 == shown && shown < numbers.size()) {
            scribe.write_in(id + ".more", std::to_string(numbers.size() - n) + " more not shown", {tile.x + 12, top}, room,
                            label);
            break;
        }
        const FigureNumber& number = numbers[n];
        scribe.write_in(id + ".label", number.label, {tile.x + 12, top}, room, label);
        const Rect digits = scribe.write_in(id + ".value", number.value.empty() ? "\u2014" : number.value,
                                            {tile.x + 12, top + label_line}, room, value);
        if (number.value.empty() || number.unit.empty()) continue;
        // On the baseline of the value, after a thin space.
        const double drop = painter.measure("x", value).ascent - painter.measure("x", unit).ascent;
        scribe.write_in(id + ".unit", number.unit, {digits.right() + 6, digits.y + drop},
                        tile.right() - 12 - digits.right() - 6, unit);
    }
}

}  // namespace jt
