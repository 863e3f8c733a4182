// SPDX-License-Identifier: Apache-2.0
// HeatCapacity: enthalpy and heat capacity per volume of the bed's materials on the device (kernels/heat.hpp).
#pragma once
#include "kernels/buffer.hpp"
#include "twin/bed/bed.hpp"

namespace jt {

class HeatCapacity {
public:
    // Densities times heat capacities, tabulated every kelvin from 0 to 6000 K; linear enthalpy beyond. A material without them
    // (void) stores nothing. `sheet` is the device's field of the bed; null: none.
    HeatCapacity(Backend& backend, const Bed& bed, const std::uint8_t* sheet);
    const HeatCapacityView& view() const { return view_; }
    // A factor by cell from now on; null: 1.
    void set_factor(const double* factor) { view_.factor = factor; }

private:
    Buffer<double> h_, c_, mass_factor_;
    Buffer<std::int32_t> first_;
    HeatCapacityView view_;
};

}  // namespace jt
