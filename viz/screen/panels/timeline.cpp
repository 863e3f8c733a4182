// SPDX-License-Identifier: Apache-2.0
// I: the program of the run as blocks, where it stands, and the way through it: drag moves all panels.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "viz/screen/panels/reason.hpp"
#include "viz/screen/panels/time_chart.hpp"

namespace jt {

namespace {

constexpr double kInset = 12.0, kPad = 8.0, kButton = 34.0, kStep = 26.0, kSpeed = 46.0, kLive = 76.0, kGap = 6.0;
constexpr double kNearMark = 6.0;  // [px] of a bookmark that is meant

std::string value_text(const ScreenModel& model, double value, bool kelvin) {
    if (model.temperature_program()) {
        const Quantity& T = quantity("T_K");
        return shown_number(T, value, kelvin) + " " + shown_unit(T, kelvin);
    }
    const auto& heater = model.facts->scenario.heater;
    const char* unit = heater && heater->mode == Heater::Mode::current   ? " A"
                       : heater && heater->mode == Heater::Mode::voltage ? " V"
                       : heater && heater->mode == Heater::Mode::power   ? " W"
                                                                         : "";
    return format_number(value, 3) + unit;
}

std::string speed_text(double speed) {
    return "\u00d7" + (speed >= 1.0 ? format_number(speed, speed >= 10.0 ? 2 : 1) : "1/" + format_number(1.0 / speed, 2));
}

void play_sign(Painter& painter, const Rect& at, bool playing, Colour colour) {
    const Point c = at.centre();
    if (playing) {
        painter.rectangle({c.x - 6, c.y - 7, 4, 14}, colour);
        painter.rectangle({c.x + 2, c.y - 7, 4, 14}, colour);
        return;
    }
    const std::array<Point, 3> triangle{Point{c.x - 5, c.y - 8}, Point{c.x + 8, c.y}, Point{c.x - 5, c.y + 8}};
    painter.polygon(triangle, colour);
}

}  // namespace

void draw_timeline(Ui& ui, const Rect& at, const ScreenModel& model, ViewState& view) {
    ui.panel(at, "timeline");
    if (!model.facts || !model.history) {
        draw_reason(ui, at.shrunk(kPad), "timeline", reason_without_run(model));
        return;
    }
    Painter& painter = ui.painter();
    Scribe& scribe = ui.scribe;
    const bool live = model.goes_on();
    const double label_line = scribe.line_height(ui.label());
    const double tall = at.h - 2 * kPad;

    // Play, pause, speed.
    const Rect play{at.x + kInset, std::round(at.y + (at.h - kButton) / 2), kButton, kButton};
    if (ui.button(play, "timeline.play", "")) apply(Action::play, model, view), ui.redraw_in(0.0);
    const bool plays = view.playing || model.live;
    play_sign(painter, play, plays, ui.theme.text);
    const Rect slower{play.right() + kGap, play.y, kStep, kButton};
    const Rect speed{slower.right(), play.y, kSpeed, kButton};
    const Rect faster{speed.right(), play.y, kStep, kButton};
    if (ui.button(slower, "timeline.slower", "\u2212")) apply(Action::slower, model, view), ui.redraw_in(0.0);
    if (ui.button(faster, "timeline.faster", "+")) apply(Action::faster, model, view), ui.redraw_in(0.0);
    scribe.enter(at, ui.theme.panel);
    scribe.write_in("timeline.speed", speed_text(view.play_speed),
                    {speed.centre().x, std::round(speed.centre().y - label_line / 2)}, speed.w - 4, ui.label(), Align::centre);
    scribe.note(view.playing ? "playing" : "", view.play_speed, std::nullopt);

    // LIVE; END of a run that does not go on.
    const Rect button{at.right() - kInset - kLive, std::round(at.y + kPad), kLive, std::round(tall)};
    const bool at_end = live ? model.live : !view.playing && model.cursor_s >= model.newest_s - 1e-9;
    if (ui.button(button, "timeline.live", live ? "LIVE" : "END", at_end)) apply(Action::live, model, view), ui.redraw_in(0.0);
    scribe.note(at_end ? "on" : "off", std::nullopt, std::nullopt);
    scribe.enter(at, ui.theme.panel);

    // The track.
    const TimeWindow whole = whole_run(model);
    const double left = faster.right() + 2 * kInset, right = button.x - 2 * kInset;
    const double block = std::round(std::clamp(tall - label_line - 14.0, 18.0, 26.0));
    const Rect blocks{left, std::round(at.y + kPad), right - left, block};
    const Rect lane{left, blocks.bottom(), blocks.w, std::max(8.0, std::round(tall - block - label_line - 2))};
    const double label_y = at.bottom() - kPad - label_line + 2;
    const auto x_of = [&](double t) { return left + (t - whole.start) / whole.width() * blocks.w; };
    const double cursor_x = x_of(std::clamp(model.cursor_s, whole.start, whole.end));
    const double now_x = x_of(std::clamp(model.newest_s, whole.start, whole.end));

    painter.rectangle(blocks, ui.theme.future);
    if (const Program* program = model.program()) {
        const auto segments = segments_of(*program, whole.end);
        for (std::size_t n = 0; n < segments.size(); ++n) {
            const Segment& s = segments[n];
            const double a = std::round(x_of(std::max(s.from_s, whole.start))) + (n > 0 ? 1.0 : 0.0);
            const double b = std::round(x_of(std::min(s.to_s, whole.end))) - (n + 1 < segments.size() ? 1.0 : 0.0);
            if (!(b > a)) continue;
            const Rect part{a, blocks.y, b - a, blocks.h};
            const bool present = model.cursor_s >= s.from_s && (model.cursor_s < s.to_s || n + 1 == segments.size());
            const Colour fill = present ? ui.theme.normal : ui.theme.inset;
            painter.rectangle(part, fill);
            // Name and value, the name alone, or nothing: never a piece of a word.
            const std::string name(name_of(s.kind));
            const std::string longer =
                name + (s.kind == Segment::Kind::hold ? " " : " to ") + value_text(model, s.to_value, view.kelvin);
            const TextStyle style = ui.style(kLabelPx, ui.theme.text, present ? Weight::medium : Weight::regular);
            const double room = part.w - 12;
            const std::string& text = scribe.width(longer, style) <= room ? longer : name;
            if (scribe.width(text, style) > room) continue;
            scribe.enter(at, fill);
            scribe.write("timeline.segment." + std::to_string(n), text,
                         {part.x + 6, std::round(part.centre().y - label_line / 2)}, style);
            scribe.note(present ? "present" : "", s.to_value, std::nullopt);
        }
        scribe.enter(at, ui.theme.panel);
    } else {
        scribe.enter(at, ui.theme.future);
        scribe.write_in("timeline.segment.none", "no program",
                        {blocks.centre().x, std::round(blocks.centre().y - label_line / 2)}, blocks.w - 12, ui.label(),
                        Align::centre);
        scribe.enter(at, ui.theme.panel);
    }

    // What is recorded, where there are fields, events.
    painter.rectangle({left, lane.y + 3, now_x - left, 3}, ui.theme.set_point);
    painter.line({now_x, lane.y + 4.5}, {right, lane.y + 4.5}, {ui.theme.border, 1.0, 0.0});
    if (model.frame_times) {
        double last = -std::numeric_limits<double>::infinity();
        for (const double t : *model.frame_times) {
            const double x = x_of(t);
            if (x < left - 0.5 || x > right + 0.5 || x - last < 3.0) continue;
            painter.line({x, lane.y + 6}, {x, lane.y + 9}, {ui.theme.muted, 1.0, 0.0});
            last = x;
        }
    }
    if (model.events) {
        double last = -std::numeric_limits<double>::infinity();
        for (const auto& event : *model.events) {
            const double x = x_of(event.time_s);
            if (!(x >= left - 0.5 && x <= right + 0.5) || x - last < 2.0) continue;
            painter.line({x, lane.y}, {x, lane.bottom()}, {ui.theme.text, 2.0, 0.0});
            last = x;
        }
    }
    // What the charts show, where that is not all.
    if (view.time_view) {
        const TimeWindow window = time_window(model, view);
        const double a = x_of(window.start), b = x_of(window.end), y = blocks.y - 2;
        const std::array<Point, 4> bracket{Point{a, y + 7}, Point{a, y}, Point{b, y}, Point{b, y + 7}};
        painter.polyline(bracket, {ui.theme.selection, 2.0, 0.0});
        painter.rectangle({a, blocks.y, std::max(1.0, b - a), blocks.h}, with_alpha(ui.theme.selection, 0.12));
    }
    for (const double t : view.bookmarks) {
        const double x = x_of(t);
        if (x < left - 0.5 || x > right + 0.5) continue;
        const std::array<Point, 3> flag{Point{x - 5, lane.bottom()}, Point{x + 5, lane.bottom()}, Point{x, lane.bottom() - 8}};
        painter.polygon(flag, ui.theme.selection);
    }

    // Drag: all panels follow. Near a bookmark that was pressed it is the bookmark.
    const Rect grip{left - 6, blocks.y - 4, blocks.w + 12, at.bottom() - kPad - blocks.y + 4};
    if (ui.dragged(grip, "timeline.track")) {
        double t = whole.start + (ui.input.mouse.x - left) / blocks.w * whole.width();
        if (std::abs(ui.input.mouse.x - ui.memory.grabbed.x) < 3.0) {
            double nearest = kNearMark;
            for (const double mark : view.bookmarks)
                if (const double d = std::abs(x_of(mark) - ui.memory.grabbed.x); d <= nearest) nearest = d, t = mark;
        }
        const double before = view.cursor_s;
        const bool followed = view.follow;
        set_cursor(view, model, t);
        if (followed || before != view.cursor_s) ui.redraw_in(0.0);
    }

    // Cursor with its time; the event at it, where there is one under the mouse.
    painter.line({cursor_x, blocks.y - 4}, {cursor_x, lane.bottom()}, {ui.theme.text, 2.0, 0.0});
    const TextStyle strong = ui.style(kLabelPx, ui.theme.text, Weight::medium);
    std::string shown = time_text(model.cursor_s, model);
    if (!std::isfinite(model.cursor_s)) shown = "\u2014";
    const double half = scribe.width(shown, strong) / 2;
    const Rect taken = scribe.write("timeline.cursor", shown, {std::clamp(cursor_x, left + half, right - half), label_y},
                                    strong, Align::centre);
    scribe.note(model.live ? "live" : view.playing ? "playing" : "", model.cursor_s, std::nullopt);
    Rect told{0, 0, 0, 0};
    if (model.events && ui.hovered(grip)) {
        std::string text;
        for (const auto& event : *model.events)
            if (std::abs(x_of(event.time_s) - ui.input.mouse.x) <= kNearMark)
                text += (text.empty() ? time_text(event.time_s, model) + ": " : "; ") + event.text;
        if (!text.empty()) {
            // On the wider side of the cursor's time.
            const double l = taken.x - 12 - left, r = right - taken.right() - 12;
            const double wide = std::min(std::max(l, r), scribe.width(text, strong) + 1);
            const double x = l > r ? std::clamp(ui.input.mouse.x - wide / 2, left, taken.x - 12 - wide)
                                   : std::clamp(ui.input.mouse.x - wide / 2, taken.right() + 12, right - wide);
            told = scribe.write_in("timeline.event", text, {x, label_y}, wide, strong);
        }
    }
    const TimeUnit unit = time_unit(whole.width());
    const AxisTicks ticks = fixed_axis(whole.start / unit.seconds, whole.end / unit.seconds, std::max(2, int(blocks.w / 90.0)));
    for (std::size_t n = 0; n < ticks.values.size(); ++n) {
        const double x = x_of(ticks.values[n] * unit.seconds);
        const std::string text = ticks.labels[n] + (n + 1 == ticks.values.size() ? std::string(" ") + unit.name : "");
        const double w = scribe.width(text, ui.label());
        const double from = std::clamp(x - scribe.width(ticks.labels[n], ui.label()) / 2, left, right + kInset - w);
        const Rect room{from, label_y, w, label_line};
        if (room.overlaps(taken.shrunk(-6.0)) || (told.w > 0 && room.overlaps(told.shrunk(-6.0)))) continue;
        scribe.write("timeline.t." + std::to_string(n), text, {from, label_y}, ui.label());
    }
}

}  // namespace jt
