// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/local_analysis.hpp"

#include <gtest/gtest.h>

#include "bridge/filter/etkf.hpp"
#include "bridge/filter/letkf.hpp"
#include "bridge/filter/random_draws.hpp"
#include "kernels/error.hpp"

namespace jt {
namespace {

const Place kBed{0.02, 0.01, 0.0015};

Observations of_three() {
    NormalDraws draws(4);
    return {anomalies(draws.matrix(3, 8)),
            3.0 * draws.matrix(3, 1),
            Vector{{0.5, 1.0, 2.0}},
            {Place{0.0, 0.0, 0.0}, Place{0.02, 0.01, 0.0}, {}}};
}
double difference(const EnsembleUpdate& a, const EnsembleUpdate& b) {
    return std::max((a.weights - b.weights).cwiseAbs().maxCoeff(), (a.transform - b.transform).cwiseAbs().maxCoeff());
}

TEST(LocalAnalysis, WithoutARadiusIsTheEtkfEverywhere) {
    const Observations o = of_three();
    const LocalAnalysis analysis(o, kBed, 0.0);
    EnsembleUpdate near;
    analysis.near({0.003, 0.001, 0.0}, near);
    EXPECT_FALSE(analysis.is_local());
    EXPECT_EQ(difference(near, etkf(o.Y, o.d, o.variance)), 0.0);
    EXPECT_EQ(difference(analysis.at({0.02, 0.0, 0.0}), near), 0.0);
    // nor does a radius beside which the bed is small
    const LocalAnalysis wide(o, kBed, 1e3);
    wide.near({0.003, 0.001, 0.0}, near);
    EXPECT_LT(difference(near, wide.everywhere()), 1e-6);
}

TEST(LocalAnalysis, AReadingCountsNearItselfAndAVoltageEverywhere) {
    Observations o = of_three();
    const LocalAnalysis analysis(o, kBed, 0.003);
    // at the first thermometer: itself, and the voltage
    const Vector distance{{0.0, std::hypot(0.02, 0.01), 0.0}};
    EXPECT_EQ(difference(analysis.at({0.0, 0.0, 0.0}), local_update(o.Y, o.d, o.variance, distance, 0.003)), 0.0);
    const EnsembleUpdate before = analysis.at({0.0, 0.0, 0.0}), there = analysis.at({0.02, 0.01, 0.0});
    o.d[1] += 5.0;
    const LocalAnalysis other(o, kBed, 0.003);
    EXPECT_EQ(difference(other.at({0.0, 0.0, 0.0}), before), 0.0);
    EXPECT_GT(difference(other.at({0.02, 0.01, 0.0}), there), 0.1);
    EXPECT_GT(difference(other.everywhere(), analysis.everywhere()), 0.1);
    o.d[2] += 5.0;
    EXPECT_GT(difference(LocalAnalysis(o, kBed, 0.003).at({0.0, 0.0, 0.0}), before), 0.1);
}

TEST(LocalAnalysis, InBetweenWeightsAreInterpolated) {
    const LocalAnalysis analysis(of_three(), kBed, 0.005);
    EnsembleUpdate near;
    double worst = 0.0, most = 0.0;
    const EnsembleUpdate corner = analysis.at({0.0, 0.0, 0.0});
    for (int i = 0; i <= 40; ++i)
        for (int j = 0; j <= 20; ++j) {
            const Place place{0.0005 * i, 0.0005 * j, 0.0007};
            analysis.near(place, near);
            const EnsembleUpdate exact = analysis.at(place);
            worst = std::max(worst, difference(near, exact)), most = std::max(most, difference(exact, corner));
            EXPECT_LT((near.transform * Vector::Ones(8) - Vector::Ones(8)).cwiseAbs().maxCoeff(), 1e-12);
        }
    EXPECT_GT(most, 0.3);
    EXPECT_LT(worst, 0.1 * most);
    // outside: as at the edge
    EnsembleUpdate edge;
    analysis.near({-1.0, 0.0, 0.0}, near), analysis.near({0.0, 0.0, 0.0}, edge);
    EXPECT_EQ(difference(near, edge), 0.0);
}

TEST(LocalAnalysis, ATinyRadiusCostsNoMoreThanTheLatticeHolds) {
    const LocalAnalysis analysis(of_three(), kBed, 1e-7);
    EnsembleUpdate near;
    analysis.near({0.01, 0.005, 0.0007}, near);  // far from both: the voltage alone
    EXPECT_LT(difference(near, analysis.at({0.01, 0.005, 0.0007})), 1e-12);
}

}  // namespace
}  // namespace jt
