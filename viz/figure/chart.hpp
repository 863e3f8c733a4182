// SPDX-License-Identifier: Apache-2.0
// Chart: quantities over time, or over another abscissa, as data, and how they are drawn on any Painter. No frame, no vertical
// grid, no legend: lines are named at their ends. A gap is a gap. Limits are muted until a line crosses them.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "viz/figure/axis_ticks.hpp"
#include "viz/figure/text.hpp"

namespace jt {

enum class SeriesStyle {
    solid,      // what the twin says, 2 px
    thin,       // what goes with it
    set_point,  // dashed
    measured,   // dots
    forecast,   // in the colour of what is to come
};

// Spans of one length, time (or the abscissa) ascending [s]; values that are not finite are gaps. What they point to is the
// caller's.
struct Series {
    std::string label;  // at the line's end; empty: none
    SeriesStyle style = SeriesStyle::solid;
    std::span<const double> time, value;
    bool live = false;  // a value is expected up to now: where it is missing the series is marked as stale, with its age
    std::optional<Colour> colour = std::nullopt;  // in place of its style's: of a line among others of its kind
};

struct Band {
    std::span<const double> time, low, high;
    bool past = false;  // paler
};

// Bars that stand on 0: value n between edge n and edge n + 1, edges ascending, one more than values.
struct Bars {
    std::span<const double> edge, value;
};

struct Limit {
    std::string label;
    double value = 0.0;
    bool upper = true;  // crossed by values above it, else by values below it
};

struct Chart {
    std::string id;                              // of its texts
    std::string title, unit;                     // "Temperature", "°C"
    double start = 0.0, end = 1.0;               // of the time axis [s]
    std::optional<AxisTicks> abscissa;           // in place of the time axis; start and end are its own
    std::string abscissa_title;                  // below its labels
    std::optional<std::array<double, 2>> range;  // of the value axis; absent: what the data and near limits need
    std::optional<AxisTicks> ordinate;           // the value axis itself, e.g. of logarithms; then range means nothing
    std::vector<Series> series;
    std::vector<Band> bands;
    std::vector<Bars> bars;
    std::vector<Limit> limits;
    std::vector<double> marks;   // times of events: hair lines
    std::optional<double> now;   // the future lies right of it
    std::string now_label = {};  // its text among the time labels; empty: "now" and the time
    bool time_labels = true;     // off: another chart below has the same axis
    // A moment that is looked at: a line, and its text among the time labels. `fade`: what the run recorded after it is paler.
    std::optional<double> cursor = std::nullopt;
    std::string cursor_label = {};
    bool fade = false;
};

// What tick labels and line names need beside the plot [px]; charts above one another take the larger of theirs.
struct ChartMargins {
    double left = 0.0, right = 0.0;
};
ChartMargins chart_margins(Scribe&, const Chart&);

// Draws the chart into a panel that is already filled with the theme's panel colour; `lane` px are left free between title and
// plot. Returns the rectangle of the plot. Throws InputError when spans differ in length, times descend, or the time axis is
// not start < end.
Rect draw_chart(Scribe&, const Rect& panel, const Chart&, const Theme&, ChartMargins least = {}, double lane = 0.0);

// Room below a plot that draw_plot's time labels take; above it the top tick label takes half a line.
double time_label_room(Scribe&);
// The same into a plot of the caller's choice, without the title. The texts stand in `panel`. Returns the value axis.
AxisTicks draw_plot(Scribe&, const Rect& panel, const Rect& plot, const Chart&, const Theme&);

// The round limits that hold low .. high: multiples of the step of 1, 2 or 5 that divides the range in about `parts`. They stay
// as they are while the data stay within them.
std::array<double, 2> steady_range(double low, double high, int parts = 4);

}  // namespace jt
