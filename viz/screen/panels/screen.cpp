// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/screen.hpp"

#include <cmath>

namespace jt {

void draw_screen(Ui& ui, double width, double height, const ScreenModel& model, ViewState& view) {
    const Layout layout = layout_of(width, height);
    ui.painter().rectangle(layout.window, ui.theme.background);
    if (width < kSmallestWidth || height < kSmallestHeight) {
        ui.scribe.enter(layout.window, ui.theme.background);
        const std::string needed = "Make this window larger (" + std::to_string(int(kSmallestWidth)) + " by " +
                                   std::to_string(int(kSmallestHeight)) + "), or its text smaller (Ctrl \u2212).";
        const auto lines = wrap(ui.painter(), needed, ui.body(), width - 2 * kPanelInset, 4);
        double y = std::round(height / 2 - double(lines.size()) * 12.0);
        for (std::size_t n = 0; n < lines.size(); ++n)
            y = ui.scribe.write("window.small." + std::to_string(n), lines[n], {width / 2, y}, ui.body(), Align::centre)
                    .bottom();
        return;
    }
    // The first press of the mouse on the overview closes it and does nothing else.
    Input idle;
    idle.wall_s = ui.input.wall_s;
    Ui below(ui.scribe, ui.theme, view.overview ? idle : ui.input, ui.memory, ui.bed);
    draw_header(below, layout.header, model, view);
    draw_alarm_line(below, layout.alarm_line, model, view);
    draw_tiles(below, layout, model, view);
    draw_bed_panel(below, layout.bed, model, view);
    draw_slices(below, layout, model, view);
    draw_temperature_chart(below, layout.temperature, model, view);
    if (layout.power_chart) draw_power_chart(below, *layout.power_chart, model, view);
    if (layout.micro_chart) draw_micro_chart(below, *layout.micro_chart, model, view);
    draw_tabs(below, layout, model, view);
    draw_timeline(below, layout.timeline, model, view);
    draw_probe_line(below, layout.probe, model, view);
    ui.redraw_in(below.next_redraw_s());
    if (view.overview) {
        if (ui.input.pressed[0])
            view.overview = false;
        else
            draw_overview(ui, layout.window, view);
    }
    // A button that is up holds nothing, whatever a panel that has gone away thought.
    if (!ui.input.down[0]) ui.memory.active.clear();
}

}  // namespace jt
