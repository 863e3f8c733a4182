// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/badge.hpp"

#include <cmath>
#include <numbers>
#include <vector>

namespace jt {

namespace {

constexpr double kSign = 24.0;        // height of the shape [px]
constexpr double kBlinkPeriod = 1.0;  // [s]
constexpr double kOutline = 2.0;

struct Colours {
    Colour fill, on;
};
Colours colours_of(const Theme& theme, const AlarmCondition& condition) {
    if (condition.kind == AlarmKind::validity) return {theme.invalid, theme.urgent_text};
    switch (condition.priority) {
        case AlarmPriority::urgent:
            return {theme.urgent, theme.urgent_text};
        case AlarmPriority::high:
            return {theme.high, theme.high_text};
        case AlarmPriority::low:
            return {theme.low, theme.low_text};
    }
    return {theme.low, theme.low_text};
}

// Octagon, triangle, circle by priority; a square of what says that data are not valid.
std::vector<Point> shape_of(const AlarmCondition& condition, Point c) {
    const double r = kSign / 2;
    std::vector<Point> corners;
    const auto ring = [&](int count, double radius, double turn) {
        for (int n = 0; n < count; ++n) {
            const double a = turn + 2 * std::numbers::pi * n / count;
            corners.push_back({c.x + radius * std::cos(a), c.y + radius * std::sin(a)});
        }
    };
    if (condition.kind == AlarmKind::validity)
        corners = {
            {c.x - r + 1, c.y - r + 1}, {c.x + r - 1, c.y - r + 1}, {c.x + r - 1, c.y + r - 1}, {c.x - r + 1, c.y + r - 1}};
    else if (condition.priority == AlarmPriority::urgent)
        ring(8, r / std::cos(std::numbers::pi / 8), std::numbers::pi / 8);
    else if (condition.priority == AlarmPriority::high)
        corners = {{c.x, c.y - r - 1}, {c.x + r + 2, c.y + r}, {c.x - r - 2, c.y + r}};
    else
        ring(32, r, 0.0);
    return corners;
}

}  // namespace

void draw_badge(Ui& ui, const Rect& at, const std::string& id, const Alarm& alarm) {
    Painter& painter = ui.painter();
    const Theme& theme = ui.theme;
    const AlarmCondition& condition = alarm.condition;
    const Colours colours = colours_of(theme, condition);
    const bool asks = alarm.state == AlarmState::unacknowledged || alarm.state == AlarmState::returned;
    const bool filled = alarm.state == AlarmState::unacknowledged || alarm.state == AlarmState::moment;
    const bool quiet = alarm.state == AlarmState::shelved || alarm.state == AlarmState::returned;
    bool bright = false;
    if (asks) {
        const double phase = std::fmod(std::max(0.0, ui.input.wall_s), kBlinkPeriod);
        bright = phase < kBlinkPeriod / 2;
        ui.redraw_in((bright ? kBlinkPeriod / 2 : kBlinkPeriod) - phase + 1e-3);
    }
    const Colour ground = filled ? colours.fill : theme.panel;
    painter.rectangle(at, ground);
    if (bright)
        painter.frame(at, {theme.text, 2 * kOutline, 0.0});
    else if (!filled)
        painter.frame(at, {quiet ? theme.border : theme.muted, kOutline, 0.0});

    // The sign: on a filled badge in the colour of its text, else in its own colour with a line around it.
    const Point middle{at.x + 8.0 + kSign / 2, std::round(at.centre().y)};
    const auto corners = shape_of(condition, middle);
    const Colour inner = filled ? colours.on : quiet ? theme.panel : colours.fill;
    painter.polygon(corners, inner);
    if (!filled) painter.polyline(corners, {quiet ? theme.muted : theme.text, 1.5, 0.0}, true);
    const Colour on_sign = filled  ? (contrast(colours.fill, inner) >= 4.5 ? colours.fill : theme.text)
                           : quiet ? theme.muted
                                   : colours.on;
    const TextStyle number = ui.style(kSmallestPx, on_sign, Weight::medium);
    const double line = ui.scribe.line_height(number);
    const bool triangle = condition.kind == AlarmKind::process && condition.priority == AlarmPriority::high;
    ui.scribe.enter(at, inner);
    ui.scribe.write(id + ".number", std::to_string(int(condition.priority)),
                    {middle.x, std::round(middle.y - line / 2 + (triangle ? 3.0 : 0.0))}, number, Align::centre);
    const TextStyle word = ui.style(kPanelTitlePx, filled ? colours.on : quiet ? theme.muted : theme.text, Weight::medium);
    ui.scribe.enter(at, ground);
    const std::string text(condition.kind == AlarmKind::validity ? "DATA" : name_of(condition.priority));
    const double x = middle.x + kSign / 2 + 10.0;
    ui.scribe.write_in(id + ".word", text, {x, std::round(at.centre().y - ui.scribe.line_height(word) / 2)},
                       at.right() - 4.0 - x, word);
    ui.scribe.note(std::string(name_of(alarm.state)), std::nullopt, std::nullopt);
}

}  // namespace jt
