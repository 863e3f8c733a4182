// SPDX-License-Identifier: Apache-2.0
// Predictions: what twin and members predicted for the last second, so that a reading is compared at its own time. They are
// corrected with everything else, so that a late reading meets what is known now.
#pragma once
#include <deque>
#include <optional>

#include "bridge/filter/ensemble.hpp"
#include "twin/archive.hpp"

namespace jt {

// Of N members and the twin. A frame: a column for each member, the twin last; rows as in TwinMember::advance.
class Predictions {
public:
    // A time between frames: frame `low` and `high`, and the weight of the latter.
    struct Place {
        std::size_t low = 0, high = 0;
        double weight = 0.0;
    };

    Predictions() = default;
    Predictions(double t, Matrix frame) : frames_{std::move(frame)}, times_{t} {}

    void add(double t, Matrix frame) { times_.push_back(t), frames_.push_back(std::move(frame)); }
    // Drops what lies before `t`, but for the frame that is needed to interpolate there.
    void forget(double t) {
        while (times_.size() > 2 && times_[1] < t) times_.pop_front(), frames_.pop_front();
    }
    double oldest() const { return times_.front(); }
    const Matrix& last() const { return frames_.back(); }
    // Empty after the last frame.
    std::optional<Place> find(double t) const;
    double value(const Place& at, int row, int column) const {
        return (1.0 - at.weight) * frames_[at.low](row, column) + at.weight * frames_[at.high](row, column);
    }
    // Mean rate of a value over the last `frames` frames [1/s].
    double rate(int row, int column, std::size_t frames) const;
    // The twin moves as the members' middle, and the members are put around it.
    void transform(int row, const EnsembleUpdate& analysis);
    void state(Archive& a, int rows, int columns);

private:
    std::deque<Matrix> frames_;
    std::deque<double> times_;  // [s], rising
};

}  // namespace jt
