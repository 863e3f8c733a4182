// SPDX-License-Identifier: Apache-2.0
// What OpenGL shows is what Cairo shows.
#include <gtest/gtest.h>

#include <algorithm>
#include <numbers>

#include "tests/window/canvas.hpp"
#include "tests/window/with_gl.hpp"

namespace jt {
namespace {

constexpr Colour kBlack{0, 0, 0};

void expect_alike(Canvas& canvas, const std::function<void(Painter&)>& draw, double ink_tolerance) {
    const Ink gl = ink_of(canvas.gl(draw)), cairo = ink_of(canvas.cairo(draw));
    EXPECT_NEAR(gl.sum, cairo.sum, ink_tolerance * cairo.sum);
    EXPECT_NEAR(gl.x, cairo.x, 0.5);
    EXPECT_NEAR(gl.y, cairo.y, 0.5);
    EXPECT_NEAR(gl.left, cairo.left, 1);
    EXPECT_NEAR(gl.right, cairo.right, 1);
    EXPECT_NEAR(gl.top, cairo.top, 1);
    EXPECT_NEAR(gl.bottom, cairo.bottom, 1);
}

TEST(ImGuiPainter, RectanglesAreTheSamePixels) {
    WITH_GL();
    for (const double scale : {1.0, 1.5, 2.0}) {
        Canvas canvas(200, 120, scale);
        const auto draw = [](Painter& p) {
            p.rectangle({10, 20, 60, 30}, kBlack);
            p.rectangle({100, 20, 30, 50}, {200, 30, 30, 255});
            p.rectangle({104, 24, 22, 42}, {30, 30, 200, 128});
            p.frame({140, 10, 40, 40}, {kBlack, 2.0, 0.0});
        };
        const Image gl = canvas.gl(draw), cairo = canvas.cairo(draw);
        for (int row = 0; row < gl.height; ++row)
            for (int column = 0; column < gl.width; ++column) {
                const Colour a = gl.at(column, row), b = cairo.at(column, row);
                // Cairo rounds the corners of a frame.
                const double x = column / scale, y = row / scale;
                if ((std::abs(x - 141) < 1.5 || std::abs(x - 179) < 1.5) && (std::abs(y - 11) < 1.5 || std::abs(y - 49) < 1.5))
                    continue;
                ASSERT_TRUE(std::abs(a.r - b.r) <= 2 && std::abs(a.g - b.g) <= 2 && std::abs(a.b - b.b) <= 2)
                    << column << ", " << row << " at scale " << scale;
            }
    }
}

TEST(ImGuiPainter, LinesLieWhereCairoHasThem) {
    WITH_GL();
    Canvas canvas;
    expect_alike(
        canvas,
        [](Painter& p) {
            p.line({20, 60}, {180, 60}, {kBlack, 2.0, 0.0});
        },
        0.02);
    expect_alike(
        canvas,
        [](Painter& p) {
            p.line({60.5, 10}, {60.5, 110}, {kBlack, 1.0, 0.0});
        },
        0.02);
    expect_alike(
        canvas,
        [](Painter& p) {
            p.line({20, 20}, {180, 100}, {kBlack, 3.0, 0.0});
        },
        0.05);
    expect_alike(
        canvas,
        [](Painter& p) {
            p.line({20, 60}, {180, 60}, {kBlack, 2.0, 8.0});
        },
        0.05);
    expect_alike(
        canvas,
        [](Painter& p) {
            p.line({20, 20}, {180, 100}, {kBlack, 2.0, 6.0});
        },
        0.08);
    const auto curve = [](Painter& p) {
        std::vector<Point> points;
        for (int n = 0; n <= 160; ++n) points.push_back({20.0 + n, 60 + 40 * std::sin(0.08 * n)});
        p.polyline(points, {kBlack, 2.0, 0.0});
    };
    expect_alike(canvas, curve, 0.05);
    const auto ring = [](Painter& p) {
        std::vector<Point> points;
        for (int n = 0; n < 40; ++n)
            points.push_back({100 + 40 * std::cos(n * std::numbers::pi / 20), 60 + 40 * std::sin(n * std::numbers::pi / 20)});
        p.polyline(points, {kBlack, 3.0, 0.0}, true);
    };
    expect_alike(canvas, ring, 0.05);
}

TEST(ImGuiPainter, ASpikeIsAsHighAsItsPoint) {
    WITH_GL();
    Canvas canvas;
    const Point spike[] = {{20, 100}, {98, 100}, {100, 30}, {102, 100}, {180, 100}};
    const Ink all = ink_of(canvas.gl([&](Painter& p) { p.polyline(spike, {kBlack, 2.0, 0.0}); }));
    EXPECT_GE(all.top, 28);
    EXPECT_LE(all.top, 31);
}

TEST(ImGuiPainter, LinesFarBeyondTheScreenAreExactOnIt) {
    WITH_GL();
    Canvas canvas;
    const Ink all = ink_of(canvas.gl([](Painter& p) {
        p.line({-1e12, 115}, {1e12, 115}, {kBlack, 2.0, 4.0});  // very many dashes, were they all drawn
        const double nan = std::nan("");
        const Point broken[] = {{0, 0}, {nan, 5}, {nan, nan}};
        p.polyline(broken, {kBlack, 2.0, 0.0}), p.polygon(broken, kBlack), p.rectangle({nan, 0, 10, 10}, kBlack);
        p.text({nan, 0}, "x", {15, Weight::regular, kBlack});
    }));
    EXPECT_EQ(all.left, 0);
    EXPECT_NEAR(all.bottom, 115, 2);
    const Image image = canvas.gl([](Painter& p) { p.line({-1e9, -1e9 + 10}, {1e9, 1e9 + 10}, {kBlack, 2.0, 0.0}); });
    EXPECT_GT(ink(image.at(50, 60)), 0.5);
    EXPECT_LT(ink(image.at(50, 64)), 0.1);
}

TEST(ImGuiPainter, PolygonsThatAreConcaveAreFilledOnce) {
    WITH_GL();
    Canvas canvas;
    const auto star = [](Painter& p) {
        std::vector<Point> points;
        for (int n = 0; n < 10; ++n) {
            const double r = n % 2 ? 20.0 : 50.0, a = n * std::numbers::pi / 5;
            points.push_back({100 + r * std::sin(a), 60 - r * std::cos(a)});
        }
        p.polygon(points, {0, 0, 0, 128});
    };
    const Image gl = canvas.gl(star), cairo = canvas.cairo(star);
    EXPECT_NEAR(ink_of(gl).sum, ink_of(cairo).sum, 0.03 * ink_of(cairo).sum);
    for (const auto& image : {gl, cairo}) {
        EXPECT_NEAR(image.at(100, 60).r, 127, 2);
        EXPECT_NEAR(image.at(100, 20).r, 127, 2);
        EXPECT_EQ(image.at(70, 25).r, 255);
        EXPECT_EQ(image.at(100, 100).r, 255);
    }
    // A band as charts draw it: upper and reversed lower, one way in x.
    const auto band = [](Painter& p) {
        std::vector<Point> points;
        for (int n = 0; n <= 80; ++n) points.push_back({20.0 + 2 * n, 50 + 25 * std::sin(0.2 * n)});
        for (int n = 80; n >= 0; --n) points.push_back({20.0 + 2 * n, 60 + 0.3 * n + 25 * std::sin(0.2 * n)});
        p.polygon(points, kBlack);
    };
    expect_alike(canvas, band, 0.02);
    // Teeth on one side, above and below, in either sense.
    for (const bool below : {false, true})
        for (const bool reversed : {false, true}) {
            std::vector<Point> teeth{{20, 20}, {60, 70}, {100, 20}, {140, 70}, {180, 20}, {180, 100}, {20, 100}};
            if (below)
                for (Point& p : teeth) p.y = 120 - p.y;
            if (reversed) std::reverse(teeth.begin(), teeth.end());
            expect_alike(
                canvas, [&](Painter& p) { p.polygon(teeth, kBlack); }, 0.02);
        }
    // Arms that bend back.
    const auto hook = [](Painter& p) {
        const Point points[] = {{20, 20}, {180, 20}, {180, 100}, {60, 100}, {60, 50},
                                {80, 50}, {80, 80},  {160, 80},  {160, 40}, {20, 40}};
        p.polygon(points, kBlack);
    };
    expect_alike(canvas, hook, 0.02);
    const auto backwards = [](Painter& p) {
        const Point points[] = {{20, 40}, {160, 40}, {160, 80},  {80, 80},  {80, 50},
                                {60, 50}, {60, 100}, {180, 100}, {180, 20}, {20, 20}};
        p.polygon(points, kBlack);
    };
    expect_alike(canvas, backwards, 0.02);
}

TEST(ImGuiPainter, TextsAreAsWideAndWhereCairoHasThem) {
    WITH_GL();
    for (const double scale : {1.0, 1.1, 2.0}) {
        Canvas canvas(400, 120, scale);
        canvas.gl([&](Painter& p) {
            CairoPainter cairo(10, 10, scale);
            for (const auto& [px, weight] : {std::pair{14.0, Weight::regular},
                                             {15.0, Weight::regular},
                                             {15.0, Weight::medium},
                                             {16.0, Weight::medium},
                                             {18.0, Weight::regular},
                                             {20.0, Weight::regular},
                                             {28.0, Weight::medium},
                                             {48.0, Weight::medium}})
                for (const char* text : {"987 °C ±3", "HOLD 17 s", "−0.42 mΩ m, 5×10⁻³", "I_D/I_G, sensors 5/5 … –"}) {
                    const TextStyle style{px, weight, kBlack};
                    const TextMetrics a = p.measure(text, style), b = cairo.measure(text, style);
                    EXPECT_NEAR(a.width, b.width, 0.01 * b.width + 0.5) << text << " at " << px;
                    EXPECT_NEAR(a.ascent, b.ascent, 0.5) << px;
                    EXPECT_NEAR(a.descent, b.descent, 0.5) << px;
                }
        });
        for (const TextStyle& style : {TextStyle{15, Weight::regular, kBlack},
                                       {18, Weight::regular, kBlack},
                                       {48, Weight::medium, kBlack},
                                       {22, Weight::medium, kBlack}})
            expect_alike(
                canvas,
                [&](Painter& p) {
                    p.text({20, 70}, "1003 °C ±6", style);
                },
                0.2);
    }
}

TEST(ImGuiPainter, BytesThatAreNoTextAreQuestionMarks) {
    WITH_GL();
    Canvas canvas;
    const TextStyle style{18, Weight::regular, kBlack};
    const auto wide = [&](Painter& p, std::string_view text) { return p.measure(text, style).width; };
    canvas.gl([&](Painter& p) {
        EXPECT_DOUBLE_EQ(wide(p, "\xFF\xC0\x80"), wide(p, "???"));
        EXPECT_DOUBLE_EQ(wide(p, "a\n\tb"), wide(p, "a  b"));
        EXPECT_GT(wide(p, "\U0001F525\u4E2D"), 0.0);  // not in the font: something shows all the same
        EXPECT_DOUBLE_EQ(wide(p, ""), 0.0);
        p.text({10, 50}, std::string(200000, 'x'), style);
        p.text({10, 50}, "\xE2\x82", style);
    });
}

TEST(ImGuiPainter, ImagesAreSampledByTheNearest) {
    WITH_GL();
    Canvas canvas;
    Image cells(4, 3);
    for (int row = 0; row < 3; ++row)
        for (int column = 0; column < 4; ++column)
            cells.at(column, row) = {std::uint8_t(60 * column), std::uint8_t(80 * row), 7};
    cells.at(1, 1) = {0, 0, 0, 0};  // see through
    const Image gl = canvas.gl([&](Painter& p) { p.image({20, 30, 80, 60}, cells); });
    for (int row = 0; row < 60; ++row)
        for (int column = 0; column < 80; ++column) {
            const Colour want = cells.at(column / 20, row / 20), got = gl.at(20 + column, 30 + row);
            ASSERT_EQ(got, (want.a ? Colour{want.r, want.g, want.b} : Canvas::kWhite)) << column << ", " << row;
        }
    EXPECT_EQ(gl.at(19, 30), Canvas::kWhite);
    EXPECT_EQ(gl.at(100, 60), Canvas::kWhite);
}

TEST(ImGuiPainter, AnImageGoesToTheGraphicsCardOnce) {
    WITH_GL();
    Canvas canvas;
    Image cells(4, 3);
    for (int n = 0; n < 3; ++n) canvas.gl([&](Painter& p) { p.image({0, 0, 40, 30}, cells), p.image({50, 0, 40, 30}, cells); });
    EXPECT_EQ(canvas.renderer.textures().uploads(), 1u);
    cells.at(3, 2) = {1, 0, 0, 0};
    canvas.gl([&](Painter& p) { p.image({0, 0, 40, 30}, cells); });
    EXPECT_EQ(canvas.renderer.textures().uploads(), 2u);
}

TEST(ImGuiPainter, TexturesStayWithinTheirBound) {
    WITH_GL();
    EglContext context;
    TextureCache cache(4 * 100 * 100 * 3);
    for (int n = 0; n < 20; ++n) {
        cache.begin_frame();
        EXPECT_LE(cache.bytes(), std::size_t(4 * 100 * 100 * 3));
        Image image(100, 100);
        image.at(0, 0) = {std::uint8_t(n), 0, 0};
        cache.of(image);
        Image always(100, 100);
        cache.of(always);
    }
    EXPECT_EQ(cache.uploads(), 21u);  // what is used stays
}

TEST(ImGuiPainter, NothingIsDrawnOutsideAClip) {
    WITH_GL();
    Canvas canvas;
    const auto draw = [](Painter& p) {
        p.push_clip({20, 20, 100, 60});
        p.push_clip({60, 0, 100, 60});  // within the first one
        p.rectangle({0, 0, 200, 120}, kBlack);
        p.pop_clip();
        p.text({0, 75}, "WWWWWWWWWWWWWWWWWW", {28, Weight::regular, {90, 90, 90}});
        p.pop_clip();
        p.rectangle({190, 110, 10, 10}, {90, 90, 90});
    };
    const Image gl = canvas.gl(draw);
    for (int row = 0; row < 110; ++row)
        for (int column = 0; column < 190; ++column) {
            const bool inside = column >= 20 && column < 120 && row >= 20 && row < 80;
            if (inside) continue;
            ASSERT_EQ(gl.at(column, row), Canvas::kWhite) << column << ", " << row;
        }
    EXPECT_EQ(gl.at(60, 20), kBlack);
    EXPECT_EQ(gl.at(119, 50), kBlack);
    EXPECT_EQ(gl.at(30, 30), Canvas::kWhite);
    EXPECT_EQ(gl.at(195, 115), (Colour{90, 90, 90}));
}

TEST(ImGuiPainter, VeryManyPointsFitItsIndices) {
    WITH_GL();
    Canvas canvas;
    const auto draw = [](Painter& p) {
        std::vector<Point> points;
        for (int n = 0; n < 60000; ++n) points.push_back({10 + 180.0 * n / 60000, 60 + 30 * std::sin(0.002 * n)});
        p.polyline(points, {kBlack, 2.0, 0.0});
        for (int n = 0; n < 30000; ++n) p.rectangle({180, 100, 5, 5}, kBlack);
    };
    expect_alike(canvas, draw, 0.1);
}

}  // namespace
}  // namespace jt
