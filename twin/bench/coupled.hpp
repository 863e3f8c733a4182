// SPDX-License-Identifier: Apache-2.0
// `bench coupled`: reference problem P3, timed: steps of P1 with sigma(T) = sigma (1 + (T - 300 K)/1000 K), then of P2. The
// time is that of all of it: property, faces, set-up, solves, Joule heat.
//
// Potential and temperature start from the parabola through the last three steps. k does not change, so the hierarchy of the
// heat equation is built once; that of the potential is built anew in each step. Solves stop at the relative residual and when
// the current and the heat close to the same tolerance: from so good a start the residual alone leaves an error of one sign.
#pragma once
#include <vector>

#include "kernels/backend.hpp"
#include "twin/bench/reference_map.hpp"

namespace jt {

struct CoupledBench {
    ReferenceMap map;
    double tolerance = 1e-6;
    int steps = 100;
    int repeat = 3;
};

struct CoupledBenchResult {
    std::vector<double> total_s, setup_s, solve_s;  // by repeat; set-up and solves of both equations, parts of the total
    long potential_iterations = 0, heat_iterations = 0;
    double mean_T_K = 0.0, max_T_K = 0.0;
    double bytes_per_cell = 0.0;
};

// Throws SolveError when it does not converge.
CoupledBenchResult bench_coupled(Backend& backend, const CoupledBench& bench);

}  // namespace jt
