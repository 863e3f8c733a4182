// SPDX-License-Identifier: Apache-2.0
// H: the strip of tabs and the chosen one below it.
#include <algorithm>
#include <array>
#include <cmath>

#include "viz/screen/panels/panels.hpp"
#include "viz/screen/state/alarms.hpp"

namespace jt {

namespace {

constexpr double kTabInset = 12.0, kTabStrip = 34.0, kUnder = 3.0, kBelow = 8.0;
constexpr std::array<const char*, kTabs> kNames{"1 Alarms",  "2 Sensors", "3 Estimate", "4 Product",
                                                "5 What-if", "6 Run",     "7 Charts"};

// Alarms that nobody has acknowledged yet; of a run that is over, those of the moment shown.
int unacknowledged(const ScreenModel& model) {
    const auto shown = alarms_shown(model);
    return int(std::count_if(shown.alarms.begin(), shown.alarms.end(), [](const Alarm& alarm) {
        return alarm.state == AlarmState::unacknowledged || alarm.state == AlarmState::returned ||
               alarm.state == AlarmState::moment;
    }));
}

}  // namespace

void draw_tabs(Ui& ui, const Layout& layout, const ScreenModel& model, ViewState& view) {
    const Rect& at = layout.tabs;
    ui.panel(at, "tabs");
    Scribe& scribe = ui.scribe;
    const int count = layout.small ? kTabs : kTabs - 1;
    // The charts have a place of their own where there is room.
    const auto chosen = [&] { return view.tab >= 1 && view.tab <= count ? view.tab : 1; };

    const int alarms = unacknowledged(model);
    const auto label = [&](int n) {
        std::string text = kNames[std::size_t(n)];
        if (n == 0 && alarms > 0) text += " (" + std::to_string(alarms) + ")";
        return text;
    };
    // Body size where it fits.
    double px = kBodyPx, gap = 0.0, total = 0.0;
    std::array<double, kTabs> widths{};
    for (const double size : {kBodyPx, kPanelTitlePx, kLabelPx, kSmallestPx}) {
        px = size, total = 0.0;
        for (int n = 0; n < count; ++n) {
            widths[std::size_t(n)] = std::ceil(scribe.width(label(n), ui.style(px, ui.theme.text, Weight::medium)));
            total += widths[std::size_t(n)];
        }
        gap = std::floor((at.w - 2.0 - total) / double(count));
        if (gap >= 16.0) break;
    }
    gap = std::clamp(gap, 0.0, 36.0);
    double x = at.x + 1;
    for (int n = 0; n < count; ++n) {
        const Rect tab{x, at.y + 1, widths[std::size_t(n)] + gap, kTabStrip};
        if (ui.clicked(tab, "tabs." + std::to_string(n + 1))) view.tab = n + 1, ui.redraw_in(0.0);
        const bool on = n + 1 == chosen();
        const Colour fill = ui.hovered(tab) && !on ? ui.theme.inset : ui.theme.panel;
        if (fill != ui.theme.panel) ui.painter().rectangle(tab, fill);
        if (on) ui.painter().rectangle({tab.x + 4, tab.bottom() - kUnder, tab.w - 8, kUnder}, ui.theme.selection);
        scribe.enter(tab, fill);
        const TextStyle style = ui.style(px, on ? ui.theme.text : ui.theme.muted, on ? Weight::medium : Weight::regular);
        scribe.write_in("tabs." + std::to_string(n + 1), label(n),
                        {tab.centre().x, std::round(tab.centre().y - scribe.line_height(style) / 2)}, tab.w, style,
                        Align::centre);
        scribe.note(on ? "on" : "", std::nullopt, std::nullopt);
        x += tab.w;
    }
    ui.painter().line({at.x + 1, at.y + kTabStrip + 1.5}, {at.right() - 1, at.y + kTabStrip + 1.5},
                      {ui.theme.border, 1.0, 0.0});
    scribe.enter(at, ui.theme.panel);
    const double top = at.y + kTabStrip + 2 + kBelow;
    const Rect room{at.x + kTabInset, top, at.w - 2 * kTabInset, at.bottom() - kBelow - top};
    switch (chosen()) {
        case 1:
            return draw_alarms_tab(ui, room, model, view);
        case 2:
            return draw_sensors_tab(ui, room, model, view);
        case 3:
            return draw_estimate_tab(ui, room, model, view);
        case 4:
            return draw_product_tab(ui, room, model, view);
        case 5:
            return draw_what_if_tab(ui, room, model, view);
        case 6:
            return draw_run_tab(ui, room, model, view);
        default:
            // Charts are panels of their own: over the room, up to the edges of this one.
            return draw_charts_tab(ui, {at.x + 1, at.y + kTabStrip + 2, at.w - 2, at.h - kTabStrip - 3}, model, view);
    }
}

}  // namespace jt
