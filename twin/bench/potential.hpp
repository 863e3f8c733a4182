// SPDX-License-Identifier: Apache-2.0
// `bench potential`: reference problem P1, timed. The time is set-up of the multigrid hierarchy plus solve, from face
// conductances to solution, as for the peers.
#pragma once
#include <array>
#include <functional>
#include <vector>

#include "kernels/backend.hpp"
#include "twin/bench/reference_map.hpp"
#include "twin/solver/linear_solver.hpp"

namespace jt {

struct PotentialBench {
    ReferenceMap map;
    double aspect = 1.0;  // dz / dx of the voxels
    double tolerance = 1e-8;
    int repeat = 5;
};

struct PotentialBenchResult {
    int iterations = 0, levels = 0;
    double relative_residual = 0.0;
    std::vector<double> setup_s, solve_s;  // by repeat
    double current_over_h = 0.0;           // sum over k = 0 of 2 sigma phi [S/m V] (times the aspect's 1/aspect)
    double bytes_per_cell = 0.0;           // most that was allocated at one time
    double bandwidth_GB_per_s = 0.0;       // of this machine: one field read and written, in the same run
    double bandwidth_fraction = 0.0;       // bytes the solve must move / its time / bandwidth
};

// Throws SolveError when it does not converge.
PotentialBenchResult bench_potential(Backend& backend, const PotentialBench& bench);

// By kind of cell [S/m].
std::array<double, 3> conductivities(const ReferenceMap& map);
// Monotonic clock [s].
double seconds();
// The same solve `repeat` times, each from the guess that `reset` sets; times of set-up and solve to the lists. Returns the
// last report. Throws SolveError naming the problem when it does not converge.
SolveReport time_solves(Backend& backend, LinearSolver& solver, const LinearSystem& system, double tolerance, int repeat,
                        const char* problem, const std::function<void()>& reset, std::vector<double>& setup_s,
                        std::vector<double>& solve_s);
// Bandwidth of the device [B/s]: reading and writing a field of 256 MiB in place, best of five.
double measured_bandwidth(Backend& backend);

}  // namespace jt
