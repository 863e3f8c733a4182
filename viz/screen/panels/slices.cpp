// SPDX-License-Identifier: Apache-2.0
// Panel E: the same plane of the bed three times: deviation of temperature, current density, microstructure. One cursor links
// them with each other and with the 3-D view: a click or a drag puts the probe there, the wheel moves the plane.
#include <algorithm>
#include <cmath>

#include "viz/figure/slice_view.hpp"
#include "viz/screen/data/derived_fields.hpp"
#include "viz/screen/panels/message.hpp"
#include "viz/screen/panels/panels.hpp"
#include "viz/screen/panels/shown_fields.hpp"
#include "viz/screen/panels/value_text.hpp"

namespace jt {

namespace {

constexpr double kStrip = 8.0;        // thickness of the colour strip [px]
constexpr double kSideWidth = 132.0;  // of what stands beside the slice in a flat panel
constexpr const char* kAxis[] = {"x", "y", "z"};

// The picture of a slice, kept while nothing of it changes.
struct SliceMemory {
    std::uint64_t version = 0;
    int normal = -1, index = -1, w = 0, h = 0;
    bool smooth = false;
    double scale = 0.0;
    Image image;
    double wheel = 0.0;  // parts of notches
};

// A bound of a range for people: powers of two as such.
std::string bound_text(const Range& range, double value) {
    if (range.scale == Scale::log2) {
        const double octave = std::log2(value);
        if (std::abs(octave - std::round(octave)) < 1e-6) {
            const std::string whole = format_number(std::exp2(std::abs(octave)), 3);
            return octave < -0.5 ? "1/" + trimmed(whole) : trimmed(whole);
        }
    }
    if (range.scale == Scale::linear) {
        // Digits that a range of this width deserves.
        const double width = range.high - range.low, largest = std::max(std::abs(value), 1e-300);
        const int digits = std::clamp(int(std::floor(std::log10(largest))) - int(std::floor(std::log10(width))) + 2, 1, 6);
        return std::abs(value) < 1e-9 * width ? "0" : trimmed(format_number(value, digits));
    }
    return format_number(value, 2);
}

std::string title_of(int which, const std::string& name, const ShownField* field) {
    if (!field) return label_of(which == 0 ? "T_minus_mean_K" : name);
    if (which == 0) return field->title;  // its range is part of it
    if (which == 1)
        return std::string(field->quantity->label) + ", " + bound_text(field->scale.range, field->scale.range.low) + " .. " +
               bound_text(field->scale.range, field->scale.range.high);
    return field->title;
}

// Thin lines through the probe's cell that leave the cell itself free, and its frame.
void draw_crosshair(Painter& painter, const Rect& at, const Extents& e, int normal, const std::array<int, 3>& cell) {
    const auto [across, up] = slice_axes(normal);
    const double w = at.w / e.cells()[std::size_t(across)], h = at.h / e.cells()[std::size_t(up)];
    const Rect own{at.x + cell[std::size_t(across)] * w, at.bottom() - (cell[std::size_t(up)] + 1) * h, w, h};
    const double gap = 5.0;
    const Rect free{own.centre().x - std::max(w / 2, 1.0) - gap, own.centre().y - std::max(h / 2, 1.0) - gap,
                    std::max(w, 2.0) + 2 * gap, std::max(h, 2.0) + 2 * gap};
    const Point c = own.centre();
    painter.push_clip(at);
    for (const auto& [colour, width] :
         {std::pair{with_alpha(hex(0x14171A), 0.6), 3.0}, {with_alpha(hex(0xFFFFFF), 0.85), 1.0}}) {
        const Stroke stroke{colour, width, 0.0};
        if (free.x > at.x) painter.line({at.x, c.y}, {free.x, c.y}, stroke);
        if (free.right() < at.right()) painter.line({free.right(), c.y}, {at.right(), c.y}, stroke);
        if (free.y > at.y) painter.line({c.x, at.y}, {c.x, free.y}, stroke);
        if (free.bottom() < at.bottom()) painter.line({c.x, free.bottom()}, {c.x, at.bottom()}, stroke);
    }
    painter.pop_clip();
    const Rect frame{own.x - 1.5, own.y - 1.5, own.w + 3, own.h + 3};
    painter.frame(frame.shrunk(-1), {hex(0x14171A), 3.5, 0.0});
    painter.frame(frame, {hex(0xFFFFFF), 1.5, 0.0});
}

// Colours from low to high, to the right or, upright, upwards; a mark at the probe's value (NaN: none).
void draw_strip(Painter& painter, const Rect& strip, bool upright, const ColourScale& scale, double marker,
                const Theme& theme) {
    const int count = std::max(2, int(std::lround((upright ? strip.h : strip.w) * painter.scale())));
    Image image(upright ? 1 : count, upright ? count : 1);
    for (int n = 0; n < count; ++n)
        image.pixels[std::size_t(upright ? count - 1 - n : n)] = colour_at(scale.map, (n + 0.5) / count);
    painter.image(strip, image);
    if (std::isnan(marker)) return;
    const double f = std::clamp(scale.range.position(marker), 0.0, 1.0);
    if (upright) {
        const double y = strip.bottom() - f * strip.h;
        const Point tip[] = {{strip.right(), y}, {strip.right() + 8, y - 5}, {strip.right() + 8, y + 5}};
        painter.polygon(tip, theme.text);
    } else {
        const double x = strip.x + f * strip.w;
        const Point tip[] = {{x, strip.y + 1}, {x - 5, strip.y - 6}, {x + 5, strip.y - 6}};
        painter.polygon(tip, theme.text);
    }
}

void draw_one(Ui& ui, const Rect& at, int which, const ScreenModel& model, ViewState& view, bool alone) {
    const Theme& theme = ui.theme;
    const std::string id = "slice." + std::to_string(which);
    Painter& painter = ui.painter();
    const std::string name = which == 0 ? "T_minus_mean_K" : which == 1 ? "J_over_J0" : view.micro_field;
    const bool any = model.facts && model.frame && model.facts->extents.count() > 0;
    FieldOrReason shown;
    if (any)
        shown = ui_memory<DerivedFields>(ui, "fields").get(*model.facts, model.frame, name, view.kelvin, model.field_names);
    else
        shown.reason = model.facts ? "no fields of this moment yet" : "no run yet";

    painter.rectangle(at, theme.panel);
    painter.frame(at, {theme.border, 1.0, 0.0});
    ui.scribe.enter(at, theme.panel);
    const TextStyle title{kPanelTitlePx, Weight::medium, theme.muted}, label = ui.label();
    const double line = ui.scribe.line_height(label);
    double right = at.right() - kPanelInset;
    if (alone) {
        const Rect hint = ui.scribe.write("slice.hint", "E next", {right, at.y + 9}, label, Align::right);
        right = hint.x - kPanelInset;
    }
    if (const auto old = shown.field ? stale_fields(model) : std::nullopt) {
        const TextStyle style = ui.style(kLabelPx, theme.invalid, Weight::medium);
        const Rect age = ui.scribe.write(id + ".age", age_text(*old) + " old", {right, at.y + 9}, style, Align::right);
        ui.scribe.note("stale", std::nullopt, old);
        right = age.x - kPanelInset;
    }
    const Rect named = ui.scribe.write_in(id + ".title", title_of(which, name, shown.field.get()),
                                          {at.x + kPanelInset, at.y + 8}, right - at.x - kPanelInset, title);
    const double top = named.bottom() + 6;
    const bool flat = at.w > 2.2 * at.h;  // then the strip stands beside the slice
    const Rect place = flat ? Rect{at.x + kPanelInset, top, at.w - 2 * kPanelInset - kSideWidth, at.bottom() - 10 - top}
                            : Rect{at.x + kPanelInset, top, at.w - 2 * kPanelInset, at.bottom() - top - kStrip - line - 24};
    if (!shown.field) {
        const Rect all{place.x, top, at.w - 2 * kPanelInset, at.bottom() - kPanelInset - top};
        painter.rectangle(all, theme.backdrop);
        ui.scribe.enter(all, theme.backdrop);
        const std::string reason = shown.reason.empty() ? "nothing to show" : shown.reason;
        draw_message(ui, all, id + ".reason", "\u2014 " + reason, "", theme.backdrop_text, theme.backdrop_muted, kLabelPx);
        return;
    }
    painter.rectangle(place, theme.backdrop);
    const ShownField& field = *shown.field;
    const Extents& e = model.facts->extents;
    const int normal = view.normal;
    const auto [across, up] = slice_axes(normal);
    const std::size_t u = std::size_t(across), v = std::size_t(up), w_axis = std::size_t(normal);
    const auto electrodes = electrodes_of(model.facts->scenario);
    const auto size = e.size();
    const SliceInset inset = slice_inset(normal, electrodes);
    const double scale = painter.scale();
    const double per_m = std::max(1e-9, std::min((place.w - 2 * inset.across) / size[u], (place.h - 2 * inset.up) / size[v]));
    // On whole device pixels; a bed that is too thin for one still shows.
    const int w = std::max(1, int(std::floor(size[u] * per_m * scale))),
              h = std::max(1, int(std::floor(size[v] * per_m * scale)));
    const Rect slice{std::round((place.x + (place.w - w / scale) / 2) * scale) / scale,
                     std::round((place.y + (place.h - h / scale) / 2) * scale) / scale, w / scale, h / scale};

    // The mouse first, so that what is drawn is what it chose.
    auto& memory = ui_memory<SliceMemory>(ui, id);
    const auto cell_at = [&](Point at_mouse) {
        auto cell = cell_of(view, model);
        cell[u] = std::clamp(int(std::floor((at_mouse.x - slice.x) / slice.w * e.cells()[u])), 0, e.cells()[u] - 1);
        cell[v] = std::clamp(int(std::floor((slice.bottom() - at_mouse.y) / slice.h * e.cells()[v])), 0, e.cells()[v] - 1);
        return cell;
    };
    // A little beside the slice counts as its edge: a bed of one voxel is thin.
    const Rect reach{slice.x - 4, slice.y - 4, slice.w + 8, slice.h + 8};
    if (ui.hovered(place) && ui.input.wheel != 0.0) {
        memory.wheel += ui.input.wheel;
        const int steps = int(memory.wheel);
        memory.wheel -= steps;
        auto cell = cell_of(view, model);
        cell[w_axis] += steps;
        if (steps != 0) set_cell(view, model, cell);
    }
    if (ui.dragged(reach, id)) set_cell(view, model, cell_at(ui.input.mouse));
    const auto cell = cell_of(view, model);
    const int index = cell[w_axis];

    if (memory.version != field.version || memory.normal != normal || memory.index != index || memory.w != w || memory.h != h ||
        memory.smooth != view.smooth || memory.scale != scale) {
        const VoxelField voxels{e, field.values};
        memory.image = view.smooth ? smooth_slice_image(voxels, normal, index, field.scale, w, h, scale)
                                   : slice_image(voxels, normal, index, field.scale, w, h, scale);
        memory.version = field.version, memory.normal = normal, memory.index = index, memory.w = w, memory.h = h;
        memory.smooth = view.smooth, memory.scale = scale;
    }
    draw_slice(ui.scribe, place, slice, memory.image, normal, electrodes, id, theme);
    draw_crosshair(painter, slice, e, normal, cell);

    // The strip of colours with its ends, and which plane it is.
    ui.scribe.enter(at, theme.panel);
    const double marker = double(field.values[e.index(cell[0], cell[1], cell[2])]);
    const std::string plane =
        std::string(kAxis[normal]) + " " +
        length_text((index + 0.5) * e.spacing()[w_axis], unit_of(*std::max_element(size.begin(), size.end())), true);
    std::string low = bound_text(field.scale.range, field.scale.range.low),
                high = bound_text(field.scale.range, field.scale.range.high);
    if (which == 0) high = "+" + high;
    if (flat) {
        const Rect strip{place.right() + 12, place.y, kStrip, place.h};
        draw_strip(painter, strip, true, field.scale, marker, theme);
        const double x = strip.right() + 12, width = at.right() - kPanelInset - x;
        ui.scribe.write_in(id + ".high", high, {x, strip.y - 2}, width, label);
        if (place.h > 3.2 * line)
            ui.scribe.write_in(id + ".plane", plane, {x, place.centre().y - line / 2}, width,
                               {kLabelPx, Weight::regular, theme.text});
        ui.scribe.write_in(id + ".low", low, {x, strip.bottom() - line + 2}, width, label);
    } else {
        const Rect strip{place.x, place.bottom() + 9, place.w, kStrip};
        draw_strip(painter, strip, false, field.scale, marker, theme);
        const double y = strip.bottom() + 3;
        const Rect first = ui.scribe.write(id + ".low", low, {strip.x, y}, label);
        const Rect last = ui.scribe.write(id + ".high", high, {strip.right(), y}, label, Align::right);
        const TextStyle text{kLabelPx, Weight::regular, theme.text};
        const double wide = ui.scribe.width(plane, text), middle = strip.centre().x;
        if (middle - wide / 2 > first.right() + 6 && middle + wide / 2 < last.x - 6) {
            ui.scribe.write(id + ".plane", plane, {middle, y}, text, Align::centre);
            ui.scribe.note("", (index + 0.5) * e.spacing()[w_axis], std::nullopt);
        }
    }
}

}  // namespace

void draw_slices(Ui& ui, const Layout& layout, const ScreenModel& model, ViewState& view) {
    if (layout.small) {
        if (layout.slices[0]) draw_one(ui, *layout.slices[0], std::clamp(view.small_slice, 0, 2), model, view, true);
        return;
    }
    for (int n = 0; n < 3; ++n)
        if (layout.slices[std::size_t(n)]) draw_one(ui, *layout.slices[std::size_t(n)], n, model, view, false);
}

}  // namespace jt
