// SPDX-License-Identifier: Apache-2.0
// Tables of the tabs: a row of headings and rows of texts. Columns are as wide as what stands in them; where that is more than
// there is, texts become smaller, then columns that can be done without go, then flexible ones are shortened. Rows that find no
// room are counted.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "viz/screen/panels/ui.hpp"

namespace jt {

struct TableColumn {
    std::string title;
    double share = 1.0;  // of the width that is left over
    Align align = Align::left;
    int drop = 0;           // done without where room is short, the largest first; 0: never
    bool flexible = false;  // may be shortened
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
