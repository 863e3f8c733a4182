// SPDX-License-Identifier: Apache-2.0
// `bench twin`: the speed of a whole run: a char plug between two electrodes, heated in closed loop, sampled at 10 Hz, from its
// scenario and by the same code as `run`.
#pragma once
#include <string>

#include "twin/stepping/run_coupled.hpp"

namespace jt {

struct TwinBench {
    int cells = 64;         // per axis
    double duration = 5.0;  // simulated [s]
};

// Its scenario (TOML).
std::string twin_bench_scenario(const TwinBench& bench);

struct TwinBenchResult {
    CoupledRun run;
    double kinetics_wall_s = 0.0;  // of run.wall_s
};

TwinBenchResult bench_twin(Backend& backend, const TwinBench& bench);

}  // namespace jt
