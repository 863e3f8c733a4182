// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/block_check.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "bridge/assimilation/archive_lists.hpp"
#include "twin/same_time.hpp"

namespace jt {
namespace {

constexpr double kBlock = 1.0;  // [s]
constexpr std::size_t kBlocks = 3;
constexpr double kFewest = 2.0;  // sensors in a block

}  // namespace

BlockCheck::BlockCheck(std::size_t sensors, int members) : sums_(sensors) {
    for (Sum& one : sums_) one.anomalies = Vector::Zero(members);
}

void BlockCheck::add(std::size_t sensor, double innovation, double noise, double s0, const Vector& anomalies) {
    Sum& one = sums_[sensor];
    one.innovation += innovation, one.noise += noise, one.prior += s0 * s0, one.readings += 1.0;
    one.anomalies += anomalies;
}

void BlockCheck::close(double t) {
    if (t < end_ + kBlock - kSameTime) return;
    end_ = t;
    std::vector<std::size_t> heard;
    for (std::size_t s = 0; s < sums_.size(); ++s)
        if (sums_[s].readings > 0.0) heard.push_back(s);
    const auto m = Eigen::Index(heard.size());
    Block block{.count = double(m)};
    if (m > 0) {
        const auto N = sums_[heard.front()].anomalies.size();
        Matrix Y(m, N);
        Vector d(m), R(m);
        for (Eigen::Index i = 0; i < m; ++i) {
            const Sum& one = sums_[heard[std::size_t(i)]];
            Y.row(i) = one.anomalies.transpose() / one.readings;
            d[i] = one.innovation / one.readings;
            R[i] = one.noise / (one.readings * one.readings) + one.prior / one.readings;
        }
        Matrix S = Y * Y.transpose() / double(N - 1);
        S.diagonal() += R;
        block.value = d.dot(S.llt().solve(d));
        for (Eigen::Index i = 0; i < m; ++i)
            if (const double z = std::abs(d[i]) / std::sqrt(S(i, i)); z > block.largest)
                block.largest = z, block.worst = double(heard[std::size_t(i)]);
    }
    blocks_.push_back(block);
    if (blocks_.size() > kBlocks) blocks_.pop_front();
    for (Sum& one : sums_) {
        one.innovation = one.noise = one.prior = one.readings = 0.0;
        one.anomalies.setZero();
    }
}

double BlockCheck::ratio() const {
    if (blocks_.size() < kBlocks) return 0.0;
    double value = 0.0, count = 0.0;
    for (const Block& one : blocks_) {
        if (one.count < kFewest) return 0.0;
        value += one.value, count += one.count;
    }
    return value / count;
}

std::size_t BlockCheck::worst() const {
    const auto at =
        std::max_element(blocks_.begin(), blocks_.end(), [](const Block& a, const Block& b) { return a.largest < b.largest; });
    return at == blocks_.end() ? 0 : std::size_t(at->worst);
}

void BlockCheck::state(Archive& a) {
    for (std::size_t s = 0; s < sums_.size(); ++s)
        a.scope("check_" + std::to_string(s), [&](Archive& inner) {
            Sum& one = sums_[s];
            inner("innovation", one.innovation), inner("noise", one.noise), inner("prior", one.prior);
            inner("readings", one.readings);
            archive_vector(inner, "anomalies", one.anomalies);
        });
    archive_rows(
        a, "check_blocks", blocks_, 4,
        [](const Block& one, std::vector<double>& row) {
            row.insert(row.end(), {one.value, one.count, one.worst, one.largest});
        },
        [&](const double* row) {
            blocks_.push_back({row[0], row[1], row[2], row[3]});
        });
    a("check_end", end_);
    for (const Block& one : blocks_)
        if (!(one.worst >= 0.0 && one.worst < double(sums_.size())))
            throw InputError("checkpoint: \"check_blocks\" names a sensor that is not there");
}

}  // namespace jt
