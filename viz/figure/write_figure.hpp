// SPDX-License-Identifier: Apache-2.0
// A figure of width x height px at scale 1 as a PNG. scale: 0.5 .. 4. Throws InputError for another scale, DiskError.
#pragma once
#include <filesystem>
#include <functional>
#include <vector>

#include "viz/figure/text.hpp"

namespace jt {

std::vector<FigureItem> write_figure(const std::filesystem::path& path, int width, int height, double scale,
                                     const std::function<std::vector<FigureItem>(Painter&)>& draw);

}  // namespace jt
