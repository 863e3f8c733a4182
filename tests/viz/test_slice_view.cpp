// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/slice_view.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace jt {
namespace {

// Every cell has its own value, so that a swapped or mirrored axis shows.
struct Numbered {
    Extents extents{5, 4, 3, 1e-3, 1e-3, 1e-3};
    std::vector<float> values;
    ColourScale colours{ColourMapId::viridis, make_range(Scale::linear, -1.0, 60.0)};
    Numbered() {
        for (std::size_t n = 0; n < extents.count(); ++n) values.push_back(float(n));
    }
    VoxelField field() const { return {extents, values}; }
    Colour of(int i, int j, int k) const { return colours(values[extents.index(i, j, k)]).colour; }
};

TEST(SliceView, AZSliceHasXToTheRightAndYUp) {
    const Numbered bed;
    const Image image = slice_image(bed.field(), 2, 1, bed.colours, 10, 8);
    for (int j = 0; j < 4; ++j)
        for (int i = 0; i < 5; ++i) EXPECT_EQ(image.at(2 * i, 7 - 2 * j), bed.of(i, j, 1));
}

TEST(SliceView, AYSliceHasXToTheRightAndZUp) {
    const Numbered bed;
    const Image image = slice_image(bed.field(), 1, 2, bed.colours, 5, 3);
    for (int k = 0; k < 3; ++k)
        for (int i = 0; i < 5; ++i) EXPECT_EQ(image.at(i, 2 - k), bed.of(i, 2, k));
}

TEST(SliceView, AnXSliceHasYToTheRightAndZUp) {
    const Numbered bed;
    const Image image = slice_image(bed.field(), 0, 4, bed.colours, 4, 3);
    for (int k = 0; k < 3; ++k)
        for (int j = 0; j < 4; ++j) EXPECT_EQ(image.at(j, 2 - k), bed.of(4, j, k));
}

TEST(SliceView, VoidIsTransparentAndOutOfRangeHasWhiteTicks) {
    Numbered bed;
    bed.values[bed.extents.index(0, 0, 1)] = std::numeric_limits<float>::quiet_NaN();
    bed.values[bed.extents.index(4, 3, 1)] = 1e6f;
    const Image image = slice_image(bed.field(), 2, 1, bed.colours, 100, 80);
    EXPECT_EQ(image.at(5, 75).a, 0);
    int white = 0, end = 0;
    for (int row = 0; row < 20; ++row)
        for (int column = 80; column < 100; ++column) {
            white += image.at(column, row) == hex(0xFFFFFF);
            end += image.at(column, row) == hex(0xFDE725);
        }
    EXPECT_GT(white, 20);
    EXPECT_EQ(white + end, 400);
}

TEST(SliceView, TheCentrePlaneOfOneCellIsThatCell) {
    EXPECT_EQ(centre_index({1, 2, 5, 1, 1, 1}, 0), 0);
    EXPECT_EQ(centre_index({1, 2, 5, 1, 1, 1}, 1), 1);
    EXPECT_EQ(centre_index({1, 2, 5, 1, 1, 1}, 2), 2);
}

}  // namespace
}  // namespace jt
