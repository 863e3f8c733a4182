// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/bed_figure.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/error.hpp"
#include "viz/figure/cairo_painter.hpp"
#include "viz/figure/colour_bar.hpp"
#include "viz/figure/slice_view.hpp"

namespace jt {

namespace {

constexpr double kMargin = 16.0, kGap = 8.0;

void check(const BedFigure& figure) {
    const Extents& e = figure.extents;
    const auto positive = [](double h) { return std::isfinite(h) && h > 0.0; };
    if (e.nx < 1 || e.ny < 1 || e.nz < 1 || !positive(e.hx) || !positive(e.hy) || !positive(e.hz))
        throw InputError("figure \"" + figure.title + "\": the bed has no cells or voxels without size");
    if (figure.values.size() != e.count())
        throw InputError("figure \"" + figure.title + "\": " + std::to_string(figure.values.size()) + " values for " +
                         std::to_string(e.count()) + " cells");
}

std::string with_unit(const Quantity& quantity) {
    return std::string(quantity.label) + (quantity.unit.empty() ? "" : ", " + std::string(quantity.unit));
}

// Numbers as tiles, label above value, in reading order. Those that do not fit are counted in the last tile.
void draw_numbers(Scribe& scribe, const Rect& area, const std::vector<FigureNumber>& numbers, const Theme& theme) {
    Painter& painter = scribe.painter();
    const TextStyle label{kLabelPx, Weight::regular, theme.muted}, value{kTitlePx, Weight::medium, theme.text},
        unit{kLabelPx, Weight::regular, theme.muted};
    const double label_line = scribe.line_height(label), value_line = scribe.line_height(value);
    const double smallest = 180.0;
    const std::size_t rows = 2, most = rows * std::max<std::size_t>(1, std::size_t((area.w + kGap) / (smallest + kGap)));
    const std::size_t shown = std::min(numbers.size(), most);
    const std::size_t columns = std::max<std::size_t>(1, (shown + rows - 1) / rows);
    const double w = std::floor((area.w - kGap * double(columns - 1)) / double(columns)), h = (area.h - kGap) / 2;
    for (std::size_t n = 0; n < shown; ++n) {
        const Rect tile{area.x + double(n % columns) * (w + kGap), area.y + double(n / columns) * (h + kGap), w, h};
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

void draw_notes(Scribe& scribe, const Rect& panel, const std::vector<std::string>& notes, const Theme& theme) {
    Painter& painter = scribe.painter();
    painter.rectangle(panel, theme.panel);
    painter.frame(panel, {theme.border, 1.0, 0.0});
    scribe.enter(panel, theme.panel);
    const TextStyle body{kBodyPx, Weight::regular, theme.text};
    const double line = scribe.line_height(body), step = line + 2, gap = 6;
    double y = panel.y + 12;
    for (std::size_t n = 0; n < notes.size(); ++n) {
        const double left = panel.bottom() - 12 - y;
        // Each note that follows is left one line, as far as there is room.
        const std::size_t possible = std::size_t(std::max(0.0, (left + 2) / step));
        if (possible == 0) break;
        const std::size_t following = notes.size() - n - 1;
        const std::size_t lines = std::max<std::size_t>(1, possible > following ? possible - following : 1);
        const auto wrapped = wrap(painter, notes[n], body, panel.w - 24, lines);
        for (std::size_t l = 0; l < wrapped.size(); ++l, y += step)
            scribe.write("note." + std::to_string(n) + "." + std::to_string(l), wrapped[l], {panel.x + 12, y}, body);
        y += gap;
    }
}

}  // namespace

std::vector<FigureItem> draw_bed_figure(Painter& painter, const BedFigure& figure, const Theme& theme) {
    check(figure);
    const VoxelField field{figure.extents, figure.values};
    const ColourScale colours{figure.quantity.map, figure.range ? *figure.range : range_of(figure.quantity, figure.values)};
    const Histogram histogram = histogram_of(figure.values, colours.range, 64);
    Scribe scribe(painter);

    const Rect page{0, 0, kFigureWidth, kFigureHeight};
    painter.rectangle(page, theme.background);
    scribe.enter(page, theme.background);
    const TextStyle title{kTitlePx, Weight::medium, theme.text}, subtitle{kBodyPx, Weight::regular, theme.muted};
    const double full = kFigureWidth - 2 * kMargin;
    double y = 12;
    scribe.write_in("title", figure.title, {kMargin, y}, full, title);
    y += scribe.line_height(title) + 2;
    scribe.write_in("subtitle", figure.subtitle, {kMargin, y}, full, subtitle);
    y = std::ceil(y + scribe.line_height(subtitle) + 8);

    const double strip = 160.0, bottom = kFigureHeight - kMargin, upper = bottom - strip - kGap;
    const Rect bed{kMargin, y, 888, upper - y};
    painter.rectangle(bed, theme.backdrop);
    const bool any = histogram.data() > 0;
    draw_bed_view(scribe, bed, field, colours, figure.electrodes, theme);
    scribe.enter(bed, theme.backdrop);
    const TextStyle heading{kPanelTitlePx, Weight::medium, theme.backdrop_text};
    const std::string field_title = figure.field_title.empty() ? with_unit(figure.quantity) : figure.field_title;
    scribe.write_in("bed_view.title", field_title, {bed.x + 12, bed.y + 8}, bed.w - 24, heading);
    if (!any) {
        const TextStyle message{kBodyPx, Weight::regular, theme.backdrop_text};
        scribe.write_in("bed_view.nothing", figure.nothing, {bed.centre().x, bed.centre().y - scribe.line_height(message) / 2},
                        bed.w - 160, message, Align::centre);
    }

    const double left = bed.right() + kGap, w = (kFigureWidth - kMargin - left - kGap) / 2, h = (bed.h - kGap) / 2;
    const auto cell = [&](int column, int row) { return Rect{left + column * (w + kGap), y + row * (h + kGap), w, h}; };
    // z above, y below it (x shared), x beside y (z shared); the colour bar takes the fourth place.
    draw_slice_view(scribe, cell(0, 0), field, 2, centre_index(figure.extents, 2), colours, figure.electrodes, theme);
    draw_slice_view(scribe, cell(0, 1), field, 1, centre_index(figure.extents, 1), colours, figure.electrodes, theme);
    draw_slice_view(scribe, cell(1, 1), field, 0, centre_index(figure.extents, 0), colours, figure.electrodes, theme);
    draw_colour_bar(scribe, cell(1, 0), with_unit(figure.quantity), colours, histogram, theme);

    const double notes_w = figure.notes.empty() ? 0.0 : figure.numbers.empty() ? full : kFigureWidth - kMargin - left;
    const double numbers_w = full - (notes_w > 0 ? notes_w + kGap : 0.0);
    if (!figure.numbers.empty()) draw_numbers(scribe, {kMargin, bottom - strip, numbers_w, strip}, figure.numbers, theme);
    if (!figure.notes.empty())
        draw_notes(scribe, {kFigureWidth - kMargin - notes_w, bottom - strip, notes_w, strip}, figure.notes, theme);
    return scribe.items();
}

std::vector<FigureItem> write_bed_figure(const std::filesystem::path& path, const BedFigure& figure, const Theme& theme,
                                         double scale) {
    if (!(scale >= 0.5 && scale <= 4.0)) throw InputError("figure scale " + std::to_string(scale) + ": 0.5 to 4 is possible");
    CairoPainter painter(kFigureWidth, kFigureHeight, scale);
    auto items = draw_bed_figure(painter, figure, theme);
    painter.write_png(path);
    return items;
}

}  // namespace jt
