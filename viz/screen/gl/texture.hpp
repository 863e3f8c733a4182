// SPDX-License-Identifier: Apache-2.0
// Texture: an OpenGL texture of two dimensions with its owner; TextureCache: textures of images by their content. Everything
// here needs a current context, destructors included.
#pragma once
#include <cstdint>
#include <unordered_map>

#include "viz/figure/painter.hpp"

namespace jt {

class Texture {
public:
    enum class Sampling { nearest, linear };
    // RGBA, 8 bit a channel; pixels: rows in the order of the texture's v, or null. Throws DeviceError when it cannot be had.
    Texture(int width, int height, Sampling, const Colour* pixels = nullptr);
    ~Texture();
    Texture(Texture&&) noexcept;
    Texture& operator=(Texture&&) noexcept;

    unsigned name() const { return name_; }
    int width() const { return width_; }
    int height() const { return height_; }

private:
    unsigned name_ = 0;
    int width_ = 0, height_ = 0;
};

class TextureCache {
public:
    explicit TextureCache(std::size_t bytes = std::size_t(64) << 20) : bound_(bytes) {}
    // Lets go of what was used longest ago, down to the bound. Only before a frame: what a frame has drawn is still needed.
    void begin_frame();
    // The texture of an image, nearest sampling; valid until the next begin_frame.
    const Texture& of(const Image&);
    std::size_t bytes() const { return bytes_; }
    std::size_t uploads() const { return uploads_; }  // since it was made

private:
    struct Entry {
        Texture texture;
        std::uint64_t used;
    };
    std::unordered_map<std::uint64_t, Entry> entries_;
    std::size_t bound_, bytes_ = 0, uploads_ = 0;
    std::uint64_t frame_ = 0;
};

}  // namespace jt
