// SPDX-License-Identifier: Apache-2.0
// ImGuiPainter: a Painter on a draw list of Dear ImGui, whose coordinates are device pixels here. Rectangles, images, clips and
// baselines lie on whole device pixels, as do lines along an axis; other lines and polygons are smoothed.
#pragma once
#include <vector>

#include "viz/figure/painter.hpp"
#include "viz/screen/gl/fonts.hpp"
#include "viz/screen/gl/texture.hpp"
#include "viz/screen/gl/texture_painter.hpp"

struct ImDrawList;

namespace jt {

class ImGuiPainter final : public Painter, public TexturePainter {
public:
    // Fonts are those in the list's texture. Everything must outlive the painter.
    ImGuiPainter(ImDrawList& list, const Fonts& fonts, TextureCache& textures, double scale);

    double scale() const override { return scale_; }
    void line(Point from, Point to, const Stroke&) override;
    void polyline(std::span<const Point>, const Stroke&, bool closed = false) override;
    void polygon(std::span<const Point>, Colour fill) override;
    void rectangle(const Rect&, Colour fill) override;
    void frame(const Rect&, const Stroke&) override;
    void image(const Rect&, const Image&) override;
    TextMetrics measure(std::string_view, const TextStyle&) override;
    void text(Point baseline, std::string_view, const TextStyle&) override;
    void push_clip(const Rect&) override;
    void pop_clip() override;

    void texture(const Rect&, unsigned gl_texture) override;

private:
    struct Box {  // device pixels
        float x0, y0, x1, y1;
        bool empty() const { return x0 >= x1 || y0 >= y1; }
    };
    Box box(const Rect&) const;  // on whole device pixels
    Box clip() const;            // what is not clipped away
    void fill(const Box&, unsigned colour);
    void axis_line(Point from, Point to, double width, unsigned colour);
    void path(const std::vector<Point>& device, double width, unsigned colour, bool closed);
    void solid(const std::vector<Point>& device, double width, unsigned colour);
    void dashes(const std::vector<Point>& device, double dash, double width, unsigned colour);

    ImDrawList& list_;
    const Fonts& fonts_;
    TextureCache& textures_;
    double scale_;
    std::vector<Point> points_, piece_;  // kept for their memory
};

}  // namespace jt
