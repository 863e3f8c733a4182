// SPDX-License-Identifier: Apache-2.0
// Panel D: one field of the bed in three dimensions. Drag turns, with Shift or the right button it moves, the wheel zooms about
// the mouse, a double click shows all of it; a click puts the probe on the cell that is seen there.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "viz/figure/slice_view.hpp"
#include "viz/screen/data/derived_fields.hpp"
#include "viz/screen/panels/bed_geometry.hpp"
#include "viz/screen/panels/bed_renderer_cpu.hpp"
#include "viz/screen/panels/message.hpp"
#include "viz/screen/panels/panels.hpp"
#include "viz/screen/panels/shown_fields.hpp"
#include "viz/screen/panels/value_text.hpp"

namespace jt {

namespace {

constexpr Colour kStaleOnBackdrop = hex(0xB39DDB);                    // violet that is read on the dark backdrop
constexpr double kTop = 38.0, kBottom = 34.0;                         // strips above and below the picture [px]
constexpr double kBarWidth = 204.0;                                   // of the colour bar's column
constexpr double kClickReach = 4.0;                                   // what moves farther is a drag [px]
constexpr double kTurn = std::numbers::pi / 400.0;                    // [rad] per px
constexpr double kWheel = 1.15, kHighest = 0.499 * std::numbers::pi;  // a notch; of the eye
constexpr double kMotionEnds = 0.25;                                  // after the last change of the camera [s]
constexpr double kPinRadius = 10.0;
constexpr double kLowPanel = 300.0, kAxesColumn = 78.0;

struct BedMemory {
    BedRendererCpu processor;  // without OpenGL
    bool turning = false, moving = false, dragged = false;
    Point last{};
    Camera camera;
    double camera_changed_s = -1e9;
};

bool inside(const Rect& r, Point p) {
    return p.x >= r.x && p.x < r.right() && p.y >= r.y && p.y < r.bottom();
}

const char* name_of(BedMode mode) {
    switch (mode) {
        case BedMode::cutaway:
            return "Cutaway";
        case BedMode::slices:
            return "Slices";
        case BedMode::iso:
            return "Surface";
        case BedMode::volume:
            return "Volume";
    }
    return "";
}

// Turns, moves and zooms the camera by what the mouse does. True: a click, to be taken for the probe.
bool handle_mouse(Ui& ui, const Rect& view_at, BedMemory& memory, ViewState& view) {
    const Input& in = ui.input;
    const bool over = ui.hovered(view_at);
    if (over && in.wheel != 0.0) zoom_about(view.camera, view_at, in.mouse, std::pow(kWheel, in.wheel));
    if (over && in.double_clicked) {
        view.camera = Camera{};
        memory.turning = false;
        ui.dragged(view_at, "bed");
        return false;
    }
    const auto move = [&] {
        view.camera.pan_x += (in.mouse.x - memory.last.x) / view_at.w;
        view.camera.pan_y += (in.mouse.y - memory.last.y) / view_at.h;
    };
    // The right button: nothing else is held meanwhile.
    if (in.pressed[1] && over) memory.moving = true, memory.last = in.mouse;
    if (memory.moving) {
        move();
        memory.last = in.mouse;
        if (!in.down[1]) memory.moving = false;
        return false;
    }
    const bool begins = in.pressed[0] && over;
    if (begins) memory.turning = true, memory.dragged = false, memory.last = in.mouse;
    const bool held = ui.dragged(view_at, "bed");
    if (!memory.turning) return false;
    if (!held) {  // lost to another panel
        memory.turning = false;
        return false;
    }
    const Point from = ui.memory.grabbed;
    if (!memory.dragged && std::hypot(in.mouse.x - from.x, in.mouse.y - from.y) > kClickReach) memory.dragged = true;
    if (memory.dragged) {
        if (in.shift) {
            move();
        } else {
            // The bed follows the hand: its front to the right turns the eye to the left.
            view.camera.yaw = std::remainder(view.camera.yaw - (in.mouse.x - memory.last.x) * kTurn, 2 * std::numbers::pi);
            view.camera.pitch = std::clamp(view.camera.pitch + (in.mouse.y - memory.last.y) * kTurn, -kHighest, kHighest);
        }
        memory.last = in.mouse;
    }
    if (!in.released[0] && in.down[0]) return false;
    memory.turning = false;
    return !memory.dragged;
}

// So that the axes with their letters stand in the middle of a place.
Point triad_origin(const Rect& place, const Projection& p, double reach) {
    double x0 = 0, x1 = 0, y0 = 0, y1 = 0;
    for (std::size_t a = 0; a < 3; ++a) {
        const double length = std::hypot(p.right[a], p.up[a]), far = length > 0.12 ? reach + 14.0 / length : 0.0;
        x0 = std::min(x0, far * p.right[a]), x1 = std::max(x1, far * p.right[a]);
        y0 = std::min(y0, -far * p.up[a]), y1 = std::max(y1, -far * p.up[a]);
    }
    return {place.centre().x - (x0 + x1) / 2, place.centre().y - (y0 + y1) / 2};
}

// Where sensors look at or stand in; voltage and current have no place.
struct Pin {
    int number;
    Vec3 at;
    const Sensor* sensor;
};
std::vector<Pin> pins_of(const RunFacts& facts) {
    std::vector<Pin> pins;
    const auto size = facts.extents.size();
    for (std::size_t n = 0; n < facts.scenario.sensors.size(); ++n) {
        const Sensor& sensor = facts.scenario.sensors[n];
        Pin pin{int(n) + 1, {}, &sensor};
        if (sensor.at) {
            pin.at = *sensor.at;
        } else if (sensor.face) {
            const int normal = axis_of(*sensor.face);
            const auto [across, up] = slice_axes(normal);
            const std::size_t u = std::size_t(across), v = std::size_t(up);
            pin.at[std::size_t(normal)] = is_upper(*sensor.face) ? size[std::size_t(normal)] : 0.0;
            const auto centre = sensor.spot_center.value_or(std::array<double, 2>{size[u] / 2, size[v] / 2});
            pin.at[u] = centre[0], pin.at[v] = centre[1];
        } else {
            continue;
        }
        if (std::all_of(pin.at.begin(), pin.at.end(), [](double x) { return std::isfinite(x); })) pins.push_back(pin);
    }
    return pins;
}

void fill_disc(Painter& painter, Point at, double radius, Colour colour) {
    std::array<Point, 24> rim;
    for (std::size_t n = 0; n < rim.size(); ++n) {
        const double angle = 2 * std::numbers::pi * double(n) / double(rim.size());
        rim[n] = {at.x + radius * std::cos(angle), at.y + radius * std::sin(angle)};
    }
    painter.polygon(rim, colour);
}

// Numbered pins; those behind the bed, or within it, are lighter. Discs keep clear of what is taken.
void draw_pins(Ui& ui, const Rect& at, const RunFacts& facts, const ScreenModel& model, const Projection& p,
               const BedCaster& caster, const Projection& local, std::vector<Rect>& taken) {
    const Theme& theme = ui.theme;
    const double h = std::min({facts.extents.hx, facts.extents.hy, facts.extents.hz});
    for (const Pin& pin : pins_of(facts)) {
        const Point foot = p(pin.at);
        if (!inside(at.shrunk(kPinRadius + 2), foot)) continue;
        const auto hit = caster.pick(local(pin.at));
        const bool hidden = hit && hit->depth > depth_of(p, pin.at) + 0.75 * h;
        Point disc{foot.x + 16, foot.y - 22};
        const auto box = [&] { return Rect{disc.x - kPinRadius, disc.y - kPinRadius, 2 * kPinRadius, 2 * kPinRadius}; };
        for (int n = 0; n < 24; ++n) {
            const bool free = at.contains(box()) &&
                              std::none_of(taken.begin(), taken.end(), [&](const Rect& r) { return r.overlaps(box()); });
            if (free) break;
            const double angle = -std::numbers::pi / 3 + n * std::numbers::pi / 4, reach = 26.0 + 8.0 * (n / 8);
            disc = {foot.x + reach * std::cos(angle), foot.y + reach * std::sin(angle)};
        }
        if (!at.contains(box())) continue;
        taken.push_back(box());
        // Of a sensor that corrects nothing any more.
        const TwinSensor* sensor = model.twin ? model.twin->sensor(pin.sensor->name) : nullptr;
        const bool lost = sensor && (sensor->lost || source_stale(model));
        const Colour line = lost ? kStaleOnBackdrop : hidden ? with_alpha(theme.backdrop_text, 0.45) : theme.backdrop_text;
        ui.painter().line(foot, disc, {with_alpha(hex(0x14171A), 0.7), 3.0, 0.0});
        ui.painter().line(foot, disc, {line, 1.5, 0.0});
        fill_disc(ui.painter(), foot, 4.0, with_alpha(hex(0x14171A), 0.8)), fill_disc(ui.painter(), foot, 2.8, line);
        const Colour fill = hidden ? theme.backdrop : theme.backdrop_text, text = hidden ? theme.backdrop_muted : hex(0x1C2126);
        fill_disc(ui.painter(), disc, kPinRadius, hidden ? theme.backdrop_muted : hex(0x14171A));
        fill_disc(ui.painter(), disc, kPinRadius - 1.5, lost ? kStaleOnBackdrop : fill);
        const TextStyle style{kSmallestPx, Weight::medium, lost ? hex(0x1C2126) : text};
        ui.scribe.enter(box(), lost ? kStaleOnBackdrop : fill);
        ui.scribe.write("bed.pin." + std::to_string(pin.number), std::to_string(pin.number),
                        {disc.x, disc.y - ui.scribe.line_height(style) / 2}, style, Align::centre);
        ui.scribe.note(lost     ? "stale"
                       : hidden ? "hidden"
                                : "",
                       std::nullopt, lost ? std::optional(sensor->age_s) : std::nullopt);
    }
}

// The four ways to look at a field, at the right end of the title's line. Returns where they begin.
double draw_modes(Ui& ui, const Rect& at, ViewState& view) {
    const Theme& theme = ui.theme;
    const TextStyle plain{kLabelPx, Weight::regular, theme.backdrop_text};
    double x = at.right() - kPanelInset;
    const double height = 24.0, y = at.y + 8.0;
    for (int mode = 3; mode >= 0; --mode) {
        const std::string text = name_of(BedMode(mode)), id = "bed.mode." + std::to_string(mode);
        const double width = std::round(ui.scribe.width(text, plain) + 18.0);
        x -= width;
        const Rect chip{x, y, width, height};
        const bool on = int(view.bed_mode) == mode;
        if (ui.clicked(chip, id)) view.bed_mode = BedMode(mode);
        const Colour fill = on ? theme.backdrop_text : theme.backdrop;
        ui.painter().rectangle(chip, fill);
        if (!on) ui.painter().frame(chip, {with_alpha(theme.backdrop_edge, ui.hovered(chip) ? 1.0 : 0.5), 1.0, 0.0});
        TextStyle style = plain;
        if (on) style.colour = hex(0x1C2126);
        ui.scribe.enter(chip, fill);
        ui.scribe.write(id, text, {chip.centre().x, std::round(chip.centre().y - ui.scribe.line_height(style) / 2)}, style,
                        Align::centre);
        x -= 4.0;
    }
    return x;
}

std::string hint_of(const ViewState& view, const ShownField& field, double iso) {
    if (view.clip_axis >= 0) {
        static const char* const names[] = {"x", "y", "z"};
        return std::string("clip ") + names[view.clip_axis] + ": ; and ' move it   Shift D all";
    }
    if (view.bed_mode == BedMode::iso) {
        const Quantity& q = *field.quantity;
        // The distance between two steps of the key decides the digits.
        const double step = 0.02 * std::abs(field.scale.range.high - field.scale.range.low);
        const int digits = std::max(2, int(std::floor(std::log10(std::max(std::abs(iso), step) / step))) + 2);
        const std::string at = format_number(iso, digits) + (field.unit.empty() ? "" : " " + field.unit);
        if (iso < field.least || iso > field.most) return "no surface: nothing is at " + at + "   I, Shift I moves it";
        return "surface at " + at + " of " + std::string(q.label) + "   I, Shift I moves it";
    }
    return "M mode   F field   N smooth   J current lines";
}

}  // namespace

void draw_bed_panel(Ui& ui, const Rect& at, const ScreenModel& model, ViewState& view) {
    const Theme& theme = ui.theme;
    Painter& painter = ui.painter();
    painter.rectangle(at, theme.backdrop);
    painter.frame(at, {theme.border, 1.0, 0.0});
    ui.scribe.enter(at, theme.backdrop);
    const auto say = [&](const std::string& text, const std::string& advice) {
        draw_message(ui, at.shrunk(kPanelInset), "bed.message", text, advice, theme.backdrop_text, theme.backdrop_muted);
    };
    if (!model.facts || !model.frame || model.facts->extents.count() == 0) {
        using Kind = SourceState::Kind;
        const Kind kind = model.source.kind;
        if (!model.facts || kind == Kind::connecting || kind == Kind::waiting || kind == Kind::empty || kind == Kind::broken)
            say(model.source.text.empty() ? "Nothing is known of a run yet." : model.source.text, model.source.advice);
        else if (kind == Kind::finished && model.frame_times && model.frame_times->empty())
            say("This run recorded no fields.", "Its numbers over time are in the charts.");
        else
            say("The fields of this moment are being read.", "");
        return;
    }
    const RunFacts& facts = *model.facts;
    auto& memory = ui_memory<BedMemory>(ui, "bed");
    auto& fields = ui_memory<DerivedFields>(ui, "fields");

    const FieldOrReason shown = fields.get(facts, model.frame, view.bed_field, view.kelvin, model.field_names);
    const double modes_from = draw_modes(ui, at, view);
    ui.scribe.enter(at, theme.backdrop);
    const TextStyle title{kPanelTitlePx, Weight::medium, theme.backdrop_text};
    TextStyle label{kLabelPx, Weight::regular, theme.backdrop_muted};
    const std::string name = shown.field ? shown.field->title : label_of(view.bed_field);
    const Rect named = ui.scribe.write_in("bed.title", name, {at.x + kPanelInset, at.y + 10},
                                          std::max(0.0, modes_from - at.x - kPanelInset - 8), title);
    std::string time = seconds_text(model.frame->time_s);
    const auto old = stale_fields(model);
    if (old) time += ", " + age_text(*old) + " old", label.colour = kStaleOnBackdrop;
    if (named.right() + 12 + ui.scribe.width(time, label) < modes_from) {
        ui.scribe.write("bed.time", time, {named.right() + 12, named.bottom() - ui.scribe.line_height(label)}, label);
        ui.scribe.note(old ? "stale" : "", model.frame->time_s, old);
    }
    label.colour = theme.backdrop_muted;
    if (!shown.field) {
        std::string reason = shown.reason;
        say(label_of(view.bed_field) + ": " + reason + ".", "F shows the next field");
        return;
    }
    const ShownField& field = *shown.field;

    const double bar_w = std::round(std::min(kBarWidth, 0.36 * at.w));
    // Axes stand in a corner of the picture, in a low panel in a column of their own.
    const bool low = at.h < kLowPanel;
    const double column = low ? kAxesColumn : 0.0;
    const Rect room{at.x + 1 + column, at.y + kTop, at.w - bar_w - 1 - column, at.h - kTop - kBottom};
    const bool clicked = handle_mouse(ui, room, memory, view);

    BedScene scene;
    scene.frame = model.frame;
    scene.field = {facts.extents, field.values};
    scene.scale = field.scale;
    scene.mode = view.bed_mode;
    scene.camera = view.camera;
    scene.cell = cell_of(view, model);
    scene.iso_value = field.scale.range.value(view.iso_position);
    scene.smooth = view.smooth;
    scene.clip = view.clip;
    scene.electrodes = electrodes_of(facts.scenario);
    scene.theme = &theme;
    scene.normal = view.normal;
    scene.version = field.version;
    if (view.streamlines) scene.streamlines = *fields.streamlines(facts, model.frame);

    if (!(view.camera == memory.camera)) memory.camera = view.camera, memory.camera_changed_s = ui.input.wall_s;
    const double since = ui.input.wall_s - memory.camera_changed_s;
    scene.moving = memory.moving || (memory.turning && memory.dragged) || since < kMotionEnds;
    if (scene.moving) ui.redraw_in(std::max(0.0, kMotionEnds - since));

    Projection local = bed_projection(view.camera, facts.extents, {0, 0, room.w, room.h});
    const BedCaster caster(scene, local);
    if (clicked) {
        const Point in_room{ui.input.mouse.x - room.x, ui.input.mouse.y - room.y};
        if (const auto hit = caster.pick(in_room)) {
            set_cell(view, model, hit->cell);
            scene.cell = cell_of(view, model);
        }
    }
    BedRenderer& renderer = ui.bed ? *ui.bed : memory.processor;
    if (const auto again = renderer.draw(painter, room, scene)) ui.redraw_in(*again);

    const Projection p = bed_projection(view.camera, facts.extents, room);
    painter.push_clip(room);
    std::vector<Rect> taken;
    if (!low) {
        // On the backdrop, whatever the bed is moved to.
        const Rect corner{room.x + 4, room.bottom() - 96, 96, 96};
        painter.rectangle(corner, with_alpha(theme.backdrop, 0.85));
        ui.scribe.enter(corner, theme.backdrop);
        draw_triad(ui.scribe, "bed.axis", triad_origin(corner, p, 34.0), p, theme);
        taken.push_back(corner);
    }
    // Electrodes' signs.
    const TextStyle sign{24.0, Weight::medium, theme.backdrop_text};
    const double sign_h = ui.scribe.line_height(sign);
    const auto places = sign_places(p, facts.extents, scene.electrodes, kPlateGap / p.px_per_m);
    for (std::size_t n = 0; n < places.size(); ++n) {
        const Rect box{std::clamp(places[n].x, room.x + 12, room.right() - 12) - 10,
                       std::clamp(places[n].y, room.y + sign_h / 2, room.bottom() - sign_h / 2) - sign_h / 2, 20, sign_h};
        if (std::any_of(taken.begin(), taken.end(), [&](const Rect& r) { return r.overlaps(box); })) continue;
        taken.push_back(box);
        fill_disc(painter, box.centre(), 12.0, with_alpha(theme.backdrop, 0.85));
        ui.scribe.enter(room, theme.backdrop);
        ui.scribe.write(std::string("bed.electrode.") + jt::name_of(scene.electrodes[n].face),
                        scene.electrodes[n].positive ? "+" : "\u2212", {box.centre().x, box.y}, sign, Align::centre);
    }
    draw_pins(ui, room, facts, model, p, caster, local, taken);
    painter.pop_clip();
    // A twin that is lost: what to do stands over what it said last.
    if (model.twin && model.source.kind == SourceState::Kind::broken) {
        const double width = std::min(room.w - 16.0, 460.0), height = std::min(room.h - 8.0, 116.0);
        const Rect box{std::round(room.centre().x - width / 2), std::round(room.centre().y - height / 2), width, height};
        painter.rectangle(box, theme.backdrop);
        painter.frame(box, {kStaleOnBackdrop, 1.0, 0.0});
        // Texts of the bed below it are not read any more.
        ui.scribe.erase_within(box);
        ui.scribe.enter(box, theme.backdrop);
        draw_message(ui, box.shrunk(8.0), "bed.lost", model.source.text, model.source.advice, theme.backdrop_text,
                     theme.backdrop_text);
    }

    // Below: what the keys do, or the value of the surface; the scale bar.
    ui.scribe.enter(at, theme.backdrop);
    if (low) {
        const Rect corner{at.x + 1, room.bottom() - kAxesColumn, kAxesColumn, kAxesColumn};
        draw_triad(ui.scribe, "bed.axis", triad_origin(corner, p, 22.0), p, theme, 22.0);
    }
    const double line = ui.scribe.line_height(label), about = std::min(120.0, 0.2 * room.w);
    draw_scale_bar(ui.scribe, "bed.scale", {room.right() - 8, at.bottom() - 10}, p.px_per_m, about, theme);
    const double hint_w = room.right() - 8 - about - 24 - at.x - kPanelInset;
    std::string hint = hint_of(view, field, scene.iso_value);
    // Whole hints only: the last ones go where there is no room.
    for (auto gap = hint.rfind("   "); gap != std::string::npos && ui.scribe.width(hint, label) > hint_w;
         gap = hint.rfind("   "))
        hint.resize(gap);
    ui.scribe.write_in("bed.hint", hint, {at.x + kPanelInset, at.bottom() - 9 - line}, hint_w, label);
    if (view.bed_mode == BedMode::iso) ui.scribe.note("", scene.iso_value - (view.kelvin ? 0.0 : field.quantity->offset), {});

    Theme dark = theme;
    dark.panel = theme.backdrop, dark.text = theme.backdrop_text, dark.muted = theme.backdrop_muted,
    dark.border = hex(0x59626B);
    const std::size_t probe = facts.extents.index(scene.cell[0], scene.cell[1], scene.cell[2]);
    ColourBarOptions options;
    options.id = "bed.bar", options.locked = field.fixed, options.framed = false, options.note = false;
    if (!std::isnan(field.values[probe])) options.marker = double(field.values[probe]);
    const Rect bar{at.right() - bar_w, at.y + kTop, bar_w - 1, at.h - kTop - 8};
    draw_colour_bar(ui.scribe, bar, "", field.scale, field.histogram, dark, options);
}

}  // namespace jt
