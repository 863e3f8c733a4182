// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/bed_figure.hpp"

#include <algorithm>
#include <cmath>

#include "twin/quantity/quantity.hpp"
#include "viz/figure/colour_bar.hpp"
#include "viz/figure/number_tiles.hpp"
#include "viz/figure/slice_view.hpp"
#include "viz/figure/write_figure.hpp"

namespace jt {

namespace {

constexpr double kBedMargin = 16.0, kBedGap = 8.0;
constexpr double kBedWidth = 888.0;
constexpr double kOneRow = kTileHeight, kTwoRows = 2 * kOneRow + kBedGap;  // height of the strip of numbers and notes

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

std::size_t count_lines(Painter& painter, const std::vector<std::string>& notes, double width) {
    const TextStyle body{kBodyPx, Weight::regular, {}};
    std::size_t lines = 0;
    for (const auto& note : notes) lines += wrap(painter, note, body, width, 8).size();
    return lines;
}

// Where slices and colour bar stand. Bulky beds: two by two, z above y (x shared), x beside y (z shared). Flat and long beds:
// the slices below one another, the bar beside them; whichever shows the slices larger.
struct SideLayout {
    std::array<Rect, 3> slice;  // by normal
    Rect bar;
};

SideLayout lay_out(const Extents& e, const Rect& side) {
    const auto size = e.size();
    const double frame_w = 60.0, frame_h = 90.0;  // of a slice panel around its slice, about
    const auto across = [&](int normal) { return size[std::size_t(slice_axes(normal).across)]; };
    const auto up = [&](int normal) { return size[std::size_t(slice_axes(normal).up)]; };

    const double w = (side.w - kBedGap) / 2, h = (side.h - kBedGap) / 2, bar_w = 212.0, stack_w = side.w - bar_w - kBedGap;
    double stacked = (stack_w - frame_w) / std::max(size[0], size[1]);
    stacked = std::min(stacked, (side.h - 2 * kBedGap - 3 * frame_h) / (up(0) + up(1) + up(2)));
    double grid_area = 0.0, stack_area = 0.0;
    for (int normal = 0; normal < 3; ++normal) {
        const double area = across(normal) * up(normal),
                     own = std::min((w - frame_w) / across(normal), (h - frame_h) / up(normal));
        grid_area += area * own * own;
        stack_area += area * stacked * stacked;
    }
    SideLayout layout;
    if (stack_area <= grid_area) {
        const auto cell = [&](int column, int row) {
            return Rect{side.x + column * (w + kBedGap), side.y + row * (h + kBedGap), w, h};
        };
        layout.slice = {cell(1, 1), cell(0, 1), cell(0, 0)};
        layout.bar = cell(1, 0);
        return layout;
    }
    // What is left over goes to all three alike.
    double spare = side.h - 2 * kBedGap - 3 * frame_h;
    for (int normal = 0; normal < 3; ++normal) spare -= up(normal) * stacked;
    double y = side.y;
    for (const int normal : {2, 1, 0}) {
        const double height = frame_h + up(normal) * stacked + spare / 3;
        layout.slice[std::size_t(normal)] = {side.x, y, stack_w, height};
        y += height + kBedGap;
    }
    layout.bar = {side.x + stack_w + kBedGap, side.y, bar_w, side.h};
    return layout;
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
    const double full = kFigureWidth - 2 * kBedMargin;
    double y = 12;
    scribe.write_in("title", figure.title, {kBedMargin, y}, full, title);
    y += scribe.line_height(title) + 2;
    scribe.write_in("subtitle", figure.subtitle, {kBedMargin, y}, full, subtitle);
    y = std::ceil(y + scribe.line_height(subtitle) + 8);

    // The strip at the bottom: numbers under the bed, notes under the slices.
    const double left = kBedMargin + kBedWidth + kBedGap, right = kFigureWidth - kBedMargin,
                 bottom = kFigureHeight - kBedMargin;
    const double notes_x = figure.numbers.empty() ? kBedMargin : left;
    const std::size_t note_lines = count_lines(painter, figure.notes, right - notes_x - 24);
    const double numbers_w = (figure.notes.empty() ? right : left - kBedGap) - kBedMargin;
    const bool tall = note_lines > 2 || double(figure.numbers.size()) > (numbers_w + kBedGap) / (kSmallestTileWidth + kBedGap);
    const double strip = figure.numbers.empty() && figure.notes.empty() ? 0.0 : tall ? kTwoRows : kOneRow;
    const double upper = bottom - (strip > 0 ? strip + kBedGap : 0.0);
    const Rect bed{kBedMargin, y, kBedWidth, upper - y};
    painter.rectangle(bed, theme.backdrop);
    const bool any = histogram.data() > 0;
    draw_bed_view(scribe, bed, field, colours, figure.electrodes, theme);
    scribe.enter(bed, theme.backdrop);
    const TextStyle heading{kPanelTitlePx, Weight::medium, theme.backdrop_text};
    const std::string field_title = figure.field_title.empty() ? with_unit(figure.quantity) : figure.field_title;
    const TextStyle remark{kLabelPx, Weight::regular, theme.backdrop_muted};
    double title_end = bed.right() - 12;
    if (any && in_cut(figure.extents, figure.extents.nx - 1, 0, figure.extents.nz - 1))
        title_end =
            scribe.write("bed_view.cut", "nearest octant cut away", {bed.right() - 12, bed.y + 9}, remark, Align::right).x - 12;
    scribe.write_in("bed_view.title", field_title, {bed.x + 12, bed.y + 8}, title_end - bed.x - 12, heading);
    if (!any) {
        const TextStyle message{kBodyPx, Weight::regular, theme.backdrop_text};
        scribe.write_in("bed_view.nothing", figure.nothing, {bed.centre().x, bed.centre().y - scribe.line_height(message) / 2},
                        bed.w - 160, message, Align::centre);
    }

    const auto slice = [&](int normal, const Rect& panel) {
        draw_slice_view(scribe, panel, field, normal, centre_index(figure.extents, normal), colours, figure.electrodes, theme);
    };
    const Rect side{left, y, right - left, bed.h};
    const SideLayout layout = lay_out(figure.extents, side);
    for (const int normal : {2, 1, 0}) slice(normal, layout.slice[std::size_t(normal)]);
    draw_colour_bar(scribe, layout.bar, with_unit(figure.quantity), colours, histogram, theme);

    if (!figure.numbers.empty())
        draw_number_tiles(scribe, {kBedMargin, bottom - strip, numbers_w, strip}, figure.numbers, theme);
    if (!figure.notes.empty()) draw_notes(scribe, {notes_x, bottom - strip, right - notes_x, strip}, figure.notes, theme);
    return scribe.items();
}

std::vector<FigureItem> write_bed_figure(const std::filesystem::path& path, const BedFigure& figure, const Theme& theme,
                                         double scale) {
    return write_figure(path, kFigureWidth, kFigureHeight, scale,
                        [&](Painter& painter) { return draw_bed_figure(painter, figure, theme); });
}

}  // namespace jt
