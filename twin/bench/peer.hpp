// SPDX-License-Identifier: Apache-2.0
// The yardstick of the benchmarks: tests/bench/peers/peer_hypre.c, built beside the program where hypre and MPI are installed.
#pragma once
#include <optional>
#include <string>

#include "twin/bench/reference_map.hpp"

namespace jt {

struct PeerProblem {
    int number = 1;  // P1, P2 or P3
    ReferenceMap map;
    double aspect = 1.0, tolerance = 1e-8;
    int repeat = 5;  // P3 is run once
};

inline constexpr int kPeerSteps = 100;  // of P3

struct PeerResult {
    double total_s = 0.0;                  // set-up + solve, fastest repeat; of P3 all 100 steps
    long iterations = 0;                   // of P3 those of the potential
    long heat_iterations = 0;              // P3
    double current_over_h = 0.0;           // P1
    double mean_T_K = 0.0, max_T_K = 0.0;  // P2 (mean), P3
};

// What the peer printed for problem `number`; empty when it is not all there.
std::optional<PeerResult> read_peer(int number, const std::string& text);

// Runs PFMG-PCG on two ranks on the same problem. Empty where the peer or mpirun is not there, or its answer cannot be read.
std::optional<PeerResult> run_hypre_peer(const PeerProblem& problem);

}  // namespace jt
