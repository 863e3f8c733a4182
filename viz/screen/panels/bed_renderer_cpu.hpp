// SPDX-License-Identifier: Apache-2.0
// BedRendererCpu: the bed on any painter, without OpenGL: one ray a pixel (bed_geometry.hpp). What the panel falls back to, and
// what the other renderer is compared with.
#pragma once
#include "viz/screen/panels/bed_renderer.hpp"

namespace jt {

class BedRendererCpu final : public BedRenderer {
public:
    std::optional<double> draw(Painter&, const Rect& at, const BedScene&) override;

private:
    // The picture drawn last, and of what.
    struct Key {
        const void *frame, *values;
        std::uint64_t version;
        ColourMapId map;
        Scale scale_kind;
        std::array<double, 15> numbers;
        std::array<int, 3> cell;
        int mode, normal, width, height;
        bool smooth;
        const Theme* theme;
        friend bool operator==(const Key&, const Key&) = default;
    };
    std::optional<Key> key_;
    Image image_;
    std::vector<float> depth_;  // per pixel, towards the eye [m]; what is hidden lies below it
};

// How dark the line on each pixel of a cutaway is, 0 .. 1: silhouettes where the depth jumps, creases where the normal changes;
// faint on the stairs of a voxelised curve. axis: 0 .. 2, -1 where nothing is seen; depth [m].
std::vector<float> crease_strength(int width, int height, const std::vector<std::int8_t>& axis, const std::vector<float>& depth,
                                   const Projection&, double device_px_per_m, const Extents&);
// Reach of the look for stairs [device px].
int crease_run(const Extents&, double device_px_per_m);
inline constexpr double kSilhouette = 0.8, kCrease = 0.45, kStair = 0.10;
inline constexpr Colour kCreaseInk = hex(0x14171A);

}  // namespace jt
