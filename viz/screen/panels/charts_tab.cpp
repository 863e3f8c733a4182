// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "viz/screen/panels/panels.hpp"

namespace jt {

// The two small charts side by side, where a window has no room for them beside the others.
void draw_charts_tab(Ui& ui, const Rect& at, const ScreenModel& model, ViewState& view) {
    const double half = std::round(at.w / 2);
    draw_power_chart(ui, {at.x, at.y, half, at.h}, model, view);
    draw_micro_chart(ui, {at.x + half, at.y, at.w - half, at.h}, model, view);
}

}  // namespace jt
