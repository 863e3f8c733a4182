// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/panels.hpp"

namespace jt {

void draw_tiles(Ui& ui, const Layout& layout, const ScreenModel&, const ViewState&) {
    for (const Rect& at : layout.tiles) ui.panel(at, "tile");
    for (const Rect& at : layout.small_tiles) ui.panel(at, "tile");
}

}  // namespace jt
