// SPDX-License-Identifier: Apache-2.0
// Commands of the program. Each command_*.cpp adds its subcommand with its options; its callback does the work and throws the
// errors of kernels/error.hpp, which main.cpp turns into exit codes. A command that compares returns its own code.
#pragma once
#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "kernels/backend.hpp"

namespace jt::cli {

struct Outcome {
    int exit_code = 0;
};

void add_map(CLI::App& app, Outcome& outcome);
void add_run(CLI::App& app, Outcome& outcome);
void add_verify(CLI::App& app, Outcome& outcome);
void add_bench(CLI::App& app, Outcome& outcome);
void add_check(CLI::App& app, Outcome& outcome);
void add_orientation(CLI::App& app, Outcome& outcome);
void add_schema(CLI::App& app, Outcome& outcome);
void add_report(CLI::App& app, Outcome& outcome);  // adds nothing in a build without JT_FIGURES
void add_lumped(CLI::App& app, Outcome& outcome);
void add_heater(CLI::App& app, Outcome& outcome);      // adds nothing in a build without JT_BRIDGE
void add_live(CLI::App& app, Outcome& outcome);        // adds nothing in a build without JT_BRIDGE
void add_replay(CLI::App& app, Outcome& outcome);      // adds nothing in a build without JT_BRIDGE
void add_experiment(CLI::App& app, Outcome& outcome);  // adds nothing in a build without JT_BRIDGE
void add_keygen(CLI::App& app, Outcome& outcome);      // adds nothing in a build without JT_BRIDGE
void add_view(CLI::App& app, Outcome& outcome);        // adds nothing in a build without JT_SCREEN

// Of an option that is a std::uint64_t: a sign, or too many digits, would be taken for another number.
CLI::Validator without_sign();
// --device with its help.
void add_device_option(CLI::App& command, std::string& device);
// make_backend; says on standard error what `auto` has chosen and why.
std::unique_ptr<Backend> open_device(const std::string& device);

}  // namespace jt::cli
