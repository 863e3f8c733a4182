// SPDX-License-Identifier: Apache-2.0
// Layout: where panels stand in a window [px at scale 1]. Nothing moves while a run is watched; a small window shows one slice
// and has the small charts as a tab.
#pragma once
#include <array>
#include <optional>

#include "viz/figure/painter.hpp"

namespace jt {

struct Layout {
    bool small = false;
    Rect window, header, alarm_line, bed, temperature, tabs, timeline, probe;
    std::array<Rect, 4> tiles;        // T mean, T max, phase, capacity
    std::array<Rect, 6> small_tiles;  // current, voltage, power, resistance, J/J0, spread
    std::array<std::optional<Rect>, 3> slices;
    std::optional<Rect> power_chart, micro_chart;
};

// Smallest window that shows everything legibly.
inline constexpr double kSmallestWidth = 1180.0, kSmallestHeight = 660.0;
// From this size on it is the full layout.
inline constexpr double kFullWidth = 1600.0, kFullHeight = 900.0;

Layout layout_of(double width, double height);

}  // namespace jt
