// SPDX-License-Identifier: Apache-2.0
// 3: what a live twin corrects from its sensors. A run that only simulates has nothing to estimate, and says so.
#include <cmath>

#include "viz/screen/panels/panels.hpp"

namespace jt {

void draw_estimate_tab(Ui& ui, const Rect& at, const ScreenModel&, ViewState&) {
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

}  // namespace jt
