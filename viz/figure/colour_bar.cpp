// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/colour_bar.hpp"

#include <algorithm>
#include <cmath>

namespace jt {

std::int64_t Histogram::data() const {
    std::int64_t all = below + above;
    for (const auto bin : bins) all += bin;
    return all;
}

Histogram histogram_of(std::span<const float> values, const Range& range, int bins) {
    Histogram histogram;
    histogram.bins.assign(std::size_t(std::max(1, bins)), 0);
    const double count = double(histogram.bins.size());
    for (const float value : values) {
        const double v = double(value);
        if (std::isnan(v))
            ++histogram.none;
        else if (v < range.low)
            ++histogram.below;
        else if (v > range.high)
            ++histogram.above;
        else
            ++histogram.bins[std::size_t(std::clamp(range.position(v) * count, 0.0, count - 1.0))];
    }
    return histogram;
}

void draw_colour_bar(Scribe& scribe, const Rect& panel, const std::string& title, const ColourScale& colours,
                     const Histogram& histogram, const Theme& theme, const ColourBarOptions& options) {
    Painter& painter = scribe.painter();
    painter.rectangle(panel, theme.panel);
    if (options.framed) painter.frame(panel, {theme.border, 1.0, 0.0});
    scribe.enter(panel, theme.panel);
    const TextStyle heading{kPanelTitlePx, Weight::medium, theme.muted}, label{kLabelPx, Weight::regular, theme.muted},
        tick_style{kLabelPx, Weight::regular, theme.text};
    const double line = scribe.line_height(label);
    scribe.write_in(options.id + ".title", title, {panel.x + 12, panel.y + 8}, panel.w - 24, heading);

    const double cap = 12.0, scale = painter.scale();
    const double top = panel.y + 8 + (title.empty() ? 0.0 : scribe.line_height(heading) + 14);
    const double bottom = panel.bottom() - 20 - (options.note ? line : 0.0);
    const Rect bar{panel.x + 78, std::round(top + cap + 3), 22, std::round(bottom - top - 2 * (cap + 3))};
    // One row of colour per device pixel, from the top down.
    const int rows = std::max(1, int(std::lround(bar.h * scale)));
    Image strip(1, rows);
    for (int row = 0; row < rows; ++row) strip.at(0, row) = colour_at(colours.map, 1.0 - (row + 0.5) / rows);
    painter.image(bar, strip);

    const std::int64_t most = std::max<std::int64_t>(1, *std::max_element(histogram.bins.begin(), histogram.bins.end()));
    const double base = bar.right() + 10, room = panel.right() - 12 - base;
    const auto share = [&](std::int64_t count) { return histogram.data() ? double(count) / double(histogram.data()) : 0.0; };
    const auto percent = [&](std::int64_t count) {
        const double p = 100.0 * share(count);
        return p < 0.1 ? std::string("<0.1 %") : format_number(p, p >= 10 ? 3 : 2) + " %";
    };
    const auto draw_cap = [&](const char* id, Datum datum, double y, std::int64_t count, const char* word) {
        if (count == 0) return;
        const int w = int(std::lround(bar.w * scale)), h = int(std::lround(cap * scale));
        Image image(w, h);
        const Colour end = colour_at(colours.map, datum == Datum::above ? 1.0 : 0.0);
        for (int row = 0; row < h; ++row)
            for (int column = 0; column < w; ++column)
                image.at(column, row) = on_tick(datum, column, row, scale) ? hex(0xFFFFFF) : end;
        painter.image({bar.x, y, bar.w, cap}, image);
        // Where there is no room for the word the place beside the bar says it.
        const std::string whole = percent(count) + " " + word;
        scribe.write_in(options.id + "." + id, scribe.width(whole, label) <= room ? whole : percent(count),
                        {base, y + cap / 2 - line / 2}, room, label);
    };
    draw_cap("above", Datum::above, bar.y - 3 - cap, histogram.above, "above");
    draw_cap("below", Datum::below, bar.bottom() + 3, histogram.below, "below");

    // Bins end on whole device pixels: no seams between them.
    const auto edge = [&](std::size_t n) {
        return std::round((bar.bottom() - bar.h * double(n) / double(histogram.bins.size())) * scale) / scale;
    };
    for (std::size_t n = 0; n < histogram.bins.size(); ++n) {
        const double w = room * double(histogram.bins[n]) / double(most);
        if (w > 0) painter.rectangle({base, edge(n + 1), std::max(w, 1.0), edge(n) - edge(n + 1)}, theme.border);
    }
    painter.line({base - 0.5, bar.y}, {base - 0.5, bar.bottom()}, {theme.border, 1.0, 0.0});

    double lowest = panel.bottom();
    for (const auto& tick : round_ticks(colours.range)) {
        const double y = bar.bottom() - tick.position * bar.h;
        painter.line({bar.x - 6, y}, {bar.x, y}, {theme.muted, 1.0, 0.0});
        const double above = y - line / 2;
        if (above + line > lowest) continue;  // too close to the tick below
        scribe.write_in(options.id + ".tick." + tick.label, tick.label, {bar.x - 10, above}, bar.x - 10 - panel.x - 4,
                        tick_style, Align::right);
        lowest = above;
    }
    if (options.marker && std::isfinite(*options.marker)) {
        // A triangle on the histogram's side, its tip on the bar; beyond the range at its end.
        const double y = bar.bottom() - std::clamp(colours.range.position(*options.marker), 0.0, 1.0) * bar.h;
        const Point tip[] = {{bar.right() - 1, y}, {bar.right() + 10, y - 6}, {bar.right() + 10, y + 6}};
        painter.polygon(tip, theme.text);
        painter.line({bar.x, y}, {bar.right(), y}, {theme.panel, 3.0, 0.0});
        painter.line({bar.x, y}, {bar.right(), y}, {theme.text, 1.0, 0.0});
    }
    if (options.locked) {
        // A padlock below the bar.
        const double x = bar.centre().x, y = bar.bottom() + 18;
        painter.rectangle({x - 5, y, 10, 8}, theme.muted);
        const Point shackle[] = {{x - 3, y}, {x - 3, y - 3}, {x - 1.5, y - 5}, {x + 1.5, y - 5}, {x + 3, y - 3}, {x + 3, y}};
        painter.polyline(shackle, {theme.muted, 1.5, 0.0});
    }
    if (options.note || histogram.data() == 0)
        scribe.write_in(options.id + ".cells", histogram.data() ? "grey: cells per value" : "no cell has a value",
                        {panel.x + 12, panel.bottom() - line - 8}, panel.w - 24, label);
}

}  // namespace jt
