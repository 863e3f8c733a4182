// SPDX-License-Identifier: Apache-2.0
// VolumeTexture: one value per cell on the graphics device, to be fetched cell by cell; and what the bed's shader needs of a
// field, in that form.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "viz/screen/panels/bed_renderer.hpp"

namespace jt {

class VolumeTexture {
public:
    enum class Kind { rgba8, r32f, r8 };
    VolumeTexture() = default;
    ~VolumeTexture();
    VolumeTexture(const VolumeTexture&) = delete;
    VolumeTexture& operator=(const VolumeTexture&) = delete;

    // extents.count() texels, x fastest. Throws Error when the device cannot hold them.
    void upload(Kind, const Extents&, const void* texels);
    unsigned id() const { return id_; }

    static int most_cells();  // along an axis, on this device

private:
    unsigned id_ = 0;
};

// Colour of each cell; alpha says what it is: 0 void, 85 below the range, 170 inside, 255 above. With `weights`, in place of
// that, 1 + 254 times its weight in a volume.
std::vector<Colour> cell_colours(const VoxelField&, const ColourScale&, bool weights);

// Place of each cell on the colour scale, bounded to -8 .. 9; kVoidPosition: void.
inline constexpr float kVoidPosition = 1e30f;
std::vector<float> cell_positions(const VoxelField&, const Range&);

// 0: void, 128: the interpolated field cannot take `position` inside the cell, 255: it may.
std::vector<std::uint8_t> cells_near(const Extents&, std::span<const float> positions, double position);

}  // namespace jt
