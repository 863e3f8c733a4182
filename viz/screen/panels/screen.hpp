// SPDX-License-Identifier: Apache-2.0
// The main screen: all panels of one frame.
#pragma once
#include "viz/screen/panels/panels.hpp"

namespace jt {

// Draws the screen into width x height px (at scale 1) and lets the user change the view with the mouse. A window that is too
// small says so, and nothing else.
void draw_screen(Ui&, double width, double height, const ScreenModel&, ViewState&);

}  // namespace jt
