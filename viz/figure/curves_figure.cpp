// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/curves_figure.hpp"

#include <cmath>

#include "kernels/error.hpp"
#include "viz/figure/write_figure.hpp"

namespace jt {

namespace {

constexpr double kMargin = 16.0, kGap = 8.0;

Chart chart_of(const CurvesChart& from, std::size_t number) {
    Chart chart;
    chart.id = "chart." + std::to_string(number);
    chart.title = from.title, chart.unit = from.unit;
    chart.start = from.abscissa.low, chart.end = from.abscissa.high;
    chart.abscissa = from.abscissa, chart.abscissa_title = from.abscissa_title;
    chart.ordinate = from.ordinate;
    for (const Curve& curve : from.curves) chart.series.push_back({curve.label, curve.style, curve.x, curve.y, false});
    if (!from.bar_edges.empty() || !from.bars.empty()) chart.bars.push_back({from.bar_edges, from.bars});
    chart.limits = from.limits;
    return chart;
}

}  // namespace

std::vector<FigureItem> draw_curves_figure(Painter& painter, const CurvesFigure& figure, const Theme& theme) {
    const std::size_t columns = figure.charts.size();
    if (columns < 1 || columns > 3)
        throw InputError("figure \"" + figure.title + "\": " + std::to_string(columns) + " charts; 1 to 3 are possible");
    Scribe scribe(painter);
    const Rect sheet{0, 0, kCurvesWidth, kCurvesHeight};
    painter.rectangle(sheet, theme.background);
    scribe.enter(sheet, theme.background);
    const TextStyle title{kTitlePx, Weight::medium, theme.text}, subtitle{kBodyPx, Weight::regular, theme.muted},
        body{kBodyPx, Weight::regular, theme.text};
    const double full = sheet.w - 2 * kMargin;
    double y = 12;
    scribe.write_in("title", figure.title, {kMargin, y}, full, title);
    y += scribe.line_height(title) + 2;
    scribe.write_in("subtitle", figure.subtitle, {kMargin, y}, full, subtitle);
    y = std::ceil(y + scribe.line_height(subtitle) + 8);

    double bottom = sheet.bottom() - kMargin;
    if (!figure.note.empty()) {
        const auto lines = wrap(painter, figure.note, body, full, 2);
        const double step = scribe.line_height(body) + 2;
        bottom -= std::ceil(step * double(lines.size()));
        for (std::size_t n = 0; n < lines.size(); ++n)
            scribe.write("note." + std::to_string(n), lines[n], {kMargin, bottom + double(n) * step}, body);
        bottom -= kGap;
    }
    if (!figure.numbers.empty()) {
        draw_number_tiles(scribe, {kMargin, bottom - kTileHeight, full, kTileHeight}, figure.numbers, theme);
        bottom -= kTileHeight + kGap;
    }
    const double w = (full - kGap * double(columns - 1)) / double(columns);
    for (std::size_t n = 0; n < columns; ++n) {
        const Rect panel{kMargin + double(n) * (w + kGap), y, w, bottom - y};
        painter.rectangle(panel, theme.panel);
        painter.frame(panel, {theme.border, 1.0, 0.0});
        draw_chart(scribe, panel, chart_of(figure.charts[n], n), theme);
    }
    return scribe.items();
}

std::vector<FigureItem> write_curves_figure(const std::filesystem::path& path, const CurvesFigure& figure, const Theme& theme,
                                            double scale) {
    return write_figure(path, kCurvesWidth, kCurvesHeight, scale,
                        [&](Painter& painter) { return draw_curves_figure(painter, figure, theme); });
}

}  // namespace jt
