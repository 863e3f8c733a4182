// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/analogue_bar.hpp"

#include <algorithm>
#include <cmath>

namespace jt {

void draw_analogue_bar(Ui& ui, const Rect& at, const AnalogueBar& bar, double pointer) {
    Painter& painter = ui.painter();
    const Theme& theme = ui.theme;
    painter.rectangle(at, theme.inset);
    if (!(bar.high > bar.low) || !std::isfinite(bar.high - bar.low)) return;
    const auto x = [&](double value) {
        return std::round(at.x + std::clamp((value - bar.low) / (bar.high - bar.low), 0.0, 1.0) * at.w);
    };
    if (bar.normal && (*bar.normal)[1] > (*bar.normal)[0]) {
        const double from = x((*bar.normal)[0]), to = x((*bar.normal)[1]);
        painter.rectangle({from, at.y, to - from, at.h}, theme.normal);
    }
    // Two lines inside the groove, the nearer one above: what is now may be between, and what is predicted.
    const auto between = [&](const std::optional<std::array<double, 2>>& band, double top, double height, Colour colour) {
        if (!band || !((*band)[1] >= (*band)[0]) || !std::isfinite((*band)[1] - (*band)[0])) return;
        const double middle = (x((*band)[0]) + x((*band)[1])) / 2, half = std::max((x((*band)[1]) - x((*band)[0])) / 2, 1.5);
        const double from = std::max(at.x, middle - half), to = std::min(at.right(), middle + half);
        painter.rectangle({from, top, to - from, height}, colour);
    };
    const Colour blue = bar.stale ? theme.invalid : theme.selection;
    between(bar.predicted_band, at.y, at.h, with_alpha(blue, 0.30));
    between(bar.band, at.bottom(), 3.0, blue);
    for (const double limit : bar.limits)
        if (std::isfinite(limit))
            painter.rectangle({std::min(x(limit), at.right() - 3.0), at.y - 3.0, 3.0, at.h + 6.0}, theme.muted);
    if (bar.set_point && std::isfinite(*bar.set_point)) {
        const double middle = x(*bar.set_point);
        for (const double y : {at.y - 2.0, at.y + at.h / 2 - 1.0})
            painter.line({middle, y}, {middle, y + at.h / 2 - 1.0}, {theme.text, 1.5, 0.0});
    }
    const auto triangle = [&](double value, bool filled) {
        const double half = pointer / 2, middle = std::clamp(x(value), at.x + half, at.right() - half);
        const double low = at.bottom(), high = low - pointer * 0.9;
        const Point corners[] = {{middle - half, high}, {middle + half, high}, {middle, low}};
        const Colour colour = bar.stale ? theme.invalid : filled ? theme.text : theme.selection;
        painter.polygon(corners, filled ? colour : theme.panel);
        painter.polyline(corners, {filled ? theme.panel : colour, filled ? 1.0 : 2.0, 0.0}, true);
    };
    if (bar.predicted && std::isfinite(*bar.predicted)) triangle(*bar.predicted, false);
    if (bar.now && std::isfinite(*bar.now)) triangle(*bar.now, true);
}

}  // namespace jt
