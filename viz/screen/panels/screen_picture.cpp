// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/panels/screen_picture.hpp"

#include "twin/recording/write_file.hpp"
#include "viz/figure/cairo_painter.hpp"

namespace jt {

std::filesystem::path json_beside(const std::filesystem::path& picture) {
    auto path = picture;
    return path.replace_extension(".json");
}

void write_screen_picture(const std::filesystem::path& path, Image pixels, ColourVision vision,
                          const std::vector<FigureItem>& items, const ScreenModel& model, const ViewState& view,
                          PictureFacts facts) {
    constexpr const char* kNames[] = {"none", "protan", "deutan", "tritan"};
    facts.filter = kNames[int(vision)];
    apply_vision(vision, pixels);
    CairoPainter png(pixels.width, pixels.height);
    png.image({0, 0, double(pixels.width), double(pixels.height)}, pixels);
    png.write_png(path);
    write_file(json_beside(path),
               screen_json(items, model, view, facts).dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace jt
