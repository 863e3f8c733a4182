// SPDX-License-Identifier: Apache-2.0
// Reads scenario files. Every problem of the file is found before anything is refused; each is one line of
// InputError::problems: FILE:LINE: key.path: what was found; what is allowed.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "twin/scenario/scenario.hpp"

namespace jt {

struct ReadOptions {
    bool allow_unavailable = false;    // accept what this version cannot run yet
    bool allow_missing_files = false;  // accept files that are not there any more: for a run that is only looked at
};

// `sets` are the arguments of --set, "key=value" with a TOML value, applied in order before reading. Throws InputError.
Scenario read_scenario(const std::filesystem::path& file, const std::vector<std::string>& sets = {}, ReadOptions options = {});

// The same from text; `name` stands for the file in messages, relative paths start in `folder`.
Scenario read_scenario_text(std::string_view text, const std::string& name, const std::filesystem::path& folder = ".",
                            const std::vector<std::string>& sets = {}, ReadOptions options = {});

}  // namespace jt
