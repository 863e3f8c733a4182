// SPDX-License-Identifier: Apache-2.0
// The kinds of files a stack comes from; read_stack.cpp chooses between them.
#pragma once
#include <cstdint>
#include <filesystem>

#include "twin/stack/read_stack.hpp"

namespace jt {

// Throws InputError when the voxels cannot be held: more than kMostVoxels or than this machine's memory.
void check_stack_size(const std::filesystem::path& file, std::uint64_t nx, std::uint64_t ny, std::uint64_t nz);

// A TIFF file with all its pages.
StackInfo peek_tiff(const std::filesystem::path& file);
// Decodes every page to grey (info.voxels() values for a file of info.nz pages). Throws where the file is no longer what
// peek_tiff found.
void read_tiff(const std::filesystem::path& file, const StackInfo& info, std::uint16_t* grey);

StackInfo peek_raw(const std::filesystem::path& file);
void read_raw(const std::filesystem::path& file, const StackInfo& info, std::uint16_t* grey);

// The files of the numbered series that `first` begins, in the order of their numbers: `first` alone where its name holds no
// number or there is no other. Throws InputError naming a missing number, or where `first` is not the first.
std::vector<std::filesystem::path> files_of_series(const std::filesystem::path& first);

}  // namespace jt
