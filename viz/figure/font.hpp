// SPDX-License-Identifier: Apache-2.0
// Fonts by fontconfig: Roboto, then DejaVu Sans. Where neither is installed the painter takes its own default, so that a
// picture is never lost for want of a font.
#pragma once
#include <optional>
#include <span>
#include <string>

#include "viz/figure/painter.hpp"

namespace jt {

struct FontFile {
    std::string path, family;
    int index = 0;  // face inside the file
};

// The first of the families that is installed, in the nearest weight it has. Substitutes of other families do not count.
std::optional<FontFile> find_font(std::span<const char* const> families, Weight weight);

// The pictures' font: Roboto or DejaVu Sans. Looked up once.
const std::optional<FontFile>& figure_font(Weight weight);

}  // namespace jt
