// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/gl/texture.hpp"

#include <epoxy/gl.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "kernels/error.hpp"

namespace jt {

namespace {

static_assert(sizeof(Colour) == 4);

std::uint64_t content_hash(const Image& image) {
    // Two multiply-xor lanes over 64-bit words: fast, and 64 bits suffice for the few hundred images of a screen.
    constexpr std::uint64_t kPrime = 0x9E3779B97F4A7C15ull;
    std::uint64_t a = kPrime ^ std::uint64_t(image.width), b = ~kPrime ^ std::uint64_t(image.height);
    const std::size_t bytes = image.pixels.size() * sizeof(Colour);
    const auto* data = reinterpret_cast<const unsigned char*>(image.pixels.data());
    const auto mix = [](std::uint64_t h, std::uint64_t word) {
        h = (h ^ word) * kPrime;
        return h ^ (h >> 32);
    };
    std::size_t n = 0;
    for (; n + 16 <= bytes; n += 16) {
        std::uint64_t words[2];
        std::memcpy(words, data + n, 16);
        a = mix(a, words[0]), b = mix(b, words[1]);
    }
    for (; n + 4 <= bytes; n += 4) {
        std::uint32_t word;
        std::memcpy(&word, data + n, 4);
        a = mix(a, word);
    }
    return mix(a, b);
}

// What OpenGL can hold either way; every n-th pixel of what is larger.
std::optional<Image> reduced(const Image& image) {
    GLint most = 0;
    glGetIntegerv(GL_MAX_TEXTURE_SIZE, &most);
    const int step = (std::max(image.width, image.height) + most - 1) / std::max(most, 1);
    if (step <= 1) return std::nullopt;
    Image small(image.width / step, image.height / step);
    for (int row = 0; row < small.height; ++row)
        for (int column = 0; column < small.width; ++column)
            small.at(column, row) = image.at(column * step + step / 2, row * step + step / 2);
    return small;
}

}  // namespace

Texture::Texture(int width, int height, Sampling sampling, const Colour* pixels) : width_(width), height_(height) {
    glGenTextures(1, &name_);
    if (name_ == 0) throw DeviceError("OpenGL: no texture to be had");
    glBindTexture(GL_TEXTURE_2D, name_);
    const GLint filter = sampling == Sampling::nearest ? GL_NEAREST : GL_LINEAR;
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, filter);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, filter);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, 0);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    while (glGetError() != GL_NO_ERROR) {  // of others
    }
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
    const GLenum error = glGetError();
    glBindTexture(GL_TEXTURE_2D, 0);
    if (error == GL_NO_ERROR) return;
    glDeleteTextures(1, &name_);
    throw DeviceError("OpenGL: no texture of " + std::to_string(width) + " x " + std::to_string(height) + " pixels to be had");
}

Texture::~Texture() {
    if (name_ != 0) glDeleteTextures(1, &name_);
}

Texture::Texture(Texture&& o) noexcept : name_(std::exchange(o.name_, 0)), width_(o.width_), height_(o.height_) {}

Texture& Texture::operator=(Texture&& o) noexcept {
    std::swap(name_, o.name_), std::swap(width_, o.width_), std::swap(height_, o.height_);
    return *this;
}

void TextureCache::begin_frame() {
    ++frame_;
    while (bytes_ > bound_ && !entries_.empty()) {
        const auto oldest = std::min_element(entries_.begin(), entries_.end(),
                                             [](const auto& a, const auto& b) { return a.second.used < b.second.used; });
        const Texture& t = oldest->second.texture;
        bytes_ -= std::size_t(t.width()) * std::size_t(t.height()) * sizeof(Colour);
        entries_.erase(oldest);
    }
}

const Texture& TextureCache::of(const Image& image) {
    const std::uint64_t key = content_hash(image);
    if (const auto known = entries_.find(key); known != entries_.end()) {
        known->second.used = frame_;
        return known->second.texture;
    }
    const auto small = reduced(image);
    const Image& used = small ? *small : image;
    const auto added =
        entries_.insert({key, Entry{Texture(used.width, used.height, Texture::Sampling::nearest, used.pixels.data()), frame_}});
    bytes_ += used.pixels.size() * sizeof(Colour);
    ++uploads_;
    return added.first->second.texture;
}

}  // namespace jt
