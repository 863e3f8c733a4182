// SPDX-License-Identifier: Apache-2.0
#include "twin/microstructure/calibration.hpp"

#include "kernels/observables.hpp"

namespace jt {

CalibratedRange calibrated_range() {
    return {kCalibratedFrom + 273.15, kCalibratedTo + 273.15};
}

}  // namespace jt
