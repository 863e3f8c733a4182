// SPDX-License-Identifier: Apache-2.0
// BlockCheck: whether the model can be what makes the readings of all sensors together. Over blocks of a second the mean
// innovations d are held against what noise, the ensemble's spread and the prior of the model's error allow,
// d^T (Y Y^T / (N-1) + diag(noise / n + s0^2))^-1 d: a chi-square with a degree of freedom per sensor. Taken together, what no
// choice of the unknowns can bring about shows even where each sensor by itself is within its spread.
#pragma once
#include <cstddef>
#include <deque>
#include <vector>

#include "bridge/filter/matrix.hpp"
#include "twin/archive.hpp"

namespace jt {

class BlockCheck {
public:
    BlockCheck() = default;
    BlockCheck(std::size_t sensors, int members);

    // Takes an accepted reading: innovation, variance of its noise, prior sd of the model's error, the members' anomalies.
    void add(std::size_t sensor, double innovation, double noise, double s0, const Vector& anomalies);
    // Ends the block at a time [s] if it is a second old.
    void close(double t);
    // Mean of the chi-squares of the last three blocks per degree of freedom, about 1 or less where the model is what it is
    // taken for; 0 until there are three with at least two sensors each.
    double ratio() const;
    // The sensor whose innovation was largest beside its own share of the variance, in those blocks.
    std::size_t worst() const;

    void state(Archive& a);

private:
    struct Sum {
        double innovation = 0.0, noise = 0.0, prior = 0.0, readings = 0.0;
        Vector anomalies;
    };
    struct Block {
        double value = 0.0, count = 0.0, worst = 0.0, largest = 0.0;
    };
    std::vector<Sum> sums_;
    std::deque<Block> blocks_;
    double end_ = 0.0;
};

}  // namespace jt
