// SPDX-License-Identifier: Apache-2.0
// Painter: what pictures are drawn with. Few operations, so that a Cairo surface and an ImGui draw list can both serve.
// Coordinates are px at scale 1, x to the right, y down. Colours are sRGB with alpha. Text is UTF-8; bytes that are not are
// shown as a question mark, control characters as spaces.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "viz/figure/theme.hpp"

namespace jt {

struct Point {
    double x = 0.0, y = 0.0;
};

struct Rect {
    double x = 0.0, y = 0.0, w = 0.0, h = 0.0;
    double right() const { return x + w; }
    double bottom() const { return y + h; }
    Point centre() const { return {x + w / 2, y + h / 2}; }
    Rect shrunk(double by) const { return {x + by, y + by, w - 2 * by, h - 2 * by}; }
    // Rectangles that touch do not overlap; rounding decides nothing, as in contains.
    bool overlaps(const Rect& o) const {
        return x < o.right() - 1e-9 && o.x < right() - 1e-9 && y < o.bottom() - 1e-9 && o.y < bottom() - 1e-9;
    }
    bool contains(const Rect& o) const {
        return o.x >= x && o.y >= y && o.right() <= right() + 1e-9 && o.bottom() <= bottom() + 1e-9;
    }
};

struct Stroke {
    Colour colour;
    double width = 1.0;
    double dash = 0.0;  // length of dashes and gaps; 0: solid
};

enum class Weight { regular, medium };

struct TextStyle {
    double px = 15.0;
    Weight weight = Weight::regular;
    Colour colour;
};

struct TextMetrics {
    double width = 0.0;                  // advance
    double ascent = 0.0, descent = 0.0;  // of the font, both positive
};

struct Image {  // rows from the top
    int width = 0, height = 0;
    std::vector<Colour> pixels;
    Image() = default;
    Image(int w, int h) : width(w), height(h), pixels(std::size_t(w) * std::size_t(h), Colour{0, 0, 0, 0}) {}
    Colour& at(int column, int row) { return pixels[std::size_t(row) * std::size_t(width) + std::size_t(column)]; }
    const Colour& at(int column, int row) const { return pixels[std::size_t(row) * std::size_t(width) + std::size_t(column)]; }
};

class Painter {
public:
    virtual ~Painter() = default;
    virtual double scale() const = 0;  // device pixels per px
    virtual void line(Point from, Point to, const Stroke&) = 0;
    virtual void polyline(std::span<const Point>, const Stroke&, bool closed = false) = 0;
    virtual void polygon(std::span<const Point>, Colour fill) = 0;
    virtual void rectangle(const Rect&, Colour fill) = 0;
    virtual void frame(const Rect&, const Stroke&) = 0;  // the stroke lies inside the rectangle
    virtual void image(const Rect&, const Image&) = 0;   // nearest sampling
    virtual TextMetrics measure(std::string_view, const TextStyle&) = 0;
    virtual void text(Point baseline, std::string_view, const TextStyle&) = 0;  // baseline: left end
    virtual void push_clip(const Rect&) = 0;
    virtual void pop_clip() = 0;
};

}  // namespace jt
