// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/gl/framebuffer.hpp"

#include <epoxy/gl.h>

#include <algorithm>
#include <string>
#include <utility>

#include "kernels/error.hpp"

namespace jt {

Framebuffer::Framebuffer(int width, int height, bool depth, Texture::Sampling sampling) : colour_(width, height, sampling) {
    GLint before = 0;
    glGetIntegerv(GL_FRAMEBUFFER_BINDING, &before);
    glGenFramebuffers(1, &name_);
    glBindFramebuffer(GL_FRAMEBUFFER, name_);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, colour_.name(), 0);
    if (depth) {
        glGenRenderbuffers(1, &depth_);
        glBindRenderbuffer(GL_RENDERBUFFER, depth_);
        glRenderbufferStorage(GL_RENDERBUFFER, GL_DEPTH_COMPONENT24, width, height);
        glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, GL_RENDERBUFFER, depth_);
    }
    const bool complete = glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
    glBindFramebuffer(GL_FRAMEBUFFER, GLuint(before));
    if (complete) return;
    glDeleteFramebuffers(1, &name_);
    if (depth_ != 0) glDeleteRenderbuffers(1, &depth_);
    throw DeviceError("OpenGL: no framebuffer of " + std::to_string(width) + " x " + std::to_string(height) +
                      " pixels to be had");
}

Framebuffer::~Framebuffer() {
    if (name_ != 0) glDeleteFramebuffers(1, &name_);
    if (depth_ != 0) glDeleteRenderbuffers(1, &depth_);
}

Framebuffer::Framebuffer(Framebuffer&& o) noexcept
    : colour_(std::move(o.colour_)), name_(std::exchange(o.name_, 0)), depth_(std::exchange(o.depth_, 0)) {}

Framebuffer& Framebuffer::operator=(Framebuffer&& o) noexcept {
    std::swap(colour_, o.colour_), std::swap(name_, o.name_), std::swap(depth_, o.depth_);
    return *this;
}

void Framebuffer::bind() const {
    glBindFramebuffer(GL_FRAMEBUFFER, name_);
    glViewport(0, 0, width(), height());
}

Image Framebuffer::pixels() const {
    return read_pixels(name_, width(), height());
}

Image read_pixels(unsigned framebuffer, int width, int height) {
    Image image(width, height);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer);
    glReadBuffer(framebuffer == 0 ? GL_BACK : GL_COLOR_ATTACHMENT0);
    glPixelStorei(GL_PACK_ALIGNMENT, 4);
    glPixelStorei(GL_PACK_ROW_LENGTH, 0);
    glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, image.pixels.data());
    for (int row = 0; row < height / 2; ++row)  // OpenGL's rows go up
        std::swap_ranges(&image.at(0, row), &image.at(0, row) + width, &image.at(0, height - 1 - row));
    for (Colour& pixel : image.pixels) pixel.a = 255;
    return image;
}

}  // namespace jt
