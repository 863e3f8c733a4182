// SPDX-License-Identifier: Apache-2.0
// Moving analogue bar: where a value stands between two ends, with what is normal, limits and the set point. Tells at a glance
// what digits do not.
#pragma once
#include <array>
#include <optional>
#include <vector>

#include "viz/screen/panels/ui.hpp"

namespace jt {

struct AnalogueBar {
    double low = 0.0, high = 1.0;  // its ends
    std::optional<std::array<double, 2>> normal;
    std::vector<double> limits;
    std::optional<double> set_point;
    std::optional<double> now;                                  // filled pointer
    std::optional<double> predicted;                            // open pointer
    std::optional<std::array<double, 2>> band, predicted_band;  // what each may be between: lines below the groove
    bool stale = false;
};

// px
inline constexpr double kGroove = 12.0, kPointer = 14.0;
inline constexpr double kSmallGroove = 4.0, kSmallPointer = 10.0;

// The groove fills `at`; pointers stand on it, their tips at its lower edge. Values beyond the ends stand at the end.
void draw_analogue_bar(Ui&, const Rect& at, const AnalogueBar&, double pointer = kPointer);

}  // namespace jt
