// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/panels.hpp"

namespace jt {

void draw_tabs(Ui& ui, const Layout& layout, const ScreenModel&, ViewState&) {
    ui.panel(layout.tabs, "tabs");
}

}  // namespace jt
