// SPDX-License-Identifier: Apache-2.0
// Why a panel has nothing to show.
#pragma once
#include <string>

#include "viz/screen/panels/ui.hpp"
#include "viz/screen/state/screen_model.hpp"

namespace jt {

// An em dash and the reason in the middle of `room`, wrapped to as many lines as fit.
void draw_reason(Ui&, const Rect& room, const std::string& id, const std::string& reason);

// Of a screen that knows of no run yet: what its source says of itself.
std::string reason_without_run(const ScreenModel&);

}  // namespace jt
