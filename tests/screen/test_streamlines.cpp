// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/data/streamlines.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace jt {
namespace {

constexpr float kVoid = std::numeric_limits<float>::quiet_NaN();

struct Bed {
    Extents e;
    std::vector<float> phi, sigma;
    explicit Bed(const Extents& extents) : e(extents), phi(e.count()), sigma(e.count(), 100.0f) {}
    // phi falls by a volt along the axis.
    Bed& falling(int axis) {
        for (int k = 0; k < e.nz; ++k)
            for (int j = 0; j < e.ny; ++j)
                for (int i = 0; i < e.nx; ++i) {
                    const int at[] = {i, j, k};
                    phi[e.index(i, j, k)] = float(1.0 - (at[axis] + 0.5) / e.cells()[std::size_t(axis)]);
                }
        return *this;
    }
    CurrentField field(std::vector<CurrentPort> ports) const { return {e, phi, sigma, {}, std::move(ports)}; }
};

TEST(Streamlines, InAUniformFieldTheyAreStraightParallelAndEvenlySpread) {
    for (int axis = 0; axis < 3; ++axis) {
        const Bed bed = Bed({12, 10, 8, 1e-3, 0.5e-3, 2e-3}).falling(axis);
        const CurrentField field = bed.field({{Face(2 * axis)}, {Face(2 * axis + 1)}});
        ASSERT_EQ(field.main_axis(), axis);
        const auto lines = field.streamlines(24);
        EXPECT_GE(lines.size(), 12u);
        EXPECT_LE(lines.size(), 24u);
        const std::size_t a = std::size_t(axis), u = (a + 1) % 3, v = (a + 2) % 3;
        double mean_u = 0.0, mean_v = 0.0;
        for (const auto& line : lines) {
            for (const Vec3& at : line) {
                EXPECT_NEAR(at[u], line.front()[u], 1e-12);
                EXPECT_NEAR(at[v], line.front()[v], 1e-12);
            }
            EXPECT_NEAR(line.front()[a], 0.0, 1e-12);  // from +
            EXPECT_NEAR(line.back()[a], bed.e.size()[a], 1e-12);
            mean_u += line.front()[u] / double(lines.size()), mean_v += line.front()[v] / double(lines.size());
        }
        EXPECT_NEAR(mean_u, bed.e.size()[u] / 2, 0.02 * bed.e.size()[u]);
        EXPECT_NEAR(mean_v, bed.e.size()[v] / 2, 0.02 * bed.e.size()[v]);
    }
}

TEST(Streamlines, EachStandsForTheSameCurrent) {
    // Upper half conducts three times better: three of four lines are there.
    Bed bed = Bed({6, 8, 1, 1e-3, 1e-3, 1e-3}).falling(0);
    for (int j = 4; j < 8; ++j)
        for (int i = 0; i < 6; ++i) bed.sigma[bed.e.index(i, j, 0)] = 300.0f;
    const auto lines = bed.field({{Face::xmin}, {Face::xmax}}).streamlines(24);
    int upper = 0;
    for (const auto& line : lines) upper += line.front()[1] > 4e-3;
    EXPECT_NEAR(double(upper) / double(lines.size()), 0.75, 0.05);
}

TEST(Streamlines, TheyNeverEnterVoidAndNeverLeaveThroughASideWithoutAPort) {
    // A void block in the middle; phi solves div(sigma grad phi) = 0 by relaxation.
    Bed bed = Bed({20, 12, 6, 1e-3, 1e-3, 1e-3}).falling(0);
    for (int k = 0; k < 6; ++k)
        for (int j = 4; j < 8; ++j)
            for (int i = 8; i < 12; ++i) bed.phi[bed.e.index(i, j, k)] = bed.sigma[bed.e.index(i, j, k)] = kVoid;
    for (int sweep = 0; sweep < 400; ++sweep)
        for (int k = 0; k < 6; ++k)
            for (int j = 0; j < 12; ++j)
                for (int i = 0; i < 20; ++i) {
                    if (std::isnan(bed.phi[bed.e.index(i, j, k)])) continue;
                    double sum = 0, n = 0;
                    const auto add = [&](int p, int q, int r) {
                        if (p < 0 || q < 0 || r < 0 || p >= 20 || q >= 12 || r >= 6) return;
                        const float v = bed.phi[bed.e.index(p, q, r)];
                        if (!std::isnan(v)) sum += double(v), n += 1;
                    };
                    add(i - 1, j, k), add(i + 1, j, k), add(i, j - 1, k), add(i, j + 1, k), add(i, j, k - 1), add(i, j, k + 1);
                    if (i == 0) sum += 2.0, n += 2;
                    if (i == 19) n += 2;
                    bed.phi[bed.e.index(i, j, k)] = float(sum / n);
                }
    const auto lines = bed.field({{Face::xmin}, {Face::xmax}}).streamlines(24);
    ASSERT_GE(lines.size(), 10u);
    for (const auto& line : lines) {
        EXPECT_NEAR(line.front()[0], 0.0, 1e-9);
        EXPECT_NEAR(line.back()[0], 20e-3, 1e-9);
        for (std::size_t n = 0; n + 1 < line.size(); ++n) {
            const double x = 0.5 * (line[n][0] + line[n + 1][0]), y = 0.5 * (line[n][1] + line[n + 1][1]);
            EXPECT_FALSE(x > 8e-3 + 1e-9 && x < 12e-3 - 1e-9 && y > 4e-3 + 1e-9 && y < 8e-3 - 1e-9) << x << " " << y;
            EXPECT_GE(y, 0.0);
            EXPECT_LE(y, 12e-3);
        }
    }
}

TEST(Streamlines, WithoutCurrentThereAreNone) {
    Bed bed({4, 4, 4, 1e-3, 1e-3, 1e-3});
    EXPECT_TRUE(bed.field({{Face::xmin}, {Face::xmax}}).streamlines().empty());
    for (float& v : bed.phi) v = kVoid;
    EXPECT_TRUE(bed.field({{Face::xmin}, {Face::xmax}}).streamlines().empty());
    const Bed one = Bed({1, 1, 1, 1e-3, 1e-3, 1e-3}).falling(0);
    EXPECT_TRUE(one.field({{Face::xmin}, {Face::xmax}}).streamlines().empty());
}

TEST(Streamlines, AFieldThatClosesOnItselfEnds) {
    // sigma and phi of noise: no line is endless.
    Bed bed({16, 16, 16, 1e-3, 1e-3, 1e-3});
    std::uint32_t state = 1;
    for (float& v : bed.phi) state = state * 1664525u + 1013904223u, v = float(state >> 8) * 1e-7f;
    for (const auto& line : bed.field({{Face::xmin}, {Face::xmax}}).streamlines(24)) {
        EXPECT_LE(line.size(), 2u * (4 * 48 + 64) + 1);
        for (const Vec3& at : line)
            for (const double x : at) EXPECT_TRUE(std::isfinite(x));
    }
}

TEST(Streamlines, FieldsThatDoNotFillTheBedAreRefused) {
    const std::vector<float> three(3, 1.0f);
    EXPECT_THROW(CurrentField({2, 2, 1, 1, 1, 1}, three, three, {}, {}), InputError);
}

}  // namespace
}  // namespace jt
