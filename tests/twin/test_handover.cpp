// SPDX-License-Identifier: Apache-2.0
// What one thread hands to another: the newest, or all of it.
#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

#include "twin/handover_queue.hpp"
#include "twin/latest_slot.hpp"

namespace jt {
namespace {

TEST(LatestSlot, HasTheNewestOnce) {
    LatestSlot<int> slot;
    EXPECT_FALSE(slot.take());
    slot.publish(1);
    EXPECT_EQ(slot.take(), 1);
    EXPECT_FALSE(slot.take());
    for (int n = 2; n < 9; ++n) slot.publish(n);
    EXPECT_EQ(slot.take(), 8);
    EXPECT_FALSE(slot.take());
    slot.publish(9);
    slot.publish(10);
    EXPECT_EQ(slot.take(), 10);
}

TEST(LatestSlot, AcrossThreadsEachValueIsWholeAndNewerThanTheOneBefore) {
    LatestSlot<std::shared_ptr<const std::vector<int>>> slot;
    constexpr int kMost = 200'000;
    const std::jthread writer([&] {
        for (int n = 1; n <= kMost; ++n) slot.publish(std::make_shared<const std::vector<int>>(5, n));
    });
    int last = 0;
    while (last < kMost) {
        const auto value = slot.take();
        if (!value) continue;
        ASSERT_TRUE(*value);
        ASSERT_GT((*value)->front(), last);
        for (const int one : **value) ASSERT_EQ(one, (*value)->front());
        last = (*value)->front();
    }
    EXPECT_FALSE(slot.take());
}

TEST(HandoverQueue, AcrossThreadsAllArriveInOrder) {
    HandoverQueue<std::vector<int>> queue;
    constexpr int kMost = 100'000;
    const std::jthread writer([&] {
        for (int n = 0; n < kMost; ++n) queue.put({n, n});
    });
    for (int expected = 0; expected < kMost;) {
        const auto value = queue.take();
        if (!value) continue;
        ASSERT_EQ(*value, (std::vector<int>{expected, expected}));
        ++expected;
    }
    EXPECT_FALSE(queue.take());
}

TEST(HandoverQueue, WhatIsNotTakenGoesWithIt) {
    const auto kept = std::make_shared<int>(3);
    {
        HandoverQueue<std::shared_ptr<int>> queue;
        queue.put(kept);
        queue.put(kept);
        EXPECT_TRUE(queue.take());
        EXPECT_EQ(kept.use_count(), 2);
    }
    EXPECT_EQ(kept.use_count(), 1);
}

}  // namespace
}  // namespace jt
