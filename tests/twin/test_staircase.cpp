// SPDX-License-Identifier: Apache-2.0
#include "twin/thermal/staircase.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "twin/bed/voxelise.hpp"
#include "twin/scenario/reader.hpp"
#include "twin/thermal/surfaces.hpp"

namespace jt {
namespace {

constexpr double kPi = std::numbers::pi;

struct Made {
    Scenario scenario;
    Bed bed;
};

// A box of void, 24 x 24 x 24 mm, with shapes of a solid in it.
Made in_void(const std::string& shapes, const std::string& voxel = "'1 mm'") {
    const std::string text = "[bed]\nsize=['24 mm','24 mm','24 mm']\nvoxel=" + voxel + "\nmaterial='void'\nproduct=['m']\n" +
                             shapes +
                             "[material.m]\nthermal_conductivity='1 W/(m K)'\ndensity='1 kg/m^3'\nheat_capacity='1 J/(kg K)'\n"
                             "[surface]\nconvection='1 W/(m^2 K)'\nambient='300 K'\n[run]\nduration='1 s'\n";
    Made made{read_scenario_text(text, "s.toml", "."), {}};
    std::vector<std::string> findings;
    made.bed = voxelise(made.scenario, findings);
    return made;
}

double area(const Made& made) {
    return Surfaces(made.bed, made.scenario).area();
}

TEST(Staircase, RoundShapesHaveTheirTrueAreaWithinOnePercent) {
    EXPECT_NEAR(area(in_void("[[bed.region]]\nshape='sphere'\ncenter=['12 mm','12 mm','12 mm']\nradius='9 mm'\nmaterial='m'\n",
                             "'0.5 mm'")),
                4.0 * kPi * 81e-6, 0.01 * 4.0 * kPi * 81e-6);
    const double tube = 2.0 * kPi * 9e-3 * 18e-3 + 2.0 * kPi * 81e-6;
    EXPECT_NEAR(area(in_void("[[bed.region]]\nshape='cylinder'\nfrom=['12 mm','12 mm','3 mm']\nto=['12 mm','12 mm','21 mm']\n"
                             "radius='9 mm'\nmaterial='m'\n")),
                tube, 0.01 * tube);
    const double p = 1.6075, a = 10e-3, b = 8e-3, c = 6e-3;  // Thomsen's formula, within 1.1 % (here 0.2 %)
    const double ellipsoid =
        4.0 * kPi * std::pow((std::pow(a * b, p) + std::pow(a * c, p) + std::pow(b * c, p)) / 3.0, 1.0 / p);
    EXPECT_NEAR(area(in_void("[[bed.region]]\nshape='ellipsoid'\ncenter=['12 mm','12 mm','12 mm']\n"
                             "semi_axes=['10 mm','8 mm','6 mm']\nmaterial='m'\n",
                             "'0.5 mm'")),
                ellipsoid, 0.012 * ellipsoid);
}

TEST(Staircase, ACylinderAcrossTheGridToo) {
    // along the diagonal of x and y; its round side alone is compared, the ends are cut by the box of void
    const double d = 10e-3 / std::sqrt(2.0), length = 20e-3;
    const Made made = in_void("[[bed.region]]\nshape='cylinder'\nfrom=['" + std::to_string(12 - d * 1e3) + " mm','" +
                                  std::to_string(12 - d * 1e3) + " mm','12 mm']\nto=['" + std::to_string(12 + d * 1e3) +
                                  " mm','" + std::to_string(12 + d * 1e3) + " mm','12 mm']\nradius='6 mm'\nmaterial='m'\n",
                              "'0.5 mm'");
    const double whole = 2.0 * kPi * 6e-3 * length + 2.0 * kPi * 36e-6;
    EXPECT_NEAR(area(made), whole, 0.02 * whole);
}

TEST(Staircase, ABoxKeepsItsArea) {
    EXPECT_NEAR(area(in_void("[[bed.region]]\nshape='box'\nfrom=['2 mm','3 mm','4 mm']\nto=['12 mm','9 mm','20 mm']\n"
                             "material='m'\n")),
                2.0 * (10 * 6 + 10 * 16 + 6 * 16) * 1e-6, 1e-12);
}

TEST(Staircase, AVoidThatIsPaintedIntoASolidHasTheShapesNormal) {
    // half a sphere of void, open at the top
    const Made made = in_void(
        "[[bed.region]]\nshape='box'\nfrom=['0 mm','0 mm','0 mm']\nto=['24 mm','24 mm','24 mm']\n"
        "material='m'\n[[bed.region]]\nshape='sphere'\ncenter=['12 mm','12 mm','24 mm']\nradius='9 mm'\n"
        "material='void'\n");
    const double box = 5 * 576e-6 + 576e-6 - kPi * 81e-6, bowl = 2.0 * kPi * 81e-6;
    EXPECT_NEAR(area(made), box + bowl, 0.01 * (box + bowl));
}

TEST(Staircase, TheSmoothedIndicatorServesWhereNoShapeDoes) {
    const Made made =
        in_void("[[bed.region]]\nshape='sphere'\ncenter=['12 mm','12 mm','12 mm']\nradius='10 mm'\nmaterial='m'\n", "'0.5 mm'");
    std::vector<std::uint8_t> open;
    for (const std::uint8_t m : made.bed.material) open.push_back(made.bed.materials[m].is_void);
    const Staircase staircase(made.bed, made.scenario, open);
    const Extents& e = made.bed.extents;
    double sum = 0.0, flat = 0.0;
    for (int k = 1; k + 1 < e.nz; ++k)
        for (int j = 1; j + 1 < e.ny; ++j)
            for (int i = 1; i + 1 < e.nx; ++i)
                for (int axis = 0; axis < 3; ++axis)
                    for (int d : {-1, 1}) {
                        const std::array<int, 3> b{i + d * (axis == 0), j + d * (axis == 1), k + d * (axis == 2)};
                        if (open[e.index(i, j, k)] || !open[e.index(b[0], b[1], b[2])]) continue;
                        sum += staircase.smoothed({i, j, k}, axis, d > 0) * e.face_area(axis);
                        flat += e.face_area(axis);
                    }
    EXPECT_NEAR(sum, 4.0 * kPi * 100e-6, 0.01 * 4.0 * kPi * 100e-6);
    EXPECT_NEAR(flat / sum, 1.5, 0.02);
}

}  // namespace
}  // namespace jt
