// SPDX-License-Identifier: Apache-2.0
// A sentence in the middle of a place that has nothing to show: wrapped, body size, advice below it in the label's.
#pragma once
#include "viz/screen/panels/ui.hpp"

namespace jt {

void draw_message(Ui&, const Rect& place, const std::string& id, const std::string& text, const std::string& advice,
                  Colour colour, Colour muted, double px = kBodyPx);

}  // namespace jt
