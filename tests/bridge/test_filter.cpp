// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <Eigen/Dense>
#include <cmath>
#include <limits>

#include "bridge/filter/enkf.hpp"
#include "bridge/filter/etkf.hpp"
#include "bridge/filter/letkf.hpp"
#include "bridge/filter/random_draws.hpp"
#include "kernels/error.hpp"

namespace jt {
namespace {

using testing::HasSubstr;

// A linear, Gaussian problem: an ensemble of a 4-variable state, 3 readings y = H x + noise.
struct Linear {
    NormalDraws draws{7};
    Matrix E = draws.matrix(4, 9);
    Matrix H = draws.matrix(3, 4);
    Vector R = Vector{{0.5, 2.0, 0.1}};
    Vector y = Vector{{0.4, -1.0, 2.0}};
    Matrix Y = H * anomalies(E);
    Vector d = y - H * ensemble_mean(E);

    Matrix covariance(const Matrix& ensemble) const {
        const Matrix A = anomalies(ensemble);
        return A * A.transpose() / double(A.cols() - 1);
    }
    Matrix P = covariance(E);
    // K = P H' (H P H' + R)^-1
    Matrix K = P * H.transpose() * (H * P * H.transpose() + Matrix(R.asDiagonal())).inverse();
    Vector mean = ensemble_mean(E) + K * d;
    Matrix P_after = (Matrix::Identity(4, 4) - K * H) * P;
};

double largest(const Matrix& difference) {
    return difference.cwiseAbs().maxCoeff();
}

TEST(Etkf, IsTheKalmanFilterWhereThatIsExact) {
    Linear p;
    Matrix E = p.E;
    etkf(p.Y, p.d, p.R).apply(E);
    EXPECT_LT(largest(ensemble_mean(E) - p.mean), 1e-12);
    EXPECT_LT(largest(p.covariance(E) - p.P_after), 1e-12);
}

TEST(Etkf, TransformIsSymmetricAndMovesNoMean) {
    const Linear p;
    const auto update = etkf(p.Y, p.d, p.R);
    EXPECT_LT(largest(update.transform - update.transform.transpose()), 1e-14);
    EXPECT_LT(largest(update.transform * Vector::Ones(9) - Vector::Ones(9)), 1e-13);
    EXPECT_NEAR(update.weights.sum(), 0.0, 1e-13);
}

TEST(Etkf, BlocksOfTheStateAreCorrectedAsTheWhole) {
    const Linear p;
    const auto update = etkf(p.Y, p.d, p.R);
    Matrix whole = p.E, parts = p.E;
    update.apply(whole);
    update.apply(parts.topRows(1));
    update.apply(parts.bottomRows(3));
    EXPECT_LT(largest(whole - parts), 1e-14);
}

TEST(Etkf, OrderOfTheReadingsDoesNotMatter) {
    const Linear p;
    const Eigen::PermutationMatrix<3> order(Eigen::Vector3i(2, 0, 1));
    Matrix a = p.E, b = p.E;
    etkf(p.Y, p.d, p.R).apply(a);
    etkf(order * p.Y, order * p.d, order * p.R).apply(b);
    EXPECT_LT(largest(a - b), 1e-13);
}

TEST(Etkf, OneReadingAfterTheOtherIsAllAtOnce) {
    const Linear p;
    Matrix E = p.E;
    for (int i = 0; i < 3; ++i) {
        const Matrix h = p.H.row(i);
        etkf(h * anomalies(E), p.y.segment(i, 1) - h * ensemble_mean(E), p.R.segment(i, 1)).apply(E);
    }
    EXPECT_LT(largest(ensemble_mean(E) - p.mean), 1e-12);
    EXPECT_LT(largest(p.covariance(E) - p.P_after), 1e-12);
}

TEST(Etkf, WithoutReadingsOrSpreadNothingChanges) {
    const Linear p;
    Matrix E = p.E;
    etkf(Matrix(0, 9), Vector(0), Vector(0)).apply(E);
    EXPECT_LT(largest(E - p.E), 1e-14);
    etkf(Matrix::Zero(3, 9), p.d, p.R).apply(E);
    EXPECT_LT(largest(E - p.E), 1e-13);
}

// x <- x + noise of variance 1, read with variance 1: forecast variance (1 + sqrt 5) / 2, gain and analysis variance its
// inverse.
TEST(Etkf, RandomWalkSettlesAtTheGoldenRatio) {
    constexpr int N = 8;
    const double golden = (1.0 + std::sqrt(5.0)) / 2.0;
    NormalDraws draws(3);
    Matrix E = draws.matrix(1, N);
    double forecast = 0.0, gain = 0.0;
    for (int k = 0; k < 60; ++k) {
        // Q is added exactly: anomalies scaled, so that the variance grows by 1
        const double variance = ensemble_variance(E)[0];
        EnsembleUpdate noise = EnsembleUpdate::none(N);
        noise.inflate(std::sqrt((variance + 1.0) / variance));
        noise.apply(E);
        forecast = ensemble_variance(E)[0];
        const double before = ensemble_mean(E)[0];
        etkf(anomalies(E), Vector::Constant(1, 0.25), Vector::Ones(1)).apply(E);
        gain = (ensemble_mean(E)[0] - before) / 0.25;
    }
    EXPECT_NEAR(forecast, golden, 1e-9);
    EXPECT_NEAR(gain, 1.0 / golden, 1e-9);
    EXPECT_NEAR(ensemble_variance(E)[0], 1.0 / golden, 1e-9);
}

TEST(Enkf, HasTheKalmanMeanAndOnAverageTheCovariance) {
    Linear p;
    Matrix sum = Matrix::Zero(4, 4);
    constexpr int kRuns = 10'000;
    for (int run = 0; run < kRuns; ++run) {
        Matrix E = p.E;
        enkf(p.Y, p.d, p.R, p.draws).apply(E);
        ASSERT_LT(largest(ensemble_mean(E) - p.mean), 1e-12);
        sum += p.covariance(E);
    }
    // each member's noise has variance R, so that its sample covariance has N / (N-1) R
    const Matrix extra = p.K * p.R.asDiagonal() * p.K.transpose() / 8.0;
    EXPECT_LT(largest(sum / kRuns - p.P_after - extra), 0.2 * largest(extra));
}

TEST(Denkf, HasTheKalmanMeanAndTheCovarianceToSecondOrderInTheGain) {
    Linear p;
    Matrix E = p.E;
    denkf(p.Y, p.d, p.R).apply(E);
    EXPECT_LT(largest(ensemble_mean(E) - p.mean), 1e-12);
    // (I - K H / 2) P (I - K H / 2)' = (I - K H) P + K H P H' K' / 4
    EXPECT_LT(largest(p.covariance(E) - p.P_after - 0.25 * p.K * p.H * p.P * p.H.transpose() * p.K.transpose()), 1e-12);
}

TEST(Filters, BadInputIsRefusedWithTheReadingNamed) {
    Linear p;
    const auto refuses = [&](const Matrix& Y, const Vector& d, const Vector& R, const char* what) {
        try {
            etkf(Y, d, R);
            ADD_FAILURE() << what;
        } catch (const InputError& e) {
            EXPECT_THAT(e.what(), HasSubstr(what));
        }
        EXPECT_THROW(enkf(Y, d, R, p.draws), InputError);
        EXPECT_THROW(denkf(Y, d, R), InputError);
        EXPECT_THROW(local_update(Y, d, R, Vector::Zero(d.size()), 1.0), InputError);
    };
    refuses(p.Y.leftCols(1), p.d, p.R, "1 members");
    refuses(p.Y, p.d.head(2), p.R, "2 innovations");
    refuses(p.Y, p.d, p.R.head(1), "1 variances");
    Vector bad = p.d;
    bad[1] = std::nan("");
    refuses(p.Y, bad, p.R, "observation 1");
    Matrix lost = p.Y;
    lost(2, 4) = std::numeric_limits<double>::infinity();
    refuses(lost, p.d, p.R, "observation 2");
    for (const double variance : {0.0, -1.0, std::nan("")}) {
        bad = p.R;
        bad[0] = variance;
        refuses(p.Y, p.d, bad, "observation 0");
    }
    Matrix other = p.E.leftCols(5);
    EXPECT_THROW(etkf(p.Y, p.d, p.R).apply(other), InputError);
}

TEST(RandomRotation, KeepsMeanAndCovariance) {
    Linear p;
    const Matrix theta = random_rotation(9, p.draws);
    EXPECT_LT(largest(theta * theta.transpose() - Matrix::Identity(9, 9)), 1e-13);
    EXPECT_LT(largest(theta * Vector::Ones(9) - Vector::Ones(9)), 1e-13);
    auto update = etkf(p.Y, p.d, p.R);
    update.rotate(theta);
    Matrix E = p.E, unrotated = p.E;
    update.apply(E);
    etkf(p.Y, p.d, p.R).apply(unrotated);
    EXPECT_LT(largest(ensemble_mean(E) - p.mean), 1e-12);
    EXPECT_LT(largest(p.covariance(E) - p.P_after), 1e-12);
    EXPECT_GT(largest(E - unrotated), 0.1);
    EXPECT_THROW(random_rotation(1, p.draws), InputError);
}

TEST(Inflation, ScalesTheSpreadAndNotTheMean) {
    Linear p;
    auto update = etkf(p.Y, p.d, p.R);
    update.inflate(1.1);
    Matrix E = p.E;
    update.apply(E);
    EXPECT_LT(largest(ensemble_mean(E) - p.mean), 1e-12);
    EXPECT_LT(largest(p.covariance(E) - 1.21 * p.P_after), 1e-12);
}

// Values of the function's two branches, their meeting point and the slope there.
TEST(GaspariCohn, HasItsClosedFormValues) {
    EXPECT_EQ(gaspari_cohn(0.0), 1.0);
    EXPECT_NEAR(gaspari_cohn(0.5), 263.0 / 384.0, 1e-15);
    EXPECT_NEAR(gaspari_cohn(1.0), 5.0 / 24.0, 1e-15);
    EXPECT_NEAR(gaspari_cohn(1.0 + 1e-9), gaspari_cohn(1.0), 1e-8);
    EXPECT_NEAR(gaspari_cohn(1.5), 19.0 / 1152.0, 1e-15);
    EXPECT_NEAR(gaspari_cohn(2.0 - 1e-9), 0.0, 1e-12);
    EXPECT_EQ(gaspari_cohn(2.5), 0.0);
    for (double r = 0.0; r < 2.0; r += 0.01) EXPECT_GE(gaspari_cohn(r), gaspari_cohn(r + 0.01));
}

TEST(GaspariCohn, ShareAtTheRadiusIsThatOfAGaussianAndTheTailIsCut) {
    EXPECT_NEAR(localisation_share(4.0, 4.0), std::exp(-0.5), 0.03);
    EXPECT_EQ(localisation_share(2.0 * 1.82 * 4.0 * 0.95, 4.0), 0.0);
    EXPECT_EQ(localisation_share(1e9, std::numeric_limits<double>::infinity()), 1.0);
}

std::vector<LocalBlock> blocks_at(std::initializer_list<double> distances) {
    std::vector<LocalBlock> blocks;
    Eigen::Index row = 0;
    for (const double distance : distances) blocks.push_back({{row++}, Vector::Constant(3, distance)});
    return blocks;
}

TEST(Letkf, OfAnEndlessRadiusIsTheEtkf) {
    const Linear p;
    for (const double radius : {1e9, std::numeric_limits<double>::infinity()}) {
        Matrix local = p.E, global = p.E;
        letkf(local, p.Y, p.d, p.R, blocks_at({0.0, 1.0, 2.0, 3.0}), radius);
        etkf(p.Y, p.d, p.R).apply(global);
        EXPECT_LT(largest(local - global), 1e-12) << radius;
    }
}

TEST(Letkf, ReadingsWeighAsWithTheVarianceOverTheirShare) {
    const Linear p;
    Matrix local = p.E, expected = p.E;
    letkf(local, p.Y, p.d, p.R, blocks_at({0.0, 3.0, 50.0}), 4.0);
    etkf(p.Y, p.d, p.R).apply(expected.topRows(1));
    etkf(p.Y, p.d, p.R / localisation_share(3.0, 4.0)).apply(expected.middleRows(1, 1));
    EXPECT_LT(largest(local.topRows(2) - expected.topRows(2)), 1e-12);
    EXPECT_LT(largest(local.bottomRows(2) - p.E.bottomRows(2)), 1e-14) << "too far away, or in no block";
}

TEST(Letkf, RefusesRadiiDistancesAndRowsThatMakeNoSense) {
    const Linear p;
    Matrix E = p.E;
    for (const double radius : {0.0, -1.0, std::nan("")})
        EXPECT_THROW(letkf(E, p.Y, p.d, p.R, blocks_at({0.0}), radius), InputError);
    for (const double distance : {-1.0, std::nan("")})
        EXPECT_THROW(letkf(E, p.Y, p.d, p.R, blocks_at({distance}), 1.0), InputError);
    EXPECT_THROW(letkf(E, p.Y, p.d, p.R, {{{0}, Vector::Zero(2)}}, 1.0), InputError);
    EXPECT_THROW(letkf(E, p.Y, p.d, p.R, {{{4}, Vector::Zero(3)}}, 1.0), InputError);
}

TEST(NormalDraws, AreNormalAndTheSameForTheSameSeed) {
    NormalDraws a(5), b(5), c(6);
    EXPECT_EQ(a.matrix(3, 4), b.matrix(3, 4));
    EXPECT_NE(a.next(), c.next());
    b.next();
    NormalDraws resumed(0);
    resumed.state() = b.state();
    EXPECT_EQ(resumed.next(), b.next());
    const Matrix z = a.matrix(1, 100'000);
    EXPECT_NEAR(z.mean(), 0.0, 0.015);
    EXPECT_NEAR(z.array().square().mean(), 1.0, 0.02);
    EXPECT_NEAR((z.array().abs() < 1.0).cast<double>().mean(), 0.682689, 0.006);
    EXPECT_NEAR(z.array().pow(4).mean(), 3.0, 0.15);
}

TEST(NormalDraws, ExactOnesHaveNoChanceCorrelations) {
    NormalDraws draws(2);
    const Matrix Z = exact_normals(6, 8, draws);
    EXPECT_LT(largest(ensemble_mean(Z)), 1e-14);
    EXPECT_LT(largest(Z * Z.transpose() / 7.0 - Matrix::Identity(6, 6)), 1e-13);
    EXPECT_LT(largest(exact_normals(7, 8, draws).rowwise().mean()), 1e-14);
    EXPECT_THROW(exact_normals(8, 8, draws), InputError);
}

TEST(NormalDraws, MoreThanThereIsRoomForShareTheirCorrelations) {
    const int N = 16;
    NormalDraws a(3), b(3);
    EXPECT_EQ(spread_normals(12, N, a), exact_normals(12, N, b));
    for (const int rows : {N, 40}) {
        const Matrix Z = spread_normals(rows, N, a), C = Z * Z.transpose() / (N - 1.0);
        EXPECT_LT(largest(ensemble_mean(Z)), 1e-12) << rows;
        EXPECT_LT(largest(C.diagonal() - Vector::Ones(rows)), 1e-12) << rows;
        // no frame has a smaller sum of squares: rows / (members - 1) times the rows
        EXPECT_NEAR(C.squaredNorm(), double(rows) * rows / (N - 1.0), 1e-6 * rows * rows) << rows;
    }
    EXPECT_THROW(spread_normals(3, 1, a), InputError);
    EXPECT_THROW(spread_normals(-1, 4, a), InputError);
}

}  // namespace
}  // namespace jt
