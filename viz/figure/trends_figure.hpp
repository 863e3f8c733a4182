// SPDX-License-Identifier: Apache-2.0
// TrendsFigure: a run over time on one page: temperatures above their deviation from the set point, other quantities below on
// the same time axis, events, and the run's key numbers. 1600 x 1200 px at scale 1, for A4 across at scale 2.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "viz/figure/number_tiles.hpp"

namespace jt {

// One value per time of the figure; NaN: none at that time. Empty: the quantity is absent.
struct TrendLine {
    std::string label;  // at the line's end; may be empty where the chart has one line
    std::vector<double> values;
};

struct TrendLimit {
    std::string label;  // "limit 60 A"
    double value = 0.0;
    bool upper = true;
};

struct TrendChart {
    std::string title, unit;       // "Current", "A"
    std::vector<TrendLine> lines;  // the first is the main one; without any value the chart is left out
    std::vector<TrendLimit> limits;
};

struct TrendEvent {
    double time_s = 0.0;
    std::string text;  // short: "hold", "current limit"
};

struct TrendsFigure {
    std::string title, subtitle;
    std::vector<double> time_s;                    // ascending
    std::vector<double> set_point, T_mean, T_max;  // [K], shown in °C; empty: absent
    std::string T_mean_label = "T mean";
    std::vector<TrendLine> readings;   // of temperature sensors [K]
    std::vector<TrendLimit> T_limits;  // [K]
    std::vector<TrendChart> charts;    // in reading order, down the columns
    std::vector<TrendEvent> events;    // those outside the run are not shown
    std::vector<FigureNumber> numbers;
};

inline constexpr int kTrendsWidth = 1600, kTrendsHeight = 1200;

// Draws the picture and returns every text in it with its place. Throws InputError when a series has not one value per time or
// times do not ascend.
std::vector<FigureItem> draw_trends_figure(Painter&, const TrendsFigure&, const Theme& = grey_theme());

// The same as a PNG of scale x 1600 by scale x 1200 pixels, scale 0.5 .. 4. Throws InputError, DiskError.
std::vector<FigureItem> write_trends_figure(const std::filesystem::path&, const TrendsFigure&, const Theme& = grey_theme(),
                                            double scale = 2.0);

}  // namespace jt
