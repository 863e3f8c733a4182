// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>

#include "kernels/error.hpp"
#include "twin/electric/electric_field.hpp"
#include "twin/stack/fibre_demo.hpp"

namespace jt {
namespace {

std::uint64_t digest(const Stack& stack) {  // FNV-1a
    std::uint64_t hash = 0xcbf29ce484222325ull;
    for (const std::uint16_t g : stack.grey) hash = (hash ^ g) * 0x100000001b3ull;
    return hash;
}

TEST(FibreDemo, TheSameSeedGivesTheSameVoxelsOnEveryMachine) {
    EXPECT_EQ(digest(fibre_demo({})), 6452134079944280015u);
    EXPECT_NE(digest(fibre_demo({.seed = 2})), digest(fibre_demo({})));
}

TEST(FibreDemo, FibreIsBrightAndFillsAboutAnEighth) {
    const Stack stack = fibre_demo({});
    EXPECT_EQ(stack.nx, 100);
    EXPECT_EQ(stack.grey.size(), 1000000u);
    const auto [least, most] = std::minmax_element(stack.grey.begin(), stack.grey.end());
    EXPECT_LT(*least, 30);
    EXPECT_LE(*most, 255);
    const auto solid = std::count_if(stack.grey.begin(), stack.grey.end(), [](int g) { return g >= 90; });
    EXPECT_GT(solid, 130000);
    EXPECT_LT(solid, 150000);
    EXPECT_EQ(std::count_if(stack.grey.begin(), stack.grey.end(), [](int g) { return g > 85 && g < 95; }), 0);
}

TEST(FibreDemo, FibresAreAsThickAsAsked) {
    // One fibre of 10 um in 0.5 um voxels through a small box: no voxel of it is further than its diameter from another.
    const Stack stack = fibre_demo({.cells = 40, .voxel = 0.5e-6, .solid = 0.01});
    const double share = double(std::count_if(stack.grey.begin(), stack.grey.end(), [](int g) { return g >= 90; })) / 64000.0;
    EXPECT_GT(share, 0.01);
    EXPECT_LT(share, 3.15 * 10.0 * 10.0 * 58.0 / 64000.0);  // a cylinder of radius 10 voxels along the diagonal of a face
}

TEST(FibreDemo, CurrentCanPassAlongTheFibrePlanes) {
    const Stack stack = fibre_demo({});
    Bed bed;
    bed.extents = {stack.nx, stack.ny, stack.nz, 1.3e-6, 1.3e-6, 1.3e-6};
    bed.sheets = {Sheet{}};
    Material nothing, fibre;
    nothing.is_void = true;
    fibre.sigma = DirectionalLaw{Law::make_constant(8e5), {}, 2};
    bed.materials = {nothing, fibre};
    for (const int g : stack.grey) bed.material.push_back(g >= 90);
    const auto backend = make_backend("cpu");
    for (const auto& [lower, upper] : {std::pair{Face::xmin, Face::xmax}, std::pair{Face::ymin, Face::ymax}}) {
        Terminal a, b;
        a.face = lower;
        b.face = upper;
        EXPECT_TRUE(ElectricField(*backend, bed, {a, b}, {}).percolation().percolates) << name_of(lower);
    }
}

TEST(FibreDemo, SizesThatMakeNoPreformAreRefused) {
    EXPECT_THROW(fibre_demo({.cells = 7}), InputError);
    EXPECT_THROW(fibre_demo({.cells = 501}), InputError);
    EXPECT_THROW(fibre_demo({.voxel = 6e-6}), InputError);
    EXPECT_THROW(fibre_demo({.voxel = 0.0}), InputError);
    EXPECT_THROW(fibre_demo({.solid = 0.9}), InputError);
}

}  // namespace
}  // namespace jt
