// SPDX-License-Identifier: Apache-2.0
// CurvesFigure: one to three charts side by side over abscissae of their own (an angle, a ratio), as lines or as bars, with key
// numbers and a note. 1600 x 720 px at scale 1.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "viz/figure/chart.hpp"
#include "viz/figure/number_tiles.hpp"

namespace jt {

struct Curve {
    std::string label;         // at the line's end
    std::vector<double> x, y;  // x ascending; a y that is not finite is a gap. On an axis of logarithms: log10 of the values
    SeriesStyle style = SeriesStyle::solid;
};

struct CurvesChart {
    std::string title, unit;            // "Free energy", "kT"
    std::string abscissa_title;         // "angle between plane and field, °"
    AxisTicks abscissa;                 // its ends are those of the plot
    std::optional<AxisTicks> ordinate;  // decade_axis for logarithms; absent: what the data need
    std::vector<Curve> curves;
    std::vector<double> bar_edges, bars;  // one edge more than bars; both empty: none
    std::vector<Limit> limits;
};

struct CurvesFigure {
    std::string title, subtitle;
    std::vector<CurvesChart> charts;  // 1 .. 3
    std::vector<FigureNumber> numbers;
    std::string note;  // one sentence below the numbers, at most two lines
};

// Draws the picture and returns every text in it with its place. Throws InputError for no chart or more than three, and as
// draw_chart.
std::vector<FigureItem> draw_curves_figure(Painter&, const CurvesFigure&, const Theme& = grey_theme());

inline constexpr int kCurvesWidth = 1600, kCurvesHeight = 720;

// The same as a PNG of scale x 1600 by scale x 720 pixels, scale 0.5 .. 4. Throws InputError, DiskError.
std::vector<FigureItem> write_curves_figure(const std::filesystem::path&, const CurvesFigure&, const Theme& = grey_theme(),
                                            double scale = 2.0);

}  // namespace jt
