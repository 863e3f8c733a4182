// SPDX-License-Identifier: Apache-2.0
// `bench heat`: reference problem P2, timed: one step of implicit Euler with the Joule heat of P1. The time is set-up of the
// multigrid hierarchy plus solve, from 300 K everywhere, as for the peers.
#pragma once
#include <vector>

#include "kernels/backend.hpp"
#include "twin/bench/reference_map.hpp"

namespace jt {

struct HeatBench {
    ReferenceMap map;
    double tolerance = 1e-8;
    int repeat = 5;
};

struct HeatBenchResult {
    int iterations = 0, levels = 0;
    double relative_residual = 0.0;
    std::vector<double> setup_s, solve_s;  // by repeat
    double mean_T_K = 0.0, max_T_K = 0.0;
    double bytes_per_cell = 0.0;      // most that was allocated at one time, the potential of P1 included
    double bandwidth_GB_per_s = 0.0;  // of this machine, in the same run
    double bandwidth_fraction = 0.0;  // bytes the solve must move / its time / bandwidth
};

// Throws SolveError when it does not converge.
HeatBenchResult bench_heat(Backend& backend, const HeatBench& bench);

}  // namespace jt
