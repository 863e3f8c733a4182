// SPDX-License-Identifier: Apache-2.0
// The bed on a coarser grid, for the members of an ensemble, and transfers between the two grids that stay within a material.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "twin/bed/bed.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

struct CoarseBed {
    Scenario scenario;
    Bed bed;
    std::array<int, 3> factor{1, 1, 1};  // by which each axis is coarser
    std::string note;                    // for people: what could not be coarsened and why; empty: all as asked
};

// The scenario with `factor` times fewer cells along each axis. An axis of n cells gets n / factor, rounded up, so that an odd
// axis keeps its length with cells a little narrower than asked; an axis of one cell stays. Regions and sheets are drawn anew,
// so that sheets keep their conductance; layers that come out thicker or thinner keep theirs and their mass as sheets,
// terminals what their contacts conduct. An axis stays as it is where more than a tenth of a material would lie in cells of
// another, or a sensor in void.
CoarseBed coarsened(const Scenario& scenario, const Bed& fine, int factor);

// Weights between cells of two grids over the same box, of one material.
class Transfer {
public:
    Transfer(const Bed& from, const Bed& to);
    // Volume mean over the overlapping cells of the same material; where there is none, the nearest of the same material.
    // Cells without any are left as they are in `out`. Both packed.
    void mean(const std::vector<double>& values, std::vector<double>& out) const;
    // Linear between the centres of cells of the same material, constant beyond the outermost.
    void interpolate(const std::vector<double>& values, std::vector<double>& out) const;

private:
    struct Rows {
        std::vector<std::size_t> begin, cell;
        std::vector<double> weight;
        void apply(const std::vector<double>& values, std::vector<double>& out) const;
    };
    Rows mean_, linear_;
};

}  // namespace jt
