// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/time_chart.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace jt {

namespace {

constexpr double kClosest = 1e-3;       // of the run: the narrowest window
constexpr double kWheel = 1.25;         // a notch
constexpr double kNearEvent = 5.0;      // [px] from the mouse
constexpr double kReadingGap = 16.0;    // between readings
constexpr double kPixelsOfLine = 1200;  // buckets of the reduced lines

// What charts remember between frames: the plot under the mouse, and a pan in progress.
struct Mouse {
    std::string over;  // id of the chart; empty: none
    double hover_s = 0.0;
    std::string panned;
    double grabbed_x = 0.0, start = 0.0;
};

Mouse& mouse_of(Ui& ui) {
    auto& kept = ui.memory.cache["time_chart.mouse"];
    if (!kept) kept = std::make_shared<Mouse>();
    return *std::static_pointer_cast<Mouse>(kept);
}

bool holds(const Rect& r, Point p) {
    return p.x >= r.x && p.x <= r.right() && p.y >= r.y && p.y <= r.bottom();
}

bool differs(const TimeWindow& a, const TimeWindow& b) {
    return a.start != b.start || a.end != b.end;
}

}  // namespace

TimeWindow whole_run(const ScreenModel& model) {
    const bool sound = std::isfinite(model.start_s) && std::isfinite(model.end_s) && model.end_s > model.start_s;
    return sound ? TimeWindow{model.start_s, model.end_s} : TimeWindow{0.0, 1.0};
}

TimeWindow time_window(const ScreenModel& model, const ViewState& view) {
    const TimeWindow whole = whole_run(model);
    if (!view.time_view) return whole;
    const auto [a, b] = *view.time_view;
    if (!(std::isfinite(a) && std::isfinite(b) && b > a)) return whole;
    const double width = std::clamp(b - a, kClosest * whole.width(), whole.width());
    const double start = std::clamp(a, whole.start, whole.end - width);
    return {start, start + width};
}

void zoom_time_about(ViewState& view, const ScreenModel& model, double t, double factor) {
    const TimeWindow whole = whole_run(model), now = time_window(model, view);
    if (!(std::isfinite(t) && std::isfinite(factor) && factor > 0.0)) return;
    const double width = std::max(now.width() * factor, kClosest * whole.width());
    if (width >= whole.width() * (1.0 - 1e-9)) {
        view.time_view.reset();
        return;
    }
    const double share = std::clamp((t - now.start) / now.width(), 0.0, 1.0);
    const double start = std::clamp(t - share * width, whole.start, whole.end - width);
    view.time_view = {start, start + width};
}

void pan_time_to(ViewState& view, const ScreenModel& model, double start) {
    if (!view.time_view || !std::isfinite(start)) return;  // the whole run has nowhere to go
    const TimeWindow whole = whole_run(model), now = time_window(model, view);
    const double from = std::clamp(start, whole.start, whole.end - now.width());
    view.time_view = {from, from + now.width()};
}

std::string time_text(double t, const ScreenModel& model) {
    const double length = whole_run(model).width();
    const TimeUnit unit = time_unit(length);
    const double shown = length / unit.seconds;
    const int decimals = unit.seconds > 1.0 ? 2 : shown > 20.0 ? 1 : shown > 2.0 ? 2 : 3;
    char text[48];
    std::snprintf(text, sizeof text, "%.*f", decimals, std::abs(t / unit.seconds));
    return (t < 0.0 ? "\u2212" : "") + std::string(text) + " " + unit.name;
}

std::optional<double> time_mouse(Ui& ui, const Rect& plot, const std::string& id, const ScreenModel& model, ViewState& view) {
    Mouse& mouse = mouse_of(ui);
    const TimeWindow window = time_window(model, view);
    const Input& in = ui.input;
    const auto time_at = [&](double x) { return window.start + (x - plot.x) / plot.w * window.width(); };
    const bool free = ui.memory.active.empty() || ui.memory.active == id;
    const bool over = free && holds(plot, in.mouse);
    const double t = std::clamp(time_at(in.mouse.x), window.start, window.end);
    bool changed = false;
    if (ui.dragged(plot, id) && (!view.follow || view.cursor_s != t || in.pressed[0])) {
        const double before = view.cursor_s;
        const bool followed = view.follow;
        set_cursor(view, model, t);
        changed = followed || before != view.cursor_s;
    }
    if (over && in.wheel != 0.0) zoom_time_about(view, model, t, std::pow(kWheel, -std::clamp(in.wheel, -20.0, 20.0)));
    if (over && in.double_clicked) view.time_view.reset();
    if (over && in.pressed[1]) mouse.panned = id, mouse.grabbed_x = in.mouse.x, mouse.start = window.start;
    if (mouse.panned == id) {
        if (in.down[1])
            pan_time_to(view, model, mouse.start - (in.mouse.x - mouse.grabbed_x) / plot.w * window.width());
        else
            mouse.panned.clear();
    }
    // Panels drawn before this one show it in the next frame.
    if (changed || differs(window, time_window(model, view))) ui.redraw_in(0.0);
    return over ? std::optional(t) : std::nullopt;
}

std::string off_by_text(const Quantity& q) {
    if (!(q.uncertainty > 0.0)) return {};
    const double first = q.uncertainty / std::pow(10.0, std::floor(std::log10(q.uncertainty)));
    return " \u00b1" + format_number(q.uncertainty, first < 1.95 || q.uncertainty >= 10.0 ? 2 : 1);
}

ChartReading reading_of(const ScreenModel& model, const History& history, const std::string& column, const std::string& label,
                        const Quantity& q, double t, bool kelvin) {
    ChartReading reading{column, {}};
    std::optional<double> value = history.at(column, t);
    if (t > model.newest_s + 1e-9) value.reset();  // the future
    if (!value && t <= model.newest_s + 1e-9) {
        if (const auto known = history.last_known(column, t)) {
            value = known->value;
            reading.age_s = t - known->time_s, reading.state = "stale";
        }
    }
    if (!value) {
        reading.text = label + " \u2014", reading.state = "none";
        return reading;
    }
    const std::string unit = shown_unit(q, kelvin);
    reading.value = value;
    reading.text = label + " " + shown_number(q, *value, kelvin);
    reading.text += off_by_text(q);
    if (!unit.empty()) reading.text += " " + unit;
    if (reading.age_s) reading.text += ", " + format_number(*reading.age_s, 2) + " s old";
    return reading;
}

TimeChart::TimeChart(Ui& ui, const std::string& id, const ScreenModel& model, ViewState& view)
    : ui_(ui), id_(id), model_(model), view_(view), window_(time_window(model, view)) {
    const Mouse& mouse = mouse_of(ui);
    if (mouse.over == id) hover_ = mouse.hover_s;
}

Chart TimeChart::chart(const std::string& id) const {
    Chart chart;
    chart.id = id_ + "." + id;
    chart.start = window_.start, chart.end = window_.end;
    if (model_.goes_on()) {
        chart.now = std::max(model_.now_s(), model_.newest_s);
        chart.now_label = "now " + time_text(*chart.now, model_);
    }
    if (!model_.live) {
        chart.cursor = model_.cursor_s;
        chart.cursor_label = time_text(model_.cursor_s, model_);
        chart.fade = true;
    }
    if (model_.events) {
        // As many as can be told apart.
        const double apart = window_.width() / 400.0;
        double last = -std::numeric_limits<double>::infinity();
        for (const auto& event : *model_.events)
            if (std::isfinite(event.time_s) && event.time_s - last > apart) chart.marks.push_back(last = event.time_s);
    }
    return chart;
}

void TimeChart::add(Chart& chart, const History& history, const std::string& column, const std::string& label,
                    SeriesStyle style, double offset, bool live) {
    if (!history.has(column)) return;
    History::Points points = history.reduced(column, window_.start, window_.end, int(kPixelsOfLine));
    for (double& v : points.value) v += offset;
    // Reduced lines end at their last value: that it is missing now has to be said.
    const double newest = history.times().empty() ? window_.start : history.times().back();
    const bool silent = chart.now && *chart.now > newest + 1e-9;
    const bool missing = live && !history.times().empty() && (silent || !history.at(column, newest));
    if (missing) {
        if (points.time.empty() && !history.last_known(column, newest)) return;  // never was any: not lost
        points.time.push_back(
            std::max({newest, silent ? *chart.now : newest, points.time.empty() ? newest : points.time.back()}));
        points.value.push_back(std::numeric_limits<double>::quiet_NaN());
    }
    add(chart, std::move(points), label, style);
    chart.series.back().live = live;
}

void TimeChart::add(Chart& chart, History::Points points, const std::string& label, SeriesStyle style) {
    points_.push_back(std::move(points));
    Series series;
    series.label = label, series.style = style;
    series.time = points_.back().time, series.value = points_.back().value;
    chart.series.push_back(series);
}

void TimeChart::add_band(Chart& chart, double half) {
    if (chart.series.empty() || !(half > 0.0)) return;
    const Series& line = chart.series.back();
    auto& low = bounds_.emplace_back(line.value.begin(), line.value.end());
    auto& high = bounds_.emplace_back(line.value.begin(), line.value.end());
    for (double& v : low) v -= half;
    for (double& v : high) v += half;
    chart.bands.push_back({line.time, low, high, true});
}

void TimeChart::add_band(Chart& chart, const History& history, const std::string& column, double offset) {
    add_band(chart, history, low_column(column), high_column(column), offset);
}

void TimeChart::add_band(Chart& chart, const History& history, const std::string& low, const std::string& high, double offset) {
    const auto below = history.column(low), above = history.column(high);
    if (below.empty() || above.empty()) return;
    const auto& times = history.times();
    const auto from = std::lower_bound(times.begin(), times.end(), window_.start);
    std::size_t n = std::size_t(from - times.begin());
    if (n > 0) --n;
    // As wide as it gets within a bucket; buckets are anchored at absolute time, as those of lines.
    const double bucket = std::exp2(std::floor(std::log2(std::max(window_.width() / kPixelsOfLine, 1e-9))));
    auto& points = points_.emplace_back();
    auto& high_of = bounds_.emplace_back();
    double last = std::numeric_limits<double>::quiet_NaN();
    for (; n < times.size(); ++n) {
        const double slot = std::floor(times[n] / bucket);
        const bool gap = !std::isfinite(below[n]) || !std::isfinite(above[n]);
        if (slot == last && !gap && std::isfinite(high_of.back())) {
            points.value.back() = std::min(points.value.back(), below[n] + offset);
            high_of.back() = std::max(high_of.back(), above[n] + offset);
        } else {
            points.time.push_back(times[n]);
            points.value.push_back(gap ? std::numeric_limits<double>::quiet_NaN() : below[n] + offset);
            high_of.push_back(gap ? std::numeric_limits<double>::quiet_NaN() : above[n] + offset);
        }
        last = slot;
        if (times[n] > window_.end) break;
    }
    chart.bands.push_back({points.time, points.value, high_of, true});
}

void TimeChart::add_fan(Chart& chart, const TwinForecast& forecast, const std::string& quantity, const std::string& label,
                        const std::function<double(double)>& less) {
    History::Points middle;
    auto& time = bounds_.emplace_back();
    auto& low = bounds_.emplace_back();
    auto& high = bounds_.emplace_back();
    for (const TwinForecastPoint& point : forecast.points) {
        const auto band = point.bands.find(quantity);
        if (band == point.bands.end() || !(time.empty() || point.run_s > time.back()) || !std::isfinite(point.run_s)) continue;
        const double away = less(point.run_s);
        time.push_back(point.run_s), low.push_back(band->second[0] - away), high.push_back(band->second[2] - away);
        middle.time.push_back(point.run_s), middle.value.push_back(band->second[1] - away);
    }
    if (time.empty()) return;
    chart.bands.push_back({time, low, high, forecast.expired});
    add(chart, std::move(middle), label, SeriesStyle::forecast);
    if (forecast.expired) chart.series.back().colour = ui_.theme.invalid;
}

void TimeChart::mark_expired(const Rect& plot, const TwinForecast& forecast) {
    if (!forecast.expired) return;
    const auto x_of = [&](double t) { return plot.x + (t - window_.start) / window_.width() * plot.w; };
    const double from = std::clamp(x_of(forecast.from_s), plot.x, plot.right()),
                 to = std::clamp(x_of(forecast.to_s), plot.x, plot.right());
    if (to > from) ui_.hatch({from, plot.y, to - from, plot.h});
}

void TimeChart::title(const Rect& row, const std::string& title, const std::vector<ChartReading>& items) {
    const TextStyle style = ui_.style(kPanelTitlePx, ui_.theme.muted, Weight::medium);
    const TextStyle strong = ui_.style(kLabelPx, hovering() ? ui_.theme.selection : ui_.theme.text, Weight::medium);
    const Rect at = ui_.scribe.write_in(id_ + ".title", title, {row.x, row.y}, row.w, style);
    const double y = row.y + std::round((ui_.scribe.line_height(style) - ui_.scribe.line_height(strong)) / 2);
    double x = at.right() + kReadingGap;
    // The event under the mouse in place of readings.
    if (hover_ && model_.events) {
        const double reach = kNearEvent * window_.width() / std::max(row.w, 1.0);
        std::string text;
        for (const auto& event : *model_.events)
            if (std::abs(event.time_s - *hover_) <= reach)
                text += (text.empty() ? time_text(event.time_s, model_) + ": " : "; ") + event.text;
        if (!text.empty()) {
            ui_.scribe.write_in(id_ + ".event", text, {x, y}, row.right() - x, strong);
            return;
        }
    }
    const std::string time = time_text(shown_s(), model_);
    const double width = ui_.scribe.width(time, strong);
    if (x + width > row.right()) return;
    ui_.scribe.write(id_ + ".time", time, {x, y}, strong);
    ui_.scribe.note(hovering() ? "mouse" : "cursor", shown_s(), std::nullopt);
    readings(id_, x + width + kReadingGap, row.right(), y, items);
}

void TimeChart::subtitle(const Rect& row, const std::string& title, const std::vector<ChartReading>& items) {
    const TextStyle style = ui_.style(kPanelTitlePx, ui_.theme.muted, Weight::medium);
    const Rect at = ui_.scribe.write_in(id_ + ".title.2", title, {row.x, row.y}, row.w, style);
    const double y = row.y + std::round((ui_.scribe.line_height(style) - ui_.scribe.line_height(ui_.label())) / 2);
    readings(id_ + ".2", at.right() + kReadingGap, row.right(), y, items);
}

void TimeChart::readings(const std::string& id, double x, double right, double y, const std::vector<ChartReading>& items) {
    for (const auto& item : items) {
        const Colour colour = item.state == "stale" ? ui_.theme.invalid : item.colour.value_or(ui_.theme.text);
        const TextStyle style = ui_.style(kLabelPx, colour);
        const bool whole = item.shorter.empty() || x + ui_.scribe.width(item.text, style) <= right;
        const std::string& text = whole ? item.text : item.shorter;
        const double width = ui_.scribe.width(text, style);
        if (x + width > right) return;
        ui_.scribe.write(id + ".value." + item.id, text, {x, y}, style);
        ui_.scribe.note(item.state, item.value, item.age_s);
        x += width + kReadingGap;
    }
}

AxisTicks TimeChart::draw(const Rect& panel, const Rect& plot, const Chart& chart) {
    const AxisTicks axis = draw_plot(ui_.scribe, panel, plot, chart, ui_.theme);
    Painter& painter = ui_.painter();
    if (plot.w < 40 || plot.h < 20) return axis;
    const auto x_of = [&](double t) { return plot.x + (t - window_.start) / window_.width() * plot.w; };
    for (const double t : view_.bookmarks) {
        if (drawn_ || t < window_.start || t > window_.end) continue;
        const double x = x_of(t);
        const std::array<Point, 3> flag{Point{x - 5, plot.y - 8}, Point{x + 5, plot.y - 8}, Point{x, plot.y - 1}};
        painter.polygon(flag, ui_.theme.selection);
    }
    drawn_ = true;
    if (hover_ && *hover_ >= window_.start && *hover_ <= window_.end) {
        const double x = x_of(*hover_);
        painter.line({x, plot.y}, {x, plot.bottom()}, {ui_.theme.selection, 1.0, 0.0});
        // Where the lines are there.
        for (const auto& series : chart.series) {
            const auto after = std::upper_bound(series.time.begin(), series.time.end(), *hover_ + 1e-9);
            if (after == series.time.begin()) continue;
            const std::size_t n = std::size_t(after - series.time.begin()) - 1;
            double v = series.value[n];
            if (n + 1 < series.time.size() && series.time[n + 1] > series.time[n])
                v += (series.value[n + 1] - v) * (*hover_ - series.time[n]) / (series.time[n + 1] - series.time[n]);
            else if (*hover_ > series.time[n] + 0.01 * window_.width())
                continue;  // it ended before
            const double y = plot.bottom() - (v - axis.low) / (axis.high - axis.low) * plot.h;
            if (!(y >= plot.y - 1 && y <= plot.bottom() + 1)) continue;
            painter.rectangle({x - 3, y - 3, 6, 6}, ui_.theme.selection);
        }
    }
    Mouse& mouse = mouse_of(ui_);
    const std::optional<double> was = mouse.over == id_ ? std::optional(mouse.hover_s) : std::nullopt;
    const auto t = time_mouse(ui_, plot, chart.id, model_, view_);
    if (t) {
        if (!was || *was != *t) ui_.redraw_in(0.0);
        mouse.over = id_, mouse.hover_s = *t;
    } else if (was && !holds(panel, ui_.input.mouse)) {
        mouse.over.clear();
        ui_.redraw_in(0.0);
    }
    return axis;
}

std::array<double, 2> range_of(const Chart& chart, std::span<const double> extra) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    const auto hold = [&](double v) {
        if (std::abs(v) <= kLargestShown) low = std::min(low, v), high = std::max(high, v);
    };
    const auto all = [&](std::span<const double> time, std::span<const double> value) {
        for (std::size_t n = 0; n < time.size(); ++n)
            if (time[n] >= chart.start && time[n] <= chart.end) hold(value[n]);
    };
    for (const auto& series : chart.series) all(series.time, series.value);
    for (const auto& band : chart.bands) all(band.time, band.low), all(band.time, band.high);
    for (const double v : extra) hold(v);
    if (!(low <= high)) return {0.0, 1.0};
    // A limit at hand belongs in the picture.
    const double reach = 0.6 * std::max(high - low, 0.02 * std::max(std::abs(low), std::abs(high)));
    const double top = high, bottom = low;
    for (const auto& limit : chart.limits)
        if (limit.value >= bottom - reach && limit.value <= top + reach) hold(limit.value);
    return steady_range(low, high);
}

History::Points program_points(const Program& program, const TimeWindow& window, double offset) {
    History::Points points;
    const auto add = [&](double t, double v) { points.time.push_back(t), points.value.push_back(v + offset); };
    if (program.time.empty()) return points;
    add(window.start, program.at(window.start));
    for (std::size_t n = 0; n < program.time.size(); ++n)
        if (program.time[n] >= window.start && program.time[n] <= window.end) add(program.time[n], program.value[n]);
    add(window.end, program.at(window.end));
    return points;
}

}  // namespace jt
