// SPDX-License-Identifier: Apache-2.0
// TwinFilter: a twin that is corrected by readings. The twin on the full grid is the best estimate; an ensemble of members on a
// coarser grid carries the uncertainty. Knows no sockets, clocks or files: readings in, state and forecasts out.
#pragma once
#include <memory>
#include <span>

#include "bridge/wire/message.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

class Backend;
class Coupled;

// A reading in seconds of the run, as the filter takes it.
struct Sample {
    int sensor = 0;  // index in scenario.sensors
    double time_s = 0.0, value = 0.0, sigma = 0.0;
    std::uint64_t seq = 0;
};

struct FilterOptions {
    int members = 16;
    double window_s = 0.1;
    int coarsening = 2;  // of the members' grid, along each axis
    std::uint64_t seed = 1;
};

class TwinFilter {
public:
    // Estimated parameters are the scenario's [[estimate]]. Throws InputError, as Coupled.
    TwinFilter(Backend& backend, const Scenario& scenario, const FilterOptions& options);
    ~TwinFilter();

    // Advances twin and members to `to` [s] under the measured current, and takes in the readings of (time() - the longest
    // lateness, to], in any order: each at its own time. The same set of readings gives the same bits.
    TwinState advance(double to, std::span<const Sample> readings);
    // What the next seconds bring under the heater's program, from the members as they are now.
    Forecast forecast(double horizon_s);

    double time() const;
    Coupled& twin();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
