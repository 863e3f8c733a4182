// SPDX-License-Identifier: Apache-2.0
// Where a bed stands in its rectangle, what a ray through it meets, and the lines drawn with it: what renderers, picking and
// labels share.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "viz/screen/panels/bed_renderer.hpp"

namespace jt {

// Orthographic. Zoom 1 fits the box, with room around it for plates and labels, into `at`.
Projection bed_projection(const Camera&, const Extents&, const Rect& at);
// Zooms by a factor so that what is at `at_mouse` stays there; bounds as for the keys.
void zoom_about(Camera&, const Rect& at, Point at_mouse, double factor);

// The octant of cells that is nearest to the eye: left out of the cutaway.
bool in_near_octant(const Extents&, const Vec3& toward, int i, int j, int k);

// Distance of a point from the plane through the bed's centre, towards the eye [m].
double depth_of(const Projection&, const Vec3&);

struct BedHit {
    std::array<int, 3> cell{};
    double depth = 0.0;  // towards the eye, as depth_of [m]
    int axis = 0;        // normal of the face seen, 0 .. 2; 3: an iso-surface; 4: inside a volume
};

// Rays through one scene. The scene and what it points to must outlive it.
class BedCaster {
public:
    BedCaster(const BedScene&, const Projection&);

    // The cell that a click at a picture point means: the one seen there; in a volume the one that adds most to the pixel.
    std::optional<BedHit> pick(Point) const;

    // Colour there, not premultiplied, alpha 0 where there is nothing; (column, row) place the ticks.
    struct Pixel {
        double r = 0, g = 0, b = 0, a = 0;  // premultiplied, 0 .. 1
        std::optional<BedHit> hit;
    };
    Pixel shade(Point, int column, int row, double scale) const;

    // Place on the colour scale, interpolated between the cells around that are not void; NaN inside void and outside the box.
    double position_at(const Vec3&) const;

private:
    const BedScene& scene_;
    Projection p_;
    Extents e_;
    Vec3 low_{}, high_{};  // of what the clip leaves [m]
    double iso_position_ = 0.0, size_ = 1.0;

    struct Ray {
        Vec3 origin, direction;
        double enter, leave;  // along the ray, from the plane through the centre, away from the eye
        int axis;
    };
    std::optional<Ray> ray(Point) const;
    bool solid(int i, int j, int k) const;
    // Calls visit(cell, from, to, axis) along the ray until it returns false.
    template <class Visit>
    void march(const Ray&, Visit) const;
    std::optional<BedHit> first_cell(const Ray&) const;
    std::optional<BedHit> plane_hit(const Ray&, int normal) const;
    std::vector<BedHit> iso_hits(const Ray&, double until, std::vector<Vec3>& normals) const;
    Pixel volume(const Ray&) const;
    Colour colour_at_hit(const Ray&, const BedHit&, int column, int row, double scale) const;
};

// A stroke of the picture that belongs to the scene: box, electrodes, streamlines, the probe's cell.
struct BedStroke {
    std::vector<Vec3> points;  // [m]
    Colour colour;
    double width = 1.0;   // [px]
    double lift = 0.0;    // towards the eye [px]: decides where it coincides with a face
    bool hidden = true;   // hidden by what stands in front of it
    bool behind = false;  // drawn before the bed
};
struct BedPlate {
    std::array<Vec3, 4> corners;
    Colour fill;
};
struct BedLines {
    std::vector<BedPlate> plates;  // behind the bed
    std::vector<BedStroke> strokes;
};
BedLines bed_lines(const BedScene&, const Projection&);

// The plate of an electrode, moved off the bed by `gap` [m].
std::array<Vec3, 4> electrode_plate(const Extents&, Face, double gap);
inline constexpr double kPlateGap = 10.0;  // [px]

}  // namespace jt
