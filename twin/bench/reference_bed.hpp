// SPDX-License-Identifier: Apache-2.0
// The bed of the reference problems on a device, and the conduction operators of its properties (kernels/conduction.hpp).
// Electrodes at k = 0 and k = N - 1 by half-cell distance, all other sides insulated.
#pragma once
#include <array>

#include "kernels/buffer.hpp"
#include "twin/bench/reference_map.hpp"

namespace jt {

// A property by kind of cell (matrix, conductive, insulating), times 1 + slope (T - 300 K).
class ReferenceProperty {
public:
    ReferenceProperty(Backend& backend, const std::array<double, 3>& value, double slope = 0.0);
    const PropertyLaw* laws() const { return laws_.get(); }

private:
    Buffer<PropertyLaw> laws_;
};

struct ReferenceOperator {
    std::array<Buffer<double>, 3> face;  // [S] or [W/K]
    Buffer<double> rhs;                  // of the electrodes [A] or [W]
    Faces<double> faces(const double* sink = nullptr) const { return {face[0].get(), face[1].get(), face[2].get(), sink}; }
};

class ReferenceBed {
public:
    // aspect: dz / dx of the voxels.
    ReferenceBed(Backend& backend, const ReferenceMap& map, double aspect = 1.0);

    const Grid& grid() const { return grid_; }
    double volume() const;  // of a voxel [m3]
    AxisGeometry geometry(int axis) const;
    const std::uint8_t* material() const { return material_.get(); }
    // Electrodes held at these values [V] or [K].
    static Terminals electrodes(double low, double high);

    ReferenceOperator make_operator() const;
    // The property at T [K] (null: 300 K) to s, its faces and the electrodes' right-hand side to `op`.
    void assemble(const ReferenceProperty& property, const double* T, const Terminals& electrodes, double* s,
                  ReferenceOperator& op);
    // Heat of the current in each cell [W], added to q.
    void add_joule_heat(const ReferenceOperator& op, const double* phi, const double* s, const Terminals& electrodes,
                        double* q);
    // Current into the bed at k = 0 [A], negative when it leaves.
    double current_at_low_end(const ReferenceOperator& op, const double* phi, const Terminals& electrodes);

private:
    Backend& backend_;
    Grid grid_;
    std::array<double, 3> spacing_;  // [m]
    Buffer<std::uint8_t> material_;
    Buffer<double> scalar_;
};

}  // namespace jt
