// SPDX-License-Identifier: Apache-2.0
// Places of labels: in a column without overlap, or beside the end of a line without touching any line.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "viz/figure/painter.hpp"

namespace jt {

// Centres of labels of one height in a column low .. high, as near as possible (least squares) to where they are wanted, at
// least `height` apart, in the order wanted (equal ones in the order given). When the column is too short for all, they are
// spread evenly.
std::vector<double> spread_labels(std::span<const double> wanted, double height, double low, double high);

// Whether a line through the points passes through the rectangle.
bool touches(const Rect&, std::span<const Point> line);

// A place for a label of size w x h near the point: right of it, then above and below, ever farther away; inside `within`, on
// no obstacle and on no line. None when there is none within ten label heights.
std::optional<Rect> place_near(Point, double w, double h, const Rect& within, std::span<const Rect> obstacles,
                               std::span<const std::vector<Point>> lines);

}  // namespace jt
