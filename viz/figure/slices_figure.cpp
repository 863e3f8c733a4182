// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/slices_figure.hpp"

#include <algorithm>
#include <cmath>

#include "twin/quantity/quantity.hpp"
#include "viz/figure/colour_bar.hpp"
#include "viz/figure/slice_view.hpp"
#include "viz/figure/write_figure.hpp"

namespace jt {

namespace {

constexpr double kFramedMargin = 16.0, kSlicesGap = 8.0, kSlicesInset = 12.0;
constexpr double kFramedHeader = 76.0, kHeader = 30.0;  // title and subtitle
constexpr double kRowHead = 150.0, kColumnHead = 72.0;  // of the table of slices
constexpr double kBar = 212.0;                          // colour bar
constexpr double kFoot = 44.0;                          // scale bars
constexpr double kTallest = 1080.0, kLowest = 330.0;    // panel of slices
constexpr double kThinnest = 48.0;                      // a slice thinner than this is stretched
constexpr double kWorthTurning = 1.2;                   // gain for which times run down the page instead of across
const char* const kAxis[] = {"x", "y", "z"};

void check(const SlicesFigure& figure) {
    const auto fail = [&](const std::string& what) { throw InputError("figure \"" + figure.title + "\": " + what); };
    const Extents& e = figure.extents;
    const auto positive = [](double h) { return std::isfinite(h) && h > 0.0; };
    if (e.nx < 1 || e.ny < 1 || e.nz < 1 || !positive(e.hx) || !positive(e.hy) || !positive(e.hz))
        fail("the bed has no cells or voxels without size");
    if (figure.width < kSmallestSlicesWidth || figure.width > 2 * kSlicesWidth)
        fail("a width of " + std::to_string(figure.width) + " px; " + std::to_string(kSmallestSlicesWidth) + " to " +
             std::to_string(2 * kSlicesWidth) + " are possible");
    if (figure.times.empty() || figure.times.size() > kMostSliceTimes)
        fail(std::to_string(figure.times.size()) + " times; 1 to " + std::to_string(kMostSliceTimes) + " are possible");
    for (const auto& time : figure.times) {
        if (time.values.size() != e.count())
            fail(std::to_string(time.values.size()) + " values for " + std::to_string(e.count()) + " cells");
        if (!std::isfinite(time.subtract) || (time.subtract != 0.0 && figure.quantity.scale != Scale::linear))
            fail("a difference needs a linear scale");
    }
}

// Planes worth a slice: both axes longer than one cell; a bed that has none is shown from above.
std::vector<int> planes_of(const Extents& e) {
    std::vector<int> planes;
    for (const int normal : {2, 1, 0}) {
        const auto [across, up] = slice_axes(normal);
        if (e.cells()[std::size_t(across)] > 1 && e.cells()[std::size_t(up)] > 1) planes.push_back(normal);
    }
    if (planes.empty()) planes.push_back(e.nz > 1 ? 1 : 2);
    return planes;
}

// Whole factor by which a thin direction is stretched: 1 2 3 4 5, then 10 20 50 ...
double stretch_of(double px) {
    const double needed = kThinnest / px;
    for (const double factor : {1.0, 2.0, 3.0, 4.0, 5.0})
        if (factor >= needed) return factor;
    for (double decade = 10.0;; decade *= 10.0)
        for (const double m : {1.0, 2.0, 5.0})
            if (m * decade >= needed || decade > 1e12) return m * decade;
}

struct Table {
    std::vector<int> planes;
    bool times_down = false;  // else times run across and planes down
    double px_per_m = 0.0;
    Vec3 stretch{1.0, 1.0, 1.0};
    std::vector<double> column, row;  // sizes of the backdrops [px]

    double width() const { return total(column); }
    double height() const { return total(row); }
    static double total(const std::vector<double>& sizes) {
        double sum = kSlicesGap * double(sizes.size() - 1);
        for (const double size : sizes) sum += size;
        return sum;
    }
};

Table table_at(const SlicesFigure& figure, bool times_down, double px_per_m) {
    Table table;
    table.planes = planes_of(figure.extents);
    table.times_down = times_down;
    table.px_per_m = px_per_m;
    const auto size = figure.extents.size();
    for (std::size_t a = 0; a < 3; ++a) table.stretch[a] = stretch_of(size[a] * px_per_m);
    const auto px = [&](int axis) { return size[std::size_t(axis)] * px_per_m * table.stretch[std::size_t(axis)]; };
    double widest = 0.0, tallest = 0.0;
    std::vector<double> width, height;
    for (const int normal : table.planes) {
        const auto [across, up] = slice_axes(normal);
        const SliceInset inset = slice_inset(normal, figure.electrodes);
        width.push_back(std::ceil(px(across) + 2 * inset.across));
        height.push_back(std::ceil(px(up) + 2 * inset.up));
        widest = std::max(widest, width.back()), tallest = std::max(tallest, height.back());
    }
    table.column = times_down ? width : std::vector<double>(figure.times.size(), widest);
    table.row = times_down ? std::vector<double>(figure.times.size(), tallest) : height;
    return table;
}

double margin_of(const SlicesFigure& figure) {
    return figure.framed ? kFramedMargin : 0.0;
}
double header_of(const SlicesFigure& figure) {
    return figure.framed ? kFramedHeader : kHeader;
}
double table_width(const SlicesFigure& figure) {
    return figure.width - 2 * margin_of(figure) - kSlicesGap - kBar - kRowHead - 2 * kSlicesInset;
}
constexpr double kTableHeight = kTallest - kColumnHead - kFoot - kSlicesInset;

Table largest_table(const SlicesFigure& figure, bool times_down) {
    const auto size = figure.extents.size();
    double px_per_m = table_width(figure) / std::max({size[0], size[1], size[2]});
    for (int n = 0; n < 400; ++n, px_per_m *= 0.98) {
        Table table = table_at(figure, times_down, px_per_m);
        if (table.width() <= table_width(figure) && table.height() <= kTableHeight) return table;
    }
    return table_at(figure, times_down, px_per_m);
}

// How well a table uses the page: its scale times the share of its area that is slices.
double merit(const SlicesFigure& figure, const Table& table) {
    const auto size = figure.extents.size();
    double area = 0.0;
    for (const int normal : table.planes) {
        const auto [across, up] = slice_axes(normal);
        area += size[std::size_t(across)] * table.stretch[std::size_t(across)] * size[std::size_t(up)] *
                table.stretch[std::size_t(up)];
    }
    return table.px_per_m * area * table.px_per_m * table.px_per_m * double(figure.times.size()) /
           (table_width(figure) * table.height());
}

Table lay_out(const SlicesFigure& figure) {
    const Table across = largest_table(figure, false), down = largest_table(figure, true);
    Table table = merit(figure, down) > kWorthTurning * merit(figure, across) ? down : across;
    const double spare = std::floor((table_width(figure) - table.width()) / double(table.column.size()));
    for (double& width : table.column) width += std::max(spare, 0.0);
    return table;
}

double panel_height(const Table& table) {
    return std::max(kLowest, std::ceil(kColumnHead + table.height() + kFoot + kSlicesInset));
}

// What has to be added to a stored value of that time to show it.
double shift(const SlicesFigure& figure, const SliceTime& time) {
    return figure.quantity.offset - time.subtract;
}

Range shifted(Range range, double by) {
    return by == 0.0 ? range : make_range(range.scale, range.low + by, range.high + by);
}

Range common_range(const SlicesFigure& figure) {
    if (figure.range) return *figure.range;
    // One range of all values at once: a time at which the field is uniform does not widen it. A default range is in the unit
    // shown, that of the data in the one stored, where equal shifts change no bit.
    std::vector<float> all;
    const double first = shift(figure, figure.times.front());
    for (const auto& time : figure.times) {
        const double by = shift(figure, time) - first;
        for (const float v : time.values) all.push_back(float(double(v) + by));
    }
    const Range range = range_of(figure.quantity, all);
    return figure.quantity.range ? range : shifted(range, first);
}

std::string with_unit(const Quantity& quantity) {
    return std::string(quantity.label) + (quantity.unit.empty() ? "" : ", " + std::string(quantity.unit));
}

// The name stands in the small title already.
std::string bar_title(const SlicesFigure& figure) {
    return figure.framed || figure.quantity.unit.empty() ? with_unit(figure.quantity) : std::string(figure.quantity.unit);
}

std::vector<std::string> time_head(const SlicesFigure& figure, const SliceTime& time) {
    std::vector<std::string> lines{"t = " + trimmed(format_number(time.time_s, 4)) + " s"};
    if (!time.label.empty()) lines.push_back(time.label);
    float low = 0.0f, high = 0.0f;
    bool any = false;
    for (const float v : time.values) {
        if (!std::isfinite(v)) continue;
        low = any ? std::min(low, v) : v, high = any ? std::max(high, v) : v;
        any = true;
    }
    // Both with the decimals of the larger one.
    const double bounds[] = {low + shift(figure, time), high + shift(figure, time)};
    const double largest = std::max(std::abs(bounds[0]), std::abs(bounds[1]));
    const auto number = [&](double v) {
        int digits = figure.quantity.digits;
        if (figure.quantity.scale == Scale::linear && v != 0.0)
            digits += int(std::floor(std::log10(std::abs(v)))) - int(std::floor(std::log10(largest)));
        return digits < 1 ? std::string("0") : format_number(v, digits);
    };
    const std::string unit = figure.quantity.unit.empty() ? "" : " " + std::string(figure.quantity.unit);
    lines.push_back(any ? number(bounds[0]) + " to " + number(bounds[1]) + unit : "no cell has a value");
    return lines;
}

std::vector<std::string> plane_head(const Extents& e, int normal) {
    const auto size = e.size();
    const LengthUnit unit = unit_of(std::max({size[0], size[1], size[2]}));
    const auto [across, up] = slice_axes(normal);
    const double position = (centre_index(e, normal) + 0.5) * e.spacing()[std::size_t(normal)];
    return {std::string(kAxis[across]) + " right, " + kAxis[up] + " up",
            std::string("at ") + kAxis[normal] + " = " + length_text(position, unit, true),
            length_text(size[std::size_t(across)], unit, false) + " \u00d7 " + length_text(size[std::size_t(up)], unit, true)};
}

void write_head(Scribe& scribe, const std::string& id, const std::vector<std::string>& lines, Point top, double width,
                const Theme& theme) {
    const TextStyle first{kPanelTitlePx, Weight::medium, theme.text}, other{kLabelPx, Weight::regular, theme.muted};
    for (std::size_t n = 0; n < lines.size(); ++n) {
        const TextStyle& style = n == 0 ? first : other;
        scribe.write_in(id + "." + std::to_string(n), lines[n], top, width, style);
        top.y += scribe.line_height(style);
    }
}

// One bar per factor of stretch, with the axes it holds for.
void draw_scales(Scribe& scribe, const Table& table, Point at, double right, const Theme& theme) {
    Painter& painter = scribe.painter();
    const TextStyle label{kLabelPx, Weight::regular, theme.text};
    const double line = scribe.line_height(label);
    std::vector<bool> shown(3, false);
    for (const int normal : table.planes) {
        const auto [across, up] = slice_axes(normal);
        shown[std::size_t(across)] = shown[std::size_t(up)] = true;
    }
    std::vector<double> factors;
    for (std::size_t a = 0; a < 3; ++a)
        if (shown[a] && std::find(factors.begin(), factors.end(), table.stretch[a]) == factors.end())
            factors.push_back(table.stretch[a]);
    std::sort(factors.begin(), factors.end());
    for (const double factor : factors) {
        std::string axes;
        for (std::size_t a = 0; a < 3; ++a)
            if (shown[a] && table.stretch[a] == factor) axes += (axes.empty() ? "" : ", ") + std::string(kAxis[a]);
        const double px_per_m = table.px_per_m * factor, length = round_length(120.0 / px_per_m), px = length * px_per_m;
        std::string text = length_text(length, unit_of(length * 1.0000001), true);
        if (factors.size() > 1) text += " along " + axes;
        if (factor > 1.0) text += ", drawn " + trimmed(format_number(factor, 3)) + " times larger";
        painter.line({at.x, at.y}, {at.x + px, at.y}, {theme.text, 2.0, 0.0});
        for (const double x : {at.x, at.x + px}) painter.line({x, at.y - 5}, {x, at.y + 5}, {theme.text, 2.0, 0.0});
        const Rect text_at = scribe.write_in("scale." + axes, text, {at.x + px + 10, at.y - line / 2},
                                             std::max(0.0, right - at.x - px - 10), label);
        at.x = text_at.right() + 40;
    }
}

}  // namespace

int slices_height(const SlicesFigure& figure) {
    check(figure);
    return int(header_of(figure) + panel_height(lay_out(figure)) + margin_of(figure));
}

std::vector<FigureItem> draw_slices_figure(Painter& painter, const SlicesFigure& figure, const Theme& theme) {
    check(figure);
    const Table table = lay_out(figure);
    const Extents& e = figure.extents;
    Scribe scribe(painter);
    const double height = panel_height(table);
    const Rect page{0, 0, double(figure.width), header_of(figure) + height + margin_of(figure)};
    painter.rectangle(page, theme.background);
    scribe.enter(page, theme.background);
    const TextStyle title{kTitlePx, Weight::medium, theme.text}, subtitle{kBodyPx, Weight::regular, theme.muted};
    const double full = figure.width - 2 * margin_of(figure);
    const double margin = margin_of(figure);
    if (figure.framed) {
        scribe.write_in("title", figure.title, {margin, 12}, full, title);
        scribe.write_in("subtitle", figure.subtitle, {margin, 12 + scribe.line_height(title) + 2}, full, subtitle);
    } else {
        const TextStyle small{kPanelTitlePx, Weight::medium, theme.text}, beside{kLabelPx, Weight::regular, theme.muted};
        const Rect at = scribe.write_in("title", figure.title, {margin, 4}, full, small);
        scribe.write_in("subtitle", figure.subtitle, {at.right() + 12, 5}, std::max(0.0, page.right() - at.right() - 12),
                        beside);
    }

    const Rect panel{margin, header_of(figure), full - kSlicesGap - kBar, height};
    painter.rectangle(panel, theme.panel);
    painter.frame(panel, {theme.border, 1.0, 0.0});

    const ColourScale colours{figure.quantity.map, common_range(figure)};
    Histogram histogram;
    for (const auto& time : figure.times) {
        const Histogram own = histogram_of(time.values, shifted(colours.range, -shift(figure, time)), 64);
        if (histogram.bins.empty()) histogram.bins.assign(own.bins.size(), 0);
        for (std::size_t n = 0; n < own.bins.size(); ++n) histogram.bins[n] += own.bins[n];
        histogram.below += own.below, histogram.above += own.above, histogram.none += own.none;
    }

    const double scale = painter.scale();
    const auto whole = [&](double px) { return std::round(px * scale) / scale; };
    const double left = panel.x + kSlicesInset + kRowHead, top = panel.y + kColumnHead;
    double y = top;
    for (std::size_t r = 0; r < table.row.size(); ++r) {
        double x = left;
        for (std::size_t c = 0; c < table.column.size(); ++c) {
            const std::size_t t = table.times_down ? r : c, p = table.times_down ? c : r;
            const SliceTime& time = figure.times[t];
            const int normal = table.planes[p];
            const auto [across, up] = slice_axes(normal);
            const Rect place{x, y, table.column[c], table.row[r]};
            const auto heads = [&](bool column) {
                const bool of_time = column != table.times_down;
                return of_time ? time_head(figure, time) : plane_head(e, normal);
            };
            scribe.enter(panel, theme.panel);
            if (r == 0) write_head(scribe, "column." + std::to_string(c), heads(true), {x, panel.y + 10}, place.w, theme);
            if (c == 0)
                write_head(scribe, "row." + std::to_string(r), heads(false), {panel.x + kSlicesInset, y},
                           kRowHead - kSlicesInset, theme);
            painter.rectangle(place, theme.backdrop);
            const auto px = [&](int axis) {
                return e.size()[std::size_t(axis)] * table.px_per_m * table.stretch[std::size_t(axis)];
            };
            const double w = std::max(whole(px(across)), 1.0 / scale), h = std::max(whole(px(up)), 1.0 / scale);
            const Rect at{whole(place.centre().x - w / 2), whole(place.centre().y - h / 2), w, h};
            const ColourScale own{colours.map, shifted(colours.range, -shift(figure, time))};
            draw_slice(scribe, place, at, {e, time.values}, normal, centre_index(e, normal), own, figure.electrodes,
                       "slice." + std::to_string(t) + "." + kAxis[normal], theme);
            x += table.column[c] + kSlicesGap;
        }
        y += table.row[r] + kSlicesGap;
    }
    scribe.enter(panel, theme.panel);
    draw_scales(scribe, table, {left, panel.bottom() - kFoot / 2 - 2}, panel.right() - kSlicesInset, theme);
    draw_colour_bar(scribe, {panel.right() + kSlicesGap, panel.y, kBar, panel.h}, bar_title(figure), colours, histogram, theme);
    return scribe.items();
}

std::vector<FigureItem> write_slices_figure(const std::filesystem::path& path, const SlicesFigure& figure, const Theme& theme,
                                            double scale) {
    return write_figure(path, figure.width, slices_height(figure), scale,
                        [&](Painter& painter) { return draw_slices_figure(painter, figure, theme); });
}

}  // namespace jt
