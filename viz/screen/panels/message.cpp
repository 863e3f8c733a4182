// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/message.hpp"

#include <algorithm>
#include <cmath>

namespace jt {

void draw_message(Ui& ui, const Rect& place, const std::string& id, const std::string& text, const std::string& advice,
                  Colour colour, Colour muted, double px) {
    const TextStyle style{px, Weight::regular, colour}, small{std::min(px, kLabelPx + 1.0), Weight::regular, muted};
    const double width = std::min(place.w - 16.0, 560.0), line = ui.scribe.line_height(style),
                 small_line = ui.scribe.line_height(small);
    const auto most = std::size_t(std::max(1.0, std::floor(place.h / line)));
    const auto lines = wrap(ui.painter(), text, style, width, std::min<std::size_t>(most, 4));
    const double left = place.h - double(lines.size()) * line - 8.0;
    const auto more = left < small_line
                          ? std::vector<std::string>{}
                          : wrap(ui.painter(), advice, small, width, std::min<std::size_t>(std::size_t(left / small_line), 4));
    double y = std::round(place.centre().y -
                          (double(lines.size()) * line + (more.empty() ? 0.0 : 8.0 + double(more.size()) * small_line)) / 2);
    for (std::size_t n = 0; n < lines.size(); ++n, y += line)
        ui.scribe.write(id + "." + std::to_string(n), lines[n], {place.centre().x, y}, style, Align::centre);
    y += 8.0;
    for (std::size_t n = 0; n < more.size(); ++n, y += small_line)
        ui.scribe.write(id + ".advice." + std::to_string(n), more[n], {place.centre().x, y}, small, Align::centre);
}

}  // namespace jt
