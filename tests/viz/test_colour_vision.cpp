// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/colour_vision.hpp"

#include <gtest/gtest.h>

namespace jt {
namespace {

int distance(Colour a, Colour b) {
    return std::abs(a.r - b.r) + std::abs(a.g - b.g) + std::abs(a.b - b.b);
}

TEST(ColourVision, GreysStayGrey) {
    for (const auto vision : {ColourVision::normal, ColourVision::protan, ColourVision::deutan, ColourVision::tritan})
        for (int v = 0; v < 256; v += 15) {
            const auto grey = std::uint8_t(v);
            EXPECT_LE(distance(seen_with(vision, {grey, grey, grey, 77}), {grey, grey, grey}), 3);
            EXPECT_EQ(seen_with(vision, {grey, grey, grey, 77}).a, 77);
        }
}

TEST(ColourVision, WhatADeficiencyMixesUpComesCloser) {
    // Red and green of like lightness; blue and green for tritan vision.
    const Colour red{200, 80, 60}, green{110, 130, 50}, blue{70, 130, 150}, cyan{60, 140, 110};
    EXPECT_LT(distance(seen_with(ColourVision::deutan, red), seen_with(ColourVision::deutan, green)), distance(red, green) / 2);
    EXPECT_LT(distance(seen_with(ColourVision::protan, red), seen_with(ColourVision::protan, green)), distance(red, green));
    EXPECT_LT(distance(seen_with(ColourVision::tritan, blue), seen_with(ColourVision::tritan, cyan)), distance(blue, cyan) / 2);
    // Protan vision: pure red is dark. From the matrix by hand: linear (0.152286, 0.114503, 0), encoded.
    EXPECT_LE(distance(seen_with(ColourVision::protan, {255, 0, 0}), {109, 95, 0}), 2);
}

TEST(ColourVision, AnImageIsSeenPixelByPixel) {
    Image image(3, 1);
    image.at(0, 0) = {255, 0, 0}, image.at(1, 0) = {0, 0, 255}, image.at(2, 0) = {0, 0, 255};
    apply_vision(ColourVision::deutan, image);
    EXPECT_EQ(image.at(0, 0), seen_with(ColourVision::deutan, {255, 0, 0}));
    EXPECT_EQ(image.at(1, 0), seen_with(ColourVision::deutan, {0, 0, 255}));
    EXPECT_EQ(image.at(2, 0), image.at(1, 0));
}

}  // namespace
}  // namespace jt
