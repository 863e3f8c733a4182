// SPDX-License-Identifier: Apache-2.0
// A heater's program as text of its own, as it travels from a controller to a heater and back: a TOML list of segments, as
// in heater.program.
#pragma once
#include <string>
#include <string_view>

#include "twin/scenario/scenario.hpp"

namespace jt {

inline constexpr std::size_t kLongestProgramText = 64 << 10;  // [byte]

// `start`: the value at time 0, where the first segment goes from. `name` stands for the text in messages. No text reads a
// file. Throws InputError with every problem.
Program read_program_text(std::string_view text, Heater::Mode mode, double start, const std::string& name);

// The list of segments that reads back to the same program, whatever its start.
std::string program_text(const Program& program, Heater::Mode mode);

}  // namespace jt
