// SPDX-License-Identifier: Apache-2.0
// The map of the reference problems P1 to P3 (tests/bench/peers/problem.h defines them for other codes): spheres of radius 3 to
// 8 cells in a matrix until a tenth of the cells is covered, even ones conductive, odd ones insulating; a later one overwrites.
#pragma once
#include <cstdint>
#include <vector>

namespace jt {

struct ReferenceMap {
    int cells = 64;  // per axis
    std::uint64_t seed = 12345;
    double matrix = 100.0, conductive = 800.0, insulating = 0.01;  // [S/m]
};

inline constexpr double kReferenceSpacing = 50e-6;               // [m]
inline constexpr double kReferenceVoltage = 10.0;                // [V] between k = 0 and k = N - 1
inline constexpr double kReferenceTemperature = 300.0;           // [K] of the electrodes, and everywhere at the start
inline constexpr double kReferenceHeatCapacity = 1e6;            // [J/(m3 K)]
inline constexpr double kReferenceStep = 0.05;                   // [s]
inline constexpr double kReferenceK = 0.3, kReferenceKIn = 5.0;  // [W/(m K)] of the matrix and of the spheres

// 0 matrix, 1 conductive, 2 insulating; packed, x fastest.
std::vector<std::uint8_t> reference_map(const ReferenceMap& map);

}  // namespace jt
