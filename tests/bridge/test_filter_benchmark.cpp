// SPDX-License-Identifier: Apache-2.0
#include "bridge/filter/benchmark.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include <cmath>

#include "bridge/filter/lorenz.hpp"
#include "kernels/error.hpp"

namespace jt {
namespace {

using testing::HasSubstr;

TEST(Lorenz, FixedPointsStandStill) {
    EXPECT_LT(lorenz96_tendency(Matrix::Constant(40, 2, 8.0)).cwiseAbs().maxCoeff(), 1e-15);
    const double c = std::sqrt(72.0);  // sqrt(beta (rho - 1))
    EXPECT_LT(lorenz63_tendency(Matrix{{c, -c, 0.0}, {c, -c, 0.0}, {27.0, 27.0, 0.0}}).cwiseAbs().maxCoeff(), 1e-13);
}

TEST(Lorenz, AdvectionOnTheRingKeepsEnergyAndCommutesWithShifts) {
    Matrix x(40, 1);
    for (int i = 0; i < 40; ++i) x(i, 0) = std::sin(1.0 + i * i);
    const Matrix dx = lorenz96_tendency(x);
    // d/dt sum x^2 / 2 = -sum x^2 + F sum x
    EXPECT_NEAR((x.transpose() * dx)(0, 0), -x.squaredNorm() + 8.0 * x.sum(), 1e-12);
    Matrix shifted(40, 1);
    for (int i = 0; i < 40; ++i) shifted(i, 0) = x((i + 7) % 40, 0);
    const Matrix dshifted = lorenz96_tendency(shifted);
    for (int i = 0; i < 40; ++i) EXPECT_NEAR(dshifted(i, 0), dx((i + 7) % 40, 0), 1e-14);
}

TEST(Lorenz, RungeKuttaIsOfFourthOrder) {
    const auto error = [](int steps) {
        Matrix x = Matrix::Constant(1, 1, 1.0);
        for (int k = 0; k < steps; ++k) rk4_step([](const Matrix& y) -> Matrix { return -y; }, x, 1.0 / steps);
        return std::abs(x(0, 0) - std::exp(-1.0));
    };
    EXPECT_NEAR(std::log2(error(10) / error(20)), 4.0, 0.1);
}

TEST(Benchmark, SameSeedGivesTheSameBitsAnotherSeedAnother) {
    for (const auto filter : {FilterKind::enkf, FilterKind::etkf, FilterKind::letkf, FilterKind::denkf}) {
        const FilterSetup setup = complete(LorenzModel::lorenz63, {.filter = filter});
        const double a = run_benchmark(setup, 50, 1).rmse_a;
        EXPECT_EQ(a, run_benchmark(setup, 50, 1).rmse_a) << describe(setup);
        EXPECT_NE(a, run_benchmark(setup, 50, 2).rmse_a) << describe(setup);
    }
}

TEST(Benchmark, WhatIsLeftOutIsThatOfAPublishedSetUp) {
    using enum FilterKind;
    const auto l96 = LorenzModel::lorenz96;
    EXPECT_EQ(complete(l96, {.filter = etkf}), (FilterSetup{l96, etkf, 24, 1.013, true, 0.0}));
    EXPECT_EQ(complete(l96, {.filter = etkf, .members = 20}), (FilterSetup{l96, etkf, 20, 1.04, true, 0.0}));
    EXPECT_EQ(complete(l96, {.filter = letkf, .radius = 6.0}), (FilterSetup{l96, letkf, 10, 1.04, true, 6.0}));
    EXPECT_EQ(complete(l96, {.filter = etkf, .members = 30, .rotate = false}), (FilterSetup{l96, etkf, 30, 1.013, false, 0.0}));
    EXPECT_EQ(complete(l96, {.inflation = 1.01}).filter, denkf);
    EXPECT_EQ(complete(LorenzModel::lorenz63, {.members = 100}).filter, enkf);
    EXPECT_EQ(published_score(complete(l96, {.filter = enkf}))->rmse_a, 0.22);
    EXPECT_EQ(published_score(complete(l96, {.filter = enkf, .members = 39})), nullptr);
    EXPECT_EQ(published_score(complete(LorenzModel::lorenz63, {.filter = letkf})), nullptr);
}

TEST(Benchmark, BadOptionsAreNamed) {
    const auto refused = [](const SetupChoice& choice, const char* option) {
        try {
            complete(LorenzModel::lorenz96, choice);
            ADD_FAILURE() << option;
        } catch (const InputError& e) {
            EXPECT_THAT(e.what(), HasSubstr(option));
        }
    };
    for (const int members : {-3, 0, 1, 1'000'000}) refused({.members = members}, "--members");
    for (const double inflation : {0.0, -1.0, 1e9, std::nan("")}) refused({.inflation = inflation}, "--inflation");
    for (const double radius : {0.0, -1.0, std::nan("")}) refused({.filter = FilterKind::letkf, .radius = radius}, "--radius");
    refused({.filter = FilterKind::etkf, .radius = 4.0}, "--radius");
    EXPECT_THROW(filter_of("kalman"), InputError);
    EXPECT_THROW(run_benchmark(complete(LorenzModel::lorenz63, {}), 0, 1), InputError);
}

TEST(Benchmark, AnEnsembleThatBlowsUpHasNoScore) {
    EXPECT_TRUE(std::isnan(
        run_benchmark(complete(LorenzModel::lorenz96, {.filter = FilterKind::denkf, .members = 3, .inflation = 10.0}), 300, 1)
            .rmse_a));
}

// The middle one of three truths. They are chaotic: another compiler runs other ones, and 12 of the seeds 1 to 80 begin such
// that an ETKF of 24 members loses it (seed 6 here). Scores of 1000 analyses lie 0.006 to 0.011 (1 sd) about the published.
FilterScore of_three(const FilterSetup& setup, int analyses) {
    std::vector<FilterScore> scores;
    for (const std::uint64_t seed : {1, 2, 3}) scores.push_back(run_benchmark(setup, analyses, seed));
    std::sort(scores.begin(), scores.end(), [](const auto& a, const auto& b) { return a.rmse_a < b.rmse_a; });
    return scores[1];
}

void expect_published(LorenzModel model) {
    for (const PublishedScore& published : published_scores()) {
        if (published.setup.model != model || published.marginal) continue;
        const FilterScore score = of_three(published.setup, default_analyses(model));
        EXPECT_NEAR(score.rmse_a, published.rmse_a, score_tolerance(model, default_analyses(model)))
            << name_of(model) << " " << describe(published.setup);
        EXPECT_THAT(score.spread_a / score.rmse_a, testing::AllOf(testing::Gt(0.95), testing::Lt(1.35)))
            << describe(published.setup);
    }
}

TEST(SlowBenchmark, PublishedErrorsOnLorenz96AreMet) {
    expect_published(LorenzModel::lorenz96);
}
TEST(SlowBenchmark, PublishedErrorsOnLorenz63AreMet) {
    expect_published(LorenzModel::lorenz63);
}

// The four filters, in the fast suite.
TEST(Benchmark, TheBestKnownErrorsAreMet) {
    using enum FilterKind;
    for (const auto filter : {enkf, etkf, letkf, denkf}) {
        const FilterSetup setup = complete(LorenzModel::lorenz96, {.filter = filter});
        EXPECT_NEAR(of_three(setup, 600).rmse_a, published_score(setup)->rmse_a, 0.04) << describe(setup);
    }
}

}  // namespace
}  // namespace jt
