// SPDX-License-Identifier: Apache-2.0
// A scenario with run.solve = "current", solved: the current through the bed at its initial temperature.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "kernels/backend.hpp"
#include "twin/bed/bed.hpp"
#include "twin/electric/electric_field.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {

// Fields are packed, x fastest, NaN where nothing conducts.
struct ElectricRun {
    Bed bed;
    std::vector<std::string> findings;  // what a user should know
    Percolation percolation;
    ElectricReport report;
    std::vector<std::string> terminal_names;              // as report.terminal_currents
    std::map<std::string, std::optional<double>> probes;  // by name; empty where the probe stands in nothing that conducts
    std::vector<double> phi_V;
    std::vector<float> J_A_per_m2;
    std::vector<float> J_axis_A_per_m2;  // magnitude of the component along the normal of the first terminal
    std::vector<double> q_W_per_m3;
    double wall_s = 0.0;
    double bytes_per_cell = 0.0;  // most that was allocated on the device at one time
};

// Throws InputError when the bed cannot be made or no current can cross it (with the percolation finding), SolveError when
// the solver does not converge, DeviceError when memory is short.
ElectricRun run_electric(Backend& backend, const Scenario& scenario);

}  // namespace jt
