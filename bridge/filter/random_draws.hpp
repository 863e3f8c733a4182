// SPDX-License-Identifier: Apache-2.0
// Seeded random numbers of the filters: the same seed gives the same bits in the same program.
#pragma once
#include "bridge/filter/matrix.hpp"
#include "twin/bed/random.hpp"

namespace jt {

// Normal numbers of mean 0 and sd 1 by Box and Muller, one for two uniform ones: all that a checkpoint needs is the state.
class NormalDraws {
public:
    explicit NormalDraws(std::uint64_t seed) : uniform_(SplitMix64::mix(seed)) {}
    double next();
    Matrix matrix(Eigen::Index rows, Eigen::Index columns);  // filled column by column
    std::uint64_t& state() { return uniform_.state(); }

private:
    SplitMix64 uniform_;
};

// rows x members draws whose sample mean is exactly 0 and whose sample covariance (N-1) is exactly the identity, so that a
// small ensemble starts without chance correlations. Throws InputError unless rows < members.
Matrix exact_normals(Eigen::Index rows, Eigen::Index members, NormalDraws& draws);

// The same for any number of rows: where there are too many, variances stay 1 and the correlations that have to be are spread
// as evenly as they can be, so that no two rows are much alike (a tight frame of equal norms, by alternating projections;
// Tropp, Dhillon, Heath, Strohmer, IEEE Trans. Inf. Theory 51 (2005) 188). Throws InputError for rows < 0 or fewer than 2
// members.
Matrix spread_normals(Eigen::Index rows, Eigen::Index members, NormalDraws& draws);

// An orthogonal matrix theta, uniform among those with theta 1 = 1: A theta has the mean (0) and the covariance of A.
// Sources: Sakov and Oke, Mon. Weather Rev. 136 (2008) 1042; Mezzadri, Notices AMS 54 (2007) 592.
Matrix random_rotation(Eigen::Index members, NormalDraws& draws);

}  // namespace jt
