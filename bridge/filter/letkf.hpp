// SPDX-License-Identifier: Apache-2.0
// The local ETKF: every block of the state is corrected by the observations near it, whose variance grows with their distance
// (R-localisation). Sources: Hunt, Kostelich, Szunyogh, Physica D 230 (2007) 112; Gaspari and Cohn, Q. J. R. Meteorol. Soc. 125
// (1999) 723, equation 4.10.
#pragma once
#include <vector>

#include "bridge/filter/ensemble.hpp"

namespace jt {

// Gaspari and Cohn's function of distance / half_support: 1 at 0, 0 from 2 on.
double gaspari_cohn(double ratio);
// The share of an observation at `distance` from a block, for the length `radius` (same unit, > 0, may be infinite):
// half_support = 1.82 radius (sqrt(10/3): the curvature at 0 of exp(-(distance/radius)^2 / 2)); shares up to 1e-3 are cut to 0.
double localisation_share(double distance, double radius);

struct LocalBlock {
    std::vector<Eigen::Index> rows;  // of the state
    Vector distance;                 // of each observation from the block
};

// The update of a block: Y and d of the observations near it times sqrt(share). Throws InputError as etkf, and for a radius
// that is not positive or a distance that is missing, negative or not a number.
EnsembleUpdate local_update(const Matrix& Y, const Vector& d, const Vector& variance, const Vector& distance, double radius);

// Corrects the rows of every block. Rows in no block stay. Throws InputError likewise, and for rows that E has not.
void letkf(Matrix& E, const Matrix& Y, const Vector& d, const Vector& variance, const std::vector<LocalBlock>& blocks,
           double radius);

}  // namespace jt
