// SPDX-License-Identifier: Apache-2.0
// A picture of the screen as files: PNG, and beside it the JSON of what is on it.
#pragma once
#include <filesystem>

#include "viz/figure/colour_vision.hpp"
#include "viz/screen/panels/screen_json.hpp"

namespace jt {

// picture.png -> picture.json
std::filesystem::path json_beside(const std::filesystem::path& picture);

// Each file is written aside and renamed; the JSON last. Throws DiskError.
void write_screen_picture(const std::filesystem::path&, Image pixels, ColourVision, const std::vector<FigureItem>&,
                          const ScreenModel&, const ViewState&, PictureFacts);

}  // namespace jt
