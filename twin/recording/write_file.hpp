// SPDX-License-Identifier: Apache-2.0
// Files that are whole or not there: written aside, synchronised to the disk and renamed.
#pragma once
#include <filesystem>
#include <string_view>

namespace jt {

// Throws DiskError naming the file and the reason; then no part of it is left and an older file of that name is intact.
void write_file(const std::filesystem::path& file, std::string_view content);

// Creates the folder and its parents. Throws DiskError.
void make_folder(const std::filesystem::path& folder);

}  // namespace jt
