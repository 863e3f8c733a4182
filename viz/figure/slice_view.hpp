// SPDX-License-Identifier: Apache-2.0
// A plane of cells as a picture. Nearest sampling: a voxel is a datum. Orientation, the same for every slice: the first of the
// two remaining axes runs to the right, the second one up. x slice: y right, z up; y slice: x right, z up; z slice: x right,
// y up. (The row axis of a CT page therefore runs up, not down.)
#pragma once
#include "viz/figure/bed_view.hpp"

namespace jt {

struct SliceAxes {
    int across, up;
};
SliceAxes slice_axes(int normal);

// Index of the centre plane: n / 2.
int centre_index(const Extents&, int normal);

// The slice on width x height pixels; void cells are transparent. Out of range: see on_tick, `scale` in device pixels per px.
Image slice_image(const VoxelField&, int normal, int index, const ColourScale&, int width, int height, double scale = 1.0);

// The same, linear in the plane along the colour scale (on a logarithmic one between logarithms); never across void.
Image smooth_slice_image(const VoxelField&, int normal, int index, const ColourScale&, int width, int height,
                         double scale = 1.0);

// Room that a slice needs around it on its backdrop, at each side along an in-plane axis [px]: for plates and signs of the
// electrodes that the plane cuts.
struct SliceInset {
    double across = 0.0, up = 0.0;
};
SliceInset slice_inset(int normal, std::span<const Electrode>);

// The slice filling `at` (stretched to it), with plates and signs of the electrodes that the plane cuts. `place` is the
// backdrop around it, already filled; texts are named id.electrode.FACE.
void draw_slice(Scribe&, const Rect& place, const Rect& at, const VoxelField&, int normal, int index, const ColourScale&,
                std::span<const Electrode>, const std::string& id, const Theme&);

// The same with a picture formed before, of the rectangle's size in device pixels.
void draw_slice(Scribe&, const Rect& place, const Rect& at, const Image&, int normal, std::span<const Electrode>,
                const std::string& id, const Theme&);

// Panel with title (position of the plane), the slice in its true proportions on the backdrop, and axes with lengths.
void draw_slice_view(Scribe&, const Rect& panel, const VoxelField&, int normal, int index, const ColourScale&,
                     std::span<const Electrode>, const Theme&);

}  // namespace jt
