// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/panels.hpp"

namespace jt {

void draw_bed_panel(Ui& ui, const Rect& at, const ScreenModel&, ViewState&) {
    ui.panel(at, "bed_panel");
}

}  // namespace jt
