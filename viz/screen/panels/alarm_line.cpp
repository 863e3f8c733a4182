// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/panels.hpp"

namespace jt {

void draw_alarm_line(Ui& ui, const Rect& at, const ScreenModel&, ViewState&) {
    ui.panel(at, "alarm_line");
}

}  // namespace jt
