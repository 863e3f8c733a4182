// SPDX-License-Identifier: Apache-2.0
// G1: current and power, one above the other on one time axis.
#include <algorithm>
#include <cmath>

#include "viz/screen/panels/reason.hpp"
#include "viz/screen/panels/time_chart.hpp"

namespace jt {

namespace {

constexpr double kPowerInset = 12.0, kPowerTop = 8.0, kPowerTitleGap = 11.0;
constexpr double kNear = 0.9;  // of a limit: from here on it is said

// No quantity of the table: numbers of the supply.
Quantity electric(std::string_view name, std::string_view label, std::string_view unit, int digits) {
    return {name, label, unit, digits, Scale::linear, std::nullopt, ColourMapId::viridis};
}

}  // namespace

void draw_power_chart(Ui& ui, const Rect& at, const ScreenModel& model, ViewState& view) {
    ui.panel(at, "power");
    const TextStyle title_style = ui.style(kPanelTitlePx, ui.theme.muted, Weight::medium);
    const double title_line = ui.scribe.line_height(title_style), label_line = ui.scribe.line_height(ui.label());
    const Rect row{at.x + kPowerInset, at.y + kPowerTop, at.w - 2 * kPowerInset, title_line};
    const std::string title = at.w < 420.0 ? "Current, power" : "Current, A, and power, W";
    const Rect below{row.x, row.bottom() + kPowerTop, row.w, at.bottom() - kPowerTop - row.bottom() - kPowerTop};
    const auto nothing = [&](const std::string& reason) {
        ui.scribe.write_in("power.title", title, {row.x, row.y}, row.w, title_style);
        draw_reason(ui, below, "power", reason);
    };
    if (!model.facts) return nothing(reason_without_run(model));
    if (!model.history || model.history->times().empty()) return nothing("nothing recorded yet");
    const History& h = *model.history;
    if (!h.has("current_A") && !h.has("power_W")) return nothing("no current flows in this run");

    TimeChart time(ui, "power", model, view);
    const auto& heater = model.facts->scenario.heater;
    const Program* program = model.program();
    const double offset = 0.0, t = time.shown_s();
    Chart upper = time.chart("I"), lower = time.chart("P");
    if (heater && program && heater->mode == Heater::Mode::current)
        time.add(upper, program_points(*program, time.window(), offset), "set point", SeriesStyle::set_point);
    if (heater && program && heater->mode == Heater::Mode::power)
        time.add(lower, program_points(*program, time.window(), offset), "set point", SeriesStyle::set_point);
    time.add(upper, h, "current_A", "current", SeriesStyle::solid, offset, true);
    time.add(lower, h, "power_W", "power", SeriesStyle::solid, offset, true);
    if (heater && heater->supply.current)
        upper.limits.push_back({"limit " + format_number(*heater->supply.current, 3) + " A", *heater->supply.current, true});
    const std::array<double, 1> zero{0.0};
    upper.range = range_of(upper, zero), lower.range = range_of(lower, zero);
    upper.time_labels = false;

    const Quantity I = electric("current_A", "current", "A", 3), P = electric("power_W", "power", "W", 3),
                   V = electric("voltage_V", "voltage", "V", 3);
    std::vector<ChartReading> readings;
    readings.push_back(reading_of(model, h, "current_A", "", I, t, false));
    readings.push_back(reading_of(model, h, "power_W", "", P, t, false));
    // The voltage has no plot: its limit is said when it is near.
    if (const auto voltage = h.at("voltage_V", std::min(t, model.newest_s));
        heater && heater->supply.voltage && voltage && std::abs(*voltage) >= kNear * *heater->supply.voltage) {
        ChartReading one = reading_of(model, h, "voltage_V", "", V, t, false);
        one.text += " of " + format_number(*heater->supply.voltage, 3) + " V";
        one.state = "near limit";
        readings.insert(readings.begin(), one);
    } else if (h.has("voltage_V")) {
        readings.push_back(reading_of(model, h, "voltage_V", "", V, t, false));
    }
    for (auto& one : readings)
        if (!one.text.empty() && one.text.front() == ' ') one.text.erase(0, 1);
    time.title(row, title, readings);

    ChartMargins margins = chart_margins(ui.scribe, upper);
    const ChartMargins other = chart_margins(ui.scribe, lower);
    margins = {std::max(margins.left, other.left), std::max(margins.right, other.right)};
    const double x = std::round(at.x + margins.left), w = std::round(at.w - margins.left - margins.right);
    const double top = std::round(row.bottom() + kPowerTitleGap),
                 bottom = std::round(at.bottom() - time_label_room(ui.scribe) + 2);
    const double between = label_line + 2;  // of tick labels
    const double each = std::floor((bottom - top - between) / 2);
    time.draw(at, {x, top, w, each}, upper);
    time.draw(at, {x, top + each + between, w, bottom - top - each - between}, lower);
}

}  // namespace jt
