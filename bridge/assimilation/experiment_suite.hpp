// SPDX-License-Identifier: Apache-2.0
// The twin experiments by which assimilation is judged: scenario, hidden truths, what is estimated, and the limits that their
// scores over many seeds are held against.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "bridge/assimilation/twin_experiment.hpp"

namespace jt {

struct ExperimentInfo {
    std::string name, title;
};
const std::vector<ExperimentInfo>& experiments();

struct SuiteOptions {
    int seeds = 20;
    std::uint64_t first = 1;
    bool slice = false;  // device R1 as an x-z section: nothing varies along y, a run takes seconds
    bool forecasts = true;
    int threads = 0;        // seeds at a time; 0: as many as there are processors
    double radius_m = 0.0;  // see FilterOptions
    double window_s = 0.1;  // 0.5, the time between two scores, or a whole part of it
};

// One number against its limit: at least `low` and at most `high`.
struct SuiteRow {
    std::string quantity;
    double low = 0.0, high = 0.0, got = 0.0;
    bool pass = false;
};

struct SuiteResult {
    std::vector<ExperimentResult> seeds;  // by seed
    std::vector<SuiteRow> rows;
};

// live_r1, live_plug: the scenarios' files. done: called after each seed, from any thread but one at a time.
// Throws InputError for an unknown name, with those there are, and for a window that is no part of 0.5 s.
SuiteResult run_suite(const std::string& name, const std::filesystem::path& scenarios, const SuiteOptions& options,
                      const std::function<void(const ExperimentResult&)>& done = {});

}  // namespace jt
