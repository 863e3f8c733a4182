// SPDX-License-Identifier: Apache-2.0
// BedRenderer: draws the bed in three dimensions into a rectangle of the screen. The panel says what to show; how is the
// renderer's (gl/bed_renderer_gl.hpp).
#pragma once
#include <array>
#include <optional>
#include <span>
#include <vector>

#include "viz/figure/bed_view.hpp"
#include "viz/screen/data/run_facts.hpp"
#include "viz/screen/state/view_state.hpp"

namespace jt {

struct BedScene {
    FramePtr frame;  // keeps the values alive
    VoxelField field;
    ColourScale scale;
    BedMode mode = BedMode::cutaway;
    Camera camera;
    std::array<int, 3> cell{};  // where slices cut
    double iso_value = 0.0;     // in the field's unit
    bool smooth = false;
    bool moving = false;  // the user turns it: speed before detail
    std::array<double, 6> clip{0, 1, 0, 1, 0, 1};
    std::vector<std::vector<Vec3>> streamlines;  // [m]
    std::vector<Electrode> electrodes;
    const Theme* theme = nullptr;
};

class BedRenderer {
public:
    virtual ~BedRenderer() = default;
    // The scene into `at` (px at scale 1), without texts. Returns seconds after which it wants to be drawn again, finer;
    // nothing: this is as fine as it gets.
    virtual std::optional<double> draw(Painter&, const Rect& at, const BedScene&) = 0;
};

}  // namespace jt
