// SPDX-License-Identifier: Apache-2.0
// Reads CT stacks: a multi-page TIFF; the first file of a numbered series of one-page TIFFs (slice_0001.tif, ...); a raw file
// NAME.raw with a sidecar NAME.raw.toml or NAME.toml:
//   size = [nx, ny, nz]; type = "uint8" | "uint16"; byte_order = "little" | "big" (default little); offset = bytes before the
//   first voxel (default 0). Voxels follow each other with x fastest.
// TIFF: 8 or 16 bit unsigned grey, strips or tiles, either byte order, any compression libtiff decodes. Where 0 is white, the
// values are inverted, so that grey grows with brightness. x is the image column, y the row, z the page.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "twin/stack/stack.hpp"

namespace jt {

inline constexpr std::uint64_t kMostVoxels = 2147483647;

// What a stack is, from its headers alone.
struct StackInfo {
    std::string format;  // "TIFF" | "TIFF series" | "raw"
    int nx = 0, ny = 0, nz = 0;
    int bits = 8;
    std::string compression;  // "none", "LZW", "deflate", ...
    std::string layout;       // "strips of 8 rows", "tiles of 64 x 64", "rows"
    bool white_is_zero = false;
    std::vector<std::filesystem::path> files;  // in the order of the pages

    std::uint64_t voxels() const { return std::uint64_t(nx) * std::uint64_t(ny) * std::uint64_t(nz); }
};

// Both throw InputError naming file, page and reason; both refuse what does not fit kMostVoxels or this machine's memory before
// any of it is allocated. Reading needs two bytes per voxel.
StackInfo peek_stack(const std::filesystem::path& file);
Stack read_stack(const std::filesystem::path& file);

}  // namespace jt
