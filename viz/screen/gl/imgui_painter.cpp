// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/gl/imgui_painter.hpp"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

#include "viz/figure/text.hpp"
#include "viz/screen/gl/polygon.hpp"

namespace jt {

namespace {

// Farther out nothing is drawn exactly: floats of the draw list stay exact to 1/16 pixel within it.
constexpr double kFar = 1e6;
// Vertices of one primitive must be fewer than 16-bit indices reach.
constexpr std::size_t kPieceOfLine = 8000, kPolygonPoints = 20000;
// Sharper turns than a right angle are not mitred: the tip would stand out far beyond the point.
constexpr double kMitre = 0.0;

unsigned packed(Colour c, double coverage = 1.0) {
    return IM_COL32(c.r, c.g, c.b, unsigned(c.a * std::clamp(coverage, 0.0, 1.0) + 0.5));
}

bool finite(Point p) {
    return std::isfinite(p.x) && std::isfinite(p.y);
}

ImVec2 vec(Point p) {
    return {float(p.x), float(p.y)};
}

Point towards(Point a, Point b, double share) {
    return {a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share};
}

// The part of a segment inside a box, as shares of its length.
std::optional<std::array<double, 2>> part_inside(Point a, Point b, double x0, double y0, double x1, double y1) {
    double from = 0.0, to = 1.0;
    const auto cut = [&](double start, double step, double low, double high) {
        if (step == 0.0) return start >= low && start <= high;
        const double t0 = (low - start) / step, t1 = (high - start) / step;
        from = std::max(from, std::min(t0, t1)), to = std::min(to, std::max(t0, t1));
        return from <= to;
    };
    if (!cut(a.x, b.x - a.x, x0, x1) || !cut(a.y, b.y - a.y, y0, y1)) return std::nullopt;
    return std::array<double, 2>{from, to};
}

ImTextureID texture_id(unsigned name) {
    return reinterpret_cast<ImTextureID>(std::uintptr_t(name));
}

}  // namespace

ImGuiPainter::ImGuiPainter(ImDrawList& list, const Fonts& fonts, TextureCache& textures, double scale)
    : list_(list), fonts_(fonts), textures_(textures), scale_(scale) {}

ImGuiPainter::Box ImGuiPainter::box(const Rect& r) const {
    const auto edge = [&](double v) { return float(std::clamp(std::round(v * scale_), -kFar, kFar)); };
    if (!finite({r.x, r.y}) || !finite({r.w, r.h}) || r.w <= 0.0 || r.h <= 0.0) return {0, 0, 0, 0};
    Box b{edge(r.x), edge(r.y), edge(r.right()), edge(r.bottom())};
    // What is there must show.
    if (b.x1 == b.x0) b.x0 = float(std::clamp(std::floor(r.x * scale_), -kFar, kFar)), b.x1 = b.x0 + 1;
    if (b.y1 == b.y0) b.y0 = float(std::clamp(std::floor(r.y * scale_), -kFar, kFar)), b.y1 = b.y0 + 1;
    return b;
}

ImGuiPainter::Box ImGuiPainter::clip() const {
    const ImVec4& c = list_._ClipRectStack.back();
    return {c.x, c.y, c.z, c.w};
}

void ImGuiPainter::fill(const Box& b, unsigned colour) {
    if (!b.empty()) list_.AddRectFilled({b.x0, b.y0}, {b.x1, b.y1}, colour);
}

void ImGuiPainter::rectangle(const Rect& r, Colour colour) {
    fill(box(r), packed(colour));
}

void ImGuiPainter::frame(const Rect& r, const Stroke& stroke) {
    if (stroke.dash > 0.0) {
        const double half = stroke.width / 2;
        const Rect in = r.shrunk(half);
        const Point corners[] = {{in.x, in.y}, {in.right(), in.y}, {in.right(), in.bottom()}, {in.x, in.bottom()}};
        polyline(corners, stroke, true);
        return;
    }
    const Box b = box(r);
    const float w = float(std::max(1.0, std::round(stroke.width * scale_)));
    const unsigned colour = packed(stroke.colour);
    if (b.x1 - b.x0 <= 2 * w || b.y1 - b.y0 <= 2 * w) return fill(b, colour);
    fill({b.x0, b.y0, b.x1, b.y0 + w}, colour);
    fill({b.x0, b.y1 - w, b.x1, b.y1}, colour);
    fill({b.x0, b.y0 + w, b.x0 + w, b.y1 - w}, colour);
    fill({b.x1 - w, b.y0 + w, b.x1, b.y1 - w}, colour);
}

void ImGuiPainter::axis_line(Point from, Point to, double width, unsigned colour) {
    const double w = std::max(1.0, std::round(width));
    const auto across = [&](double centre) { return float(std::floor(centre - w / 2 + 0.5)); };
    const auto end = [](double v) { return float(std::round(v)); };
    if (from.y == to.y) {
        const float y = across(from.y);
        fill({end(std::min(from.x, to.x)), y, end(std::max(from.x, to.x)), y + float(w)}, colour);
    } else {
        const float x = across(from.x);
        fill({x, end(std::min(from.y, to.y)), x + float(w), end(std::max(from.y, to.y))}, colour);
    }
}

void ImGuiPainter::line(Point from, Point to, const Stroke& stroke) {
    const Point ends[] = {from, to};
    polyline(ends, stroke);
}

void ImGuiPainter::polyline(std::span<const Point> points, const Stroke& stroke, bool closed) {
    const double width = stroke.width * scale_;
    if (points.size() < 2 || !(width > 0.0)) return;
    // A line thinner than a pixel is one pixel wide, fainter.
    const unsigned colour = packed(stroke.colour, std::min(width, 1.0));
    const auto draw = [&](bool as_closed) {
        if (stroke.dash > 0.0) {
            if (as_closed) points_.push_back(points_.front());
            dashes(points_, stroke.dash * scale_, width, colour);
        } else {
            path(points_, std::max(width, 1.0), colour, as_closed);
        }
        points_.clear();
    };
    points_.clear();
    bool whole = true;
    for (const Point& p : points) {
        if (finite(p)) {
            points_.push_back({p.x * scale_, p.y * scale_});
            continue;
        }
        whole = false;  // a gap
        if (points_.size() >= 2) draw(false);
        points_.clear();
    }
    if (points_.size() >= 2) draw(closed && whole && points_.size() > 2);
}

// Far points are cut off, so that what is near stays exact.
void ImGuiPainter::path(const std::vector<Point>& device, double width, unsigned colour, bool closed) {
    const auto far = [](Point p) { return std::abs(p.x) > kFar || std::abs(p.y) > kFar; };
    if (device.size() == 2 && (device[0].x == device[1].x || device[0].y == device[1].y) && !far(device[0]) && !far(device[1]))
        return axis_line(device[0], device[1], width, colour);
    std::vector<Point>& piece = piece_;
    piece.clear();
    const auto end_piece = [&] {
        if (piece.size() >= 2) solid(piece, width, colour);
        piece.clear();
    };
    const std::size_t count = device.size() + (closed ? 1 : 0);
    for (std::size_t n = 0; n < count; ++n) {
        const Point p = device[n % device.size()];
        if (n > 0) {
            const Point before = device[n - 1];
            if (far(p) || far(before)) {
                end_piece();
                const auto part = part_inside(before, p, -kFar, -kFar, kFar, kFar);
                if (!part) continue;
                piece = {towards(before, p, (*part)[0]), towards(before, p, (*part)[1])};
                if (far(p)) end_piece();
                continue;
            }
            if (piece.empty()) piece.push_back(before);
            if (p.x == piece.back().x && p.y == piece.back().y) continue;
            if (piece.size() >= 2) {
                const Point a = piece[piece.size() - 2], b = piece.back();
                const double along = (b.x - a.x) * (p.x - b.x) + (b.y - a.y) * (p.y - b.y);
                if (along < kMitre || piece.size() >= kPieceOfLine) {
                    end_piece();
                    piece.push_back(before);
                }
            }
            piece.push_back(p);
        } else if (!far(p)) {
            piece.push_back(p);
        }
    }
    end_piece();
}

void ImGuiPainter::solid(const std::vector<Point>& device, double width, unsigned colour) {
    list_._Path.resize(0);
    for (const Point& p : device) list_._Path.push_back(vec(p));
    const bool ring = device.size() > 3 && device.front().x == device.back().x && device.front().y == device.back().y;
    list_.AddPolyline(list_._Path.Data, list_._Path.Size - (ring ? 1 : 0), colour, ring ? ImDrawFlags_Closed : ImDrawFlags_None,
                      float(width));
    list_._Path.resize(0);
}

// Only what is inside the clip is cut into dashes: a line may be much longer than the screen.
void ImGuiPainter::dashes(const std::vector<Point>& device, double dash, double width, unsigned colour) {
    dash = std::max(dash, 1.0);
    const Box c = clip();
    std::vector<Point> one;
    const auto end_dash = [&] {
        if (one.size() >= 2) path(one, std::max(width, 1.0), colour, false);
        one.clear();
    };
    double phase = 0.0;  // length so far, modulo a dash and a gap
    for (std::size_t n = 1; n < device.size(); ++n) {
        const Point a = device[n - 1], b = device[n];
        const double length = std::hypot(b.x - a.x, b.y - a.y);
        const auto part = part_inside(a, b, c.x0 - width, c.y0 - width, c.x1 + width, c.y1 + width);
        if (length > 0.0 && part) {
            const double from = (*part)[0] * length, to = (*part)[1] * length;
            if (from > 0.0) end_dash();
            double at = from, within = std::fmod(phase + from, 2 * dash);
            while (at < to) {
                const bool on = within < dash;
                const double next = std::min(to, at + (on ? dash - within : 2 * dash - within));
                if (on) {
                    if (one.empty()) one.push_back(towards(a, b, at / length));
                    one.push_back(towards(a, b, next / length));
                }
                within += next - at;
                if (within >= 2 * dash - 1e-9) within = 0.0;
                if (!on || within >= dash - 1e-9) end_dash();
                if (on && within >= dash - 1e-9) within = dash;
                if (next <= at) break;
                at = next;
            }
        } else {
            end_dash();
        }
        phase = std::fmod(phase + length, 2 * dash);
    }
    end_dash();
}

void ImGuiPainter::polygon(std::span<const Point> points, Colour fill_colour) {
    if (points.size() < 3 || points.size() > kPolygonPoints) return;
    points_.clear();
    for (const Point& p : points) {
        if (!finite(p)) return;
        const Point d{std::clamp(p.x * scale_, -kFar, kFar), std::clamp(p.y * scale_, -kFar, kFar)};
        if (points_.empty() || d.x != points_.back().x || d.y != points_.back().y) points_.push_back(d);
    }
    while (points_.size() > 1 && points_.front().x == points_.back().x && points_.front().y == points_.back().y)
        points_.pop_back();
    const std::size_t count = points_.size();
    if (count < 3) return;
    const auto triangles = triangles_of(points_);
    double area = 0.0;
    for (std::size_t n = 0; n < count; ++n) {
        const Point a = points_[n], b = points_[(n + 1) % count];
        area += a.x * b.y - b.x * a.y;
    }
    const double outward = area > 0.0 ? 1.0 : -1.0;
    // A fringe of one pixel about the edge fades to nothing.
    const unsigned colour = packed(fill_colour), clear = colour & ~IM_COL32_A_MASK;
    const ImVec2 uv = ImGui::GetFontTexUvWhitePixel();
    const auto normal = [&](Point a, Point b) {
        const double length = std::hypot(b.x - a.x, b.y - a.y);
        return Point{outward * (b.y - a.y) / length, outward * (a.x - b.x) / length};
    };
    list_.PrimReserve(int(triangles.size() * 3 + count * 6), int(count * 2));
    const unsigned base = list_._VtxCurrentIdx;
    Point before = normal(points_[count - 1], points_[0]);
    for (std::size_t n = 0; n < count; ++n) {
        const Point p = points_[n], after = normal(p, points_[(n + 1) % count]);
        Point mean{(before.x + after.x) / 2, (before.y + after.y) / 2};
        const double square = std::max(mean.x * mean.x + mean.y * mean.y, 0.25);  // tips stand out 1 px at most
        mean = {mean.x / square / 2, mean.y / square / 2};
        list_.PrimWriteVtx(vec({p.x - mean.x, p.y - mean.y}), uv, colour);
        list_.PrimWriteVtx(vec({p.x + mean.x, p.y + mean.y}), uv, clear);
        before = after;
    }
    const auto index = [&](unsigned n) { list_.PrimWriteIdx(ImDrawIdx(base + n)); };
    for (const auto& t : triangles)
        for (const unsigned n : t) index(2 * n);
    for (unsigned n = 0, all = unsigned(count); n < all; ++n) {
        const unsigned a = 2 * n, b = 2 * ((n + 1) % all);
        index(a), index(b), index(b + 1);
        index(a), index(b + 1), index(a + 1);
    }
}

void ImGuiPainter::image(const Rect& r, const Image& image) {
    if (image.width <= 0 || image.height <= 0 || image.pixels.empty()) return;
    texture(r, textures_.of(image).name());
}

void ImGuiPainter::texture(const Rect& r, unsigned gl_texture) {
    const Box b = box(r);
    if (!b.empty()) list_.AddImage(texture_id(gl_texture), {b.x0, b.y0}, {b.x1, b.y1});
}

TextMetrics ImGuiPainter::measure(std::string_view text, const TextStyle& style) {
    const auto match = fonts_.match(style);
    double width = 0.0;
    while (!text.empty()) {
        const char32_t code = next_character(text);
        width += match.font->FindGlyph(ImWchar(code > 0xFFFF ? 0xFFFD : code))->AdvanceX;
    }
    return {width * match.factor / scale_, match.ascent, match.descent};
}

void ImGuiPainter::text(Point baseline, std::string_view text, const TextStyle& style) {
    if (text.empty() || !finite(baseline)) return;
    const auto match = fonts_.match(style);
    const auto k = float(match.factor);
    float x = float(std::round(baseline.x * scale_));
    const float top = float(std::round(baseline.y * scale_)) - float(match.baked_ascent) * k;
    const Box c = clip();
    const unsigned colour = packed(style.colour);
    constexpr std::size_t kRun = 4096;  // glyphs reserved at a time
    while (!text.empty() && x < c.x1) {
        const int most = int(std::min(text.size(), kRun));
        list_.PrimReserve(6 * most, 4 * most);
        int drawn = 0;
        for (int n = 0; n < most && !text.empty() && x < c.x1; ++n) {
            const char32_t code = next_character(text);
            const ImFontGlyph* glyph = match.font->FindGlyph(ImWchar(code > 0xFFFF ? 0xFFFD : code));
            if (glyph->Visible && x + glyph->X1 * k > c.x0) {
                list_.PrimRectUV({x + glyph->X0 * k, top + glyph->Y0 * k}, {x + glyph->X1 * k, top + glyph->Y1 * k},
                                 {glyph->U0, glyph->V0}, {glyph->U1, glyph->V1}, colour);
                ++drawn;
            }
            x += glyph->AdvanceX * k;
        }
        list_.PrimUnreserve(6 * (most - drawn), 4 * (most - drawn));
    }
}

void ImGuiPainter::push_clip(const Rect& r) {
    const auto edge = [&](double v) { return float(std::clamp(std::round(v * scale_), -kFar, kFar)); };
    const float x0 = edge(r.x), y0 = edge(r.y);
    list_.PushClipRect({x0, y0}, {std::max(x0, edge(r.right())), std::max(y0, edge(r.bottom()))}, true);
}

void ImGuiPainter::pop_clip() {
    // The first one is the list's own.
    if (list_._ClipRectStack.Size > 1) list_.PopClipRect();
}

}  // namespace jt
