// SPDX-License-Identifier: Apache-2.0
#include "twin/bed/voxelise.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "kernels/error.hpp"
#include "tests/support/program.hpp"
#include "tests/support/scenario_text.hpp"
#include "tests/support/tiff_maker.hpp"
#include "twin/bed/heterogeneity.hpp"

namespace jt {
namespace {

using testing::HasSubstr;

std::string bed_text(const std::string& size, const std::string& voxel, const std::string& more,
                     const std::string& bed_keys = "") {
    return "[bed]\nsize = " + size + "\nvoxel = " + voxel + "\nmaterial = \"a\"\ncurrent_axis = \"z\"\n" + bed_keys + more +
           "[material.a]\nsigma = \"1 S/m\"\n[material.b]\nsigma = \"2 S/m\"\n[electrodes]\n[heater]\nmode = \"voltage\"\n"
           "program = \"1 V\"\n[run]\nsolve = \"current\"\n";
}

std::string region(const std::string& keys) {
    return "[[bed.region]]\n" + keys + "\n";
}

Bed make(const std::string& text, std::vector<std::string>* findings = nullptr) {
    std::vector<std::string> found;
    Bed bed = voxelise(read_scenario_text(text, "s.toml"), found);
    if (findings) *findings = found;
    return bed;
}

std::size_t count(const std::vector<std::uint8_t>& values, int wanted) {
    return std::size_t(std::count(values.begin(), values.end(), std::uint8_t(wanted)));
}

TEST(Voxelise, BoxPaintsTheCellsWhoseCentresLieInsideOnItsOwnAxes) {
    const Bed bed =
        make(bed_text("['5 mm', '4 mm', '3 mm']", "'1 mm'",
                      region("shape = 'box'\nfrom = ['1 mm', '0 mm', '2 mm']\nto = ['4 mm', '2 mm', '3 mm']\nmaterial = 'b'")));
    const std::uint8_t b = bed.material[bed.extents.index(1, 0, 2)];
    EXPECT_EQ(bed.materials[b].name, "b");
    for (int k = 0; k < 3; ++k)
        for (int j = 0; j < 4; ++j)
            for (int i = 0; i < 5; ++i)
                EXPECT_EQ(bed.material[bed.extents.index(i, j, k)] == b, i >= 1 && i < 4 && j < 2 && k == 2) << i << j << k;
}

TEST(Voxelise, BoxesSideBySideShareNoCellAndLeaveNoGapForDecimalInput) {
    for (const char* split : {"0.3 mm", "0.7 mm", "1.1 mm"}) {
        const std::string text = bed_text(
            "['2 mm', '0.1 mm', '0.1 mm']", "'0.1 mm'",
            region(std::string("shape='box'\nfrom=['0 mm','0 mm','0 mm']\nto=['") + split + "','1 mm','1 mm']\nmaterial='b'"));
        const Bed bed = make(text);
        EXPECT_EQ(count(bed.material, bed.material[0]), std::size_t(std::lround(std::stod(split) / 0.1))) << split;
    }
}

TEST(Voxelise, RoundShapesFillTheirVolume) {
    struct Case {
        const char* keys;
        double volume;  // in cells
    };
    const double pi = std::numbers::pi;
    const Case cases[] = {
        {"shape='sphere'\ncenter=['2 mm','2 mm','2 mm']\nradius='1.6 mm'\nmaterial='b'", 4.0 / 3.0 * pi * 16 * 16 * 16},
        {"shape='ellipsoid'\ncenter=['2 mm','2 mm','2 mm']\nsemi_axes=['1.8 mm','1 mm','0.6 mm']\nmaterial='b'",
         4.0 / 3.0 * pi * 18 * 10 * 6},
        {"shape='cylinder'\nfrom=['0.5 mm','2 mm','2 mm']\nto=['3.5 mm','2 mm','2 mm']\nradius='1.2 mm'\nmaterial='b'",
         pi * 12 * 12 * 30}};
    for (const Case& c : cases) {
        const Bed bed = make(bed_text("['4 mm','4 mm','4 mm']", "'0.1 mm'", region(c.keys)));
        const std::uint8_t b = bed.material[bed.extents.index(20, 20, 20)];
        EXPECT_EQ(bed.materials[b].name, "b");
        EXPECT_NEAR(double(count(bed.material, b)), c.volume, 0.01 * c.volume) << c.keys;
    }
    // the ellipsoid's long axis is x
    const Bed bed = make(bed_text("['4 mm','4 mm','4 mm']", "'0.1 mm'", region(cases[1].keys)));
    const std::uint8_t b = bed.material[bed.extents.index(20, 20, 20)];
    EXPECT_EQ(bed.material[bed.extents.index(36, 20, 20)], b);
    EXPECT_NE(bed.material[bed.extents.index(20, 36, 20)], b);
    EXPECT_NE(bed.material[bed.extents.index(20, 20, 27)], b);
}

TEST(Voxelise, CylinderOutlineLeavesVoidOutsideAndItsAreaAsTheSection) {
    const Bed bed = make(bed_text("['4 mm','4 mm','1 mm']", "'0.05 mm'", "", "shape = 'cylinder'\n"));
    const double circle = std::numbers::pi * 4e-6;
    EXPECT_NEAR(bed.section(2), circle, 0.005 * circle);
    EXPECT_DOUBLE_EQ(bed.section(0), 4e-6);
    EXPECT_EQ(bed.material[bed.extents.index(0, 0, 0)], 0);
    EXPECT_EQ(bed.product[bed.extents.index(0, 0, 0)], 0);
    EXPECT_EQ(bed.product[bed.extents.index(40, 40, 0)], 1);
}

TEST(Voxelise, PaintingAMaterialEndsAnEarlierFactorAndALaterFactorKeepsTheMaterial) {
    const Bed bed =
        make(bed_text("['4 mm','1 mm','1 mm']", "'1 mm'",
                      region("shape='box'\nfrom=['0 mm','0 mm','0 mm']\nto=['2 mm','1 mm','1 mm']\nsigma_factor=8") +
                          region("shape='box'\nfrom=['1 mm','0 mm','0 mm']\nto=['3 mm','1 mm','1 mm']\nmaterial='b'") +
                          region("shape='box'\nfrom=['2 mm','0 mm','0 mm']\nto=['4 mm','1 mm','1 mm']\nsigma_factor=0.5")));
    EXPECT_EQ(bed.sigma_factor, (std::vector<float>{8.0f, 1.0f, 0.5f, 0.5f}));
    EXPECT_EQ(bed.materials[bed.material[2]].name, "b");
    EXPECT_EQ(bed.materials[bed.material[3]].name, "a");
}

TEST(Voxelise, SheetKeepsConductanceOfItsRealThicknessAlongItsThinAxis) {
    const Bed bed = make(bed_text(
        "['4 mm','3 mm','1 mm']", "['1 mm','1 mm','0.1 mm']",
        region(
            "shape='box'\nfrom=['0 mm','0 mm','0 mm']\nto=['4 mm','3 mm','0.3 mm']\nmaterial='b'\nsheet_thickness='0.28 mm'")));
    ASSERT_EQ(bed.sheets.size(), 2u);
    EXPECT_EQ(bed.sheets[1].normal, 2);
    EXPECT_NEAR(bed.sheets[1].ratio, 0.28 / 0.3, 1e-12);
    EXPECT_NEAR(bed.sheets[1].factor(0), 0.28 / 0.3, 1e-12);
    EXPECT_NEAR(bed.sheets[1].factor(2), 0.3 / 0.28, 1e-12);
    EXPECT_EQ(bed.sheet[bed.extents.index(3, 2, 2)], 1);
    EXPECT_EQ(bed.sheet[bed.extents.index(3, 2, 3)], 0);
}

TEST(Voxelise, WhatSaysNothingTakesNoMemory) {
    const Bed bed = make(bed_text("['4 mm','1 mm','1 mm']", "'1 mm'", ""));
    EXPECT_TRUE(bed.sigma_factor.empty());
    EXPECT_TRUE(bed.sheet.empty());
}

TEST(Voxelise, RegionThatCoversNoCellIsAFindingThatNamesIt) {
    std::vector<std::string> findings;
    make(bed_text("['4 mm','1 mm','1 mm']", "'1 mm'",
                  region("shape='box'\nfrom=['0 mm','0 mm','0 mm']\nto=['1 mm','1 mm','1 mm']\nmaterial='b'") +
                      region("shape='sphere'\ncenter=['1 mm','0.5 mm','0.5 mm']\nradius='0.1 mm'\nmaterial='b'")),
         &findings);
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_THAT(findings[0], HasSubstr("bed.region[1] covers no voxel"));
}

TEST(Voxelise, BedOfVoidOnlyIsRefused) {
    std::string text = bed_text("['4 mm','1 mm','1 mm']", "'1 mm'",
                                region("shape='box'\nfrom=['0 mm','0 mm','0 mm']\nto=['4 mm','1 mm','1 mm']\nmaterial='void'"));
    try {
        make(text);
        FAIL();
    } catch (const InputError& error) {
        EXPECT_THAT(error.what(), HasSubstr("every cell is void"));
    }
}

const std::string kDefects =
    "[bed.defects]\nvolume_fraction = 0.2\nradius = ['0.3 mm', '0.6 mm']\nsigma_factor = [8.0, 0.05]\nseed = 5\n";

TEST(Voxelise, DefectsCoverTheirFractionOfTheProductInTurnAndComeAgainWithTheirSeed) {
    const std::string strip = region("shape='box'\nfrom=['0 mm','0 mm','0 mm']\nto=['5 mm','5 mm','1 mm']\nmaterial='b'");
    const std::string text = bed_text("['5 mm','5 mm','5 mm']", "'0.1 mm'", strip + kDefects);
    const Bed bed = make(text);
    std::size_t product = 0, high = 0, low = 0;
    for (std::size_t c = 0; c < bed.material.size(); ++c) {
        product += bed.product[c];
        high += bed.sigma_factor[c] == 8.0f;
        low += bed.sigma_factor[c] == 0.05f;
        if (!bed.product[c]) {
            EXPECT_EQ(bed.sigma_factor[c], 1.0f) << "a defect in what is not the product";
        }
    }
    EXPECT_EQ(product, 50u * 50 * 40);
    EXPECT_GE(double(high + low), 0.2 * double(product) - 1.0);
    EXPECT_LT(double(high + low), 0.2 * double(product) + 1000.0);
    EXPECT_GT(double(high), 0.05 * double(product));
    EXPECT_GT(double(low), 0.05 * double(product));
    EXPECT_EQ(make(text).sigma_factor, bed.sigma_factor);
    std::string other = text;
    other.replace(other.find("seed = 5"), 8, "seed = 6");
    EXPECT_NE(make(other).sigma_factor, bed.sigma_factor);
}

// The numbers of a seed are part of the contract: the same bed on every machine and in every version.
TEST(Voxelise, DefectsOfASeedStayWhereTheyWere) {
    const Bed bed = make(bed_text("['5 mm','5 mm','5 mm']", "'0.5 mm'", kDefects));
    std::size_t sum = 0;
    for (std::size_t c = 0; c < bed.sigma_factor.size(); ++c)
        if (bed.sigma_factor[c] != 1.0f) sum += c * (bed.sigma_factor[c] == 8.0f ? 1 : 3);
    EXPECT_EQ(sum, 210451u);
}

TEST(Voxelise, DefectsTooSmallForTheVoxelsEndInAnErrorAndNotInALoop) {
    std::string text = bed_text("['5 mm','5 mm','5 mm']", "'1 mm'", kDefects);
    const std::string radii = "['0.3 mm', '0.6 mm']";
    text.replace(text.find(radii), radii.size(), "['1 nm', '2 nm']");
    try {
        make(text);
        FAIL();
    } catch (const InputError& error) {
        EXPECT_THAT(error.what(), HasSubstr("bed.defects.radius: 1 nm to 2 nm cover 0 of the 25 cells"));
    }
}

TEST(Voxelise, HeterogeneityHasItsSpreadMedianAndCorrelationUpToTheWalls) {
    const Extents e{48, 48, 48, 1e-4, 1e-4, 2e-4};
    const auto g = gaussian_field(e, 4e-4, 3);
    double mean = 0.0, variance = 0.0, wall = 0.0, at_x = 0.0, at_z = 0.0;
    std::size_t pairs_x = 0, pairs_z = 0, walls = 0;
    for (int k = 0; k < e.nz; ++k)
        for (int j = 0; j < e.ny; ++j)
            for (int i = 0; i < e.nx; ++i) {
                const double own = g[e.index(i, j, k)];
                mean += own, variance += own * own;
                if (i == 0) wall += own * own, ++walls;
                if (i + 4 < e.nx) at_x += own * g[e.index(i + 4, j, k)], ++pairs_x;  // one correlation length
                if (k + 2 < e.nz) at_z += own * g[e.index(i, j, k + 2)], ++pairs_z;
            }
    const double n = double(e.count());
    EXPECT_NEAR(mean / n, 0.0, 0.1);
    EXPECT_NEAR(variance / n, 1.0, 0.1);
    EXPECT_NEAR(wall / double(walls), 1.0, 0.3);
    EXPECT_NEAR(at_x / double(pairs_x), std::exp(-1.0), 0.08);
    EXPECT_NEAR(at_z / double(pairs_z), std::exp(-1.0), 0.08);
}

TEST(Voxelise, HeterogeneityMultipliesTheProductOnly) {
    const std::string strip = region("shape='box'\nfrom=['0 mm','0 mm','0 mm']\nto=['5 mm','5 mm','1 mm']\nmaterial='b'");
    const Bed bed = make(bed_text("['5 mm','5 mm','5 mm']", "'0.25 mm'",
                                  strip + "[bed.heterogeneity]\nlog_sd = 0.5\ncorrelation = '0.5 mm'\nseed = 2\n"));
    double squares = 0.0;
    std::size_t product = 0;
    for (std::size_t c = 0; c < bed.material.size(); ++c) {
        if (!bed.product[c]) {
            EXPECT_EQ(bed.sigma_factor[c], 1.0f);
            continue;
        }
        squares += std::log(double(bed.sigma_factor[c])) * std::log(double(bed.sigma_factor[c]));
        ++product;
    }
    EXPECT_NEAR(std::sqrt(squares / double(product)), 0.5, 0.1);
}

TEST(Voxelise, AStackGivesItsVoxelsTheirMaterialsByLabel) {
    const test::Folder folder;
    test::make_tiff(folder / "s.tif", 2, 3, 2, {0, 9, 9, 5, 5, 5, 0, 9, 9, 9, 0, 0});
    const std::string rest =
        "current_axis = \"z\"\n[material.a]\nsigma = \"1 S/m\"\n[material.b]\nsigma = \"2 S/m\"\n[electrodes]\n[heater]\n"
        "mode = \"voltage\"\nprogram = \"1 V\"\n[run]\nsolve = \"current\"\n";
    std::vector<std::string> findings;
    const auto read = [&](const std::string& labels, const std::string& more) {
        return voxelise(read_scenario_text("[bed]\nmap = { file = 's.tif', voxel = ['1 um', '2 um', '3 um'], labels = { " +
                                               labels + " }" + more + " }\n" + rest,
                                           "s.toml", folder.path()),
                        findings);
    };
    const std::string all = "b = [5, 5], a = [8, 9], void = [0, 1]";
    const auto names = [](const Bed& bed) {
        std::string text;
        for (const auto m : bed.material) text += m == 0 ? "-" : bed.materials[m].name;
        return text;
    };
    const Bed bed = read(all, "");
    EXPECT_EQ(bed.extents, (Extents{2, 3, 2, 1e-6, 2e-6, 3e-6}));
    EXPECT_EQ(names(bed), "-aabbb-aaa--");
    EXPECT_EQ(count(bed.product, 1), 8u);
    EXPECT_EQ(names(read(all, ", crop = [0, 2, 0, 2, 0, 1]")), "-aab");
    const Bed coarse = read("b = [5, 5]", ", crop = [0, 2, 1, 3, 0, 1], coarsen = 2");
    EXPECT_EQ(coarse.extents, (Extents{1, 1, 1, 2e-6, 4e-6, 6e-6}));
    EXPECT_EQ(names(coarse), "b");
    EXPECT_THROW(read(all, ", crop = [0, 3, 1, 3, 0, 1]"), InputError);
}

}  // namespace
}  // namespace jt
