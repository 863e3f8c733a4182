// SPDX-License-Identifier: Apache-2.0
// The panels of the main screen, one file each. A panel draws into its rectangle what the model says, and changes the view by
// what the user does in it. It writes every text through the Scribe, with ids "panel.what", and notes value, state and age of
// what it shows; without a value it shows an em dash and the reason.
#pragma once
#include "viz/screen/panels/ui.hpp"
#include "viz/screen/state/actions.hpp"
#include "viz/screen/state/layout.hpp"
#include "viz/screen/state/screen_model.hpp"
#include "viz/screen/state/view_state.hpp"

namespace jt {

void draw_header(Ui&, const Rect&, const ScreenModel&, const ViewState&);
void draw_alarm_line(Ui&, const Rect&, const ScreenModel&, ViewState&);
void draw_tiles(Ui&, const Layout&, const ScreenModel&, const ViewState&);
void draw_bed_panel(Ui&, const Rect&, const ScreenModel&, ViewState&);
void draw_slices(Ui&, const Layout&, const ScreenModel&, ViewState&);
void draw_temperature_chart(Ui&, const Rect&, const ScreenModel&, ViewState&);
void draw_power_chart(Ui&, const Rect&, const ScreenModel&, ViewState&);
void draw_micro_chart(Ui&, const Rect&, const ScreenModel&, ViewState&);
void draw_tabs(Ui&, const Layout&, const ScreenModel&, ViewState&);  // the strip and the chosen one below it
void draw_timeline(Ui&, const Rect&, const ScreenModel&, ViewState&);
void draw_probe_line(Ui&, const Rect&, const ScreenModel&, const ViewState&);
void draw_overview(Ui&, const Rect& window, const ViewState&);  // F1, over everything

// Tabs, in the room below the strip.
void draw_alarms_tab(Ui&, const Rect&, const ScreenModel&, ViewState&);
void draw_sensors_tab(Ui&, const Rect&, const ScreenModel&, ViewState&);
void draw_estimate_tab(Ui&, const Rect&, const ScreenModel&, ViewState&);
void draw_product_tab(Ui&, const Rect&, const ScreenModel&, ViewState&);
void draw_what_if_tab(Ui&, const Rect&, const ScreenModel&, ViewState&);
void draw_run_tab(Ui&, const Rect&, const ScreenModel&, ViewState&);
void draw_charts_tab(Ui&, const Rect&, const ScreenModel&, ViewState&);

}  // namespace jt
