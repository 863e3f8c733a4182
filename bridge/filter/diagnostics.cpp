// SPDX-License-Identifier: Apache-2.0
#include "bridge/filter/diagnostics.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "bridge/filter/distributions.hpp"
#include "bridge/filter/ensemble.hpp"
#include "kernels/error.hpp"

namespace jt {
namespace {

double mean_of(std::span<const double> x) {
    return std::accumulate(x.begin(), x.end(), 0.0) / double(x.size());
}

}  // namespace

double normalised_innovation_squared(const Matrix& Y, const Vector& d, const Vector& variance) {
    check_observations("NIS", Y, d, variance);
    if (d.size() == 0) return 0.0;
    // S = Y Y' / (N-1) + R
    Matrix S = Y * Y.transpose() / double(Y.cols() - 1);
    S.diagonal() += variance;
    // d' S^-1 d
    return d.dot(S.llt().solve(d));
}

ScoreBand nis_band(int readings, int analyses, double coverage) {
    if (readings < 1 || analyses < 1)
        throw InputError("NIS band: needs at least 1 reading and 1 analysis, got " + std::to_string(readings) + " and " +
                         std::to_string(analyses));
    const double degrees = double(readings) * analyses;
    return {chi_square_quantile(0.5 * (1.0 - coverage), degrees) / analyses,
            chi_square_quantile(0.5 * (1.0 + coverage), degrees) / analyses};
}

bool gate_refuses(double nis, int readings, double probability) {
    return !(nis <= chi_square_quantile(probability, readings));
}

double lag1_autocorrelation(std::span<const double> x) {
    if (x.size() < 3) return std::nan("");
    const double mean = mean_of(x);
    double product = 0.0, square = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        square += (x[i] - mean) * (x[i] - mean);
        if (i + 1 < x.size()) product += (x[i] - mean) * (x[i + 1] - mean);
    }
    return square > 0.0 ? product / square : std::nan("");
}

double crps(std::span<const double> members, double truth) {
    if (members.empty()) throw InputError("CRPS: no members");
    std::vector<double> x(members.begin(), members.end());
    std::sort(x.begin(), x.end());
    const double N = double(x.size());
    double error = 0.0, pairs = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        error += std::abs(x[i] - truth);
        pairs += (2.0 * double(i) + 1.0 - N) * x[i];  // sum over i < j of x_j - x_i
    }
    return error / N - pairs / (N * N);
}

RankHistogram::RankHistogram(int members) {
    if (members < 1) throw InputError("rank histogram: " + std::to_string(members) + " members, at least 1");
    counts_.assign(std::size_t(members) + 1, 0);
}

void RankHistogram::add(std::span<const double> members, double truth) {
    if (members.size() + 1 != counts_.size())
        throw InputError("rank histogram: of " + std::to_string(counts_.size() - 1) + " members, given " +
                         std::to_string(members.size()));
    ++counts_[std::size_t(std::count_if(members.begin(), members.end(), [&](double x) { return x < truth; }))];
}

double RankHistogram::flatness() const {
    const double total = double(std::accumulate(counts_.begin(), counts_.end(), 0L));
    if (total == 0.0) return std::nan("");
    const double expected = total / double(counts_.size());
    double statistic = 0.0;
    for (const long count : counts_) statistic += (double(count) - expected) * (double(count) - expected) / expected;
    return 1.0 - chi_square_below(statistic, double(counts_.size()) - 1.0);
}

void SpreadSkill::add(std::span<const double> members, double truth) {
    if (members.size() < 2) throw InputError("spread and skill: " + std::to_string(members.size()) + " members, at least 2");
    const double N = double(members.size()), mean = mean_of(members);
    double square = 0.0;
    for (const double x : members) square += (x - mean) * (x - mean);
    variance_ += square / (N - 1.0) * (1.0 + 1.0 / N);
    squared_error_ += (mean - truth) * (mean - truth);
    ++count_;
}

double SpreadSkill::rmse() const {
    return std::sqrt(squared_error_ / double(count_));
}
double SpreadSkill::spread() const {
    return std::sqrt(variance_ / double(count_));
}

}  // namespace jt
