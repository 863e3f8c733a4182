// SPDX-License-Identifier: Apache-2.0
#include "bridge/assimilation/predictions.hpp"

#include <algorithm>

#include "bridge/assimilation/archive_lists.hpp"
#include "twin/same_time.hpp"

namespace jt {

std::optional<Predictions::Place> Predictions::find(double t) const {
    const auto at = std::lower_bound(times_.begin(), times_.end(), t - kSameTime);
    if (at == times_.end()) return {};
    const std::size_t high = std::size_t(at - times_.begin()), low = high == 0 ? 0 : high - 1;
    return Place{low, high, high == low ? 0.0 : (t - times_[low]) / (times_[high] - times_[low])};
}

double Predictions::rate(int row, int column, std::size_t frames) const {
    const std::size_t now = frames_.size() - 1, before = now > frames ? now - frames : 0;
    return (frames_[now](row, column) - frames_[before](row, column)) / std::max(times_[now] - times_[before], 1e-3);
}

void Predictions::transform(int row, const EnsembleUpdate& analysis) {
    const auto N = analysis.transform.cols();
    for (Matrix& f : frames_) {
        Eigen::RowVectorXd X = f.row(row).head(N);
        X.array() -= X.mean();
        f(row, N) += X.dot(analysis.weights);
        f.row(row).head(N) = ((X * analysis.transform).array() + f(row, N)).matrix();
    }
}

void Predictions::state(Archive& a, int rows, int columns) {
    const std::size_t size = std::size_t(rows) * std::size_t(columns);
    archive_rows(
        a, "frame_times", times_, 1, [](double t, std::vector<double>& row) { row.push_back(t); },
        [&](const double* row) { times_.push_back(*row); });
    archive_rows(
        a, "frames", frames_, size,
        [](const Matrix& f, std::vector<double>& row) { row.insert(row.end(), f.data(), f.data() + f.size()); },
        [&](const double* of) { frames_.push_back(Eigen::Map<const Matrix>(of, rows, columns)); });
    if (frames_.empty() || frames_.size() != times_.size())
        throw InputError("checkpoint: \"frames\" and \"frame_times\" do not fit together");
}

}  // namespace jt
