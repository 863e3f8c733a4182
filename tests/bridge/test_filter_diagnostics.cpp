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
    EXPECT_NEAR(student_t_above(2.131450, 15), 0.025, 1e-6);
    EXPECT_NEAR(student_t_above(-2.131450, 15), 0.975, 1e-6);
    EXPECT_EQ(student_t_above(0.0, 15), 0.5);
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

}  // namespace
}  // namespace jt
