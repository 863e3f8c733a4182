// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/gl/volume_texture.hpp"

#include <epoxy/gl.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "kernels/error.hpp"

namespace jt {

VolumeTexture::~VolumeTexture() {
    if (id_) glDeleteTextures(1, &id_);
}

int VolumeTexture::most_cells() {
    int most = 0;
    glGetIntegerv(GL_MAX_3D_TEXTURE_SIZE, &most);
    return most;
}

void VolumeTexture::upload(Kind kind, const Extents& e, const void* texels) {
    while (glGetError() != GL_NO_ERROR) {
    }
    if (!id_) glGenTextures(1, &id_);
    glBindTexture(GL_TEXTURE_3D, id_);
    for (const auto filter : {GL_TEXTURE_MIN_FILTER, GL_TEXTURE_MAG_FILTER}) glTexParameteri(GL_TEXTURE_3D, filter, GL_NEAREST);
    for (const auto wrap : {GL_TEXTURE_WRAP_S, GL_TEXTURE_WRAP_T, GL_TEXTURE_WRAP_R})
        glTexParameteri(GL_TEXTURE_3D, wrap, GL_CLAMP_TO_EDGE);
    const auto [internal, format, type] = kind == Kind::rgba8  ? std::tuple{GL_RGBA8, GL_RGBA, GL_UNSIGNED_BYTE}
                                          : kind == Kind::r32f ? std::tuple{GL_R32F, GL_RED, GL_FLOAT}
                                                               : std::tuple{GL_R8, GL_RED, GL_UNSIGNED_BYTE};
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTexImage3D(GL_TEXTURE_3D, 0, internal, e.nx, e.ny, e.nz, 0, GLenum(format), GLenum(type), texels);
    if (glGetError() != GL_NO_ERROR)
        throw Error("OpenGL has no room for a field of " + std::to_string(e.nx) + " x " + std::to_string(e.ny) + " x " +
                    std::to_string(e.nz) + " cells");
}

std::vector<Colour> cell_colours(const VoxelField& field, const ColourScale& scale, bool weights) {
    std::vector<Colour> colours(field.values.size());
    const std::int64_t count = std::int64_t(colours.size());
#pragma omp parallel for schedule(static)
    for (std::int64_t c = 0; c < count; ++c) {
        const double v = double(field.values[std::size_t(c)]);
        const Shade shade = scale(v);
        Colour colour = shade.colour;
        if (shade.datum == Datum::none)
            colour.a = 0;
        else if (weights)
            colour.a = std::uint8_t(1.5 + 254.0 * volume_weight(scale.map, scale.range.position(v)));
        else
            colour.a = shade.datum == Datum::below ? 85 : shade.datum == Datum::inside ? 170 : 255;
        colours[std::size_t(c)] = colour;
    }
    return colours;
}

std::vector<float> cell_positions(const VoxelField& field, const Range& range) {
    std::vector<float> positions(field.values.size());
    const std::int64_t count = std::int64_t(positions.size());
#pragma omp parallel for schedule(static)
    for (std::int64_t c = 0; c < count; ++c) {
        const double v = double(field.values[std::size_t(c)]);
        positions[std::size_t(c)] = std::isnan(v) ? kVoidPosition : float(std::clamp(range.position(v), -8.0, 9.0));
    }
    return positions;
}

std::vector<std::uint8_t> cells_near(const Extents& e, std::span<const float> positions, double position) {
    // Bounds over the cells around, one axis after the other.
    std::vector<float> low(positions.begin(), positions.end()), high(low);
    for (std::size_t c = 0; c < high.size(); ++c)
        if (high[c] == kVoidPosition) high[c] = -kVoidPosition;
    const auto n = e.cells();
    const std::size_t stride[3] = {1, std::size_t(n[0]), std::size_t(n[0]) * std::size_t(n[1])};
    std::vector<float> low_next(low.size()), high_next(low.size());
    for (std::size_t a = 0; a < 3; ++a) {
#pragma omp parallel for schedule(static)
        for (int k = 0; k < n[2]; ++k)
            for (int j = 0; j < n[1]; ++j)
                for (int i = 0; i < n[0]; ++i) {
                    const std::size_t c = e.index(i, j, k);
                    const int at = a == 0 ? i : a == 1 ? j : k;
                    float l = low[c], h = high[c];
                    if (at > 0) l = std::min(l, low[c - stride[a]]), h = std::max(h, high[c - stride[a]]);
                    if (at + 1 < n[a]) l = std::min(l, low[c + stride[a]]), h = std::max(h, high[c + stride[a]]);
                    low_next[c] = l, high_next[c] = h;
                }
        low.swap(low_next), high.swap(high_next);
    }
    std::vector<std::uint8_t> near(positions.size());
    for (std::size_t c = 0; c < near.size(); ++c)
        near[c] = positions[c] == kVoidPosition ? 0 : double(low[c]) <= position && position <= double(high[c]) ? 255 : 128;
    return near;
}

}  // namespace jt
