// SPDX-License-Identifier: Apache-2.0
// LocalAnalysis: an analysis whose weights depend on the place (LETKF). Of what belongs to no place the analysis is the ETKF of
// all readings; at a place, readings of thermometers count the less the further away they were taken. Weights change smoothly,
// so they are formed on a lattice and interpolated in between (Yang, Kalnay, Hunt, Bowler, Q. J. R. Meteorol. Soc. 135 (2009)
// 251).
#pragma once
#include <array>
#include <optional>
#include <vector>

#include "bridge/filter/ensemble.hpp"

namespace jt {

using Place = std::array<double, 3>;  // [m], from the corner of the bed

struct Observations {
    Matrix Y;                                  // anomalies of what is predicted, a row for each
    Vector d, variance;                        // innovations; R
    std::vector<std::optional<Place>> places;  // empty: tells of the whole bed, as a voltage does
};

class LocalAnalysis {
public:
    // size: of the bed [m]. radius [m]: as of localisation_share; 0: the ETKF everywhere. Throws InputError as local_update.
    LocalAnalysis(Observations observations, const Place& size, double radius);

    bool is_local() const { return radius_ > 0.0; }
    const EnsembleUpdate& everywhere() const { return all_; }
    // At a place, exactly.
    EnsembleUpdate at(const Place& place) const;
    // The same, interpolated; for many places. `out` is of the right size after the first call.
    void near(const Place& place, EnsembleUpdate& out) const;

private:
    Observations of_;
    double radius_;
    EnsembleUpdate all_;
    std::array<int, 3> nodes_{1, 1, 1};
    Place spacing_{};
    std::vector<EnsembleUpdate> lattice_;  // x fastest
};

}  // namespace jt
