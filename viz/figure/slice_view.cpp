// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/slice_view.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace jt {

namespace {

constexpr double kInset = 6.0, kPlateInset = 12.0, kElectrodeInset = 24.0;  // between slice and backdrop [px]

bool cuts_electrode(std::span<const Electrode> electrodes, int normal, int axis) {
    return axis != normal && std::any_of(electrodes.begin(), electrodes.end(),
                                         [axis](const Electrode& electrode) { return axis_of(electrode.face) == axis; });
}

}  // namespace

SliceAxes slice_axes(int normal) {
    return normal == 0 ? SliceAxes{1, 2} : normal == 1 ? SliceAxes{0, 2} : SliceAxes{0, 1};
}

int centre_index(const Extents& extents, int normal) {
    return extents.cells()[std::size_t(normal)] / 2;
}

Image slice_image(const VoxelField& field, int normal, int index, const ColourScale& colours, int width, int height,
                  double scale) {
    const auto cells = field.extents.cells();
    const auto [across, up] = slice_axes(normal);
    const int columns = cells[std::size_t(across)], rows = cells[std::size_t(up)];
    Image image(width, height);
    for (int row = 0; row < height; ++row) {
        int at[3];
        at[normal] = index;
        at[up] = std::min(rows - 1, int((height - 1 - row + 0.5) * rows / height));
        for (int column = 0; column < width; ++column) {
            at[across] = std::min(columns - 1, int((column + 0.5) * columns / width));
            const Shade shade = colours(double(field.values[field.extents.index(at[0], at[1], at[2])]));
            if (shade.datum == Datum::none) continue;
            image.at(column, row) = on_tick(shade.datum, column, row, scale) ? hex(0xFFFFFF) : shade.colour;
        }
    }
    return image;
}

Image smooth_slice_image(const VoxelField& field, int normal, int index, const ColourScale& colours, int width, int height,
                         double scale) {
    const auto cells = field.extents.cells();
    const auto [across, up] = slice_axes(normal);
    const int columns = cells[std::size_t(across)], rows = cells[std::size_t(up)];
    // Places on the colour scale, row 0 at the bottom.
    std::vector<double> places(std::size_t(columns) * std::size_t(rows));
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column) {
            int at[3];
            at[normal] = index, at[across] = column, at[up] = row;
            const double v = double(field.values[field.extents.index(at[0], at[1], at[2])]);
            places[std::size_t(row * columns + column)] = std::isnan(v) ? v : std::clamp(colours.range.position(v), -8.0, 9.0);
        }
    Image image(width, height);
    for (int row = 0; row < height; ++row) {
        const double y = (height - 1 - row + 0.5) * rows / height;
        const int own_row = std::min(rows - 1, int(y)), low_row = int(std::floor(y - 0.5));
        for (int column = 0; column < width; ++column) {
            const double x = (column + 0.5) * columns / width;
            const int own_column = std::min(columns - 1, int(x)), low_column = int(std::floor(x - 0.5));
            if (std::isnan(places[std::size_t(own_row * columns + own_column)])) continue;
            double sum = 0.0, weight = 0.0;
            for (int m = 0; m < 4; ++m) {
                const int c = std::clamp(low_column + (m & 1), 0, columns - 1), r = std::clamp(low_row + (m >> 1), 0, rows - 1);
                const double fx = x - 0.5 - low_column, fy = y - 0.5 - low_row;
                const double w = (m & 1 ? fx : 1 - fx) * (m >> 1 ? fy : 1 - fy);
                const double place = places[std::size_t(r * columns + c)];
                if (!std::isnan(place)) sum += w * place, weight += w;
            }
            const double place = weight > 0.0 ? sum / weight : places[std::size_t(own_row * columns + own_column)];
            const Datum datum = place < -1e-9 ? Datum::below : place > 1 + 1e-9 ? Datum::above : Datum::inside;
            image.at(column, row) = on_tick(datum, column, row, scale) ? hex(0xFFFFFF) : colour_at(colours.map, place);
        }
    }
    return image;
}

SliceInset slice_inset(int normal, std::span<const Electrode> electrodes) {
    const auto [across, up] = slice_axes(normal);
    const auto inset = [&](int axis) { return cuts_electrode(electrodes, normal, axis) ? kElectrodeInset : kInset; };
    // A plate above or below has its sign at the right.
    return {std::max(inset(across), inset(up)), inset(up) > kInset ? kPlateInset : kInset};
}

void draw_slice(Scribe& scribe, const Rect& place, const Rect& at, const VoxelField& field, int normal, int index,
                const ColourScale& colours, std::span<const Electrode> electrodes, const std::string& id, const Theme& theme) {
    const double scale = scribe.painter().scale();
    const int w = std::max(1, int(std::lround(at.w * scale))), h = std::max(1, int(std::lround(at.h * scale)));
    draw_slice(scribe, place, at, slice_image(field, normal, index, colours, w, h, scale), normal, electrodes, id, theme);
}

void draw_slice(Scribe& scribe, const Rect& place, const Rect& at, const Image& image, int normal,
                std::span<const Electrode> electrodes, const std::string& id, const Theme& theme) {
    Painter& painter = scribe.painter();
    const int across = slice_axes(normal).across;
    painter.image(at, image);
    painter.frame({at.x - 1, at.y - 1, at.w + 2, at.h + 2}, {theme.backdrop_edge, 1.0, 0.0});

    // Electrodes that this plane cuts: a plate along the side and its sign.
    scribe.enter(place, theme.backdrop);
    const TextStyle sign{kBodyPx, Weight::medium, theme.backdrop_text};
    const double sign_line = scribe.line_height(sign);
    for (const auto& electrode : electrodes) {
        const int axis = axis_of(electrode.face);
        if (axis == normal) continue;
        const bool upper = is_upper(electrode.face);
        const Stroke stroke{theme.backdrop_text, 3.0, 0.0};
        const std::string text = electrode.positive ? "+" : "\u2212", name = id + ".electrode." + name_of(electrode.face);
        if (axis == across) {
            const double px = upper ? at.right() + 4.5 : at.x - 4.5;
            painter.line({px, at.y}, {px, at.bottom()}, stroke);
            scribe.write(name, text, {px + (upper ? 9.5 : -9.5), at.centre().y - sign_line / 2}, sign, Align::centre);
        } else {
            const double py = upper ? at.y - 4.5 : at.bottom() + 4.5;
            painter.line({at.x, py}, {at.right(), py}, stroke);
            // Beside the plate's end, where there is room; the two keep apart however thin the slice is.
            const double middle = at.centre().y;
            const double y_sign =
                upper ? std::min(py - sign_line / 2, middle - sign_line) : std::max(py - sign_line / 2, middle);
            scribe.write(name, text, {at.right() + 11, std::clamp(y_sign, place.y, place.bottom() - sign_line)}, sign,
                         Align::centre);
        }
    }
}

void draw_slice_view(Scribe& scribe, const Rect& panel, const VoxelField& field, int normal, int index,
                     const ColourScale& colours, std::span<const Electrode> electrodes, const Theme& theme) {
    static const char* const names[] = {"x", "y", "z"};
    Painter& painter = scribe.painter();
    const Extents& e = field.extents;
    const auto [across, up] = slice_axes(normal);
    const auto size = e.size();
    const double w_m = size[std::size_t(across)], h_m = size[std::size_t(up)];
    const LengthUnit unit = unit_of(std::max({size[0], size[1], size[2]}));
    const auto length = [&](double metres) { return length_text(metres, unit, false); };
    const std::string id = std::string("slice.") + names[normal];

    painter.rectangle(panel, theme.panel);
    painter.frame(panel, {theme.border, 1.0, 0.0});
    scribe.enter(panel, theme.panel);
    const TextStyle title{kPanelTitlePx, Weight::medium, theme.muted}, label{kLabelPx, Weight::regular, theme.muted};
    const double title_line = scribe.line_height(title), line = scribe.line_height(label);
    const double position = (index + 0.5) * e.spacing()[std::size_t(normal)];
    const Rect right = scribe.write(id + ".size", length(w_m) + " \u00d7 " + length(h_m) + " " + unit.name,
                                    {panel.right() - 12, panel.y + 8 + title_line - line}, label, Align::right);
    scribe.write_in(id + ".title", std::string(names[normal]) + " = " + length(position) + " " + unit.name,
                    {panel.x + 12, panel.y + 8}, right.x - 12 - panel.x - 12, title);

    // The slice, as large as fits in its true proportions, on whole device pixels, on a backdrop that fills the place.
    const Rect place{panel.x + 34, panel.y + 8 + title_line + 8, panel.w - 46, panel.h - title_line - line - 30};
    painter.rectangle(place, theme.backdrop);
    const double scale = painter.scale();
    const auto [inset_x, inset_y] = slice_inset(normal, electrodes);
    const double per_m = std::min((place.w - 2 * inset_x) / w_m, (place.h - 2 * inset_y) / h_m);
    const int w = std::max(1, int(std::floor(w_m * per_m * scale))), h = std::max(1, int(std::floor(h_m * per_m * scale)));
    const double x = std::round((place.x + (place.w - w / scale) / 2) * scale) / scale;
    const double y = std::round((place.y + (place.h - h / scale) / 2) * scale) / scale;
    const Rect at{x, y, w / scale, h / scale};
    draw_slice(scribe, place, at, field, normal, index, colours, electrodes, id, theme);

    // Axes: a letter and an arrow each; where they run is said by the letters, how far by the size in the title line.
    scribe.enter(panel, theme.panel);
    const double axis_y = place.bottom() + 6 + line / 2;
    const Rect letter = scribe.write(id + ".across", names[across], {place.x, place.bottom() + 5}, label);
    const double tip = letter.right() + 34;
    painter.line({letter.right() + 6, axis_y}, {tip, axis_y}, {theme.muted, 1.5, 0.0});
    const Point right_head[] = {{tip + 5, axis_y}, {tip - 3, axis_y - 4}, {tip - 3, axis_y + 4}};
    painter.polygon(right_head, theme.muted);
    const double axis_x = panel.x + 20;
    const Rect second = scribe.write(id + ".up", names[up], {axis_x, place.bottom() - line}, label, Align::centre);
    const double top = second.y - 32;
    painter.line({axis_x, second.y - 2}, {axis_x, top}, {theme.muted, 1.5, 0.0});
    const Point up_head[] = {{axis_x, top - 5}, {axis_x - 4, top + 3}, {axis_x + 4, top + 3}};
    painter.polygon(up_head, theme.muted);
}

}  // namespace jt
