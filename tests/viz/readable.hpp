// SPDX-License-Identifier: Apache-2.0
// What the tests of every picture ask of its texts.
#pragma once
#include <gtest/gtest.h>

#include <vector>

#include "viz/figure/text.hpp"

namespace jt {

// Inside the page and their panels, on no other text, at least 14 px, contrast at least 4.5.
inline void expect_readable(const std::vector<FigureItem>& items, const Rect& page) {
    for (std::size_t a = 0; a < items.size(); ++a) {
        const auto& item = items[a];
        EXPECT_GE(item.px, 14.0) << item.id;
        EXPECT_GE(contrast(item.colour, item.background), 4.5) << item.id;
        EXPECT_TRUE(page.contains(item.rect)) << item.id << " leaves the picture";
        EXPECT_TRUE(item.within.contains(item.rect)) << item.id << " \"" << item.text << "\" leaves its panel";
        for (std::size_t b = a + 1; b < items.size(); ++b)
            EXPECT_FALSE(item.rect.overlaps(items[b].rect))
                << item.id << " \"" << item.text << "\" at " << item.rect.y << " + " << item.rect.h << " lies on "
                << items[b].id << " \"" << items[b].text << "\" at " << items[b].rect.y;
    }
}

inline const FigureItem* find(const std::vector<FigureItem>& items, std::string_view id) {
    for (const auto& item : items)
        if (item.id == id) return &item;
    return nullptr;
}

}  // namespace jt
