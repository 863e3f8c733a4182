// SPDX-License-Identifier: Apache-2.0
// The yardstick of the benchmarks: tests/bench/peers/peer_hypre.c, built beside the program where hypre and MPI are installed.
#pragma once
#include <optional>

#include "twin/bench/potential.hpp"

namespace jt {

struct PeerResult {
    double total_s = 0.0;  // set-up + solve, fastest repeat
    int iterations = 0;
    double current_over_h = 0.0;
};

// Runs PFMG-PCG on two ranks on the same problem. Empty where the peer or mpirun is not there, or its answer cannot be read.
std::optional<PeerResult> run_hypre_peer(const PotentialBench& bench);

}  // namespace jt
