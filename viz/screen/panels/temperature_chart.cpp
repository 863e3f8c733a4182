// SPDX-License-Identifier: Apache-2.0
// F: temperature over the whole run above, how far it is from the set point below, on one time axis: an overshoot of 1 % is two
// pixels on the absolute one.
#include <algorithm>
#include <cmath>

#include "viz/screen/panels/reason.hpp"
#include "viz/screen/panels/time_chart.hpp"

namespace jt {

namespace {

constexpr double kChartInset = 12.0, kChartTop = 8.0, kChartTitleGap = 12.0;
constexpr double kAbsoluteShare = 2.0 / 3.0;  // of the height of both plots
constexpr double kDeviation = 20.0;           // the deviation is shown to +- this [K]

// Columns that follow from those of the run; they grow with it.
struct Derived {
    const History* of = nullptr;
    const RunFacts* facts = nullptr;
    std::size_t rows = 0;
    History history;
};

// The sensor that the heater follows; null: there is none.
const Sensor* feedback_of(const ScreenModel& model) {
    const Scenario& s = model.facts->scenario;
    if (!s.heater) return nullptr;
    for (const auto& sensor : s.sensors)
        if (sensor.name == s.heater->feedback) return &sensor;
    return nullptr;
}

// "reading": where it is above its floor; "dev_...": less the set point [K].
const History& derived(Ui& ui, const ScreenModel& model) {
    auto& kept = ui.memory.cache["temperature_chart"];
    if (!kept) kept = std::make_shared<Derived>();
    Derived& d = *std::static_pointer_cast<Derived>(kept);
    const History& h = *model.history;
    const auto& times = h.times();
    const bool same = d.of == &h && d.facts == model.facts && times.size() >= d.rows &&
                      (d.rows == 0 || times[d.rows - 1] == d.history.times().back());
    if (!same) {
        d = Derived{&h, model.facts, 0,
                    History({"reading", "dev_reading", "dev_mean", "dev_max", "dev_mean_p05", "dev_mean_p95", "dev_max_p05",
                             "dev_max_p95"})};
    }
    const Sensor* sensor = feedback_of(model);
    const double floor = sensor && sensor->floor ? *sensor->floor : -1.0;
    const Program* program = model.temperature_program() ? model.program() : nullptr;
    const auto set_point = h.column("setpoint_K"), mean = h.column("T_mean_K"), max = h.column("T_max_K"),
               reading = h.column("reading_K");
    const std::array bounds{h.column(low_column("T_mean_K")), h.column(high_column("T_mean_K")),
                            h.column(low_column("T_max_K")), h.column(high_column("T_max_K"))};
    const double none = std::numeric_limits<double>::quiet_NaN();
    for (; d.rows < times.size(); ++d.rows) {
        const std::size_t n = d.rows;
        const double r = !program ? none : set_point.empty() ? program->at(times[n]) : set_point[n];
        const double seen = reading.empty() || !(reading[n] > floor + 1e-6) ? none : reading[n];
        const auto less = [&](std::span<const double> column) { return column.empty() ? none : column[n] - r; };
        const std::array<double, 8> row{
            seen, seen - r, less(mean), less(max), less(bounds[0]), less(bounds[1]), less(bounds[2]), less(bounds[3])};
        d.history.append(times[n], row);
    }
    return d.history;
}

// Half of the range of deviations: 20 K, or more in steps of 1, 2, 5 where every dwell in sight lies outside it.
double deviation_range(const ScreenModel& model, const History& rows, const TimeWindow& window) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const auto& segment : segments_of(*model.program(), model.end_s)) {
        if (segment.kind != Segment::Kind::hold) continue;
        const double from = std::max(segment.from_s, window.start), to = std::min(segment.to_s, window.end);
        if (!(to > from)) continue;
        for (const char* column : {"dev_reading", "dev_mean"}) {
            const auto points = rows.reduced(column, from, to, 200);
            for (std::size_t n = 0; n < points.time.size(); ++n)
                if (points.time[n] >= from && points.time[n] <= to && std::isfinite(points.value[n]))
                    nearest = std::min(nearest, std::abs(points.value[n]));
        }
    }
    if (!std::isfinite(nearest)) return kDeviation;
    double range = kDeviation;
    for (int n = 0; range < nearest && n < 12; ++n) range *= n % 3 == 0 ? 2.5 : 2.0;  // 20, 50, 100, 200, 500 ...
    return range;
}

// To a tenth below 10 K, else whole.
std::string difference(double K) {
    const double rounded = std::abs(K) < 9.95 ? std::round(std::abs(K) * 10.0) / 10.0 : std::round(std::abs(K));
    if (rounded == 0.0) return "0.0 K";
    const int digits = rounded < 1.0 ? 1 : rounded < 10.0 ? 2 : int(std::floor(std::log10(rounded))) + 1;
    return (K < 0.0 ? "\u2212" : "+") + format_number(rounded, digits) + " K";
}

// What the forecast says of a quantity at a time, between its points; absent: it does not reach there.
std::optional<Interval> told(const TwinForecast& forecast, const std::string& quantity, double t) {
    const TwinForecastPoint* before = nullptr;
    for (const TwinForecastPoint& point : forecast.points) {
        const auto band = point.bands.find(quantity);
        if (band == point.bands.end()) continue;
        const auto& now = band->second;
        if (point.run_s >= t - 1e-9) {
            if (std::abs(point.run_s - t) < 1e-9 || !before) {
                if (point.run_s > t + 1e-9) return std::nullopt;
                return Interval{now[1], now[0], now[2], forecast.quality};
            }
            const auto& then = before->bands.at(quantity);
            const double share = (t - before->run_s) / (point.run_s - before->run_s);
            const auto at = [&](std::size_t n) { return then[n] + share * (now[n] - then[n]); };
            return Interval{at(1), at(0), at(2), forecast.quality};
        }
        before = &point;
    }
    return std::nullopt;
}

// "in 10 s T max 1003 ±8", or at the time under the mouse; how old it is once it is not valid any more.
std::vector<ChartReading> forecast_readings(Ui& ui, const TwinForecast& forecast, double newest, double t, bool kelvin) {
    const Quantity& T = quantity("T_K");
    std::vector<ChartReading> readings;
    if (forecast.expired) {
        ChartReading one{"forecast", "forecast " + format_number(forecast.age_s, 2) + " s old"};
        one.state = "stale", one.age_s = forecast.age_s;
        return {one};
    }
    if (forecast.points.empty()) return readings;
    const bool ahead = t > newest + 1e-9;
    const double at = ahead ? t : forecast.points.back().run_s;
    for (const auto& [column, label] : {std::pair{"T_max_K", "T max"}, std::pair{"T_mean_K", "T mean"}}) {
        if (!ahead && !readings.empty()) break;
        const auto band = told(forecast, column, at);
        if (!band) continue;
        ChartReading one{std::string("forecast.") + column, {}};
        const std::string number = std::string(label) + " " +
                                   shown_number(T, band->value, kelvin, std::max(band->half(), 1.0)) + " " +
                                   plus_minus(std::max(band->half(), 1.0));
        one.text = (ahead ? "forecast " : "in " + format_number(at - newest, 2) + " s ") + number;
        one.shorter = number;
        one.value = band->value, one.colour = ui.theme.selection, one.state = "forecast";
        readings.push_back(one);
    }
    return readings;
}

}  // namespace

void draw_temperature_chart(Ui& ui, const Rect& at, const ScreenModel& model, ViewState& view) {
    ui.panel(at, "temperature");
    const Quantity& T = quantity("T_K");
    const std::string title = "Temperature, " + shown_unit(T, view.kelvin);
    const double title_line = ui.scribe.line_height({kPanelTitlePx, Weight::medium, {}});
    const Rect row{at.x + kChartInset, at.y + kChartTop, at.w - 2 * kChartInset, title_line};
    const Rect below{row.x, row.bottom() + kChartTop, row.w, at.bottom() - kChartTop - row.bottom() - kChartTop};
    if (!model.facts || !model.history || model.history->times().empty()) {
        ui.scribe.write_in("temperature.title", title, {row.x, row.y}, row.w,
                           ui.style(kPanelTitlePx, ui.theme.muted, Weight::medium));
        draw_reason(ui, below, "temperature", model.facts ? "nothing recorded yet" : reason_without_run(model));
        return;
    }
    const History& h = *model.history;
    const History& d = derived(ui, model);
    const double offset = in_shown_unit(T, 0.0, view.kelvin);
    const Program* program = model.temperature_program() ? model.program() : nullptr;
    const Sensor* sensor = feedback_of(model);

    TimeChart time(ui, "temperature", model, view);
    Chart upper = time.chart("T");
    if (program) time.add(upper, program_points(*program, time.window(), offset), "set point", SeriesStyle::set_point);
    // Where plots are low the row of readings names the lines; the upper plot keeps those that matter most.
    const bool low = at.h < 260.0;
    time.add(upper, d, "reading", low ? "" : "reading", SeriesStyle::measured, offset, !(sensor && sensor->floor));
    time.add(upper, h, "T_max_K", "T max", SeriesStyle::thin, offset, true);
    time.add(upper, h, "T_mean_K", "T mean", SeriesStyle::solid, offset, true);
    for (const char* column : {"T_max_K", "T_mean_K"}) time.add_band(upper, h, column, offset);
    const TwinForecast* forecast = model.forecast();
    if (forecast) {
        const auto shown = [&](double) { return -offset; };
        time.add_fan(upper, *forecast, "T_max_K", "", shown);
        time.add_fan(upper, *forecast, "T_mean_K",
                     low                 ? ""
                     : forecast->expired ? "forecast, old"
                                         : "forecast 5\u201395 %",
                     shown);
    }
    const auto& heater = model.facts->scenario.heater;
    if (heater && heater->limit_temperature) {
        const double limit = *heater->limit_temperature + offset;
        upper.limits.push_back({"limit " + format_number(std::round(limit), limit >= 1000.0 ? 4 : 3), limit, true});
    }
    upper.range = range_of(upper);
    upper.time_labels = false;

    // What is shown of the moment.
    const double t = time.shown_s();
    std::vector<ChartReading> readings;
    if (program) {
        ChartReading one{"set_point", "set point " + shown_number(T, program->at(t), view.kelvin)};
        one.value = program->at(t), one.colour = ui.theme.muted;
        readings.push_back(one);
    }
    if (h.has("reading_K")) {
        ChartReading one = reading_of(model, d, "reading", "reading", T, t, view.kelvin);
        const TwinSensor* live = model.twin && model.live && sensor ? model.twin->sensor(sensor->name) : nullptr;
        const bool seen_below = h.at("reading_K", t) || (live && live->verdict == "below floor");
        if (one.state != "" && t <= model.newest_s + 1e-9 && seen_below && sensor && sensor->floor) {
            one = {"reading",
                   "reading below " + shown_number(T, *sensor->floor, view.kelvin) + " " + shown_unit(T, view.kelvin)};
            one.state = "below floor", one.colour = ui.theme.muted;
        }
        readings.push_back(one);
    }
    readings.push_back(reading_of(model, h, "T_mean_K", "T mean", T, t, view.kelvin));
    readings.push_back(reading_of(model, h, "T_max_K", "T max", T, t, view.kelvin));
    for (const auto& limit : upper.limits)
        if (limit.value > (*upper.range)[1] || limit.value < (*upper.range)[0]) {
            ChartReading one{"limit", limit.label + " is off scale"};
            one.colour = ui.theme.muted;
            readings.push_back(one);
        }
    if (forecast)
        for (auto& one : forecast_readings(ui, *forecast, model.newest_s, t, view.kelvin))
            readings.insert(time.hovering() ? readings.begin() : readings.end(), std::move(one));
    time.title(row, title, readings);

    const double label_line = ui.scribe.line_height(ui.label());
    const double top = row.bottom() + kChartTitleGap, bottom = at.bottom() - time_label_room(ui.scribe);
    ChartMargins margins = chart_margins(ui.scribe, upper);
    // Between the plots: half a tick label, the lower title, half a tick label. Three labels have to fit beside the lower one.
    const double between = title_line + label_line + 2, room = bottom - top - between;
    const double low_height = std::max(std::round(room * (1.0 - kAbsoluteShare)), std::ceil(2.0 * label_line) + 2.0);
    if (!program || room - low_height < 2.0 * label_line) {
        upper.time_labels = true;
        const Rect plot{std::round(at.x + margins.left), std::round(top), std::round(at.w - margins.left - margins.right),
                        std::round(bottom - top)};
        time.draw(at, plot, upper);
        if (forecast) time.mark_expired(plot, *forecast);
        return;
    }
    Chart lower = time.chart("dev");
    const double range = deviation_range(model, d, time.window());
    // A name stands at its line's end, if that is in the picture.
    const auto name = [&](const char* column, const char* text) {
        const auto last = d.last_known(column, time.window().end);
        return low || !last || std::abs(last->value) > range ? "" : text;
    };
    time.add(lower, d, "dev_reading", "", SeriesStyle::measured, 0.0);  // about zero, where the set point is
    // Where a forecast goes on from them, the names stand at its end.
    time.add(lower, d, "dev_max", forecast ? "" : name("dev_max", "T max"), SeriesStyle::thin, 0.0);
    time.add(lower, d, "dev_mean", forecast ? "" : name("dev_mean", "T mean"), SeriesStyle::solid, 0.0);
    time.add_band(lower, d, "dev_mean", 0.0), time.add_band(lower, d, "dev_max", 0.0);
    if (forecast) {
        const auto planned = [&](double s) { return program->at(s); };
        const auto seen = [&](const char* column, const char* text) {
            const auto end = forecast->points.empty() ? std::nullopt : told(*forecast, column, forecast->points.back().run_s);
            return low || !end || std::abs(end->value - planned(forecast->points.back().run_s)) > range ? "" : text;
        };
        time.add_fan(lower, *forecast, "T_max_K", seen("T_max_K", "T max"), planned);
        time.add_fan(lower, *forecast, "T_mean_K", seen("T_mean_K", "T mean"), planned);
    }
    History::Points zero;
    zero.time = {time.window().start, time.window().end}, zero.value = {0.0, 0.0};
    time.add(lower, zero, "", SeriesStyle::set_point);
    lower.range = {-range, range};
    const ChartMargins other = chart_margins(ui.scribe, lower);
    margins = {std::max(margins.left, other.left), std::max(margins.right, other.right)};
    const double x = std::round(at.x + margins.left), w = std::round(at.w - margins.left - margins.right);
    const Rect first{x, std::round(top), w, std::round(room - low_height)};
    const Rect second{x, std::round(first.bottom() + between), w, std::round(bottom - first.bottom() - between)};
    time.draw(at, first, upper);
    if (forecast) time.mark_expired(first, *forecast);
    std::vector<ChartReading> differences;
    const auto difference_of = [&](const char* column, const std::string& label) {
        const auto value = t <= model.newest_s + 1e-9 ? d.at(column, t) : std::nullopt;
        ChartReading one{column, label + " " + (value ? difference(*value) : "\u2014")};
        one.value = value, one.state = value ? "" : "none";
        if (value && std::abs(*value) > range) one.text += " (off scale)";
        if (value || std::string(column) == "dev_mean") differences.push_back(one);
    };
    difference_of("dev_reading", "reading");
    difference_of("dev_mean", "T mean");
    difference_of("dev_max", "T max");
    time.subtitle({row.x, std::round(first.bottom() + label_line / 2 + 1), row.w, title_line}, "T \u2212 set point, K",
                  differences);
    time.draw(at, second, lower);
    if (forecast) time.mark_expired(second, *forecast);
}

}  // namespace jt
