// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/chart.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "twin/quantity/quantity.hpp"
#include "viz/figure/axis_ticks.hpp"
#include "viz/figure/label_placement.hpp"
#include "viz/figure/trace.hpp"

namespace jt {

namespace {

constexpr double kInset = 12.0, kTop = 8.0;             // of texts in the panel
constexpr double kLead = 22.0, kLeadGap = 4.0;          // between a line's end and its name
constexpr double kWidestName = 170.0;                   // longer names are shortened
constexpr double kTickGap = 8.0, kTimeGap = 9.0;        // between labels and plot
constexpr double kAbscissaGap = 11.0;                   // its first label may be wider than a time's: below the value's
constexpr double kTitleGap = 13.0;                      // between title and plot: the top tick label reaches above the plot
constexpr double kMinorGap = 4.0, kTimeSpacing = 70.0;  // between grid lines beyond their labels; of time labels
constexpr double kNearLimit = 0.6;                      // of the data's range: a limit farther away does not stretch the axis
constexpr double kStripe = 14.0;                        // height of the hatch of stale data
constexpr double kFaded = 0.5;                          // of what lies after the cursor

TextStyle label_style(Colour colour) {
    return {kLabelPx, Weight::regular, colour};
}

bool shown(double v) {
    return std::abs(v) <= kLargestShown;
}

void check(const Chart& chart) {
    const auto fail = [&](const std::string& what) { throw InputError("chart \"" + chart.title + "\": " + what); };
    if (!(std::isfinite(chart.start) && std::isfinite(chart.end) && chart.start < chart.end))
        fail("the time axis needs start < end, both finite");
    const auto ascending = [&](std::span<const double> time, std::size_t values) {
        if (time.size() != values) fail(std::to_string(values) + " values at " + std::to_string(time.size()) + " times");
        for (std::size_t n = 0; n < time.size(); ++n)
            if (!std::isfinite(time[n]) || (n > 0 && time[n] < time[n - 1])) fail("times must be finite and ascend");
    };
    for (const auto& series : chart.series) ascending(series.time, series.value.size());
    for (const auto& band : chart.bands) {
        ascending(band.time, band.low.size());
        ascending(band.time, band.high.size());
    }
    for (const auto& bars : chart.bars) ascending(bars.edge, bars.value.size() + 1);
}

struct Extent {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    bool any() const { return low <= high; }
    void hold(double v) {
        if (shown(v)) low = std::min(low, v), high = std::max(high, v);
    }
};

// Of all values between start and end.
Extent extent_of(const Chart& chart) {
    Extent extent;
    const auto hold = [&](std::span<const double> time, std::span<const double> value) {
        const auto first = std::lower_bound(time.begin(), time.end(), chart.start) - time.begin();
        const auto last = std::upper_bound(time.begin(), time.end(), chart.end) - time.begin();
        for (auto n = first; n < last; ++n) extent.hold(value[std::size_t(n)]);
    };
    for (const auto& series : chart.series) hold(series.time, series.value);
    for (const auto& band : chart.bands) hold(band.time, band.low), hold(band.time, band.high);
    for (const auto& bars : chart.bars) {
        extent.hold(0.0);
        for (const double v : bars.value) extent.hold(v);
    }
    return extent;
}

AxisTicks axis_of(const Chart& chart, const Extent& data, int most) {
    if (chart.ordinate) return *chart.ordinate;
    if (chart.range) return fixed_axis((*chart.range)[0], (*chart.range)[1], most);
    if (!data.any()) return value_axis(0.0, 1.0, most);
    Extent all = data;
    // A limit at hand belongs in the picture; one far away would press the data flat.
    const double reach = kNearLimit * std::max(data.high - data.low, 0.02 * std::max(std::abs(data.low), std::abs(data.high)));
    for (const auto& limit : chart.limits)
        if (limit.value >= data.low - reach && limit.value <= data.high + reach) all.hold(limit.value);
    return value_axis(all.low, all.high, most);
}

bool on_scale(const Limit& limit, const AxisTicks& axis) {
    return limit.value >= axis.low && limit.value <= axis.high;
}

bool crossed(const Chart& chart, const Limit& limit) {
    for (const auto& series : chart.series) {
        if (series.style == SeriesStyle::set_point) continue;
        for (const double v : series.value)
            if (shown(v) && (limit.upper ? v > limit.value : v < limit.value)) return true;
    }
    return false;
}

Stroke stroke_of(SeriesStyle style, const Theme& theme) {
    switch (style) {
        case SeriesStyle::solid:
            return {theme.text, 2.0, 0.0};
        case SeriesStyle::thin:
            return {theme.muted, 1.0, 0.0};
        case SeriesStyle::set_point:
            return {theme.set_point, 1.5, 5.0};
        case SeriesStyle::measured:
            return {theme.muted, 2.0, 0.0};
        case SeriesStyle::forecast:
            return {theme.selection, 2.0, 0.0};
    }
    return {};
}

int draw_rank(SeriesStyle style) {
    switch (style) {
        case SeriesStyle::set_point:
            return 0;
        case SeriesStyle::measured:
            return 1;
        case SeriesStyle::thin:
            return 2;
        case SeriesStyle::solid:
            return 3;
        case SeriesStyle::forecast:
            return 4;
    }
    return 0;
}

// The last value not after `end` and between low and high.
std::optional<TracePoint> last_value(const Series& series, double end, double low = -kLargestShown,
                                     double high = kLargestShown) {
    for (std::size_t n = series.time.size(); n-- > 0;)
        if (series.time[n] <= end && series.value[n] >= low && series.value[n] <= high)
            return TracePoint{series.time[n], series.value[n]};
    return std::nullopt;
}

bool stale(const Chart& chart, const Series& series) {
    if (!series.live || !chart.now) return false;
    // Missing is a sample that is there and has no value, not the time since the last sample.
    for (std::size_t n = series.time.size(); n-- > 0;)
        if (series.time[n] <= *chart.now) return !shown(series.value[n]);
    return false;
}

std::string name_of(const Chart& chart, const Series& series) {
    if (!stale(chart, series)) return series.label;
    const auto last = last_value(series, *chart.now);
    return series.label + (last ? ", " + format_number(*chart.now - last->time, 2) + " s old" : ", no value");
}

void dash_dotted(Painter& painter, double x0, double x1, double y, const Stroke& stroke) {
    double x = x0;
    for (bool dash = true; x < x1; dash = !dash) {
        const double length = dash ? 10.0 : 2.0;
        painter.line({x, y}, {std::min(x + length, x1), y}, stroke);
        x += length + 4.0;
    }
}

void hatch(Painter& painter, const Rect& area, Colour colour) {
    painter.push_clip(area);
    for (double x = area.x - area.h; x < area.right(); x += 7.0)
        painter.line({x, area.bottom()}, {x + area.h, area.y}, {with_alpha(colour, 0.45), 1.5, 0.0});
    painter.pop_clip();
}

// Ticks that fit a plot of this height.
int most_ticks(double height, double line) {
    return std::clamp(int(height / (line + kMinorGap)) + 1, 2, 6);
}

double line_height(Scribe& scribe) {
    return scribe.line_height(label_style({}));
}

// Everything inside and around a plot but its title.
void fill_plot(Scribe& scribe, const Rect& panel, const Rect& plot, const Chart& chart, const Theme& theme,
               const AxisTicks& axis, const Extent& data) {
    Painter& painter = scribe.painter();
    const TextStyle label = label_style(theme.muted);
    const double line = line_height(scribe);
    const auto x_of = [&](double t) { return plot.x + (t - chart.start) / (chart.end - chart.start) * plot.w; };
    const auto y_of = [&](double v) { return plot.bottom() - (v - axis.low) / (axis.high - axis.low) * plot.h; };
    const double pixel = 1.0 / painter.scale();

    // Future, grid, marks.
    const double now_x = chart.now ? std::clamp(x_of(*chart.now), plot.x, plot.right()) : plot.right();
    std::optional<double> cursor_x;
    if (chart.cursor && *chart.cursor >= chart.start && *chart.cursor <= chart.end) cursor_x = x_of(*chart.cursor);
    if (chart.now) painter.rectangle({now_x, plot.y, plot.right() - now_x, plot.h}, theme.future);
    for (std::size_t n = 0; n < axis.values.size(); ++n) {
        const double y = std::round(y_of(axis.values[n])) + pixel / 2;
        painter.line({plot.x, y}, {plot.right(), y}, {theme.inset, 1.0, 0.0});
        scribe.write(chart.id + ".y." + std::to_string(n), axis.labels[n], {plot.x - kTickGap, y - line / 2}, label,
                     Align::right);
    }
    for (const double t : chart.marks)
        if (t >= chart.start && t <= chart.end) {
            const double x = std::round(x_of(t)) + pixel / 2;
            painter.line({x, plot.y}, {x, plot.bottom()}, {theme.border, 1.0, 0.0});
        }

    if (chart.time_labels && chart.abscissa) {
        const AxisTicks& ticks = *chart.abscissa;
        const double y = plot.bottom() + kAbscissaGap;
        for (std::size_t n = 0; n < ticks.values.size(); ++n) {
            const double x = x_of(ticks.values[n]);
            painter.line({x, plot.bottom()}, {x, plot.bottom() + 4}, {theme.muted, 1.0, 0.0});
            scribe.write(chart.id + ".t." + std::to_string(n), ticks.labels[n], {x, y}, label, Align::centre);
        }
        if (!chart.abscissa_title.empty())
            scribe.write_in(chart.id + ".abscissa", chart.abscissa_title, {plot.x + plot.w / 2, y + line + kMinorGap}, plot.w,
                            label, Align::centre);
    }

    // Time labels; "now" takes the room it needs.
    if (chart.time_labels && !chart.abscissa) {
        const TimeUnit time = time_unit(chart.end - chart.start);
        const double y = plot.bottom() + kTimeGap;
        // A run that ends half a pixel before a round time has its tick there.
        const double half_pixel = 0.5 * (chart.end - chart.start) / plot.w;
        const AxisTicks ticks = fixed_axis((chart.start - half_pixel) / time.seconds, (chart.end + half_pixel) / time.seconds,
                                           std::max(2, int(plot.w / kTimeSpacing)));
        std::string suffix = " ";
        if (ticks.exponent != 0) suffix += power_of_ten(ticks.exponent) + " ";
        suffix += time.name;
        std::vector<Rect> taken;
        const auto stamp = [&](const std::string& id, const std::string& text, double x) {
            const TextStyle strong{kLabelPx, Weight::medium, theme.text};
            const double half = scribe.width(text, strong) / 2;
            const double at = std::clamp(x, plot.x - kTickGap + 1 + half, panel.right() - kInset - half);
            const Rect room{at - half, y, 2 * half, line};
            if (std::any_of(taken.begin(), taken.end(), [&](const Rect& o) { return o.overlaps(room.shrunk(-6.0)); })) return;
            taken.push_back(scribe.write(chart.id + id, text, {at, y}, strong, Align::centre));
        };
        if (cursor_x && !chart.cursor_label.empty()) stamp(".cursor", chart.cursor_label, *cursor_x);
        if (chart.now && *chart.now >= chart.start && *chart.now <= chart.end)
            stamp(".now",
                  chart.now_label.empty() ? "now " + format_number(*chart.now / time.seconds, 3) + " " + time.name
                                          : chart.now_label,
                  now_x);
        for (std::size_t n = 0; n < ticks.values.size(); ++n) {
            const double x = x_of(ticks.values[n] * time.seconds);
            if (x < plot.x - 1 || x > plot.right() + 1) continue;
            // The number stands at its tick, the unit behind it.
            const double half = scribe.width(ticks.labels[n], label) / 2;
            const std::string text = ticks.labels[n] + (n + 1 == ticks.values.size() ? suffix : "");
            const Rect at{x - half, y, scribe.width(text, label), line};
            painter.line({x, plot.bottom()}, {x, plot.bottom() + 4}, {theme.muted, 1.0, 0.0});
            if (std::any_of(taken.begin(), taken.end(), [&](const Rect& o) { return at.overlaps(o.shrunk(-6.0)); })) continue;
            scribe.write(chart.id + ".t." + std::to_string(n), text, {at.x, at.y}, label);
        }
    }

    painter.push_clip({plot.x, plot.y - 1, plot.w, plot.h + 2});
    const int columns = std::max(1, int(std::lround(plot.w * painter.scale())));
    const auto points_of = [&](const Trace& trace) {
        std::vector<Point> points;
        points.reserve(trace.size());
        // Far outside is as good as outside, and keeps coordinates small.
        for (const auto& p : trace)
            points.push_back({std::clamp(x_of(p.time), plot.x - 1e4, plot.right() + 1e4),
                              std::clamp(y_of(p.value), plot.y - 1e4, plot.bottom() + 1e4)});
        return points;
    };
    std::vector<std::vector<Point>> filled;
    for (const auto& bars : chart.bars) {
        // Bars end on whole device pixels: no seams between them.
        const auto whole = [&](double x) { return std::round(x * painter.scale()) / painter.scale(); };
        for (std::size_t n = 0; n < bars.value.size(); ++n) {
            if (!shown(bars.value[n])) continue;
            const double x = whole(x_of(bars.edge[n])), w = whole(x_of(bars.edge[n + 1])) - x;
            const double foot = y_of(0.0), top = y_of(bars.value[n]);
            if (w > 0.0) painter.rectangle({x, std::min(foot, top), w, std::abs(foot - top)}, theme.set_point);
        }
    }
    for (const auto& band : chart.bands) {
        std::vector<double> low(band.low.begin(), band.low.end()), high(band.high.begin(), band.high.end());
        for (std::size_t n = 0; n < low.size(); ++n)
            if (!shown(low[n]) || !shown(high[n])) low[n] = high[n] = std::numeric_limits<double>::quiet_NaN();
        const auto lower = reduce_trace(band.time, low, chart.start, chart.end, columns),
                   upper = reduce_trace(band.time, high, chart.start, chart.end, columns);
        for (std::size_t n = 0; n < lower.size(); ++n) {
            auto outline = points_of(upper[n]);
            const auto back = points_of(lower[n]);
            outline.insert(outline.end(), back.rbegin(), back.rend());
            painter.polygon(outline, with_alpha(theme.selection, band.past ? 0.15 : 0.30));
            outline.push_back(outline.front());
            filled.push_back(std::move(outline));
        }
    }

    struct Name {
        std::string id, text;
        Colour colour;
        Stroke stroke;
        Point end;  // of the line
        bool dots = false;
        std::optional<double> age_s = std::nullopt;  // of a stale one
    };
    const auto note = [&](const Name& name) {
        if (name.age_s) scribe.note("stale", std::nullopt, name.age_s);
    };
    std::vector<Name> names;
    std::vector<std::vector<Point>> lines = std::move(filled);  // drawn, for names to keep off
    for (const double t : chart.marks) lines.push_back({{x_of(t), plot.y}, {x_of(t), plot.bottom()}});
    if (chart.now) lines.push_back({{now_x, plot.y}, {now_x, plot.bottom()}});
    if (cursor_x) lines.push_back({{*cursor_x, plot.y}, {*cursor_x, plot.bottom()}});
    for (std::size_t n = 0; n < chart.limits.size(); ++n) {
        const Limit& limit = chart.limits[n];
        if (!on_scale(limit, axis)) continue;
        const Stroke stroke{crossed(chart, limit) ? theme.urgent : theme.muted, 1.5, 0.0};
        const double y = y_of(limit.value);
        dash_dotted(painter, plot.x, plot.right(), y, stroke);
        lines.push_back({{plot.x, y}, {plot.right(), y}});
        if (limit.label.empty()) continue;
        names.push_back({chart.id + ".limit." + std::to_string(n),
                         limit.label,
                         stroke.colour,
                         {stroke.colour, 1.5, 4.0},
                         {plot.right(), y}});
    }

    std::vector<std::size_t> order(chart.series.size());
    for (std::size_t n = 0; n < order.size(); ++n) order[n] = n;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return draw_rank(chart.series[a].style) < draw_rank(chart.series[b].style);
    });
    for (const std::size_t n : order) {
        const Series& series = chart.series[n];
        Stroke stroke = stroke_of(series.style, theme);
        if (series.colour) stroke.colour = *series.colour;
        const bool dots = series.style == SeriesStyle::measured;
        for (const auto& trace : reduce_trace(series.time, series.value, chart.start, chart.end, columns)) {
            auto points = points_of(trace);
            const auto draw = [&](const Stroke& used) {
                if (dots || points.size() == 1) {
                    const double half = used.width / 2;
                    for (const auto& p : points) painter.rectangle({p.x - half, p.y - half, 2 * half, 2 * half}, used.colour);
                } else {
                    painter.polyline(points, used);
                }
            };
            if (chart.fade && cursor_x && series.style != SeriesStyle::set_point) {
                const double x = std::clamp(*cursor_x, plot.x, plot.right());
                painter.push_clip({plot.x, plot.y - 1, x - plot.x, plot.h + 2});
                draw(stroke);
                painter.pop_clip();
                painter.push_clip({x, plot.y - 1, plot.right() - x, plot.h + 2});
                draw({with_alpha(stroke.colour, kFaded), dots ? stroke.width : std::max(1.0, stroke.width / 2), stroke.dash});
                painter.pop_clip();
            } else {
                draw(stroke);
            }
            lines.push_back(std::move(points));
        }
        const bool old = stale(chart, series);
        // The end that can be seen: a line may leave the picture.
        const double until = old ? *chart.now : chart.end;
        auto last = last_value(series, until, axis.low, axis.high);
        if (!last || last->time < chart.start) last = last_value(series, until);
        const std::string text = name_of(chart, series);
        if (old && last && x_of(last->time) < now_x) {
            const double y = std::clamp(y_of(last->value), plot.y, plot.bottom());
            hatch(painter,
                  {std::max(x_of(last->time), plot.x), y - kStripe / 2, now_x - std::max(x_of(last->time), plot.x), kStripe},
                  theme.invalid);
        }
        if (text.empty() || (!last && !old)) continue;
        const Colour colour = old                                     ? theme.invalid
                              : series.colour                         ? *series.colour
                              : series.style == SeriesStyle::forecast ? theme.selection
                              : series.style == SeriesStyle::solid    ? theme.text
                                                                      : theme.muted;
        // A stale series is marked up to now, and so stands its name.
        const Point end = last ? Point{old ? std::max(now_x, x_of(last->time)) : x_of(last->time), y_of(last->value)}
                               : Point{plot.right(), plot.bottom()};
        names.push_back({chart.id + ".label." + std::to_string(n), text, colour, stroke, end, dots, std::nullopt});
        if (old) names.back().age_s = last ? *chart.now - last->time : *chart.now - chart.start;
    }
    if (chart.now && *chart.now >= chart.start && *chart.now <= chart.end)
        painter.line({now_x, plot.y}, {now_x, plot.bottom()}, {theme.text, 1.0, 0.0});
    if (cursor_x) painter.line({*cursor_x, plot.y}, {*cursor_x, plot.bottom()}, {theme.text, 1.0, 0.0});
    painter.pop_clip();

    // Names. Lines that reach the right end have theirs beside the plot, the others where they end, if there is room.
    const double room = panel.right() - kInset - plot.right() - kLead - 2 * kLeadGap;
    std::vector<Rect> taken;
    std::vector<const Name*> beside;
    for (const auto& name : names) {
        if (name.end.x >= plot.right() - kLead) {
            beside.push_back(&name);
            continue;
        }
        const Point end{std::max(name.end.x, plot.x), std::clamp(name.end.y, plot.y, plot.bottom())};
        const std::string text = shorten(painter, name.text, label, kWidestName);
        const auto place = place_near(end, scribe.width(text, label), line, plot, taken, lines);
        if (!place) {
            beside.push_back(&name);
            continue;
        }
        taken.push_back(*place);
        TextStyle style = label;
        style.colour = name.colour;
        // On the future background, where it lies there.
        scribe.enter(panel, chart.now && place->x >= now_x ? theme.future : theme.panel);
        scribe.write(name.id, text, {place->x, place->y}, style);
        note(name);
        scribe.enter(panel, theme.panel);
    }
    const double low = plot.y - line / 2, high = plot.bottom() + line / 2;
    const std::size_t fit = std::max<std::size_t>(1, std::size_t((high - low) / line));
    if (beside.size() > fit) beside.resize(fit);
    std::vector<double> wanted;
    for (const auto* name : beside) wanted.push_back(std::clamp(name->end.y, plot.y, plot.bottom()));
    const auto centre = spread_labels(wanted, line, low, high);
    for (std::size_t n = 0; n < beside.size(); ++n) {
        const Name& name = *beside[n];
        // The lead goes on in the line's own stroke, so that it says which line the name belongs to.
        const Point from{plot.right() + kLeadGap, wanted[n]}, to{plot.right() + kLeadGap + kLead, centre[n]};
        if (name.end.x >= plot.right() - kLead) {
            if (name.dots) {
                const double half = name.stroke.width / 2;
                for (const double f : {0.1, 0.5, 0.9})
                    painter.rectangle({from.x + f * kLead - half, from.y + f * (to.y - from.y) - half, 2 * half, 2 * half},
                                      name.stroke.colour);
            } else {
                painter.line(from, to, name.stroke);
            }
        }
        TextStyle style = label;
        style.colour = name.colour;
        scribe.write_in(name.id, name.text, {to.x + kLeadGap, centre[n] - line / 2}, room, style);
        note(name);
    }
    if (!data.any()) {
        const Rect at{plot.x, plot.centre().y - line / 2, plot.w, line};
        scribe.write_in(chart.id + ".none", "no value", {at.x + at.w / 2, at.y}, at.w, label, Align::centre);
    }
}

}  // namespace

ChartMargins chart_margins(Scribe& scribe, const Chart& chart) {
    check(chart);
    const TextStyle style = label_style({});
    ChartMargins margins{0.0, kInset};
    const auto name = [&](const std::string& text) {
        if (!text.empty())
            margins.right =
                std::max(margins.right, kLead + 2 * kLeadGap + std::min(kWidestName, scribe.width(text, style)) + kInset);
    };
    // The widest of the labels whatever the number of ticks.
    const Extent data = extent_of(chart);
    for (int most = 2; most <= 6; ++most) {
        const AxisTicks axis = axis_of(chart, data, most);
        for (const auto& label : axis.labels)
            margins.left = std::max(margins.left, kInset + scribe.width(label, style) + kTickGap);
        for (const auto& limit : chart.limits)
            if (on_scale(limit, axis)) name(limit.label);
    }
    for (const auto& series : chart.series) name(name_of(chart, series));
    // Half of the last time label stands beyond the plot.
    std::string last = "00000 " + std::string(time_unit(chart.end - chart.start).name);
    if (chart.abscissa) last = chart.abscissa->labels.empty() ? "" : chart.abscissa->labels.back();
    margins.right = std::max(margins.right, kInset + scribe.width(last, style) / 2);
    return {std::ceil(margins.left), std::ceil(margins.right) + 1};
}

Rect draw_chart(Scribe& scribe, const Rect& panel, const Chart& chart, const Theme& theme, ChartMargins least, double lane) {
    const ChartMargins own = chart_margins(scribe, chart);
    const TextStyle label = label_style(theme.muted), title{kPanelTitlePx, Weight::medium, theme.muted};
    const double line = line_height(scribe), left = std::max(own.left, least.left), right = std::max(own.right, least.right);
    const double top = std::round(panel.y + kTop + scribe.line_height(title) + lane + kTitleGap);
    const double titled = chart.abscissa_title.empty() ? 0.0 : line + kMinorGap;
    const double below = chart.time_labels ? (chart.abscissa ? kAbscissaGap : kTimeGap) + line + titled + kTop : line / 2 + 2;
    const Rect plot{std::round(panel.x + left), top, std::round(panel.w - left - right),
                    std::round(panel.bottom() - below - top)};
    scribe.enter(panel, theme.panel);
    if (plot.w < 40 || plot.h < 20) return plot;  // nothing readable fits
    const Extent data = extent_of(chart);
    const AxisTicks axis = axis_of(chart, data, most_ticks(plot.h, line));
    std::string unit = chart.unit;
    if (axis.exponent != 0) unit = power_of_ten(axis.exponent) + (unit.empty() ? "" : " " + unit);
    // Limits that are out of the picture are told beside the title.
    double title_end = panel.right() - kInset;
    for (std::size_t n = 0; n < chart.limits.size(); ++n) {
        const Limit& limit = chart.limits[n];
        if (!std::isfinite(limit.value) || on_scale(limit, axis) || limit.label.empty()) continue;
        TextStyle style = label;
        if (crossed(chart, limit)) style.colour = theme.urgent;
        title_end = scribe
                        .write_in(chart.id + ".limit." + std::to_string(n), limit.label + " is off scale",
                                  {title_end, panel.y + kTop}, std::max(0.0, (title_end - panel.x) / 2), style, Align::right)
                        .x -
                    kInset;
    }
    scribe.write_in(chart.id + ".title", chart.title + (unit.empty() ? "" : ", " + unit), {panel.x + kInset, panel.y + kTop},
                    title_end - panel.x - kInset, title);
    fill_plot(scribe, panel, plot, chart, theme, axis, data);
    return plot;
}

double time_label_room(Scribe& scribe) {
    return kTimeGap + line_height(scribe) + kTop;
}

AxisTicks draw_plot(Scribe& scribe, const Rect& panel, const Rect& plot, const Chart& chart, const Theme& theme) {
    check(chart);
    const Extent data = extent_of(chart);
    const AxisTicks axis = axis_of(chart, data, most_ticks(plot.h, line_height(scribe)));
    scribe.enter(panel, theme.panel);
    if (plot.w >= 40 && plot.h >= 20) fill_plot(scribe, panel, plot, chart, theme, axis, data);
    return axis;
}

std::array<double, 2> steady_range(double low, double high, int parts) {
    if (!(std::abs(low) <= kLargestShown && std::abs(high) <= kLargestShown)) return {0.0, 1.0};
    if (low > high) std::swap(low, high);
    const double size = std::max({std::abs(low), std::abs(high), 1e-90});
    if (high - low < 1e-6 * size) low -= 0.01 * size, high += 0.01 * size;
    const double step = value_axis(0.0, high - low, std::max(parts, 1) + 1).step;
    return {step * std::floor(low / step + 1e-9), step * std::ceil(high / step - 1e-9)};
}

}  // namespace jt
