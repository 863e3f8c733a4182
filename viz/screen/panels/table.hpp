// SPDX-License-Identifier: Apache-2.0
// Tables of the tabs: a row of headings and rows of texts, each shortened to its column. Rows that find no room are counted.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "viz/screen/panels/ui.hpp"

namespace jt {

struct TableColumn {
    std::string title;
    double share = 1.0;  // of the width
    Align align = Align::left;
};

struct TableCell {
    std::string text;
    std::optional<double> value = std::nullopt;  // in its stored unit
    std::optional<double> age_s = std::nullopt;
    std::string state = {};
    bool strong = false;
    std::optional<Colour> colour = std::nullopt;
};

struct TableRow {
    std::string id;
    std::vector<TableCell> cells;
    bool stale = false;   // hatched
    bool marked = false;  // a triangle before it
};

// Texts are named id.ROW.COLUMN. Returns the rectangle of the rows drawn, without headings.
Rect draw_table(Ui&, const Rect& room, const std::string& id, const std::vector<TableColumn>&, const std::vector<TableRow>&);

}  // namespace jt
