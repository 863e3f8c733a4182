// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/table.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace jt {

namespace {

constexpr double kMarker = 14.0;  // before the first column
constexpr double kColumnGap = 10.0, kRowGap = 4.0;

}  // namespace

Rect draw_table(Ui& ui, const Rect& room, const std::string& id, const std::vector<TableColumn>& columns,
                const std::vector<TableRow>& rows) {
    Scribe& scribe = ui.scribe;
    const TextStyle label = ui.label();
    const double label_line = scribe.line_height(label), body_line = scribe.line_height(ui.body());
    const double top = room.y + label_line + kRowGap, wide = room.w - kMarker;
    const auto natural = [&](double px) {
        std::vector<double> widths;
        for (std::size_t c = 0; c < columns.size(); ++c) {
            double w = scribe.width(columns[c].title, label);
            for (const auto& row : rows)
                if (c < row.cells.size())
                    w = std::max(w, scribe.width(row.cells[c].text, ui.style(px, ui.theme.text, Weight::medium)));
            widths.push_back(std::ceil(w) + kColumnGap);
        }
        return widths;
    };
    const auto sum = [](const std::vector<double>& widths) {
        double all = 0.0;
        for (const double w : widths) all += w;
        return all;
    };
    // Body size where all fits at it, else label size.
    std::vector<double> widths = natural(kBodyPx);
    const bool large = room.bottom() - top >= double(rows.size()) * (body_line + kRowGap) && sum(widths) <= wide;
    const double line = large ? body_line : label_line, height = line + (large ? kRowGap : 1.0);
    const double px = large ? kBodyPx : kLabelPx;
    if (!large) widths = natural(px);
    std::vector<bool> gone(columns.size(), false);
    while (sum(widths) > wide) {
        std::size_t worst = columns.size();
        for (std::size_t c = 0; c < columns.size(); ++c)
            if (!gone[c] && columns[c].drop > (worst < columns.size() ? columns[worst].drop : 0)) worst = c;
        if (worst == columns.size()) break;
        gone[worst] = true, widths[worst] = 0.0;
    }
    double spare = wide - sum(widths), shares = 0.0;
    for (std::size_t c = 0; c < columns.size(); ++c)
        if (!gone[c] && (spare >= 0.0 || columns[c].flexible)) shares += spare >= 0.0 ? columns[c].share : widths[c];
    if (shares > 0.0)
        for (std::size_t c = 0; c < columns.size(); ++c)
            if (!gone[c] && (spare >= 0.0 || columns[c].flexible))
                widths[c] = std::max(0.0, widths[c] + spare * (spare >= 0.0 ? columns[c].share : widths[c]) / shares);
    std::vector<Rect> places;
    double x = room.x + kMarker;
    for (std::size_t c = 0; c < columns.size(); ++c) {
        places.push_back({x, 0, std::max(0.0, std::min(widths[c], room.right() - x + kColumnGap) - kColumnGap), 0});
        x += widths[c];
    }
    const auto write = [&](const std::string& name, const std::string& text, std::size_t c, double y, const TextStyle& style) {
        const Rect& p = places[c];
        if (gone[c]) return;
        const Align align = columns[c].align;
        const double at = align == Align::left ? p.x : align == Align::right ? p.right() : p.x + p.w / 2;
        scribe.write_in(name, text, {at, y}, p.w, style, align);
    };
    for (std::size_t c = 0; c < columns.size(); ++c)
        write(id + ".head." + std::to_string(c), columns[c].title, c, room.y, label);
    ui.painter().line({room.x, top - 2.5}, {room.right(), top - 2.5}, {ui.theme.inset, 1.0, 0.0});
    std::size_t fit = std::size_t(std::max(0.0, std::floor((room.bottom() - top) / height)));
    const bool cut = rows.size() > fit;
    if (cut && fit > 0) --fit;  // the last line counts the others
    double y = top;
    for (std::size_t r = 0; r < std::min(fit, rows.size()); ++r, y += height) {
        const TableRow& row = rows[r];
        if (row.stale) ui.hatch({room.x, y, room.w, height});
        if (row.marked) {
            const double m = y + line / 2;
            const std::array<Point, 3> triangle{Point{room.x + 1, m - 5}, Point{room.x + 9, m}, Point{room.x + 1, m + 5}};
            ui.painter().polygon(triangle, ui.theme.text);
        }
        for (std::size_t c = 0; c < std::min(columns.size(), row.cells.size()); ++c) {
            const TableCell& cell = row.cells[c];
            if (cell.text.empty()) continue;
            const TextStyle style = ui.style(px, cell.colour.value_or(row.stale ? ui.theme.invalid : ui.theme.text),
                                             cell.strong ? Weight::medium : Weight::regular);
            const std::size_t before = scribe.items().size();
            write(id + "." + row.id + "." + std::to_string(c), cell.text, c, y, style);
            const std::string& state = cell.state.empty() && row.stale ? std::string("stale") : cell.state;
            if (scribe.items().size() > before) scribe.note(state, cell.value, cell.age_s);
        }
    }
    if (cut)
        scribe.write_in(id + ".more", std::to_string(rows.size() - fit) + " more in a larger window", {room.x + kMarker, y},
                        room.w - kMarker, label);
    return {room.x, top, room.w, y - top};
}

}  // namespace jt
