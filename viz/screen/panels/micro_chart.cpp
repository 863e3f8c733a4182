// SPDX-License-Identifier: Apache-2.0
// G2: a mean of the product over time with what the model may be off by, what it will be at the end, and what is aimed at.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "viz/screen/panels/reason.hpp"
#include "viz/screen/panels/time_chart.hpp"

namespace jt {

namespace {

constexpr double kMicroInset = 12.0, kMicroTop = 8.0, kMicroTitleGap = 12.0;

const Quantity& chosen(const ViewState& view) {
    for (const auto& q : quantities())
        if (q.name == view.micro_field) return q;
    return quantity("id_ig");
}

void ring(Painter& painter, Point p, double radius, const Stroke& stroke) {
    std::vector<Point> points;
    for (int n = 0; n < 16; ++n) {
        const double a = 2 * std::numbers::pi * n / 16;
        points.push_back({p.x + radius * std::cos(a), p.y + radius * std::sin(a)});
    }
    painter.polyline(points, stroke, true);
}

}  // namespace

void draw_micro_chart(Ui& ui, const Rect& at, const ScreenModel& model, ViewState& view) {
    ui.panel(at, "micro");
    const Quantity& q = chosen(view);
    const std::string column(q.name), unit = shown_unit(q, view.kelvin);
    const TextStyle title_style = ui.style(kPanelTitlePx, ui.theme.muted, Weight::medium);
    const Rect row{at.x + kMicroInset, at.y + kMicroTop, at.w - 2 * kMicroInset, ui.scribe.line_height(title_style)};
    std::string title(q.label);
    title[0] = char(std::toupper(static_cast<unsigned char>(title[0])));
    if (column == "d002_nm") title = std::string(q.label);
    if (column == "capacity_mAh_g") title = "Capacity";  // there is one
    if (!unit.empty()) title += ", " + unit;
    const Rect below{row.x, row.bottom() + kMicroTop, row.w, at.bottom() - kMicroTop - row.bottom() - kMicroTop};
    const auto nothing = [&](const std::string& reason) {
        ui.scribe.write_in("micro.title", title, {row.x, row.y}, row.w, title_style);
        draw_reason(ui, below, "micro", reason);
    };
    if (!model.facts) return nothing(reason_without_run(model));
    if (!model.history || model.history->times().empty()) return nothing("nothing recorded yet");
    const History& h = *model.history;
    if (!h.has(column)) return nothing("this run has no " + std::string(q.label) + " of a product: G for another one");

    TimeChart time(ui, "micro", model, view);
    const double offset = in_shown_unit(q, 0.0, view.kelvin);
    Chart chart = time.chart("mean");
    std::optional<double> target;
    if (column == "capacity_mAh_g") target = model.facts->scenario.target.capacity_mAh_g;
    if (column == "id_ig") target = model.facts->scenario.target.id_ig;
    if (target) {
        History::Points line;
        line.time = {time.window().start, time.window().end}, line.value = {*target + offset, *target + offset};
        time.add(chart, line, "target", SeriesStyle::set_point);
    }
    time.add(chart, h, column, "mean", SeriesStyle::solid, offset, true);
    time.add_band(chart, q.uncertainty);
    std::optional<double> predicted;
    std::vector<double> held;
    if (const Outlook* outlook = model.shown_outlook()) {
        const auto found = outlook->means.find(column);
        const bool in_sight = outlook->end_s >= time.window().start && outlook->end_s <= time.window().end * (1 + 1e-9);
        if (found != outlook->means.end() && in_sight && std::isfinite(found->second)) {
            predicted = found->second;
            History::Points point;
            point.time = {std::min(outlook->end_s, time.window().end)}, point.value = {*predicted + offset};
            time.add(chart, point, "predicted", SeriesStyle::forecast);
            held = {*predicted + offset - q.uncertainty, *predicted + offset + q.uncertainty};
        }
    }
    chart.range = range_of(chart, held);

    std::vector<ChartReading> readings;
    ChartReading mean = reading_of(model, h, column, "", q, time.shown_s(), view.kelvin);
    if (!mean.text.empty() && mean.text.front() == ' ') mean.text.erase(0, 1);
    const std::string tail = unit.empty() ? "" : " " + unit;
    if (mean.state.empty() && mean.text.size() > tail.size() && mean.text.ends_with(tail))
        mean.text.erase(mean.text.size() - tail.size());  // the title has it
    readings.push_back(mean);
    if (predicted) {
        ChartReading one{"predicted", "predicted " + shown_number(q, *predicted, view.kelvin)};
        one.text += off_by_text(q);
        one.shorter = one.text;
        one.text += " at " + time_text(model.shown_outlook()->end_s, model);
        one.value = predicted, one.colour = ui.theme.selection;
        readings.push_back(one);
    }
    if (target) {
        ChartReading one{"target", "target " + shown_number(q, *target, view.kelvin)};
        one.value = target, one.colour = ui.theme.muted;
        readings.push_back(one);
    }
    time.title(row, title, readings);

    const ChartMargins margins = chart_margins(ui.scribe, chart);
    const double top = std::round(row.bottom() + kMicroTitleGap),
                 bottom = std::round(at.bottom() - time_label_room(ui.scribe) + 2);
    const Rect plot{std::round(at.x + margins.left), top, std::round(at.w - margins.left - margins.right), bottom - top};
    const AxisTicks axis = time.draw(at, plot, chart);
    if (!predicted || plot.w < 40 || plot.h < 20) return;
    // Open, with what the model may be off by.
    const auto y_of = [&](double v) { return plot.bottom() - (v - axis.low) / (axis.high - axis.low) * plot.h; };
    const double end = std::min(model.shown_outlook()->end_s, time.window().end);
    const double x = plot.x + (end - time.window().start) / time.window().width() * plot.w, y = y_of(*predicted + offset);
    if (q.uncertainty > 0.0) {
        const double high = y_of(held[1]), low = y_of(held[0]);
        ui.painter().rectangle({x - 4, high, 8, low - high}, with_alpha(ui.theme.selection, 0.30));
    }
    ui.painter().rectangle({x - 3, y - 3, 6, 6}, ui.theme.panel);
    ring(ui.painter(), {x, y}, 5.0, {ui.theme.selection, 2.0, 0.0});
}

}  // namespace jt
