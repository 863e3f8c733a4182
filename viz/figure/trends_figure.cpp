// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/trends_figure.hpp"

#include <algorithm>
#include <cmath>

#include "twin/quantity/quantity.hpp"
#include "viz/figure/chart.hpp"
#include "viz/figure/write_figure.hpp"

namespace jt {

namespace {

constexpr double kMargin = 16.0, kGap = 8.0;
constexpr double kTemperatureShare = 0.47;  // of the room for charts, when there are others
constexpr double kAbsoluteShare = 0.64;     // of the temperature panel; the deviation has the rest
constexpr double kDeviation = 20.0;         // the deviation from the set point is shown to +- this [K]
constexpr std::size_t kEventRows = 3;
constexpr double kWidestEvent = 260.0;  // longer texts are shortened [px]
constexpr double kChatter = 0.04;       // of the time axis: events of one text that follow sooner are said once
constexpr double kCelsius = -273.15;    // K to °C

bool any_value(std::span<const double> values) {
    return std::any_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

void check(const TrendsFigure& figure) {
    const auto fail = [&](const std::string& what) { throw InputError("figure \"" + figure.title + "\": " + what); };
    for (std::size_t n = 0; n < figure.time_s.size(); ++n)
        if (!std::isfinite(figure.time_s[n]) || (n > 0 && figure.time_s[n] < figure.time_s[n - 1]))
            fail("times must be finite and ascend");
    const auto fits = [&](const std::string& name, const std::vector<double>& values) {
        if (!values.empty() && values.size() != figure.time_s.size())
            fail(name + " has " + std::to_string(values.size()) + " values at " + std::to_string(figure.time_s.size()) +
                 " times");
    };
    fits("the set point", figure.set_point);
    fits("T mean", figure.T_mean);
    fits("T max", figure.T_max);
    for (const auto& line : figure.readings) fits(line.label, line.values);
    for (const auto& chart : figure.charts)
        for (const auto& line : chart.lines) fits(chart.title + " " + line.label, line.values);
}

// A chart with the values it points to.
struct Panel {
    Chart chart;
    std::vector<std::vector<double>> values;
};

// Events of one text in quick succession.
struct Event {
    double first, last;  // [s]
    std::string text;
    std::size_t count;
    std::string label() const { return count == 1 ? text : text + " \u00d7" + std::to_string(count); }
};

class Page {
public:
    explicit Page(const TrendsFigure& figure) : figure_(figure) {
        if (figure.time_s.empty()) return;
        start_ = figure.time_s.front(), end_ = figure.time_s.back();
        if (!(end_ > start_)) end_ = start_ + 1.0;
        for (const auto& event : figure.events)
            if (event.time_s >= start_ && event.time_s <= end_) events_.push_back({event.time_s, event.time_s, event.text, 1});
        std::stable_sort(events_.begin(), events_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        // A chattering event is said once.
        std::vector<Event> groups;
        for (const auto& event : events_) {
            const auto same = std::find_if(groups.rbegin(), groups.rend(), [&](const Event& group) {
                return group.text == event.text && event.first - group.last < kChatter * (end_ - start_);
            });
            if (same == groups.rend())
                groups.push_back(event);
            else
                same->last = event.first, ++same->count;
        }
        events_ = std::move(groups);
    }

    // Absent when there is nothing to show.
    std::optional<Panel> temperature() const {
        Panel panel = empty("T", "Temperature", "\u00b0C");
        add(panel, "set point", SeriesStyle::set_point, shifted(figure_.set_point));
        for (const auto& line : figure_.readings) add(panel, line.label, SeriesStyle::measured, shifted(line.values));
        add(panel, "T max", SeriesStyle::thin, shifted(figure_.T_max));
        add(panel, figure_.T_mean_label, SeriesStyle::solid, shifted(figure_.T_mean));
        for (const auto& limit : figure_.T_limits)
            panel.chart.limits.push_back({limit.label, limit.value + kCelsius, limit.upper});
        return panel.values.empty() ? std::nullopt : std::optional(std::move(panel));
    }
    std::optional<Panel> deviation() const {
        if (!any_value(figure_.set_point)) return std::nullopt;
        Panel panel = empty("dT", "T \u2212 set point", "K");
        const auto less = [&](const std::vector<double>& values) {
            std::vector<double> result;
            for (std::size_t n = 0; n < values.size(); ++n) result.push_back(values[n] - figure_.set_point[n]);
            return result;
        };
        for (const auto& line : figure_.readings) add(panel, line.label, SeriesStyle::measured, less(line.values));
        add(panel, "T max", SeriesStyle::thin, less(figure_.T_max));
        add(panel, figure_.T_mean_label, SeriesStyle::solid, less(figure_.T_mean));
        if (panel.values.empty()) return std::nullopt;
        add(panel, "set point", SeriesStyle::set_point, less(figure_.set_point));
        panel.chart.range = {-kDeviation, kDeviation};
        return panel;
    }
    std::vector<Panel> others() const {
        std::vector<Panel> panels;
        for (std::size_t n = 0; n < figure_.charts.size(); ++n) {
            const TrendChart& chart = figure_.charts[n];
            Panel panel = empty("chart." + std::to_string(n), chart.title, chart.unit);
            for (std::size_t l = 0; l < chart.lines.size(); ++l)
                add(panel, chart.lines[l].label, l == 0 ? SeriesStyle::solid : SeriesStyle::thin, chart.lines[l].values);
            for (const auto& limit : chart.limits) panel.chart.limits.push_back({limit.label, limit.value, limit.upper});
            if (!panel.values.empty()) panels.push_back(std::move(panel));
        }
        return panels;
    }
    const std::vector<Event>& events() const { return events_; }
    double start() const { return start_; }
    double end() const { return end_; }

private:
    Panel empty(const std::string& id, const std::string& title, const std::string& unit) const {
        Panel panel;
        panel.chart.id = id, panel.chart.title = title, panel.chart.unit = unit;
        panel.chart.start = start_, panel.chart.end = end_;
        return panel;
    }
    static std::vector<double> shifted(std::vector<double> values) {
        for (double& v : values) v += kCelsius;
        return values;
    }
    void add(Panel& panel, const std::string& label, SeriesStyle style, std::vector<double> values) const {
        if (!any_value(values)) return;
        panel.values.push_back(std::move(values));
        Series series;
        series.label = label, series.style = style, series.time = figure_.time_s, series.value = panel.values.back();
        panel.chart.series.push_back(series);
    }

    const TrendsFigure& figure_;
    double start_ = 0.0, end_ = 1.0;
    std::vector<Event> events_;
};

// The texts of events in rows above a plot: each right of its hair line, left of it near the plot's end.
struct EventText {
    std::string text;
    double time, line, x, width;  // [s], [px]: of the hair line, of the text
    std::size_t row, count;
};

std::vector<EventText> place_events(Scribe& scribe, const Page& page, double left, double right, const TextStyle& style) {
    std::vector<EventText> placed;
    for (const auto& event : page.events()) {
        const double at = left + (event.first - page.start()) / (page.end() - page.start()) * (right - left);
        const std::string text = shorten(scribe.painter(), event.label(), style, kWidestEvent);
        const double width = scribe.width(text, style), x = at + 5 + width <= right ? at + 5 : at - 5 - width;
        if (x < left || text.empty()) continue;
        for (std::size_t row = 0; row < kEventRows; ++row) {
            // Texts keep apart; a hair line runs down from its text and must not cross one below it.
            const bool blocked = std::any_of(placed.begin(), placed.end(), [&](const EventText& o) {
                return (o.row == row && x < o.x + o.width + 10 && o.x < x + width + 10) ||
                       (o.row > row && at > o.x - 3 && at < o.x + o.width + 3) ||
                       (o.row < row && o.line > x - 3 && o.line < x + width + 3);
            });
            if (blocked) continue;
            placed.push_back({text, event.first, at, x, width, row, event.count});
            break;
        }
    }
    return placed;
}

void draw_panel(Painter& painter, const Rect& panel, const Theme& theme) {
    painter.rectangle(panel, theme.panel);
    painter.frame(panel, {theme.border, 1.0, 0.0});
}

}  // namespace

std::vector<FigureItem> draw_trends_figure(Painter& painter, const TrendsFigure& figure, const Theme& theme) {
    check(figure);
    const Page page(figure);
    Scribe scribe(painter);
    const Rect sheet{0, 0, kTrendsWidth, kTrendsHeight};
    painter.rectangle(sheet, theme.background);
    scribe.enter(sheet, theme.background);
    const TextStyle title{kTitlePx, Weight::medium, theme.text}, subtitle{kBodyPx, Weight::regular, theme.muted},
        label{kLabelPx, Weight::regular, theme.muted}, event_style{kLabelPx, Weight::regular, theme.text};
    const double full = kTrendsWidth - 2 * kMargin;
    double y = 12;
    scribe.write_in("title", figure.title, {kMargin, y}, full, title);
    y += scribe.line_height(title) + 2;
    scribe.write_in("subtitle", figure.subtitle, {kMargin, y}, full, subtitle);
    y = std::ceil(y + scribe.line_height(subtitle) + 8);

    double bottom = kTrendsHeight - kMargin;
    if (!figure.numbers.empty()) {
        const bool two_rows = double(figure.numbers.size()) > (full + kGap) / (kSmallestTileWidth + kGap);
        const double height = two_rows ? 2 * kTileHeight + kGap : kTileHeight;
        draw_number_tiles(scribe, {kMargin, bottom - height, full, height}, figure.numbers, theme);
        bottom -= height + kGap;
    }

    const auto temperature = page.temperature(), deviation = page.deviation();
    const auto others = page.others();
    const Rect room{kMargin, y, full, bottom - y};
    if (!temperature && others.empty()) {
        draw_panel(painter, room, theme);
        scribe.enter(room, theme.panel);
        const TextStyle body{kBodyPx, Weight::regular, theme.text};
        scribe.write_in("nothing", "The run has no value to show.",
                        {room.centre().x, room.centre().y - scribe.line_height(body) / 2}, room.w - 32, body, Align::centre);
        return scribe.items();
    }

    Rect below = room;
    std::vector<double> marks;  // of the events that have a text
    if (temperature) {
        const double height = others.empty() ? room.h : std::round(room.h * kTemperatureShare);
        const Rect panel{room.x, room.y, room.w, height};
        draw_panel(painter, panel, theme);
        Chart upper = temperature->chart;
        upper.time_labels = !deviation;
        ChartMargins margins = chart_margins(scribe, upper);
        if (deviation) {
            const ChartMargins other = chart_margins(scribe, deviation->chart);
            margins = {std::max(margins.left, other.left), std::max(margins.right, other.right)};
        }
        const double plot_left = std::round(panel.x + margins.left),
                     plot_right = plot_left + std::round(panel.w - margins.left - margins.right);
        const auto events = place_events(scribe, page, plot_left, plot_right, event_style);
        std::size_t rows = 0, hidden = 0;
        for (const auto& event : page.events()) hidden += event.count;
        for (const auto& event : events) {
            rows = std::max(rows, event.row + 1);
            hidden -= event.count;
            marks.push_back(event.time);
        }
        const double line = scribe.line_height(event_style), lane = rows == 0 ? 0.0 : double(rows) * line;
        const Rect first{panel.x, panel.y, panel.w, deviation ? std::round(panel.h * kAbsoluteShare) : panel.h};
        upper.marks = marks;
        const Rect plot = draw_chart(scribe, first, upper, theme, margins, lane);
        scribe.enter(panel, theme.panel);
        const double lane_top = plot.y - lane - 10;
        for (std::size_t n = 0; n < events.size(); ++n) {
            const double top = lane_top + double(events[n].row) * line;
            const double x = std::round(events[n].line) + 0.5 / painter.scale();
            painter.line({x, top + 3}, {x, plot.y}, {theme.border, 1.0, 0.0});
            scribe.write("event." + std::to_string(n), events[n].text, {events[n].x, top}, event_style);
        }
        if (hidden > 0)
            scribe.write("events.more", std::to_string(hidden) + (hidden == 1 ? " more event" : " more events"),
                         {panel.right() - 12, panel.y + 8}, label, Align::right);
        if (deviation) {
            Chart lower = deviation->chart;
            lower.marks = marks;
            draw_chart(scribe, {panel.x, first.bottom(), panel.w, panel.h - first.h}, lower, theme, margins);
        }
        below = {room.x, panel.bottom() + kGap, room.w, room.bottom() - panel.bottom() - kGap};
    }
    if (others.empty()) return scribe.items();

    const std::size_t columns = others.size() <= 1 ? 1 : others.size() <= 6 ? 2 : 3;
    // One width of plot for all, so that columns can be compared.
    ChartMargins margins;
    for (const auto& other : others) {
        const ChartMargins own = chart_margins(scribe, other.chart);
        margins = {std::max(margins.left, own.left), std::max(margins.right, own.right)};
    }
    std::size_t next = 0;
    for (std::size_t c = 0; c < columns; ++c) {
        const std::size_t rows = (others.size() - next + columns - c - 1) / (columns - c);
        const double w = (below.w - kGap * double(columns - 1)) / double(columns);
        const double h = (below.h - kGap * double(rows - 1)) / double(rows);
        for (std::size_t r = 0; r < rows; ++r, ++next) {
            const Rect panel{below.x + double(c) * (w + kGap), below.y + double(r) * (h + kGap), w, h};
            draw_panel(painter, panel, theme);
            Chart chart = others[next].chart;
            chart.marks = marks;
            draw_chart(scribe, panel, chart, theme, margins);
        }
    }
    return scribe.items();
}

std::vector<FigureItem> write_trends_figure(const std::filesystem::path& path, const TrendsFigure& figure, const Theme& theme,
                                            double scale) {
    return write_figure(path, kTrendsWidth, kTrendsHeight, scale,
                        [&](Painter& painter) { return draw_trends_figure(painter, figure, theme); });
}

}  // namespace jt
