// SPDX-License-Identifier: Apache-2.0
// Where the maps from Th to what can be observed are fitted; beyond it they are extrapolated.
#pragma once

namespace jt {

struct CalibratedRange {
    double from_K, to_K;  // of Th
    bool holds(double Th_K) const { return Th_K >= from_K && Th_K <= to_K; }
};
CalibratedRange calibrated_range();

}  // namespace jt
