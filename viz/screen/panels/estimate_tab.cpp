// SPDX-License-Identifier: Apache-2.0
// 3: what a live twin corrects from its sensors: each parameter with what was thought of it before and what is now, and whether
// innovations are as large as they should be. A run that only simulates has nothing to estimate, and says so.
#include <algorithm>
#include <cmath>

#include "viz/screen/panels/panels.hpp"
#include "viz/screen/panels/reason.hpp"
#include "viz/screen/panels/time_chart.hpp"
#include "viz/screen/panels/value_text.hpp"

namespace jt {

namespace {

constexpr double kGap = 24.0, kGroove = 10.0, kRowGap = 4.0, kColumnGap = 14.0;
constexpr double kPriorShare = 0.62;                  // of a bar that the prior's band takes
constexpr double kNarrowestBar = 110.0;               // [px]
constexpr double kChartShare = 0.42;                  // of the width
constexpr double kNarrowestChart = 240.0;             // [px]
constexpr double kTallEnough = 250.0;                 // [px] for a second chart
constexpr std::array<double, 2> kUsualNis{0.0, 2.0};  // of the axis

// Of a run without a twin beside a heater.
void nothing_estimated(Ui& ui, const Rect& at) {
    const struct {
        const char *id, *text;
        bool strong;
    } parts[] = {
        {"none", "\u2014 no estimate: this run is simulated and takes no sensor in.", true},
        {"what",
         "A live twin shows here what it corrects by its sensors: contact and bed resistance and heat loss, each with its "
         "spread "
         "and how far it has moved, and the innovations (reading less prediction) of every sensor.",
         false},
        {"how", "It comes with: jouletwin live SCENARIO --sensors tcp://127.0.0.1:5701 --view", false},
    };
    double y = at.y;
    for (const auto& part : parts) {
        const TextStyle style = part.strong ? ui.style(kBodyPx, ui.theme.text, Weight::medium) : ui.label();
        const double line = ui.scribe.line_height(style);
        const std::size_t fit = std::size_t(std::max(0.0, std::floor((at.bottom() - y) / line)));
        if (fit == 0) return;
        const auto lines = wrap(ui.painter(), part.text, style, at.w, fit);
        for (std::size_t n = 0; n < lines.size(); ++n, y += line)
            ui.scribe.write("estimate." + std::string(part.id) + "." + std::to_string(n), lines[n], {at.x, y}, style);
        y += 8;
    }
}

// The last digit is that of the uncertainty's first one: "1.42".
std::string number(double value, double uncertainty) {
    if (!(uncertainty > 0.0) || !(std::abs(value) > 0.0)) return format_number(value, 3);
    const double order = std::floor(std::log10(uncertainty) + 1e-9);
    const int first = uncertainty / std::pow(10.0, order) < 1.95 ? 1 : 0;
    const int digits = 1 + first + int(std::floor(std::log10(std::abs(value)) + 1e-9)) - int(order);
    return format_number(value, std::clamp(digits, 1, 5));
}

// "×1.42 (1.36 to 1.49)"
std::string value_of(const TwinParameter& p) {
    const double half = p.posterior.half();
    const std::string cross = p.unit.empty() ? "\u00d7" : "", unit = p.unit.empty() ? "" : " " + p.unit;
    return cross + number(p.posterior.value, half) + unit;
}
std::string band_of(const TwinParameter& p) {
    const double half = p.posterior.half();
    return number(p.posterior.low, half) + " to " + number(p.posterior.high, half);
}

// The prior's band grey in the middle of the groove, the posterior's blue over it, on one axis: of logarithms for factors.
void parameter_bar(Ui& ui, const Rect& at, const TwinParameter& p, bool stale) {
    Painter& painter = ui.painter();
    painter.rectangle(at, ui.theme.inset);
    const bool log = p.unit.empty() && p.prior.low > 0.0 && p.prior.high > 0.0;
    const auto axis = [&](double v) { return log ? std::log(std::max(v, 1e-300)) : v; };
    const double from = axis(p.prior.low), to = axis(p.prior.high);
    if (!(to > from) || !std::isfinite(to - from)) return;
    const double margin = (1.0 / kPriorShare - 1.0) / 2 * (to - from);
    const auto x_of = [&](double v) {
        const double share = (axis(v) - from + margin) / (to - from + 2 * margin);
        return std::round(at.x + std::clamp(share, 0.0, 1.0) * at.w);
    };
    painter.rectangle({x_of(p.prior.low), at.y, x_of(p.prior.high) - x_of(p.prior.low), at.h},
                      with_alpha(ui.theme.set_point, 0.40));
    const double prior = x_of(p.prior.value);
    painter.line({prior, at.y - 2}, {prior, at.bottom() + 2}, {ui.theme.set_point, 1.5, 3.0});
    if (!std::isfinite(p.posterior.value)) return;
    const Colour blue = stale ? ui.theme.invalid : ui.theme.selection;
    const double low = x_of(p.posterior.low), high = x_of(p.posterior.high), now = x_of(p.posterior.value);
    painter.rectangle({low, at.y + 1, std::max(2.0, high - low), at.h - 2}, with_alpha(blue, 0.45));
    painter.rectangle({std::clamp(now - 1.5, at.x, at.right() - 3.0), at.y - 3, 3.0, at.h + 6}, blue);
}

void parameters(Ui& ui, const Rect& at, const ScreenModel& model) {
    Scribe& scribe = ui.scribe;
    const auto& all = model.twin->parameters;
    if (all.empty()) return draw_reason(ui, at, "estimate.parameters", "this twin estimates no parameters, temperatures alone");
    const bool stale = source_stale(model);
    const TextStyle label = ui.label();
    const double small = scribe.line_height(label);
    const double top = at.y + small + kRowGap + 2;
    // Two lines a row where there is room: the note below. Else one.
    const double room = at.bottom() - top;
    const double body = scribe.line_height(ui.body());
    const bool large = room >= double(all.size()) * (body + 2);
    const double px = large ? kBodyPx : kLabelPx, line = large ? body : small;
    const double height = std::clamp(std::floor(room / double(all.size())), line + 1, line + small + 8);
    const TextStyle text = ui.style(px, stale ? ui.theme.invalid : ui.theme.text),
                    strong = ui.style(px, stale ? ui.theme.invalid : ui.theme.text, Weight::medium);
    double name_w = scribe.width("parameter", label), value_w = scribe.width("now", label),
           band_w = scribe.width("90 %", label), state_w = scribe.width("not identified", text);
    for (const auto& p : all) {
        name_w = std::max(name_w, scribe.width(p.name, strong));
        value_w = std::max(value_w, scribe.width(value_of(p), strong));
        band_w = std::max(band_w, scribe.width(band_of(p), label));
    }
    name_w = std::ceil(std::min(name_w, at.w * 0.28)), value_w = std::ceil(value_w), band_w = std::ceil(band_w);
    state_w = std::ceil(state_w);
    double rest = at.w - name_w - value_w - state_w - 3 * kColumnGap;
    const bool with_band = rest - band_w - kColumnGap >= kNarrowestBar;
    if (with_band) rest -= band_w + kColumnGap;
    const double bar_w = std::max(40.0, std::floor(std::min(rest, 260.0)));
    const double bar_x = at.x + name_w + kColumnGap, value_x = bar_x + bar_w + kColumnGap;
    const double band_x = value_x + value_w + kColumnGap, state_x = with_band ? band_x + band_w + kColumnGap : band_x;
    scribe.write_in("estimate.head.name", "parameter", {at.x, at.y}, name_w, label);
    const std::string what = "prior grey, now blue, 90 %";
    scribe.write_in("estimate.head.bar", scribe.width(what, label) <= bar_w ? what : "prior, now", {bar_x, at.y}, bar_w, label);
    scribe.write_in("estimate.head.value", "now", {value_x + value_w, at.y}, value_w, label, Align::right);
    if (with_band) scribe.write_in("estimate.head.band", "90 %", {band_x, at.y}, band_w, label);
    scribe.write_in("estimate.head.state", "by the sensors", {state_x, at.y}, at.right() - state_x, label);
    ui.painter().line({at.x, top - 3.5}, {at.right(), top - 3.5}, {ui.theme.inset, 1.0, 0.0});
    const std::size_t fit = std::size_t(std::max(0.0, std::floor(room / height)));
    const bool cut = all.size() > fit;
    const std::size_t shown = cut ? (fit > 0 ? fit - 1 : 0) : all.size();
    double y = top;
    for (std::size_t n = 0; n < shown; ++n, y += height) {
        const TwinParameter& p = all[n];
        const std::string id = "estimate." + p.name;
        const bool two = height >= line + small;
        const double row = two ? std::round(y + 1) : std::round(y + (height - line) / 2);
        if (stale) ui.hatch({at.x, y, at.w, height});
        scribe.write_in(id + ".name", p.name, {at.x, row}, name_w, strong);
        parameter_bar(ui, {bar_x, std::round(row + (line - kGroove) / 2), bar_w, kGroove}, p, stale);
        scribe.write_in(id + ".value", value_of(p), {value_x + value_w, row}, value_w, strong, Align::right);
        scribe.note(stale ? "stale" : "", p.posterior.value, stale ? std::optional(model.twin->age_s) : std::nullopt);
        const double label_y = row + (line - small);
        if (with_band) scribe.write_in(id + ".band", band_of(p), {band_x, label_y}, band_w, label);
        const std::string state = p.identified ? "identified" : "not identified";
        const double state_room = at.right() - state_x;
        const bool beside = !two && !p.note.empty() && scribe.width(state + ": " + p.note, text) <= state_room;
        scribe.write_in(id + ".state", beside ? state + ": " + p.note : state, {state_x, row}, state_room,
                        p.identified ? strong : ui.style(px, stale ? ui.theme.invalid : ui.theme.muted));
        scribe.note(p.identified ? "identified" : "not identified", std::nullopt, std::nullopt);
        if (two && !p.note.empty()) scribe.write_in(id + ".note", p.note, {bar_x, row + line}, at.right() - bar_x, label);
    }
    if (cut)
        scribe.write_in("estimate.more", std::to_string(all.size() - shown) + " more in a larger window", {at.x, y}, at.w,
                        label);
}

// Innovations squared over their variances, per reading, against the band they are in 95 times of 100 when all is well.
void nis_chart(Ui& ui, const Rect& at, const ScreenModel& model, ViewState& view) {
    Scribe& scribe = ui.scribe;
    const TwinFacts& twin = *model.twin;
    const TextStyle title = ui.style(kPanelTitlePx, ui.theme.muted, Weight::medium);
    const double title_line = scribe.line_height(title);
    const Rect row{at.x, at.y, at.w, title_line};
    const History& h = *model.history;
    if (!h.has(kNisColumn) || h.times().empty()) {
        scribe.write_in("nis.title", "NIS per reading", {row.x, row.y}, row.w, title);
        draw_reason(ui, {at.x, row.bottom(), at.w, at.h - title_line}, "nis", "no reading has been taken in yet");
        return;
    }
    TimeChart time(ui, "nis", model, view);
    Chart chart = time.chart("nis");
    time.add_band(chart, h, kNisLowColumn, kNisHighColumn, 0.0);
    time.add(chart, h, kNisColumn, "", SeriesStyle::solid, 0.0, true);
    chart.range = range_of(chart, kUsualNis);
    std::vector<ChartReading> readings;
    if (twin.misfit && model.live) {
        ChartReading one{"misfit", "model misfit"};
        one.state = "bad", one.colour = ui.theme.invalid;
        readings.push_back(one);
    }
    const auto value = h.at(kNisColumn, time.shown_s());
    const auto low = h.at(kNisLowColumn, time.shown_s()), high = h.at(kNisHighColumn, time.shown_s());
    ChartReading now{"nis", value ? format_number(*value, 2) : std::string(kNoValue)};
    now.value = value, now.state = value ? "" : "none";
    if (value && low && high) {
        now.shorter = now.text;
        now.text += ", expected " + format_number(*low, 2) + " to " + format_number(*high, 2);
    }
    readings.push_back(now);
    time.title(row, "NIS per reading", readings);
    const ChartMargins margins = chart_margins(scribe, chart);
    const double top = std::round(row.bottom() + scribe.line_height(ui.label()) / 2 + 2),
                 bottom = std::round(at.bottom() - time_label_room(scribe) + 4);
    const Rect plot{std::round(at.x + margins.left), top, std::round(at.w - margins.left - margins.right), bottom - top};
    time.draw(at, plot, chart);
}

// Innovations of all sensors in standard deviations: about zero, seldom beyond two.
void innovation_chart(Ui& ui, const Rect& at, const ScreenModel& model, ViewState& view) {
    Scribe& scribe = ui.scribe;
    const double title_line = scribe.line_height(ui.style(kPanelTitlePx, ui.theme.muted, Weight::medium));
    const Rect row{at.x, at.y, at.w, title_line};
    scribe.enter(at, ui.theme.panel);
    const History& h = *model.history;
    TimeChart time(ui, "innovations", model, view);
    Chart chart = time.chart("innovations");
    const std::vector<double> edges{time.window().start, time.window().end}, below{-2.0, -2.0}, above{2.0, 2.0};
    chart.bands.push_back({edges, below, above, true});
    std::vector<ChartReading> readings;
    for (const TwinSensor& sensor : model.twin->sensors) {
        const std::string column = innovation_column(sensor.name);
        if (!h.has(column)) continue;
        time.add(chart, h, column, "", SeriesStyle::measured, 0.0);
        const auto value = h.at(column, time.shown_s());
        ChartReading one{sensor.name, sensor.name + " " + (value ? format_number(*value, 2) : std::string(kNoValue))};
        one.value = value;
        readings.push_back(one);
    }
    chart.range = {-4.0, 4.0};
    time.title(row, "Innovations, \u03c3", readings);
    const ChartMargins margins = chart_margins(scribe, chart);
    const double top = std::round(row.bottom() + scribe.line_height(ui.label()) / 2 + 2),
                 bottom = std::round(at.bottom() - time_label_room(scribe) + 4);
    const Rect plot{std::round(at.x + margins.left), top, std::round(at.w - margins.left - margins.right), bottom - top};
    time.draw(at, plot, chart);
}

}  // namespace

void draw_estimate_tab(Ui& ui, const Rect& at, const ScreenModel& model, ViewState& view) {
    if (!model.twin && model.heater) return draw_reason(ui, at, "estimate", reason_without_run(model));
    if (!model.twin) return nothing_estimated(ui, at);
    if (!model.history) return draw_reason(ui, at, "estimate", reason_without_run(model));
    const double chart_w = std::round(std::max(kNarrowestChart, at.w * kChartShare));
    const Rect right{at.right() - chart_w, at.y, chart_w, at.h};
    parameters(ui, {at.x, at.y, at.w - chart_w - kGap, at.h}, model);
    if (at.h < kTallEnough) return nis_chart(ui, right, model, view);
    const double half = std::round(at.h / 2);
    nis_chart(ui, {right.x, right.y, right.w, half}, model, view);
    innovation_chart(ui, {right.x, right.y + half + 4, right.w, right.h - half - 4}, model, view);
}

}  // namespace jt
