// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/panels.hpp"

namespace jt {

void draw_slices(Ui& ui, const Layout& layout, const ScreenModel&, ViewState&) {
    for (const auto& at : layout.slices)
        if (at) ui.panel(*at, "slice");
}

}  // namespace jt
