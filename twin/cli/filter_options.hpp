// SPDX-License-Identifier: Apache-2.0
// How a twin takes readings in, as options of `live`, `replay` and `experiment`.
#pragma once
#include <CLI/CLI.hpp>
#include <string>

namespace jt::cli {

struct FilterArguments {
    std::string filter = "etkf", radius;  // as given

    // [m]; 0: the ETKF. Throws InputError, which names the option, for a radius that is none or that has no LETKF.
    double radius_m() const;
};

// where: put before the description, e.g. "of a table: ".
void add_filter_options(CLI::App& command, FilterArguments& arguments, const std::string& where = "");

}  // namespace jt::cli
