// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace jt {

/// Two instants of a run closer than this are one [s]: sums of steps differ in their last digits, samples by microseconds.
inline constexpr double kSameTime = 1e-9;

}  // namespace jt
