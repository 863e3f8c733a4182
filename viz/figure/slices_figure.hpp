// SPDX-License-Identifier: Apache-2.0
// SlicesFigure: the three centre slices of a field at chosen times on one page, all on one scale of length and of colour, with
// colour bar, electrodes and scale bar. Width 1600 px at scale 1 unless asked for another, height as needed.
#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "viz/figure/bed_view.hpp"

namespace jt {

struct SliceTime {
    double time_s = 0.0;
    std::string label;              // "end of ramp"; may be empty
    std::span<const float> values;  // extents.count(), x fastest, in the unit the quantity is stored in (K); NaN: void
    double subtract = 0.0;          // from every value: the mean, for deviations from it; linear quantities only
};

inline constexpr int kSlicesWidth = 1600, kSmallestSlicesWidth = 900;

struct SlicesFigure {
    std::string title, subtitle;
    Extents extents;
    Quantity quantity;             // T_K is shown in °C; T_minus_mean_K takes temperatures and `subtract`
    std::vector<SliceTime> times;  // 1 to 4
    std::optional<Range> range;    // in the unit shown; absent: range_of all times together
    std::vector<Electrode> electrodes;
    int width = kSlicesWidth;  // [px at scale 1]
    bool framed = true;        // off: for a page with margins and heads of its own; no margin, a small title
};

inline constexpr std::size_t kMostSliceTimes = 4;

// Height of the picture [px at scale 1]. Throws InputError as draw_slices_figure does.
int slices_height(const SlicesFigure&);

// Draws the picture and returns every text in it with its place. Throws InputError when there are not 1 to 4 times, or values
// do not fill the extents.
std::vector<FigureItem> draw_slices_figure(Painter&, const SlicesFigure&, const Theme& = grey_theme());

// The same as a PNG, scale 0.5 .. 4. Throws InputError, DiskError.
std::vector<FigureItem> write_slices_figure(const std::filesystem::path&, const SlicesFigure&, const Theme& = grey_theme(),
                                            double scale = 2.0);

}  // namespace jt
