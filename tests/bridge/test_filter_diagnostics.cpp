// SPDX-License-Identifier: Apache-2.0
#include "bridge/filter/diagnostics.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "bridge/filter/distributions.hpp"
#include "bridge/filter/ensemble.hpp"
#include "bridge/filter/random_draws.hpp"
#include "kernels/error.hpp"

namespace jt {
namespace {

// Tabulated: 1 and 2 degrees have closed forms, the others are in any table of t.
TEST(StudentT, QuantilesAreThoseOfTheTables) {
    EXPECT_NEAR(student_t_half_width(0.9, 1), 6.313752, 1e-6);
    EXPECT_NEAR(student_t_half_width(0.9, 2), 2.919986, 1e-6);
    EXPECT_NEAR(student_t_half_width(0.95, 5), 2.570582, 1e-6);
    EXPECT_NEAR(student_t_half_width(0.9, 15), 1.753050, 1e-6);
    EXPECT_NEAR(student_t_half_width(0.99, 30), 2.749996, 1e-6);
    EXPECT_NEAR(student_t_half_width(0.95, 1'000'000), 1.959966, 1e-5);
    for (const int degrees : {1, 2, 3, 4, 15})
        EXPECT_NEAR(student_t_within(student_t_half_width(0.8, degrees), degrees), 0.8, 1e-14);
}

TEST(StudentT, BandOf16MembersIs181StandardDeviations) {
    EXPECT_NEAR(band_factor(0.9, 16), 1.807, 5e-4);
    EXPECT_THROW(band_factor(0.9, 1), InputError);
    EXPECT_THROW(band_factor(1.0, 16), InputError);
    EXPECT_THROW(band_factor(std::nan(""), 16), InputError);
}

TEST(StudentT, BandsCoverAsOftenAsTheySay) {
    NormalDraws draws(1);
    int inside = 0;
    for (int k = 0; k < 20'000; ++k) {
        const Matrix x = draws.matrix(1, 6);  // 5 members and a truth of the same distribution
        const Matrix members = x.leftCols(5);
        inside += std::abs(x(0, 5) - members.mean()) <= band_factor(0.9, 5) * std::sqrt(ensemble_variance(members)[0]);
    }
    EXPECT_NEAR(inside / 20'000.0, 0.9, 0.007);
}

TEST(ChiSquare, HasItsClosedForms) {
    for (const double x : {0.01, 0.5, 1.0, 3.0, 7.5, 40.0}) {
        EXPECT_NEAR(chi_square_below(x, 1), std::erf(std::sqrt(x / 2.0)), 1e-14);
        EXPECT_NEAR(chi_square_below(x, 2), 1.0 - std::exp(-x / 2.0), 1e-14);
        EXPECT_NEAR(chi_square_below(x, 4), 1.0 - (1.0 + x / 2.0) * std::exp(-x / 2.0), 1e-14);
    }
    EXPECT_EQ(chi_square_below(0.0, 3), 0.0);
    EXPECT_EQ(chi_square_below(-1.0, 3), 0.0);
    EXPECT_NEAR(chi_square_quantile(0.95, 2), -2.0 * std::log(0.05), 1e-12);
    EXPECT_NEAR(chi_square_quantile(0.999, 1), 10.827566, 1e-6);
    EXPECT_THROW(chi_square_quantile(0.0, 1), InputError);
    EXPECT_THROW(chi_square_quantile(0.5, 0), InputError);
    EXPECT_THROW(chi_square_below(std::nan(""), 1), InputError);
}

TEST(Nis, BandsAreThoseOfChiSquare) {
    EXPECT_NEAR(nis_band(1, 60).low, 0.675, 1e-3);
    EXPECT_NEAR(nis_band(1, 60).high, 1.388, 1e-3);
    EXPECT_NEAR(nis_band(3, 60).low, 2.412, 1e-3);
    EXPECT_NEAR(nis_band(3, 60).high, 3.651, 1e-3);
    EXPECT_NEAR(nis_band(5, 600).low, 4.750, 1e-3);
    EXPECT_NEAR(nis_band(5, 600).high, 5.256, 1e-3);
    EXPECT_TRUE(nis_band(5, 100'000).holds(5.0));
    EXPECT_THROW(nis_band(0, 60), InputError);
}

TEST(Nis, CountsSpreadAndNoise) {
    // one reading: d^2 / (variance of the members + R)
    const Matrix Y{{-1.0, 0.0, 1.0}};
    EXPECT_NEAR(normalised_innovation_squared(Y, Vector::Constant(1, 3.0), Vector::Constant(1, 2.0)), 3.0, 1e-14);
    EXPECT_EQ(normalised_innovation_squared(Matrix(0, 3), Vector(0), Vector(0)), 0.0);
}

TEST(Gate, RefusesRightReadingsAsRarelyAsItSaysAndWrongOnesAlways) {
    NormalDraws draws(4);
    const Vector R{{0.5, 2.0, 1.0}};
    int refused = 0;
    constexpr int kReadings = 20'000;
    for (int k = 0; k < kReadings; ++k) {
        const Vector d = (R.array() + 1.0).sqrt() * draws.matrix(3, 1).array();
        refused += gate_refuses(normalised_innovation_squared(exact_normals(3, 6, draws), d, R), 3, 0.99);
    }
    EXPECT_NEAR(refused / double(kReadings), 0.01, 0.0025);
    EXPECT_TRUE(gate_refuses(25.0, 1));
    EXPECT_FALSE(gate_refuses(10.0, 1));
    EXPECT_TRUE(gate_refuses(std::nan(""), 1));
}

TEST(Lag1, IsThatOfAnAutoregression) {
    NormalDraws draws(8);
    std::vector<double> x{0.0}, white;
    for (int k = 0; k < 20'000; ++k) {
        white.push_back(draws.next());
        x.push_back(0.6 * x.back() + white.back());
    }
    EXPECT_NEAR(lag1_autocorrelation(x), 0.6, 0.02);
    EXPECT_NEAR(lag1_autocorrelation(white), 0.0, 0.02);
    EXPECT_NEAR(lag1_autocorrelation(std::vector{1.0, -1.0, 1.0, -1.0}), -0.75, 1e-15);
    EXPECT_TRUE(std::isnan(lag1_autocorrelation(std::vector{1.0, 2.0})));
    EXPECT_TRUE(std::isnan(lag1_autocorrelation(std::vector{2.0, 2.0, 2.0})));
}

TEST(Crps, HasItsClosedForms) {
    EXPECT_NEAR(crps(std::vector{3.0}, 5.0), 2.0, 1e-15);
    // members 0 and 1, truth 0: mean error 1/2, mean distance of pairs 1/2
    EXPECT_NEAR(crps(std::vector{1.0, 0.0}, 0.0), 0.25, 1e-15);
    // a normal distribution at its own mean: sd (sqrt 2 - 1) / sqrt(pi)
    NormalDraws draws(9);
    const Matrix x = draws.matrix(1, 40'000);
    EXPECT_NEAR(crps({x.data(), std::size_t(x.size())}, 0.0), (std::sqrt(2.0) - 1.0) / std::sqrt(M_PI), 0.005);
    EXPECT_THROW(crps({}, 0.0), InputError);
}

RankHistogram histogram_of(double true_sd) {
    NormalDraws draws(10);
    RankHistogram histogram(7);
    for (int k = 0; k < 8000; ++k) {
        const Matrix x = draws.matrix(1, 7);
        histogram.add({x.data(), 7}, true_sd * draws.next());
    }
    return histogram;
}

TEST(RankHistogram, IsFlatWhenHonestAUWhenTooNarrowAHumpWhenTooWide) {
    const auto honest = histogram_of(1.0), narrow = histogram_of(2.0), wide = histogram_of(0.5);
    EXPECT_GT(honest.flatness(), 0.01);
    EXPECT_LT(narrow.flatness(), 1e-6);
    EXPECT_LT(wide.flatness(), 1e-6);
    EXPECT_GT(narrow.counts().front() + narrow.counts().back(), 2 * (narrow.counts()[3] + narrow.counts()[4]));
    EXPECT_LT(2 * (wide.counts().front() + wide.counts().back()), wide.counts()[3] + wide.counts()[4]);
    RankHistogram one(2);
    one.add(std::vector{5.0, 1.0}, 3.0);
    EXPECT_THAT(one.counts(), testing::ElementsAre(0, 1, 0));
    EXPECT_TRUE(std::isnan(RankHistogram(2).flatness()));
    EXPECT_THROW(one.add(std::vector{5.0}, 3.0), InputError);
    EXPECT_THROW(RankHistogram(0), InputError);
}

TEST(SpreadSkill, IsOneWhenHonest) {
    NormalDraws draws(12);
    SpreadSkill honest, narrow;
    for (int k = 0; k < 20'000; ++k) {
        const Matrix x = draws.matrix(1, 4);
        const double truth = draws.next();
        honest.add({x.data(), 4}, truth);
        narrow.add({x.data(), 4}, 3.0 * truth);
    }
    EXPECT_NEAR(honest.ratio(), 1.0, 0.02);
    EXPECT_NEAR(honest.rmse(), std::sqrt(1.25), 0.02);
    EXPECT_LT(narrow.ratio(), 0.5);
    EXPECT_THROW(honest.add(std::vector{1.0}, 1.0), InputError);
}

}  // namespace
}  // namespace jt
