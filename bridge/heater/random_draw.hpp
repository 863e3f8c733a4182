// SPDX-License-Identifier: Apache-2.0
// Draws from distributions by SplitMix64: the same numbers for the same seed on every machine.
#pragma once
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

#include "twin/bed/random.hpp"

namespace jt {

// A stream of its own for each name and seed (names hashed by FNV-1a).
inline SplitMix64 stream(std::uint64_t seed, std::string_view name) {
    std::uint64_t hash = 14695981039346656037ull;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
    return SplitMix64(SplitMix64::mix(hash ^ SplitMix64::mix(seed)));
}

// Standard normal (Box and Muller 1958).
inline double normal(SplitMix64& random) {
    const double u = 1.0 - random.unit(), v = random.unit();
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

// Student-t of `degrees` (> 2), scaled to unit variance.
inline double student_t(SplitMix64& random, int degrees) {
    const double z = normal(random);
    double chi_squared = 0.0;
    for (int n = 0; n < degrees; ++n) {
        const double one = normal(random);
        chi_squared += one * one;
    }
    return z * std::sqrt((degrees - 2) / chi_squared);
}

}  // namespace jt
