// SPDX-License-Identifier: Apache-2.0
// Badges of alarms: shape, number, word and colour together, so that none of them has to be seen alone. Not acknowledged:
// filled, its outline blinks at 1 Hz; acknowledged: outline only; shelved or over: muted.
#pragma once
#include "viz/screen/panels/ui.hpp"
#include "viz/screen/state/alarms.hpp"

namespace jt {

inline constexpr double kBadgeWidth = 116.0, kBadgeHeight = 28.0;

// The badge in `at`; its texts are id.number and id.word. Asks for the next frame while it blinks.
void draw_badge(Ui&, const Rect& at, const std::string& id, const Alarm&);

}  // namespace jt
