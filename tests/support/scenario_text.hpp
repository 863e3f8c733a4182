// SPDX-License-Identifier: Apache-2.0
// Scenario texts and what the reader says about them.
#pragma once
#include <string>
#include <vector>

#include "kernels/error.hpp"
#include "twin/scenario/reader.hpp"

namespace jt::support {

inline const std::string kPlain = R"(title = "plain"
[bed]
size = ["2 mm", "2 mm", "1 mm"]
voxel = "0.5 mm"
material = "matrix"
current_axis = "z"
[material.matrix]
sigma = "100 S/m"
[electrodes]
[heater]
mode = "voltage"
program = "1 V"
[run]
solve = "current"
)";

// Every problem, one a line; "" when the scenario is accepted.
inline std::string problems_of(const std::string& text, const std::vector<std::string>& sets = {}, ReadOptions options = {}) {
    try {
        read_scenario_text(text, "s.toml", ".", sets, options);
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

// kPlain with one text replaced.
inline std::string plain_with(const std::string& from, const std::string& to) {
    std::string text = kPlain;
    const auto at = text.find(from);
    if (at == std::string::npos) throw Error("no " + from + " in the plain scenario");
    return text.replace(at, from.size(), to);
}

}  // namespace jt::support
