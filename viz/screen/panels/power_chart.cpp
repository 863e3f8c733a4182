// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/panels.hpp"

namespace jt {

void draw_power_chart(Ui& ui, const Rect& at, const ScreenModel&, ViewState&) {
    ui.panel(at, "power_chart");
}

}  // namespace jt
