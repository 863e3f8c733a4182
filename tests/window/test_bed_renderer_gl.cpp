// SPDX-License-Identifier: Apache-2.0
// Pictures of the bed against what is known of the field: colours of cells, shapes, opacity; and against the renderer on the
// processor, which goes another way to the same picture.
#include "viz/screen/gl/bed_renderer_gl.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "egl_fixture.hpp"
#include "viz/figure/cairo_painter.hpp"
#include "viz/screen/gl/texture_painter.hpp"
#include "viz/screen/panels/bed_geometry.hpp"
#include "viz/screen/panels/bed_renderer_cpu.hpp"

namespace jt {
namespace {

constexpr float kVoid = std::numeric_limits<float>::quiet_NaN();
constexpr int kWidth = 430, kHeight = 300;

class BedRendererGlTest : public EglFixture {
protected:
    void SetUp() override {
        EglFixture::SetUp();
        if (!HasFatalFailure()) renderer = std::make_unique<BedRendererGl>();
    }
    void TearDown() override {
        renderer.reset();
        EglFixture::TearDown();
    }
    void fill(const Extents& extents, const auto& value) {
        e = extents;
        values.resize(e.count());
        for (int k = 0; k < e.nz; ++k)
            for (int j = 0; j < e.ny; ++j)
                for (int i = 0; i < e.nx; ++i)
                    values[e.index(i, j, k)] = float(value((i + 0.5) * e.hx, (j + 0.5) * e.hy, (k + 0.5) * e.hz));
        scene.field = {e, values};
        scene.theme = &grey_theme();
        scene.probe = false;
        ++scene.version;
    }
    Projection projection() const { return bed_projection(scene.camera, e, {0, 0, double(kWidth), double(kHeight)}); }
    Image picture() { return renderer->render_image(scene, kWidth, kHeight); }
    // Whether a line of the picture (box, planes, electrodes) passes within two pixels.
    static bool on_line(const BedLines& lines, const Projection& p, Point at) {
        for (const BedStroke& stroke : lines.strokes)
            for (std::size_t n = 0; n + 1 < stroke.points.size(); ++n) {
                const Point a = p(stroke.points[n]), b = p(stroke.points[n + 1]);
                const double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
                const double f = square > 0 ? std::clamp(((at.x - a.x) * dx + (at.y - a.y) * dy) / square, 0.0, 1.0) : 0.0;
                if (std::hypot(a.x + f * dx - at.x, a.y + f * dy - at.y) < 2.0) return true;
            }
        return false;
    }
    static Colour at(const Image& image, Point p) { return image.at(int(std::floor(p.x)), int(std::floor(p.y))); }
    static void expect_colour(Colour got, Colour expected, int tolerance, const std::string& where) {
        EXPECT_NEAR(got.r, expected.r, tolerance) << where;
        EXPECT_NEAR(got.g, expected.g, tolerance) << where;
        EXPECT_NEAR(got.b, expected.b, tolerance) << where;
    }

    Extents e;
    std::vector<float> values;
    BedScene scene;
    std::unique_ptr<BedRendererGl> renderer;
};

std::string text_of(int i, int j, int k) {
    return std::to_string(i) + " " + std::to_string(j) + " " + std::to_string(k);
}

TEST_F(BedRendererGlTest, CellsOfALinearFieldHaveTheirColoursOnCutawayAndSlices) {
    fill({20, 10, 6, 1e-3, 1e-3, 1.5e-3}, [](double x, double, double) { return x * 1e3; });
    scene.scale = {ColourMapId::inferno, make_range(Scale::linear, 0, 20)};
    scene.cell = {14, 4, 3};
    for (const double yaw : {0.6, -0.7, 2.3, -2.6})
        for (const double pitch : {0.5, -0.5})
            for (const BedMode mode : {BedMode::cutaway, BedMode::slices}) {
                scene.mode = mode, scene.camera.yaw = yaw, scene.camera.pitch = pitch;
                const Image image = picture();
                const Projection p = projection();
                const BedCaster caster(scene, p);
                int compared = 0;
                for (int j = 0; j < e.ny; ++j)
                    for (int i = 0; i < e.nx; ++i)
                        for (int k = 0; k < e.nz; ++k) {
                            Vec3 centre{(i + 0.5) * e.hx, (j + 0.5) * e.hy, (k + 0.5) * e.hz};
                            if (mode == BedMode::cutaway) centre[2] += (p.toward[2] > 0 ? 0.5 : -0.5) * e.hz;
                            const Point place = p(centre);
                            const auto hit = caster.pick({std::floor(place.x) + 0.5, std::floor(place.y) + 0.5});
                            if (!hit || hit->cell != std::array<int, 3>{i, j, k}) continue;
                            if (mode == BedMode::cutaway && hit->axis != 2) continue;
                            // Lines of the picture take precedence: skip cells at the rim of faces.
                            bool rim = false;
                            for (const auto& [dx, dy] : {std::pair{2, 0}, {-2, 0}, {0, 2}, {0, -2}}) {
                                const auto near = caster.pick({std::floor(place.x) + 0.5 + dx, std::floor(place.y) + 0.5 + dy});
                                rim = rim || !near || near->axis != hit->axis || std::abs(near->depth - hit->depth) > 2 * e.hx;
                            }
                            rim = rim || on_line(bed_lines(scene, p), p, place);
                            if (rim) continue;
                            expect_colour(at(image, place), scene.scale(values[e.index(i, j, k)]).colour, 2, text_of(i, j, k));
                            ++compared;
                        }
                EXPECT_GT(compared, 40) << yaw << " " << pitch << " " << int(mode);
            }
}

TEST_F(BedRendererGlTest, BothRenderersDrawTheSamePicture) {
    std::uint32_t state = 7;
    for (int mode = 0; mode < 4; ++mode)
        for (const bool smooth : {false, true})
            for (const auto map : {ColourMapId::viridis, ColourMapId::diverging}) {
                fill({16, 12, 9, 1e-3, 0.8e-3, 1.3e-3}, [&](double x, double y, double z) {
                    state = state * 1664525u + 1013904223u;
                    if (state >> 28 == 0) return double(kVoid);
                    return 500 + 3e4 * x + 2e4 * std::sin(300 * y) * x + 1e4 * z;
                });
                scene.scale = {map, make_range(map == ColourMapId::viridis ? Scale::linear : Scale::log2, 520, 1100)};
                scene.mode = BedMode(mode), scene.smooth = smooth, scene.cell = {9, 5, 4}, scene.iso_value = 800;
                scene.camera.yaw = 0.9 + 0.4 * mode, scene.camera.pitch = smooth ? -0.4 : 0.6;
                scene.clip = {0.03, 0.97, 0, 1, 0, 0.93};
                const Image got = picture();
                const Projection p = projection();
                const BedCaster caster(scene, p);
                const BedLines lines = bed_lines(scene, p);
                const Colour back = grey_theme().backdrop;
                int far = 0, all = 0;
                for (int row = 0; row < kHeight; ++row)
                    for (int column = 0; column < kWidth; ++column) {
                        const auto pixel = caster.shade({column + 0.5, row + 0.5}, column, row, 1.0);
                        if (pixel.a == 0.0 || on_line(lines, p, {column + 0.5, row + 0.5})) continue;
                        // Creases of the cutaway: where neighbours differ.
                        if (mode == 0) {
                            bool crease = false;
                            for (const auto& [dx, dy] : {std::pair{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
                                const auto near = caster.pick({column + 0.5 + dx, row + 0.5 + dy});
                                crease = crease || !near || near->axis != pixel.hit->axis ||
                                         std::abs(near->depth - pixel.hit->depth) > e.hy;
                            }
                            if (crease) continue;
                        }
                        ++all;
                        const Colour c = got.at(column, row);
                        const auto off = [](std::uint8_t a, double premultiplied, std::uint8_t under, double alpha) {
                            return std::abs(double(a) - 255.0 * premultiplied - (1.0 - alpha) * double(under));
                        };
                        far += std::max({off(c.r, pixel.r, back.r, pixel.a), off(c.g, pixel.g, back.g, pixel.a),
                                         off(c.b, pixel.b, back.b, pixel.a)}) > 4.0;
                    }
                EXPECT_GT(all, 6000);
                // Rounding moves edges of cells by a pixel here and there; surfaces next to void are sought in other steps.
                EXPECT_LT(double(far) / all, mode == 2 ? 0.10 : 0.005) << mode << " " << smooth;
            }
}

TEST_F(BedRendererGlTest, ASphereHasItsSilhouette) {
    const double radius = 3e-3, middle = 5e-3;
    fill({40, 40, 40, 0.25e-3, 0.25e-3, 0.25e-3}, [&](double x, double y, double z) {
        return 1e3 * std::sqrt((x - middle) * (x - middle) + (y - middle) * (y - middle) + (z - middle) * (z - middle));
    });
    scene.scale = {ColourMapId::viridis, make_range(Scale::linear, 0, 9)};
    scene.mode = BedMode::iso, scene.iso_value = 1e3 * radius;
    scene.cell = {0, 0, 0};  // the plane lies aside, at the floor
    scene.camera.pitch = 0.02;
    const Image image = picture();
    const Projection p = projection();
    const Point c = p({middle, middle, middle});
    const double expected = radius * p.px_per_m;
    const Colour back = grey_theme().backdrop;
    for (const double angle : {0.3, 1.0, 1.9, 2.8, 3.5, 4.1, 5.3, 6.0}) {
        double last = 0.0;
        for (double r = 0; r < expected + 12; r += 0.25) {
            const Colour one = at(image, {c.x + r * std::cos(angle), c.y + r * std::sin(angle)});
            if (std::abs(int(one.r) - int(back.r)) + std::abs(int(one.g) - int(back.g)) > 12) last = r;
        }
        EXPECT_NEAR(last, expected, 1.5) << angle;
    }
}

TEST_F(BedRendererGlTest, OpacityOfAUniformVolumeFollowsThePath) {
    const double position = 0.4;
    fill({12, 8, 6, 1e-3, 1e-3, 1e-3}, [&](double, double, double) { return position; });
    scene.scale = {ColourMapId::inferno, make_range(Scale::linear, 0, 1)};
    scene.mode = BedMode::volume;
    scene.camera.yaw = 0.0;
    const Colour colour = colour_at(ColourMapId::inferno, position), back = grey_theme().backdrop;
    const double mu = extinction_of(position) / 6e-3;
    for (const double pitch : {0.0, 0.35, 0.9}) {
        scene.camera.pitch = pitch;
        const Image image = picture();
        const Projection p = projection();
        for (const double height : {1e-3, 2e-3, 3e-3, 4.2e-3}) {
            // A ray that meets the front face there: until it leaves through the back or the floor.
            const double depth = std::min(8e-3 / std::cos(pitch), pitch > 0 ? height / std::sin(pitch) : 1e9);
            const Point place = p({5.2e-3, 0, height});
            const Point pixel{std::floor(place.x) + 0.5, std::floor(place.y) + 0.5};
            // Of the pixel's own middle.
            const double moved = (place.y - pixel.y) / p.px_per_m / std::cos(pitch);
            const double path = std::min(8e-3 / std::cos(pitch), pitch > 0 ? (height + moved) / std::sin(pitch) : 1e9);
            (void)depth;
            const double alpha = 1.0 - std::exp(-mu * path);
            const Colour got = at(image, place);
            EXPECT_NEAR(got.r, back.r + alpha * (colour.r - back.r), 2.01) << pitch << " " << height;
            EXPECT_NEAR(got.b, back.b + alpha * (colour.b - back.b), 2.01) << pitch << " " << height;
        }
    }
}

TEST_F(BedRendererGlTest, VoidLetsRaysPassAndTheClipRemoves) {
    fill({10, 10, 10, 1e-3, 1e-3, 1e-3}, [](double x, double y, double) {
        return std::abs(x - 5e-3) < 2e-3 && y < 9e-3 ? double(kVoid) : y > 9e-3 ? 1.0 : 0.0;
    });
    scene.scale = {ColourMapId::viridis, make_range(Scale::linear, 0, 1)};
    scene.mode = BedMode::cutaway;
    scene.camera.yaw = 0.0, scene.camera.pitch = 0.0;
    const Projection p = projection();
    const Point through = p({5.5e-3, 0, 3.2e-3}), beside = p({1.5e-3, 0, 3.2e-3});
    Image image = picture();
    expect_colour(at(image, through), colour_at(ColourMapId::viridis, 1.0), 2, "the wall behind the gap");
    expect_colour(at(image, beside), colour_at(ColourMapId::viridis, 0.0), 2, "beside the gap");
    scene.clip = {0, 1, 0, 0.85, 0, 1};
    image = picture();
    expect_colour(at(image, through), grey_theme().backdrop, 2, "the wall is clipped away");
    expect_colour(at(image, beside), colour_at(ColourMapId::viridis, 0.0), 2, "beside the gap, clipped behind");
}

TEST_F(BedRendererGlTest, ValuesOutsideTheRangeAreTicked) {
    fill({6, 6, 6, 1e-3, 1e-3, 1e-3}, [](double, double, double) { return 3.0; });
    scene.scale = {ColourMapId::viridis, make_range(Scale::linear, 0, 1)};
    scene.camera.pitch = 0.5;
    for (const bool smooth : {false, true}) {
        scene.smooth = smooth;
        const Image image = picture();
        const Point c = projection()({2e-3, 4e-3, 6e-3});
        int white = 0, end = 0;
        for (int row = int(c.y) - 10; row < int(c.y) + 8; ++row)
            for (int column = int(c.x) - 9; column < int(c.x) + 9; ++column) {
                const bool tick = on_tick(Datum::above, column, row, 1.0);
                expect_colour(image.at(column, row), tick ? hex(0xFFFFFF) : colour_at(ColourMapId::viridis, 1.0), 2, "tick");
                (tick ? white : end) += 1;
            }
        EXPECT_GT(white, 20);
        EXPECT_GT(end, 200);
    }
}

TEST_F(BedRendererGlTest, ElectrodesStandAtTheirFaces) {
    for (int face = 0; face < 6; ++face) {
        fill({8, 8, 8, 1e-3, 1e-3, 1e-3}, [](double, double, double) { return 0.0; });
        scene.scale = {ColourMapId::viridis, make_range(Scale::linear, 0, 1)};
        scene.electrodes.clear();
        const Image without = picture();
        scene.electrodes = {{Face(face), true}};
        const Image with = picture();
        const Projection p = projection();
        // What has changed lies where the plate is.
        const auto corners = electrode_plate(e, Face(face), kPlateGap / p.px_per_m);
        double x0 = 1e9, x1 = -1e9, y0 = 1e9, y1 = -1e9;
        for (const Vec3& corner : corners) {
            const Point q = p(corner);
            x0 = std::min(x0, q.x), x1 = std::max(x1, q.x), y0 = std::min(y0, q.y), y1 = std::max(y1, q.y);
        }
        int changed = 0;
        for (int row = 0; row < kHeight; ++row)
            for (int column = 0; column < kWidth; ++column) {
                if (with.at(column, row) == without.at(column, row)) continue;
                ++changed;
                EXPECT_TRUE(column > x0 - 3 && column < x1 + 3 && row > y0 - 3 && row < y1 + 3) << face;
            }
        EXPECT_GT(changed, 150) << face;
        scene.electrodes.clear();
    }
}

TEST_F(BedRendererGlTest, StreamlinesAreSeenInTheAirAndHiddenInTheBed) {
    fill({8, 8, 8, 1e-3, 1e-3, 1e-3}, [](double, double, double) { return 0.0; });
    scene.scale = {ColourMapId::viridis, make_range(Scale::linear, 0, 1)};
    scene.streamlines = {{{0, 2.5e-3, 5.5e-3}, {8e-3, 2.5e-3, 5.5e-3}}};
    const Image image = picture();
    const Projection p = projection();
    const auto bright = [&](const Vec3& one) {
        const Point c = p(one);
        int most = 0;
        for (int dy = -1; dy <= 1; ++dy)
            for (int dx = -1; dx <= 1; ++dx) most = std::max(most, int(at(image, {c.x + dx, c.y + dy}).r));
        return most > 140;
    };
    EXPECT_TRUE(bright({6e-3, 2.5e-3, 5.5e-3}));   // in the octant that is cut away
    EXPECT_FALSE(bright({2e-3, 2.5e-3, 5.5e-3}));  // within the bed
}

TEST_F(BedRendererGlTest, EveryModeTakesBedsOfOneCellAllVoidAndOddValues) {
    const float infinite = std::numeric_limits<float>::infinity();
    for (const Extents& extents : {Extents{1, 1, 1, 1e-3, 1e-3, 1e-3}, Extents{7, 1, 5, 1e-3, 1e-6, 1e-3}})
        for (int mode = 0; mode < 4; ++mode)
            for (const float value : {kVoid, infinite, -infinite, 0.0f, 1e30f, -1e30f})
                for (const bool smooth : {false, true}) {
                    fill(extents, [&](double, double, double) { return value; });
                    scene.mode = BedMode(mode), scene.smooth = smooth;
                    for (const auto& range : {make_range(Scale::linear, 0, 1), make_range(Scale::log10, 1, 10)}) {
                        scene.scale = {ColourMapId::viridis, range};
                        scene.camera.pitch = 0.0, scene.camera.yaw = 0.0;
                        EXPECT_EQ(picture().width, kWidth);
                    }
                }
    scene.field = {Extents{4, 4, 4, 1, 1, 1}, std::span<const float>(values).first(1)};  // does not fill it
    expect_colour(picture().at(5, 5), grey_theme().backdrop, 0, "backdrop");
}

// A painter that takes textures, as a window's does.
class CountingPainter final : public Painter, public TexturePainter {
public:
    double scale() const override { return 1.0; }
    void line(Point, Point, const Stroke&) override {}
    void polyline(std::span<const Point>, const Stroke&, bool) override {}
    void polygon(std::span<const Point>, Colour) override {}
    void rectangle(const Rect&, Colour) override {}
    void frame(const Rect&, const Stroke&) override {}
    void image(const Rect&, const Image&) override { ++images; }
    TextMetrics measure(std::string_view, const TextStyle&) override { return {}; }
    void text(Point, std::string_view, const TextStyle&) override {}
    void push_clip(const Rect&) override {}
    void pop_clip() override {}
    void texture(const Rect&, unsigned gl_texture) override { ++textures, last = gl_texture; }
    int images = 0, textures = 0;
    unsigned last = 0;
};

TEST_F(BedRendererGlTest, AWindowsPainterGetsTheTextureAndOthersThePicture) {
    fill({8, 8, 8, 1e-3, 1e-3, 1e-3}, [](double x, double, double) { return x; });
    scene.scale = {ColourMapId::viridis, make_range(Scale::linear, 0, 8e-3)};
    CountingPainter window;
    renderer->draw(window, {0, 0, 200, 150}, scene);
    EXPECT_EQ(window.textures, 1);
    EXPECT_EQ(window.images, 0);
    EXPECT_NE(window.last, 0u);
    CairoPainter picture_painter{200, 150};
    renderer->set_finest(true);
    EXPECT_FALSE(renderer->draw(picture_painter, {0, 0, 200, 150}, scene));
    EXPECT_EQ(renderer->last_size(), (std::array<int, 2>{400, 300}));
    const Projection p = bed_projection(scene.camera, e, {0, 0, 200, 150});
    const Colour got = at(picture_painter.pixels(), p({1.5e-3, 5.5e-3, 8e-3}));
    expect_colour(got, scene.scale(1.5e-3).colour, 3, "on top");
}

TEST_F(BedRendererGlTest, ASceneThatHasNotChangedIsNotDrawnAgain) {
    fill({8, 8, 8, 1e-3, 1e-3, 1e-3}, [](double x, double, double) { return x; });
    scene.scale = {ColourMapId::viridis, make_range(Scale::linear, 0, 8e-3)};
    renderer->set_finest(true);
    CountingPainter window;
    renderer->draw(window, {0, 0, 200, 150}, scene);
    const double first = renderer->last_seconds();
    renderer->draw(window, {0, 0, 200, 150}, scene);
    EXPECT_EQ(renderer->last_seconds(), first);  // the same picture's
    scene.camera.yaw += 0.1;
    renderer->draw(window, {0, 0, 200, 150}, scene);
    EXPECT_NE(renderer->last_seconds(), first);
}

// Speed on this machine, printed, not asserted: what the screen is built for is 10 pictures a second of a volume, 20 of slices.
TEST_F(BedRendererGlTest, SlowSpeedIsReported) {
    for (const Extents& extents : {Extents{80, 40, 16, 0.25e-3, 0.25e-3, 0.1e-3}, Extents{64, 64, 64, 1e-4, 1e-4, 1e-4}})
        for (int mode = 0; mode < 4; ++mode) {
            fill(extents, [](double x, double y, double) { return 500 + 3e4 * x + 2e4 * y; });
            scene.scale = {ColourMapId::inferno, make_range(Scale::linear, 25, 1400)};
            scene.mode = BedMode(mode), scene.cell = {extents.nx / 2, extents.ny / 2, extents.nz / 2}, scene.iso_value = 650;
            renderer->render_image(scene, 860, 468);
            double sum = 0.0;
            for (int n = 0; n < 10; ++n) {
                scene.camera.yaw += 0.02;
                renderer->render_image(scene, 860, 468);
                sum += renderer->last_seconds();
            }
            std::printf("  %d x %d x %d, mode %d: %.1f ms a picture of 860 x 468\n", extents.nx, extents.ny, extents.nz, mode,
                        100.0 * sum);
        }
}

}  // namespace
}  // namespace jt
