// SPDX-License-Identifier: Apache-2.0
// A run folder as a source of a screen: complete, interrupted, killed, or written by another program at this moment. The folder
// is looked at again and again, and never changed; it may not exist yet, and may be written anew.
#pragma once
#include <filesystem>
#include <memory>

#include "viz/screen/data/run_source.hpp"

namespace jt {

// Bytes of fields that are kept in memory, so that going back and forth in time does not read the same twice.
inline constexpr std::size_t kFieldsInMemory = std::size_t(512) << 20;

// Reads on a thread of its own, which ends with the source (after the file it is reading). Never throws for what the folder
// holds: state() says it.
std::unique_ptr<RunSource> open_folder(const std::filesystem::path& folder, std::size_t fields_in_memory = kFieldsInMemory);

}  // namespace jt
