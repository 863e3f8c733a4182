// SPDX-License-Identifier: Apache-2.0
// The bed in three dimensions, orthographic, by marching one ray per sample through the voxels (Amanatides and Woo, "A fast
// voxel traversal algorithm for ray tracing", Eurographics 1987). Cells that are NaN are void and let the ray pass. Colours are
// unlit, so that a colour means its number; shape comes from thin lines at silhouettes and creases only.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "twin/bed/bed.hpp"
#include "twin/scenario/scenario.hpp"
#include "viz/figure/colour_map.hpp"
#include "viz/figure/text.hpp"

namespace jt {

// A field on a voxel box: extents.count() values, x fastest, NaN where there is nothing.
struct VoxelField {
    Extents extents;
    std::span<const float> values;
};

struct Electrode {
    Face face = Face::xmin;
    bool positive = true;
};

using Vec3 = std::array<double, 3>;

// Where points of the bed [m] land in a picture [px, y down]. The eye is at +x -y +z: it sees the faces xmax, ymin and zmax;
// x runs to the right, y away from the eye, z up.
struct Projection {
    Vec3 right, up, toward;  // unit vectors of the picture and from the bed to the eye
    Vec3 centre{};           // of the bed [m]; it lands on `middle`
    Point middle;            // [px]
    double px_per_m = 1.0;

    Point operator()(const Vec3& p) const;
    // Fits the box, centred.
    static Projection fit(const Extents&, const Rect&);
};

// What the ray of each sample hits first. Sample (c, r) looks at picture point ((c + 0.5) / per_px, (r + 0.5) / per_px).
struct Hits {
    int width = 0, height = 0;
    std::vector<std::int64_t> cell;  // index into the field; -1: nothing
    std::vector<std::int8_t> axis;   // normal of the face that is seen: 0 x, 1 y, 2 z
    std::vector<float> depth;        // along the ray, from the plane through the centre [m]
};

// The octant nearest to the eye is left out where `cut` is set: cells i >= (nx+1)/2, j < ny/2, k >= (nz+1)/2.
bool in_cut(const Extents&, int i, int j, int k);
Hits cast_rays(const VoxelField&, const Projection&, int width, int height, double per_px, bool cut);

// Draws backdrop, bed, its box, electrodes, scale bar and triad into `panel`.
void draw_bed_view(Scribe&, const Rect& panel, const VoxelField&, const ColourScale&, std::span<const Electrode>, const Theme&);

// Parts of it, for other pictures of a bed. Where the signs of electrodes stand, clear of the bed and of plates that stand off
// by `gap` [m]; a bar of about so many px that ends at a point; the axes' directions.
std::vector<Point> sign_places(const Projection&, const Extents&, std::span<const Electrode>, double gap);
void draw_scale_bar(Scribe&, const std::string& id, Point end, double px_per_m, double about_px, const Theme&);
void draw_triad(Scribe&, const std::string& id, Point origin, const Projection&, const Theme&, double reach = 34.0);

// A length for people: "130 µm", "20 mm". `unit_of` chooses nm, µm, mm or m for the largest of a set.
struct LengthUnit {
    const char* name;
    double metres;
};
LengthUnit unit_of(double largest_m);
std::string trimmed(std::string number);  // without zeros at the end of a decimal fraction: "5" for "5.000"
std::string length_text(double metres, const LengthUnit& unit, bool with_unit);

// Largest 1, 2 or 5 times a power of ten that is not above `about`: of a scale bar.
double round_length(double about);

// White diagonal ticks over values outside the range: falling (\) below, rising (/) above. Device pixels.
bool on_tick(Datum, int column, int row, double scale);

}  // namespace jt
