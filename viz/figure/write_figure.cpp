// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/write_figure.hpp"

#include "twin/quantity/quantity.hpp"
#include "viz/figure/cairo_painter.hpp"

namespace jt {

std::vector<FigureItem> write_figure(const std::filesystem::path& path, int width, int height, double scale,
                                     const std::function<std::vector<FigureItem>(Painter&)>& draw) {
    if (!(scale >= 0.5 && scale <= 4.0)) throw InputError("figure scale " + std::to_string(scale) + ": 0.5 to 4 is possible");
    CairoPainter painter(width, height, scale);
    auto items = draw(painter);
    painter.write_png(path);
    return items;
}

}  // namespace jt
