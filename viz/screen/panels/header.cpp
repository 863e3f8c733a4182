// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/panels.hpp"

namespace jt {

void draw_header(Ui& ui, const Rect& at, const ScreenModel&, const ViewState&) {
    ui.panel(at, "header");
}

}  // namespace jt
