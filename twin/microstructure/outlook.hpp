// SPDX-License-Identifier: Apache-2.0
// Outlook: what the product will be at the end of a run, told from a moment within it. The rest of the program is taken to be
// followed, each place keeping its share of the rise above the surroundings that it has now:
//     T_i(t) = T_a + (T_i(now) - T_a) (r(t) - T_a) / (r(now) - T_a)
// with r the program and T_a the surroundings (with 20 K added to both rises, so that a cold bed keeps no shares of noise).
// Layers of a closed loop's product that lag behind the solids they are heated from (a char between carbon papers) follow
// r(t - lag) instead, the lag being what the layer is behind now: it goes in the dwell, the share does not.
// Places are gathered into classes of like temperature and ordering, so that it
// costs no more than a screen can spare. At the end of the run it is the product as it is.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "twin/scenario/scenario.hpp"

namespace jt {

struct Outlook {
    double from_s = 0.0, end_s = 0.0;               // told at, of
    std::map<std::string, double> means;            // by quantity: Th_K, id_ig, d002_nm, capacity_mAh_g, ice_percent ...
    double capacity_p05 = 0.0, capacity_p95 = 0.0;  // over the product [mAh/g]
};

// T_K, Th_K: per cell at time t, x fastest, NaN where there is no such thing; product: which cells count. program: what is
// followed from now on in place of the scenario's own (what if); then the end is that of the program where it is later.
// The ordering alone: hypotheses of a field and quantities of the peak of G(r) are left out. Absent where the scenario has no
// char, or no program of temperature to follow in time, or the fields do not fit.
std::optional<Outlook> outlook(const Scenario& scenario, std::span<const float> T_K, std::span<const float> Th_K,
                               const std::vector<bool>& product, double t, const Program* program = nullptr);

}  // namespace jt
