// SPDX-License-Identifier: Apache-2.0
#include "viz/report/plots.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "twin/quantity/quantity.hpp"
#include "viz/figure/axis_ticks.hpp"

namespace jt {
namespace {

constexpr double kPlotGap = 8.0, kPlotInset = 12.0, kPlotTop = 8.0, kPlotTickGap = 8.0;
constexpr Colour kBarFill = hex(0xB4C4D4);  // the normal range

TextStyle label_style(const Theme& theme) {
    return {kLabelPx, Weight::regular, theme.muted};
}

struct Extent {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    void hold(std::optional<double> v) {
        if (v && std::abs(*v) <= kLargestShown) low = std::min(low, *v), high = std::max(high, *v);
    }
    bool any() const { return low <= high; }
};

// Panel with title, horizontal grid and an axis below.
struct Frame {
    Rect plot;
    AxisTicks x, y;
    double x_of(double v) const { return plot.x + (v - x.low) / (x.high - x.low) * plot.w; }
    double y_of(double v) const { return plot.bottom() - (v - y.low) / (y.high - y.low) * plot.h; }
};

std::string scaled_unit(const std::string& unit, const AxisTicks& axis) {
    if (axis.exponent == 0) return unit;
    return power_of_ten(axis.exponent) + (unit.empty() ? "" : " " + unit);
}

std::string titled(const std::string& title, const std::string& unit) {
    return title + (unit.empty() ? "" : ", " + unit);
}

void draw_title(Scribe& scribe, const Rect& panel, const std::string& id, const std::string& text, const Theme& theme) {
    const TextStyle style{kPanelTitlePx, Weight::medium, theme.muted};
    scribe.write_in(id + ".title", text, {panel.x + kPlotInset, panel.y + kPlotTop}, panel.w - 2 * kPlotInset, style);
}

double title_height(Scribe& scribe, const Theme& theme) {
    return scribe.line_height({kPanelTitlePx, Weight::medium, theme.muted});
}

// Labels of the axis below a plot; those that would touch the one before are left out.
void draw_x_axis(Scribe& scribe, const Frame& frame, const std::string& id, const Theme& theme) {
    const TextStyle label = label_style(theme);
    double taken = -1e9;
    for (std::size_t n = 0; n < frame.x.values.size(); ++n) {
        const double at = frame.x_of(frame.x.values[n]), w = scribe.width(frame.x.labels[n], label);
        scribe.painter().line({at, frame.plot.bottom()}, {at, frame.plot.bottom() + 4}, {theme.muted, 1.0, 0.0});
        if (at - w / 2 < taken + 8) continue;
        scribe.write(id + ".x." + std::to_string(n), frame.x.labels[n], {at, frame.plot.bottom() + 7}, label, Align::centre);
        taken = at + w / 2;
    }
}

void diamond(Painter& painter, Point at, double r, const Theme& theme) {
    const Point corners[] = {{at.x, at.y - r}, {at.x + r, at.y}, {at.x, at.y + r}, {at.x - r, at.y}};
    painter.polygon(corners, theme.panel);
    painter.polyline(corners, {theme.text, 1.5, 0.0}, true);
}

void disc(Painter& painter, Point at, double r, Colour fill) {
    std::vector<Point> ring;
    for (int n = 0; n < 24; ++n) {
        const double a = n * 3.14159265358979 / 12.0;
        ring.push_back({at.x + r * std::cos(a), at.y + r * std::sin(a)});
    }
    painter.polygon(ring, fill);
}

void draw(Scribe& scribe, const Rect& panel, const TimePlot& plot, const std::string& id, const Theme& theme,
          ChartMargins margins) {
    Chart chart;
    chart.id = id, chart.title = plot.title, chart.unit = plot.unit;
    chart.start = plot.start, chart.end = plot.end, chart.range = plot.range;
    chart.limits = plot.limits, chart.marks = plot.marks;
    for (const auto& line : plot.lines) {
        Series series;
        series.label = line.label, series.style = line.style, series.time = line.time, series.value = line.value;
        series.colour = line.colour;
        chart.series.push_back(series);
    }
    for (const auto& area : plot.areas) chart.bands.push_back({area.time, area.low, area.high, area.pale});
    draw_chart(scribe, panel, chart, theme, margins);
}

ChartMargins margins_of(Scribe& scribe, const TimePlot& plot) {
    Chart chart;
    chart.start = plot.start, chart.end = plot.end, chart.range = plot.range, chart.limits = plot.limits;
    for (const auto& line : plot.lines) {
        Series series;
        series.label = line.label, series.style = line.style, series.time = line.time, series.value = line.value;
        chart.series.push_back(series);
    }
    for (const auto& area : plot.areas) chart.bands.push_back({area.time, area.low, area.high, area.pale});
    return chart_margins(scribe, chart);
}

void draw(Scribe& scribe, const Rect& panel, const DistributionPlot& d, const std::string& id, const Theme& theme,
          ChartMargins) {
    Painter& painter = scribe.painter();
    const TextStyle label = label_style(theme);
    const double line = scribe.line_height(label);
    Extent x;
    for (const double edge : d.edges) x.hold(edge);
    x.hold(d.paper);
    if (d.mean) x.hold(*d.mean - d.uncertainty.value_or(0.0)), x.hold(*d.mean + d.uncertainty.value_or(0.0));
    Frame frame;
    frame.x = value_axis(x.low, x.high, 6);
    draw_title(scribe, panel, id, titled(d.title, scaled_unit(d.unit, frame.x)), theme);
    const double top = panel.y + kPlotTop + title_height(scribe, theme) + 6 + line;  // a line for P5, P50, P95
    const double below = 7 + line + 6 + line + 8;                                    // axis labels, then mean and paper
    frame.plot = {panel.x + kPlotInset + 12, top + 6, panel.w - 2 * kPlotInset - 24, panel.bottom() - below - top - 6};
    if (frame.plot.h < 20 || frame.plot.w < 40) return;
    const double most = *std::max_element(d.share.begin(), d.share.end());
    double widest = 0.0;  // shares per width, as edges need not be equidistant
    for (std::size_t n = 0; n < d.share.size(); ++n) widest = std::max(widest, d.share[n] / (d.edges[n + 1] - d.edges[n]));
    if (most > 0.0)
        for (std::size_t n = 0; n < d.share.size(); ++n) {
            const double h = frame.plot.h * d.share[n] / (d.edges[n + 1] - d.edges[n]) / widest;
            const double x0 = frame.x_of(d.edges[n]), x1 = frame.x_of(d.edges[n + 1]);
            painter.rectangle({x0, frame.plot.bottom() - h, std::max(x1 - x0 - (x1 - x0 > 4 ? 1.0 : 0.0), 1.0), h}, kBarFill);
        }
    painter.line({frame.plot.x, frame.plot.bottom()}, {frame.plot.right(), frame.plot.bottom()}, {theme.muted, 1.0, 0.0});
    draw_x_axis(scribe, frame, id, theme);
    // Percentiles: hair lines with their names above, moved apart.
    struct Mark {
        const char* name;
        double value;
    };
    double taken = panel.x + kPlotInset;
    for (const Mark& mark : {Mark{"P5", d.p05}, Mark{"P50", d.p50}, Mark{"P95", d.p95}}) {
        const double at = frame.x_of(mark.value), w = scribe.width(mark.name, label);
        painter.line({at, top + 4}, {at, frame.plot.bottom()}, {theme.text, 1.0, 0.0});
        const double left = std::max(at - w / 2, taken);
        if (left + w > panel.right() - kPlotInset) continue;
        scribe.write(id + "." + mark.name, mark.name, {left, top - line}, label);
        taken = left + w + 8;
    }
    // Mean with what the model may be off by, and the paper's number, on a line of their own below the axis.
    const double y = frame.plot.bottom() + 7 + line + 6 + line / 2;
    if (d.mean) {
        const double at = frame.x_of(*d.mean);
        if (d.uncertainty && *d.uncertainty > 0.0) {
            const double x0 = frame.x_of(*d.mean - *d.uncertainty), x1 = frame.x_of(*d.mean + *d.uncertainty);
            painter.rectangle({x0, y - 4, x1 - x0, 8}, with_alpha(theme.selection, 0.30));
        }
        disc(painter, {at, y}, 4.5, theme.selection);
    }
    if (d.paper) diamond(painter, {frame.x_of(*d.paper), y}, 7, theme);
}

void draw(Scribe& scribe, const Rect& panel, const SettingPlot& s, const std::string& id, const Theme& theme, ChartMargins) {
    Painter& painter = scribe.painter();
    const TextStyle label = label_style(theme);
    const double line = scribe.line_height(label);
    Extent x, y;
    for (const auto& p : s.points) {
        x.hold(p.x), y.hold(p.low), y.hold(p.high), y.hold(p.paper), y.hold(p.y);
        if (p.y && s.uncertainty > 0.0) y.hold(*p.y - s.uncertainty), y.hold(*p.y + s.uncertainty);
    }
    Frame frame;
    const double margin = 0.06 * std::max(x.high - x.low, 1e-9);
    frame.x = fixed_axis(x.low - margin, x.high + margin, 8);
    const double top = panel.y + kPlotTop + title_height(scribe, theme) + 13;
    const double below = 7 + line + 2 + line + 8;
    const double height = panel.bottom() - below - top;
    frame.y = y.any() ? value_axis(y.low, y.high, std::clamp(int(height / (line + 4)) + 1, 2, 6)) : value_axis(0, 1, 3);
    double left = 0.0;
    for (const auto& text : frame.y.labels) left = std::max(left, scribe.width(text, label));
    left = std::ceil(left + kPlotInset + kPlotTickGap);
    frame.plot = {panel.x + left, top, panel.w - left - kPlotInset - 8, height};
    draw_title(scribe, panel, id, titled(s.title, scaled_unit(s.unit, frame.y)), theme);
    if (frame.plot.h < 20 || frame.plot.w < 40) return;
    for (std::size_t n = 0; n < frame.y.values.size(); ++n) {
        const double at = std::round(frame.y_of(frame.y.values[n])) + 0.5 / painter.scale();
        painter.line({frame.plot.x, at}, {frame.plot.right(), at}, {theme.inset, 1.0, 0.0});
        scribe.write(id + ".y." + std::to_string(n), frame.y.labels[n], {frame.plot.x - kPlotTickGap, at - line / 2}, label,
                     Align::right);
    }
    draw_x_axis(scribe, frame, id, theme);
    scribe.write_in(id + ".x.title", scaled_unit(s.x_title, frame.x), {frame.plot.centre().x, frame.plot.bottom() + 9 + line},
                    frame.plot.w, label, Align::centre);
    std::vector<Point> curve, upper, lower;
    for (const auto& p : s.points)
        if (p.y) {
            curve.push_back({frame.x_of(p.x), frame.y_of(*p.y)});
            upper.push_back({frame.x_of(p.x), frame.y_of(*p.y + s.uncertainty)});
            lower.push_back({frame.x_of(p.x), frame.y_of(*p.y - s.uncertainty)});
        }
    if (s.uncertainty > 0.0 && curve.size() > 1) {
        upper.insert(upper.end(), lower.rbegin(), lower.rend());
        painter.polygon(upper, with_alpha(theme.selection, 0.15));
    }
    for (const auto& p : s.points)
        if (p.low && p.high) {
            const double at = frame.x_of(p.x), y0 = frame.y_of(*p.low), y1 = frame.y_of(*p.high);
            const Stroke stroke{theme.muted, 1.5, 0.0};
            painter.line({at, y0}, {at, y1}, stroke);
            painter.line({at - 5, y0}, {at + 5, y0}, stroke);
            painter.line({at - 5, y1}, {at + 5, y1}, stroke);
        }
    painter.polyline(curve, {theme.text, 2.0, 0.0});
    for (const auto& at : curve) disc(painter, at, 4.5, theme.text);
    for (const auto& p : s.points)
        if (p.paper) diamond(painter, {frame.x_of(p.x), frame.y_of(*p.paper)}, 7, theme);
    if (curve.empty())
        scribe.write_in(id + ".none", "no value", {frame.plot.centre().x, frame.plot.centre().y - line / 2}, frame.plot.w,
                        label, Align::centre);
}

constexpr std::size_t kLegendColumns = 5;
constexpr double kLegendRow = 24.0;

void draw(Scribe& scribe, const Rect& panel, const LegendPlot& legend, const std::string& id, const Theme& theme,
          ChartMargins) {
    const TextStyle style{kLabelPx, Weight::regular, theme.text};
    const double w = panel.w / double(kLegendColumns);
    for (std::size_t n = 0; n < legend.entries.size(); ++n) {
        const double x = panel.x + double(n % kLegendColumns) * w, y = panel.y + double(n / kLegendColumns) * kLegendRow + 2;
        const double middle = y + scribe.line_height(style) / 2;
        scribe.painter().line({x, middle}, {x + 26, middle}, {legend.entries[n].colour, 3.0, 0.0});
        scribe.write_in(id + "." + std::to_string(n), legend.entries[n].label, {x + 34, y}, w - 44, style);
    }
}

}  // namespace

double LegendPlot::height() const {
    return kLegendRow * double((entries.size() + kLegendColumns - 1) / kLegendColumns);
}

bool TimePlot::any() const {
    return std::any_of(lines.begin(), lines.end(), [](const Line& line) {
        return std::any_of(line.value.begin(), line.value.end(), [](double v) { return std::isfinite(v); });
    });
}

int plots_height(const Plots& plots) {
    double height = 0.0;
    for (const auto& row : plots.rows) height += (height > 0.0 ? kPlotGap : 0.0) + row.height;
    return std::max(1, int(std::ceil(height)));
}

std::vector<FigureItem> draw_plots(Painter& painter, const Plots& plots, const Theme& theme) {
    Scribe scribe(painter);
    painter.rectangle({0, 0, kPlotsWidth, double(plots_height(plots))}, theme.background);
    double y = 0.0;
    for (std::size_t r = 0; r < plots.rows.size(); ++r) {
        const PlotRow& row = plots.rows[r];
        const auto columns_of = [](const PlotRow& of) { return std::max(of.columns, of.plots.size()); };
        const double w = (kPlotsWidth - kPlotGap * double(columns_of(row) - 1)) / double(columns_of(row));
        for (std::size_t n = 0; n < row.plots.size(); ++n) {
            const Rect panel{double(n) * (w + kPlotGap), y, w, row.height};
            painter.rectangle(panel, theme.panel);
            if (!std::holds_alternative<LegendPlot>(row.plots[n])) painter.frame(panel, {theme.border, 1.0, 0.0});
            scribe.enter(panel, theme.panel);
            // Charts of one column of panels have one width of plot, so that their times stand below one another.
            ChartMargins margins;
            for (const auto& other : plots.rows)
                if (columns_of(other) == columns_of(row) && n < other.plots.size())
                    if (const auto* time = std::get_if<TimePlot>(&other.plots[n])) {
                        const ChartMargins own = margins_of(scribe, *time);
                        margins = {std::max(margins.left, own.left), std::max(margins.right, own.right)};
                    }
            const std::string id = "plot." + std::to_string(r) + "." + std::to_string(n);
            std::visit([&](const auto& plot) { draw(scribe, panel, plot, id, theme, margins); }, row.plots[n]);
        }
        y += row.height + kPlotGap;
    }
    return scribe.items();
}

Plots in_columns(std::vector<Plot> plots, std::size_t columns, double height) {
    Plots grid;
    for (std::size_t n = 0; n < plots.size(); ++n) {
        if (n % columns == 0) grid.rows.push_back({height, {}, columns});
        grid.rows.back().plots.push_back(std::move(plots[n]));
    }
    return grid;
}

}  // namespace jt
