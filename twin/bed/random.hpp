// SPDX-License-Identifier: Apache-2.0
// SplitMix64: the seeded generator of every random bed; the same numbers on every machine.
// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
#pragma once
#include <cstdint>

namespace jt {

class SplitMix64 {
public:
    explicit SplitMix64(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() { return mix(state_ += 0x9E3779B97F4A7C15ull); }
    double unit() { return double(next() >> 11) * 0x1p-53; }  // uniform in [0, 1)
    // The output for one state: a hash of 64 bits, for noise that is a function of the cell.
    static std::uint64_t mix(std::uint64_t z) {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        return z ^ (z >> 31);
    }

    std::uint64_t& state() { return state_; }  // for checkpoints

private:
    std::uint64_t state_;
};

}  // namespace jt
