// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "viz/screen/panels/panels.hpp"

namespace jt {

namespace {

constexpr double kMargin = 16.0, kInset = 16.0, kColumnGap = 24.0, kKeyGap = 12.0, kGroupGap = 0.5;  // gap in lines
constexpr double kDim = 0.7;
constexpr double kWidestCard = 1500.0;

struct Group {
    std::string title;
    std::vector<const ActionEntry*> entries;
};

std::vector<Group> groups() {
    std::vector<Group> all;
    for (const ActionEntry& entry : action_table()) {
        if (all.empty() || all.back().title != entry.group) {
            const auto known = std::find_if(all.begin(), all.end(), [&](const Group& g) { return g.title == entry.group; });
            if (known != all.end()) {
                known->entries.push_back(&entry);
                continue;
            }
            all.push_back({entry.group, {}});
        }
        all.back().entries.push_back(&entry);
    }
    return all;
}

// A line of a column: a title, an entry, or half a line of air.
struct Line {
    const Group* title = nullptr;
    const ActionEntry* entry = nullptr;
    bool more = false;  // the title of a group that goes on from the column before
};
using Columns = std::vector<std::vector<Line>>;

double height_of(const Line& line) {
    return line.title || line.entry ? 1.0 : kGroupGap;
}
double height_of(const std::vector<Line>& column) {
    double sum = 0.0;
    for (const Line& line : column) sum += height_of(line);
    return sum;
}

// Groups flow into columns of at most so many lines. whole: a group is broken only where it is taller than a column; else
// where a column ends, with at least two of its entries before.
Columns flow(const std::vector<Group>& all, double most, bool whole_groups) {
    Columns columns(1);
    for (const Group& group : all) {
        const double whole = 1.0 + double(group.entries.size());
        double left = most - height_of(columns.back()) - (columns.back().empty() ? 0.0 : kGroupGap);
        if (whole > left && (left < 3.0 || (whole_groups && whole <= most))) {
            if (!columns.back().empty()) columns.emplace_back();
            left = most;
        }
        if (!columns.back().empty()) columns.back().push_back({});
        columns.back().push_back({&group, nullptr, false});
        for (const ActionEntry* entry : group.entries) {
            if (height_of(columns.back()) + 1.0 > most + 1e-9) {
                columns.emplace_back();
                columns.back().push_back({&group, nullptr, true});
            }
            columns.back().push_back({nullptr, entry, false});
        }
    }
    return columns;
}

struct Fit {
    Columns columns;
    std::vector<double> keys, texts;  // widths in each column
    double px = kSmallestPx, line = 0.0;
    double width() const {
        double sum = kColumnGap * double(columns.size() - 1);
        for (std::size_t n = 0; n < columns.size(); ++n) sum += keys[n] + kKeyGap + texts[n];
        return sum;
    }
};

// The largest type in which everything has room, in as few columns as that takes.
Fit fit(Ui& ui, const std::vector<Group>& all, double width, double height) {
    Fit f;
    // Smaller type before broken groups.
    for (const bool whole_groups : {true, false})
        for (f.px = kBodyPx; f.px >= kSmallestPx; f.px -= 1.0) {
            const TextStyle key{f.px, Weight::medium, ui.theme.text}, text{f.px, Weight::regular, ui.theme.text};
            f.line = std::ceil(ui.scribe.line_height(text));
            f.columns = flow(all, std::floor(height / f.line), whole_groups);
            f.keys.assign(f.columns.size(), 0.0), f.texts.assign(f.columns.size(), 0.0);
            for (std::size_t n = 0; n < f.columns.size(); ++n)
                for (const Line& line : f.columns[n]) {
                    if (!line.entry) continue;
                    f.keys[n] = std::max(f.keys[n], std::ceil(ui.scribe.width(key_text(line.entry->chord), key)));
                    f.texts[n] = std::max(f.texts[n], std::ceil(ui.scribe.width(line.entry->text, text)));
                }
            if (f.width() <= width) return f;
        }
    f.px = kSmallestPx;
    return f;
}

}  // namespace

void draw_overview(Ui& ui, const Rect& window, const ViewState&) {
    Painter& painter = ui.painter();
    Scribe& scribe = ui.scribe;
    painter.rectangle(window, with_alpha(hex(0x14171A), kDim));
    const double card_width = std::min(window.w - 2 * kMargin, kWidestCard);
    const TextStyle title{kTitlePx, Weight::medium, ui.theme.text}, hint = ui.label();
    const double head = std::ceil(scribe.line_height(title)) + 10.0;
    const Rect most{std::round(window.centre().x - card_width / 2), window.y + kMargin, card_width, window.h - 2 * kMargin};
    const auto all = groups();
    const Fit f = fit(ui, all, most.w - 2 * kInset, most.h - 2 * kInset - head);
    double tallest = 0.0;
    for (const auto& column : f.columns) tallest = std::max(tallest, height_of(column) * f.line);
    const double card_height = std::min(most.h, tallest + head + 2 * kInset);
    const Rect card{most.x, std::round(window.centre().y - card_height / 2), most.w, card_height};
    painter.rectangle(card, ui.theme.panel);
    painter.frame(card, {ui.theme.border, 1.0, 0.0});
    scribe.enter(card, ui.theme.panel);
    const double left = card.x + kInset, right = card.right() - kInset, top = card.y + kInset;
    scribe.write("overview.title", "Keys", {left, top}, title);
    const double drop = std::round(painter.measure("x", title).ascent - painter.measure("x", hint).ascent);
    scribe.write("overview.close", "Esc or F1 closes", {right, top + drop}, hint, Align::right);

    // What is left of the width is shared by the columns.
    const double spare = std::max(0.0, std::floor((right - left - f.width()) / double(f.columns.size())));
    const TextStyle group{f.px, Weight::medium, ui.theme.muted}, key{f.px, Weight::medium, ui.theme.text},
        text{f.px, Weight::regular, ui.theme.text};
    double x = left;
    for (std::size_t c = 0; c < f.columns.size(); ++c) {
        const double width = f.keys[c] + kKeyGap + f.texts[c] + spare;
        double y = top + head;
        for (const Line& line : f.columns[c]) {
            if (line.title) {
                const std::string name = line.title->title + (line.more ? ", continued" : "");
                scribe.write_in("overview.group." + name, name, {x, y}, width, group);
                painter.line({x, y + f.line - 0.5}, {x + width, y + f.line - 0.5}, {ui.theme.border, 1.0, 0.0});
            } else if (line.entry) {
                const std::string id = std::string("overview.") + std::to_string(int(line.entry->action));
                scribe.write_in(id + ".key", key_text(line.entry->chord), {x, y}, f.keys[c], key);
                scribe.write_in(id, line.entry->text, {x + f.keys[c] + kKeyGap, y}, f.texts[c] + spare, text);
            }
            y += height_of(line) * f.line;
        }
        x += width + kColumnGap;
    }
}

}  // namespace jt
