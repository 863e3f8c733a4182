// SPDX-License-Identifier: Apache-2.0
// Plots of reports, on one grid of panels: quantities over time (Chart), the distribution of a quantity over the bed, and a
// quantity against a setting (set temperature, dwell). Width 1040 px at scale 1: on A4 their labels print at 7 points.
#pragma once
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "viz/figure/chart.hpp"

namespace jt {

inline constexpr int kPlotsWidth = 1040;

// A Chart that owns its values. NaN: none.
struct TimePlot {
    struct Line {
        std::string label;
        SeriesStyle style = SeriesStyle::solid;
        std::vector<double> time, value;
        std::optional<Colour> colour = std::nullopt;
    };
    struct Area {
        std::vector<double> time, low, high;
        bool pale = false;
    };
    std::string title, unit;
    double start = 0.0, end = 1.0;  // [s]
    std::optional<std::array<double, 2>> range = std::nullopt;
    std::vector<Line> lines;
    std::vector<Area> areas;
    std::vector<Limit> limits;
    std::vector<double> marks;

    bool any() const;  // a value that can be drawn
};

// In the unit shown.
struct DistributionPlot {
    std::string title, unit;
    std::vector<double> edges, share;
    double p05 = 0.0, p50 = 0.0, p95 = 0.0;
    std::optional<double> mean, uncertainty;  // +- about the mean
    std::optional<double> paper;              // what the paper states
};

// One point per run, ascending along x.
struct SettingPlot {
    struct Value {
        double x = 0.0;
        std::optional<double> y, low, high;  // low..high: P5..P95 of the bed
        std::optional<double> paper;
    };
    std::string title, unit;
    std::string x_title;  // "set temperature, °C"
    std::vector<Value> points;
    double uncertainty = 0.0;  // band about the line; 0: none
};

// Names of the lines of all panels, where they would not find room beside their lines.
struct LegendPlot {
    struct Entry {
        std::string label;
        Colour colour;
    };
    std::vector<Entry> entries;
    double height() const;
};

using Plot = std::variant<TimePlot, DistributionPlot, SettingPlot, LegendPlot>;

struct PlotRow {
    double height = 220.0;
    std::vector<Plot> plots;  // side by side, of one width
    std::size_t columns = 0;  // of the row, at least as many as plots; 0: as many
};

// A grid of panels that touch the picture's edges.
struct Plots {
    std::vector<PlotRow> rows;
};

int plots_height(const Plots&);
// Returns every text with its place. Throws InputError as Chart does.
std::vector<FigureItem> draw_plots(Painter&, const Plots&, const Theme& = paper_theme());

// Plots in rows of `columns`.
Plots in_columns(std::vector<Plot> plots, std::size_t columns, double height);

}  // namespace jt
