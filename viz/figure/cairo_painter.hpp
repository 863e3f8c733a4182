// SPDX-License-Identifier: Apache-2.0
// CairoPainter: a Painter on a picture in memory, written as PNG, or on an SVG drawing.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "viz/figure/font.hpp"
#include "viz/figure/painter.hpp"

namespace jt {

class CairoPainter final : public Painter {
public:
    // Size in px at scale 1. Throws InputError for a size that is not 1 .. 32767 device pixels either way.
    CairoPainter(int width, int height, double scale = 1.0);
    // With fonts of the caller's choice; absent: Cairo's own default.
    CairoPainter(int width, int height, double scale, std::optional<FontFile> regular, std::optional<FontFile> medium);
    // An SVG drawing of width x height px, to be had from svg(). Throws InputError as above.
    struct Svg {
        int width, height;
    };
    explicit CairoPainter(Svg size);
    ~CairoPainter() override;
    CairoPainter(const CairoPainter&) = delete;
    CairoPainter& operator=(const CairoPainter&) = delete;

    double scale() const override;
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

    Image pixels() const;  // what has been drawn, device pixels; not of a drawing
    // Ends the drawing: the whole file. Texts are outlines, so that no font is needed to see it. Throws Error for a picture.
    std::string svg();

    // Written beside the target, then renamed: the target is the whole picture or what it was before. Throws DiskError naming
    // the file and the reason.
    void write_png(const std::filesystem::path&) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
