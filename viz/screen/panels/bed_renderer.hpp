// SPDX-License-Identifier: Apache-2.0
// BedRenderer: draws the bed in three dimensions into a rectangle of the screen. The panel says what to show; how is the
// renderer's: on the processor (bed_renderer_cpu.hpp) or by OpenGL (gl/bed_renderer_gl.hpp). Both draw the same picture:
//   cutaway  the first cell that a ray meets; the octant nearest to the eye is left out
//   slices   three planes of cells through `cell`
//   iso      where the field, interpolated, takes iso_value: one tone, shaded, alpha kIsoAlpha a layer, over one plane
//   volume   colours of the scale, absorbing along the ray with the coefficient of `extinction_of`
// Colours are unlit, those of the scale exactly; outside of its range the end colour with white diagonal ticks (on_tick), in
// the volume without.
#pragma once
#include <array>
#include <cstdint>
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
    bool smooth = false;        // interpolated, never across void; on a logarithmic scale between the logarithms
    bool moving = false;        // the user turns it: speed before detail
    std::array<double, 6> clip{0, 1, 0, 1, 0, 1};
    std::vector<std::vector<Vec3>> streamlines;  // [m]
    std::vector<Electrode> electrodes;
    const Theme* theme = nullptr;
    int normal = 2;             // of the plane behind an iso-surface
    std::uint64_t version = 0;  // of the values: differs when they do
    bool probe = true;          // `cell` is marked
};

// Opacity of the volume: a path of length s through cells of weight w absorbs 1 - exp(-extinction_of(w) s / size), with `size`
// the bed's shortest edge. The weight is the place on the colour scale, 0 .. 1; of a diverging map the distance
// from its middle. So what is hot, or off the mean, stands out of a thin haze.
inline constexpr double kThinnest = 0.08, kDensest = 1.6;
inline double extinction_of(double weight) {
    return kThinnest + (kDensest - kThinnest) * weight * weight;
}
double volume_weight(ColourMapId, double position);

inline constexpr double kIsoAlpha = 0.35;

class BedRenderer {
public:
    virtual ~BedRenderer() = default;
    // The scene into `at` (px at scale 1), without texts. Returns seconds after which it wants to be drawn again, finer;
    // nothing: this is as fine as it gets.
    virtual std::optional<double> draw(Painter&, const Rect& at, const BedScene&) = 0;
};

}  // namespace jt
