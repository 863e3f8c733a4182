// SPDX-License-Identifier: Apache-2.0
// Stack: a grey-value image volume. x is the image column, y the row, z the page; x fastest.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace jt {

struct Stack {
    int nx = 0, ny = 0, nz = 0;
    int bits = 8;                     // 8 or 16 bit per voxel in the source
    std::vector<std::uint16_t> grey;  // count = nx * ny * nz
};

}  // namespace jt
