// SPDX-License-Identifier: Apache-2.0
// Fonts: the screen's type sizes as glyphs in ImGui's atlas, baked for one scale. Sizes are em sizes, as in Cairo.
#pragma once
#include <vector>

#include "viz/figure/painter.hpp"

struct ImFont;
struct ImFontAtlas;

namespace jt {

class Fonts {
public:
    // Replaces what the atlas holds. scale: device pixels per px. Throws DeviceError saying what to install when there is no
    // font (ImGui's own bitmap font is never used).
    void bake(ImFontAtlas& atlas, double scale);
    double scale() const { return scale_; }  // 0: nothing baked yet

    struct Match {
        const ImFont* font;
        double factor;           // device pixels of what is to be drawn per pixel of what was baked
        double ascent, descent;  // of the style [px at scale 1], both positive
        double baked_ascent;     // from the top of a line to its baseline in the atlas [device px]
    };
    // The baked size, or else the next larger one, scaled.
    Match match(const TextStyle&) const;

private:
    struct Baked {
        double px;
        Weight weight;
        const ImFont* font;
    };
    struct Proportions {  // of an em
        double ascent = 0.0, descent = 0.0;
    };
    std::vector<Baked> baked_;  // ascending
    Proportions regular_, medium_;
    double scale_ = 0.0;
};

}  // namespace jt
