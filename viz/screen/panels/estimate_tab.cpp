// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/panels.hpp"

namespace jt {

void draw_estimate_tab(Ui& ui, const Rect& at, const ScreenModel&, ViewState&) {
    ui.panel(at, "estimate_tab");
}

}  // namespace jt
