// SPDX-License-Identifier: Apache-2.0
// A reading in seconds of the run, as the filter takes it.
#pragma once
#include <cstdint>

namespace jt {

struct Sample {
    int sensor = 0;  // index in scenario.sensors
    double time_s = 0.0, value = 0.0, sigma = 0.0;
    std::uint64_t seq = 0;
};

}  // namespace jt
