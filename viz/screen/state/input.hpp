// SPDX-License-Identifier: Apache-2.0
// What mouse and keyboard did since the frame before. Positions in px at scale 1, as painters take them.
#pragma once
#include <array>
#include <vector>

#include "viz/figure/painter.hpp"
#include "viz/screen/state/keys.hpp"

namespace jt {

struct Input {
    double wall_s = 0.0;  // a clock that never goes back
    Point mouse{-1e6, -1e6};
    std::array<bool, 3> down{}, pressed{}, released{};  // left, right, middle
    bool double_clicked = false;                        // left
    double wheel = 0.0;                                 // notches, away from the user positive
    bool ctrl = false, shift = false;
    std::vector<KeyChord> keys;  // pressed now, repeats included
    std::vector<KeyChord> held;  // down now
};

}  // namespace jt
