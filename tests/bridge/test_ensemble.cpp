// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "bridge/assimilation/block_check.hpp"
#include "bridge/assimilation/ensemble.hpp"
#include "bridge/assimilation/model_error.hpp"
#include "bridge/heater/random_draw.hpp"

namespace jt {
namespace {

TEST(Ensemble, DrawsHaveExactMoments) {
    const int N = 16;
    const Eigen::MatrixXd X = orthogonal_draws(12, N, 7);
    EXPECT_LT(X.rowwise().mean().cwiseAbs().maxCoeff(), 1e-12);
    EXPECT_LT((X * X.transpose() / (N - 1) - Eigen::MatrixXd::Identity(12, 12)).cwiseAbs().maxCoeff(), 1e-12);
    EXPECT_GT((X - orthogonal_draws(12, N, 8)).cwiseAbs().maxCoeff(), 0.1);
    // one unknown more than there is room for: variances exact, correlations shared out
    const Eigen::MatrixXd many = orthogonal_draws(N, N, 7);
    const Eigen::MatrixXd C = many * many.transpose() / (N - 1);
    EXPECT_LT((C.diagonal().array() - 1.0).abs().maxCoeff(), 1e-12);
    EXPECT_LT((C - Eigen::MatrixXd::Identity(N, N)).cwiseAbs().maxCoeff(), 2.0 / (N - 1));
    EXPECT_LT(many.rowwise().mean().cwiseAbs().maxCoeff(), 1e-12);
}

TEST(Ensemble, TransformIsTheKalmanAnalysis) {
    const int N = 8;
    const Eigen::MatrixXd X = orthogonal_draws(1, N, 3) * 2.0;  // variance 4
    const Weights weights = transform_weights(X, Eigen::VectorXd::Constant(1, 3.0), Eigen::VectorXd::Constant(1, 5.0));
    EXPECT_NEAR((X * weights.w)(0), 3.0 * 4.0 / (4.0 + 5.0), 1e-12);
    const Eigen::MatrixXd after = X * weights.W;
    EXPECT_NEAR(after.squaredNorm() / (N - 1), 4.0 * 5.0 / (4.0 + 5.0), 1e-12);
    EXPECT_NEAR(after.mean(), 0.0, 1e-12);
}

TEST(Ensemble, BandsOfFewMembersAreStudents) {
    EXPECT_NEAR(band_factor(16), 1.753050 * std::sqrt(17.0 / 16.0), 1e-5);  // t 0.95, 15 degrees
    EXPECT_NEAR(student_tail(0.0, 15), 0.5, 1e-9);
    EXPECT_NEAR(student_tail(2.131450, 15), 0.025, 1e-6);
    EXPECT_NEAR(student_tail(-2.131450, 15), 0.975, 1e-6);
}

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
    const Eigen::VectorXd shared = orthogonal_draws(1, 8, 1).row(0) * 4.0;
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
    const Eigen::VectorXd flat = Eigen::VectorXd::Zero(8);
    BlockCheck alone(3, 8), young(3, 8);
    for (int n = 1; n <= 30; ++n) alone.add(1, 9.0, 0.25, 0.3, flat), alone.close(0.1 * n);
    for (int n = 1; n <= 29; ++n) young.add(1, 9.0, 0.25, 0.3, flat), young.add(2, 9.0, 0.25, 0.3, flat), young.close(0.1 * n);
    EXPECT_EQ(alone.ratio(), 0.0);
    EXPECT_EQ(young.ratio(), 0.0);
}

}  // namespace
}  // namespace jt
