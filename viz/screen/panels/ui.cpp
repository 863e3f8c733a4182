// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/ui.hpp"

#include <algorithm>
#include <cmath>

namespace jt {

namespace {

constexpr double kTitleTop = 8.0, kTitleGap = 6.0;

bool inside(const Rect& r, Point p) {
    return p.x >= r.x && p.x < r.right() && p.y >= r.y && p.y < r.bottom();
}

}  // namespace

Rect Ui::panel(const Rect& at, const std::string& id, const std::string& title) {
    painter().rectangle(at, theme.panel);
    painter().frame(at, {theme.border, 1.0, 0.0});
    scribe.enter(at, theme.panel);
    Rect room = at.shrunk(kPanelInset);
    if (title.empty()) return room;
    const TextStyle style{kPanelTitlePx, Weight::medium, theme.muted};
    const Rect text = scribe.write_in(id + ".title", title, {at.x + kPanelInset, at.y + kTitleTop}, room.w, style);
    const double top = text.bottom() + kTitleGap;
    return {room.x, top, room.w, at.bottom() - kPanelInset - top};
}

bool Ui::hovered(const Rect& at) const {
    return memory.active.empty() && inside(at, input.mouse);
}

bool Ui::clicked(const Rect& at, const std::string& id) {
    if (input.pressed[0] && memory.active.empty() && inside(at, input.mouse)) memory.active = id, memory.grabbed = input.mouse;
    if (!input.released[0] || memory.active != id) return false;
    memory.active.clear();
    return inside(at, input.mouse);
}

bool Ui::dragged(const Rect& at, const std::string& id) {
    if (input.pressed[0] && memory.active.empty() && inside(at, input.mouse)) memory.active = id, memory.grabbed = input.mouse;
    if (memory.active != id) return false;
    if (input.released[0] || !input.down[0]) memory.active.clear();
    return true;
}

bool Ui::button(const Rect& at, const std::string& id, const std::string& text, bool on, bool enabled) {
    const bool hit = enabled && clicked(at, id);
    const bool over = enabled && (hovered(at) || memory.active == id);
    const Colour fill = on ? theme.text : over ? theme.border : theme.inset;
    painter().rectangle(at, fill);
    const TextStyle style{kLabelPx, on ? Weight::medium : Weight::regular, on ? theme.panel : theme.text};
    scribe.enter(at, fill);
    const double line = scribe.line_height(style);
    TextStyle used = style;
    if (!enabled) used.colour = theme.muted, painter().rectangle(at, theme.panel), scribe.enter(at, theme.panel);
    scribe.write_in(id, text, {at.centre().x, std::round(at.centre().y - line / 2)}, at.w - 8.0, used, Align::centre);
    return hit;
}

void Ui::hatch(const Rect& area) {
    painter().push_clip(area);
    for (double x = area.x - area.h; x < area.right(); x += 8.0)
        painter().line({x, area.bottom()}, {x + area.h, area.y}, {with_alpha(theme.invalid, 0.20), 2.0, 0.0});
    painter().pop_clip();
}

void Ui::redraw_in(double seconds) {
    redraw_s_ = std::min(redraw_s_, std::max(seconds, 0.0));
}

}  // namespace jt
