// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/panels.hpp"

namespace jt {

void draw_overview(Ui&, const Rect&, const ViewState&) {}

}  // namespace jt
