// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/panels.hpp"

namespace jt {

void draw_temperature_chart(Ui& ui, const Rect& at, const ScreenModel&, ViewState&) {
    ui.panel(at, "temperature_chart");
}

}  // namespace jt
