// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/reason.hpp"

#include <algorithm>
#include <cmath>

namespace jt {

void draw_reason(Ui& ui, const Rect& room, const std::string& id, const std::string& reason) {
    const TextStyle style = ui.label();
    const double line = ui.scribe.line_height(style);
    const std::size_t fit = std::size_t(std::max(1.0, std::floor(room.h / line)));
    const auto lines = wrap(ui.painter(), "\u2014 " + reason, style, room.w, fit);
    double y = std::round(room.y + std::max(0.0, (room.h - line * double(lines.size())) / 2));
    for (std::size_t n = 0; n < lines.size(); ++n, y += line) {
        ui.scribe.write(id + ".none." + std::to_string(n), lines[n], {room.x + room.w / 2, y}, style, Align::centre);
        ui.scribe.note("none", std::nullopt, std::nullopt);
    }
}

std::string reason_without_run(const ScreenModel& model) {
    return model.source.text.empty() ? "nothing is known of the run yet" : model.source.text;
}

}  // namespace jt
