// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "kernels/error.hpp"
#include "twin/stack/segment.hpp"

namespace jt {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

Stack stack_of(int nx, int ny, int nz, std::vector<std::uint16_t> grey, int bits = 8) {
    return {.nx = nx, .ny = ny, .nz = nz, .bits = bits, .grey = std::move(grey)};
}
std::string refusal(const Stack& stack, const std::vector<GreyRange>& ranges, std::optional<std::array<int, 6>> crop = {},
                    int coarsen = 1) {
    try {
        segment(stack, ranges, crop, coarsen, "s.tif");
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

TEST(Segment, RangesIncludeBothEndsAndGreyWithoutARangeIsVoid) {
    const Segmented s =
        segment(stack_of(6, 1, 1, {9, 10, 20, 21, 30, 255}), {{"a", 10, 20, 1}, {"b", 255, 255, 2}}, {}, 1, "s");
    EXPECT_THAT(s.material, ElementsAre(0, 1, 1, 0, 0, 2));
    EXPECT_THAT(s.voxels, ElementsAre(2, 1));
    EXPECT_EQ(s.nx, 6);
}

TEST(Segment, SixteenBitGreyReachesTheUpperEnd) {
    const Segmented s = segment(stack_of(3, 1, 1, {65534, 65535, 300}, 16), {{"a", 65535, 65535, 1}}, {}, 1, "s");
    EXPECT_THAT(s.material, ElementsAre(0, 1, 0));
}

TEST(Segment, ARangeMayBeVoidByName) {
    const Segmented s = segment(stack_of(3, 1, 1, {1, 2, 3}), {{"solid", 1, 2, 1}, {"void", 3, 3, 0}}, {}, 1, "s");
    EXPECT_THAT(s.material, ElementsAre(1, 1, 0));
    EXPECT_THAT(s.voxels, ElementsAre(2, 1));
}

TEST(Segment, TheCropIsXYZWithUpperEndsExcluded) {
    std::vector<std::uint16_t> grey(3 * 4 * 5);
    for (std::size_t n = 0; n < grey.size(); ++n) grey[n] = std::uint16_t(n);
    const auto s = segment(stack_of(3, 4, 5, grey), {{"a", 0, 31, 1}, {"b", 32, 59, 2}}, std::array{1, 3, 2, 3, 1, 4}, 1, "s");
    EXPECT_EQ(s.nx, 2);
    EXPECT_EQ(s.ny, 1);
    EXPECT_EQ(s.nz, 3);
    EXPECT_THAT(s.material, ElementsAre(1, 1, 1, 2, 2, 2));  // grey 19 20, 31 32, 43 44
    EXPECT_THAT(s.voxels, ElementsAre(3, 3));
}

TEST(Segment, CoarseningTakesTheMajorityAndTheLowestIndexWhereTied) {
    // Two rows of 5: blocks of 2 x 2, the last one 1 x 2.
    const Stack stack = stack_of(5, 2, 1,
                                 {1, 1, 2, 0, 2,  //
                                  1, 2, 2, 0, 2});
    const std::vector<GreyRange> ranges = {{"one", 1, 1, 1}, {"two", 2, 2, 2}};
    const Segmented s = segment(stack, ranges, {}, 2, "s");
    EXPECT_EQ(s.nx, 3);
    EXPECT_EQ(s.ny, 1);
    EXPECT_EQ(s.nz, 1);
    EXPECT_THAT(s.material, ElementsAre(1, 0, 2));  // 3:1; void and two 2:2; two alone
    EXPECT_THAT(s.voxels, ElementsAre(3, 5));       // counted before coarsening
    const Segmented cropped = segment(stack, {{"two", 2, 2, 2}}, std::array{1, 5, 0, 2, 0, 1}, 2, "s");
    EXPECT_THAT(cropped.material, ElementsAre(2, 0));  // blocks begin at the crop: 0 2 2 2, then 0 0 2 2
}

TEST(Segment, CoarseningWorksAlongEveryAxis) {
    const auto along = [](int nx, int ny, int nz) {
        return segment(stack_of(nx, ny, nz, {5, 5, 5, 0, 0, 5}), {{"a", 5, 5, 1}}, {}, 3, "s");
    };
    for (const Segmented& s : {along(6, 1, 1), along(1, 6, 1), along(1, 1, 6)}) EXPECT_THAT(s.material, ElementsAre(1, 0));
    EXPECT_EQ(along(1, 6, 1).ny, 2);
    EXPECT_EQ(along(1, 1, 6).nz, 2);
}

TEST(Segment, ALabelWithoutVoxelsIsAnErrorThatSaysWhatThereIs) {
    const Stack stack = stack_of(4, 1, 1, {3, 7, 7, 9});
    EXPECT_EQ(refusal(stack, {{"fibre", 90, 255, 1}}),
              "label fibre [90, 255]: no voxel of s.tif has these grey values; found 3..9");
    EXPECT_THAT(refusal(stack, {{"fibre", 9, 9, 1}}, std::array{0, 3, 0, 1, 0, 1}),
                HasSubstr("no voxel of s.tif inside the crop has these grey values; found 3..7"));
    EXPECT_THAT(refusal(stack, {{"fibre", 9, 9, 1}}, {}, 4),
                HasSubstr("label fibre [9, 9]: no voxel is left of it in s.tif coarsened by 4"));
    EXPECT_EQ(refusal(stack, {{"void", 9, 9, 0}, {"rest", 0, 8, 1}}, {}, 4), "");  // void may vanish
    EXPECT_THAT(refusal(stack, {{"a", 50, 60, 1}, {"b", 70, 80, 2}}), AllOf(HasSubstr("label a"), HasSubstr("label b")));
}

TEST(Segment, RangesMustFitTheBitDepthAndBeApart) {
    const Stack stack = stack_of(1, 1, 1, {100});
    EXPECT_THAT(refusal(stack, {{"a", 90, 256, 1}}),
                HasSubstr("label a [90, 256]: allowed: low <= high, from 0 to 255, as s.tif has 8 bit"));
    EXPECT_EQ(refusal(stack, {{"a", 0, 255, 1}}), "");
    EXPECT_THAT(refusal(stack, {{"a", 9, 8, 1}}), HasSubstr("label a [9, 8]"));
    EXPECT_THAT(refusal(stack, {{"a", -1, 8, 1}}), HasSubstr("label a [-1, 8]"));
    EXPECT_EQ(refusal(stack, {{"a", 90, 100, 1}, {"b", 100, 110, 2}}),
              "label b [100, 110] overlaps label a [90, 100]; allowed: ranges apart");
    EXPECT_THAT(refusal(stack, {{"a", 90, 99, 1}, {"b", 100, 110, 2}}), testing::Not(HasSubstr("overlaps")));
    EXPECT_THAT(refusal(stack, {}), HasSubstr("0 grey ranges"));
}

TEST(Segment, ACropOutsideTheStackIsRefusedPerAxis) {
    const Stack stack = stack_of(2, 3, 4, std::vector<std::uint16_t>(24, 1));
    const std::vector<GreyRange> all = {{"a", 1, 1, 1}};
    EXPECT_EQ(refusal(stack, all, std::array{0, 2, 0, 3, 0, 4}), "");
    EXPECT_EQ(refusal(stack, all, std::array{0, 3, 0, 3, 0, 4}),
              "crop: 0 to 3 along x; allowed: part of 0 to 2, the size of s.tif");
    EXPECT_THAT(refusal(stack, all, std::array{-1, 2, 2, 2, 0, 5}),
                AllOf(HasSubstr("along x"), HasSubstr("along y"), HasSubstr("along z")));
    EXPECT_THAT(refusal(stack, all, {}, 0), HasSubstr("coarsen: found 0; allowed: 1 to 64"));
    EXPECT_THAT(refusal(stack, all, {}, 65), HasSubstr("coarsen"));
    EXPECT_EQ(refusal(stack, all, {}, 64), "");
}

}  // namespace
}  // namespace jt
