// SPDX-License-Identifier: Apache-2.0
// Writes a stack as an 8-bit multi-page TIFF (deflate), one page per z plane: whole or not there.
#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

namespace jt {

// grey: nx * ny * nz values, x fastest. Throws DiskError naming the file; then no part of it is left and an older file of that
// name is intact.
void write_stack(const std::filesystem::path& file, int nx, int ny, int nz, const std::vector<std::uint8_t>& grey);

}  // namespace jt
