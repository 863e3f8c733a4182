// SPDX-License-Identifier: Apache-2.0
// Framebuffer: where OpenGL draws that is no window: a colour texture (RGBA, 8 bit), with a depth buffer where asked for. Needs
// a current context, as does its destructor.
#pragma once
#include "viz/screen/gl/texture.hpp"

namespace jt {

class Framebuffer {
public:
    // Throws DeviceError when it cannot be had.
    Framebuffer(int width, int height, bool depth = false, Texture::Sampling = Texture::Sampling::nearest);
    ~Framebuffer();
    Framebuffer(Framebuffer&&) noexcept;
    Framebuffer& operator=(Framebuffer&&) noexcept;

    void bind() const;  // draws go here, into all of it
    unsigned name() const { return name_; }
    const Texture& colour() const { return colour_; }
    int width() const { return colour_.width(); }
    int height() const { return colour_.height(); }
    Image pixels() const;  // what has been drawn, rows from the top

private:
    Texture colour_;
    unsigned name_ = 0, depth_ = 0;
};

// Pixels of a framebuffer by its name (0: the window's back buffer), rows from the top, opaque.
Image read_pixels(unsigned framebuffer, int width, int height);

}  // namespace jt
