// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "bridge/assimilation/block_check.hpp"
#include "bridge/assimilation/model_error.hpp"
#include "bridge/filter/random_draws.hpp"

namespace jt {
namespace {

TEST(ModelErrorEstimate, FindsAnOffsetAndLeavesNoiseAlone) {
    ModelError quiet, off;
    for (int n = 0; n < 400; ++n) {
        const double noise = n % 2 ? 0.5 : -0.5;
        quiet.add(0.1 * n, noise, 0.25, 0.0, 0.3);
        off.add(0.1 * n, 1.2 + noise, 0.25, 0.0, 0.3);
    }
    EXPECT_LT(quiet.ratio(), 1.0);
    EXPECT_EQ(quiet.sd(0.3), 0.3);
    EXPECT_NEAR(std::sqrt(off.ratio()) * 0.3, 1.2, 0.05);
    EXPECT_LE(off.sd(0.3), 0.9 + 1e-12);  // bounded at three times the prior
}

// Two sensors whose spread comes from one unknown: together they may be off, against each other they may not.
TEST(BlockCheck, SeesWhatNoUnknownExplains) {
    NormalDraws draws(1);
    const Vector shared = 4.0 * exact_normals(1, 8, draws).row(0);
    const auto ratio = [&](double first, double second) {
        BlockCheck check(2, 8);
        for (int n = 1; n <= 30; ++n) {
            check.add(0, first, 0.25, 0.3, shared), check.add(1, second, 0.25, 0.3, shared);
            check.close(0.1 * n);
        }
        EXPECT_EQ(check.worst(), std::abs(second) > std::abs(first) ? 1u : 0u);
        return check.ratio();
    };
    // exactly: the mean's part over 2 * 16 + R, the difference's over R; R = 0.25 / 10 + 0.09
    EXPECT_NEAR(ratio(4.0, 4.0), 0.5 * 32.0 / (32.0 + 0.115), 1e-9);
    EXPECT_NEAR(ratio(2.0, -2.5), 0.5 * (0.125 / (32.0 + 0.115) + 10.125 / 0.115), 1e-9);
}

TEST(BlockCheck, SaysNothingOfOneSensorOrTooSoon) {
    const Vector flat = Vector::Zero(8);
    BlockCheck alone(3, 8), young(3, 8);
    for (int n = 1; n <= 30; ++n) alone.add(1, 9.0, 0.25, 0.3, flat), alone.close(0.1 * n);
    for (int n = 1; n <= 29; ++n) young.add(1, 9.0, 0.25, 0.3, flat), young.add(2, 9.0, 0.25, 0.3, flat), young.close(0.1 * n);
    EXPECT_EQ(alone.ratio(), 0.0);
    EXPECT_EQ(young.ratio(), 0.0);
}

}  // namespace
}  // namespace jt
