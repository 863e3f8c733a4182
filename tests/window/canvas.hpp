// SPDX-License-Identifier: Apache-2.0
// The same drawing by OpenGL and by Cairo, as pixels.
#pragma once
#include <cmath>
#include <functional>

#include "viz/figure/cairo_painter.hpp"
#include "viz/screen/gl/egl_context.hpp"
#include "viz/screen/gl/framebuffer.hpp"
#include "viz/screen/gl/imgui_renderer.hpp"

namespace jt {

struct Canvas {
    static constexpr Colour kWhite{255, 255, 255};
    int width, height;
    double scale;
    EglContext context;
    Framebuffer target;
    ImGuiRenderer renderer;

    explicit Canvas(int w = 200, int h = 120, double s = 1.0) : width(w), height(h), scale(s), target(int(w * s), int(h * s)) {}

    Image gl(const std::function<void(Painter&)>& draw) {
        Painter& p = renderer.begin(target.width(), target.height(), scale);
        p.rectangle({0, 0, double(width), double(height)}, kWhite);
        draw(p);
        renderer.end(target.name());
        return target.pixels();
    }
    Image cairo(const std::function<void(Painter&)>& draw) const {
        CairoPainter p(width, height, scale);
        p.rectangle({0, 0, double(width), double(height)}, kWhite);
        draw(p);
        return p.pixels();
    }
};

// How dark a picture is: 0 white, 1 black.
inline double ink(Colour c) {
    return 1.0 - (c.r + c.g + c.b) / 765.0;
}

struct Ink {
    double sum = 0.0, x = 0.0, y = 0.0;                          // total, centre of mass
    int left = 1 << 20, right = -1, top = 1 << 20, bottom = -1;  // of pixels darker than a half
};
inline Ink ink_of(const Image& image) {
    Ink all;
    for (int row = 0; row < image.height; ++row)
        for (int column = 0; column < image.width; ++column) {
            const double v = ink(image.at(column, row));
            all.sum += v, all.x += v * (column + 0.5), all.y += v * (row + 0.5);
            if (v < 0.5) continue;
            all.left = std::min(all.left, column), all.right = std::max(all.right, column);
            all.top = std::min(all.top, row), all.bottom = std::max(all.bottom, row);
        }
    if (all.sum > 0.0) all.x /= all.sum, all.y /= all.sum;
    return all;
}

}  // namespace jt
