// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/state/layout.hpp"

#include <algorithm>
#include <cmath>

namespace jt {

namespace {

constexpr double kGap = 8.0;

// `count` rectangles side by side with gaps, on whole px.
template <std::size_t N>
std::array<Rect, N> across(const Rect& room) {
    std::array<Rect, N> parts;
    for (std::size_t n = 0; n < N; ++n) {
        const double width = (room.w + kGap) / double(N);
        const double from = std::round(room.x + double(n) * width), to = std::round(room.x + double(n + 1) * width) - kGap;
        parts[n] = {from, room.y, to - from, room.h};
    }
    return parts;
}

}  // namespace

// Widths and heights of the full layout are those of the guide at 1920 x 1080; what a window has more or less goes to the bed,
// the charts and the tabs.
Layout layout_of(double width, double height) {
    Layout l;
    l.small = width < kFullWidth || height < kFullHeight;
    l.window = {0, 0, width, height};
    const double inner = width - 2 * kGap;
    const double tile_height = l.small ? 92.0 : 112.0;
    l.header = {0, 0, width, 44};
    l.alarm_line = {kGap, 52, inner, l.small ? 36.0 : 40.0};
    const double tiles_top = l.alarm_line.bottom() + kGap;
    const double large = std::round(inner * (l.small ? 0.6 : 1232.0 / 1904.0));
    l.tiles = across<4>({kGap, tiles_top, large - kGap, tile_height});
    const Rect small{kGap + large, tiles_top, inner - large, tile_height};
    const double row = (tile_height - kGap) / 2;
    const auto above = across<3>({small.x, small.y, small.w, row}),
               below = across<3>({small.x, small.y + row + kGap, small.w, row});
    for (std::size_t n = 0; n < 3; ++n) l.small_tiles[n] = above[n], l.small_tiles[n + 3] = below[n];

    l.probe = {kGap, height - 32 - kGap, inner, 32};
    const double timeline = l.small ? 64.0 : 84.0;
    l.timeline = {kGap, l.probe.y - kGap - timeline, inner, timeline};
    const double top = tiles_top + tile_height + kGap, bottom = l.timeline.y - kGap;
    const double left = std::round(inner * 860.0 / 1904.0), x = kGap + left + kGap, right = kGap + inner - x;
    const double room = bottom - top;
    if (l.small) {
        // The bed, one slice beside it below; the chart above the tabs.
        const double slice = std::round(room * 0.38);
        l.bed = {kGap, top, left, room - slice - kGap};
        l.slices[0] = Rect{kGap, l.bed.bottom() + kGap, left, slice};
        const double chart = std::round(room * 0.52);
        l.temperature = {x, top, right, chart};
        l.tabs = {x, l.temperature.bottom() + kGap, right, room - chart - kGap};
        return l;
    }
    const double slice = std::round(room * 244.0 / 720.0);
    l.bed = {kGap, top, left, room - slice - kGap};
    const auto slices = across<3>({kGap, l.bed.bottom() + kGap, left, slice});
    for (std::size_t n = 0; n < 3; ++n) l.slices[n] = slices[n];
    const double chart = std::round(room * 300.0 / 720.0), lower = std::round(room * 164.0 / 720.0);
    l.temperature = {x, top, right, chart};
    const auto pair = across<2>({x, l.temperature.bottom() + kGap, right, lower});
    l.power_chart = pair[0], l.micro_chart = pair[1];
    const double tabs_top = pair[0].bottom() + kGap;
    l.tabs = {x, tabs_top, right, bottom - tabs_top};
    return l;
}

}  // namespace jt
