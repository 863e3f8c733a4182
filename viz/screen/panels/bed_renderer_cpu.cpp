// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/bed_renderer_cpu.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "viz/screen/panels/bed_geometry.hpp"

namespace jt {

namespace {

constexpr float kNothing = -std::numeric_limits<float>::infinity();
constexpr double kStrokeStep = 2.0;  // px between looks at whether a stroke is hidden

std::uint8_t byte_of(double v) {
    return std::uint8_t(std::clamp(v, 0.0, 1.0) * 255.0 + 0.5);
}

}  // namespace

int crease_run(const Extents& e, double device_px_per_m) {
    return std::clamp(int(std::ceil(1.5 * std::max({e.hx, e.hy, e.hz}) * device_px_per_m)), 3, 32);
}

std::vector<float> crease_strength(int width, int height, const std::vector<std::int8_t>& axis, const std::vector<float>& depth,
                                   const Projection& p, double device_px_per_m, const Extents& e) {
    std::vector<float> strength(axis.size(), 0.0f);
    const double px = 1.0 / device_px_per_m;
    const int run = crease_run(e, device_px_per_m);
    const double jump = std::max(1.5 * std::min({e.hx, e.hy, e.hz}), 3.0 * px);
    const auto at = [&](int c, int r) {
        return c < 0 || r < 0 || c >= width || r >= height ? -1
                                                           : int(axis[std::size_t(r) * std::size_t(width) + std::size_t(c)]);
    };
#pragma omp parallel for schedule(static)
    for (int r = 0; r < height; ++r)
        for (int c = 0; c < width; ++c) {
            const std::size_t here = std::size_t(r) * std::size_t(width) + std::size_t(c);
            const int own = axis[here];
            if (own < 0) continue;
            const std::size_t a = std::size_t(own);
            double most = 0.0;
            for (int way = 0; way < 4; ++way) {
                const int dx = way == 0 ? 1 : way == 1 ? -1 : 0, dy = way == 2 ? 1 : way == 3 ? -1 : 0;
                if (c + dx < 0 || r + dy < 0 || c + dx >= width || r + dy >= height) continue;
                const int other = at(c + dx, r + dy);
                if (other < 0) {
                    most = kSilhouette;
                    continue;
                }
                // Depth on the plane seen here, one pixel on: towards the eye positive.
                const double slope = std::abs(p.toward[a]) < 1e-6 ? 0.0 : -px * (dx * p.right[a] - dy * p.up[a]) / p.toward[a];
                const double off =
                    double(depth[std::size_t(r + dy) * std::size_t(width) + std::size_t(c + dx)]) - double(depth[here]) - slope;
                if (std::abs(off) > jump) {
                    most = kSilhouette;
                } else if (other != own && (dx > 0 || dy > 0)) {
                    const int back = at(c - run * dx, r - run * dy), on = at(c + run * dx, r + run * dy);
                    const bool plain = (back < 0 || back == own) && (on < 0 || on == other);
                    most = std::max(most, plain ? kCrease : kStair);
                }
            }
            strength[here] = float(most);
        }
    return strength;
}

std::optional<double> BedRendererCpu::draw(Painter& painter, const Rect& at, const BedScene& scene) {
    const Theme& theme = scene.theme ? *scene.theme : grey_theme();
    const Extents& e = scene.field.extents;
    const double full = painter.scale();
    const bool coarse = scene.moving;
    const double scale = coarse ? full / 2 : full;
    const int w = std::max(1, int(std::lround(at.w * scale))), h = std::max(1, int(std::lround(at.h * scale)));
    const Projection p = bed_projection(scene.camera, e, {0, 0, at.w, at.h});
    const Camera& k = scene.camera;
    const Key key{scene.frame.get(),
                  scene.field.values.data(),
                  scene.version,
                  scene.scale.map,
                  scene.scale.range.scale,
                  {k.yaw, k.pitch, k.zoom, k.pan_x, k.pan_y, scene.clip[0], scene.clip[1], scene.clip[2], scene.clip[3],
                   scene.clip[4], scene.clip[5], scene.iso_value, scene.scale.range.low, scene.scale.range.high, scale},
                  scene.cell,
                  int(scene.mode),
                  scene.normal,
                  w,
                  h,
                  scene.smooth,
                  scene.theme};
    if (!key_ || !(*key_ == key)) {
        const BedCaster caster(scene, p);
        image_ = Image(w, h);
        const std::size_t count = std::size_t(w) * std::size_t(h);
        depth_.assign(count, kNothing);
        std::vector<std::int8_t> axis(count, -1);
#pragma omp parallel for schedule(dynamic, 8)
        for (int row = 0; row < h; ++row)
            for (int column = 0; column < w; ++column) {
                const auto pixel = caster.shade({(column + 0.5) / scale, (row + 0.5) / scale}, column, row, scale);
                if (pixel.a <= 0.0) continue;
                const std::size_t n = std::size_t(row) * std::size_t(w) + std::size_t(column);
                image_.pixels[n] = {byte_of(pixel.r / pixel.a), byte_of(pixel.g / pixel.a), byte_of(pixel.b / pixel.a),
                                    byte_of(pixel.a)};
                if (pixel.hit && pixel.a > 0.5) depth_[n] = float(pixel.hit->depth), axis[n] = std::int8_t(pixel.hit->axis);
            }
        if (scene.mode == BedMode::cutaway) {
            const auto strength = crease_strength(w, h, axis, depth_, p, p.px_per_m * scale, e);
            for (std::size_t n = 0; n < count; ++n) {
                const double f = double(strength[n]);
                Colour& c = image_.pixels[n];
                const auto mix = [f](std::uint8_t a, std::uint8_t b) { return std::uint8_t(a + f * (double(b) - a) + 0.5); };
                c = {mix(c.r, kCreaseInk.r), mix(c.g, kCreaseInk.g), mix(c.b, kCreaseInk.b), c.a};
            }
        }
        key_ = key;
    }
    const Projection q = bed_projection(scene.camera, e, at);
    const BedLines lines = bed_lines(scene, q);
    painter.push_clip(at);
    painter.rectangle(at, theme.backdrop);
    for (const BedPlate& plate : lines.plates) {
        std::array<Point, 4> outline;
        for (std::size_t n = 0; n < 4; ++n) outline[n] = q(plate.corners[n]);
        painter.polygon(outline, plate.fill);
    }
    const auto draw_all = [&](const BedStroke& stroke) {
        std::vector<Point> points;
        for (const Vec3& one : stroke.points) points.push_back(q(one));
        painter.polyline(points, {stroke.colour, stroke.width, 0.0});
    };
    const auto seen = [&](const Vec3& one, double lift) {
        const Point pixel = p(one);
        const int column = int(std::floor(pixel.x * scale)), row = int(std::floor(pixel.y * scale));
        if (column < 0 || row < 0 || column >= w || row >= h) return true;
        const double front = double(depth_[std::size_t(row) * std::size_t(w) + std::size_t(column)]);
        return depth_of(p, one) + (lift + 0.5) / p.px_per_m >= front;
    };
    for (const BedStroke& stroke : lines.strokes)
        if (stroke.behind) draw_all(stroke);
    painter.image(at, image_);
    for (const BedStroke& stroke : lines.strokes) {
        if (stroke.behind) continue;
        if (!stroke.hidden) {
            draw_all(stroke);
            continue;
        }
        std::vector<Point> run;
        const auto end_run = [&] {
            if (run.size() > 1) painter.polyline(run, {stroke.colour, stroke.width, 0.0});
            run.clear();
        };
        for (std::size_t n = 0; n + 1 < stroke.points.size(); ++n) {
            const Vec3 &a = stroke.points[n], &b = stroke.points[n + 1];
            const Point pa = q(a), pb = q(b);
            const int steps = std::clamp(int(std::hypot(pb.x - pa.x, pb.y - pa.y) / kStrokeStep) + 1, 1, 2000);
            for (int s = n == 0 ? 0 : 1; s <= steps; ++s) {
                const double f = double(s) / steps;
                const Vec3 one{a[0] + f * (b[0] - a[0]), a[1] + f * (b[1] - a[1]), a[2] + f * (b[2] - a[2])};
                if (seen(one, stroke.lift))
                    run.push_back(q(one));
                else
                    end_run();
            }
        }
        end_run();
    }
    painter.pop_clip();
    return coarse ? std::optional<double>(0.3) : std::nullopt;
}

}  // namespace jt
