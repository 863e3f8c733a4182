// SPDX-License-Identifier: Apache-2.0
// A series over time, reduced to what the columns of a picture can show. Every column keeps its first, lowest, highest and last
// value, so that no peak is lost; columns are anchored at absolute time, so that they do not flicker when the view moves.
#pragma once
#include <span>
#include <vector>

namespace jt {

struct TracePoint {
    double time, value;
};
using Trace = std::vector<TracePoint>;  // ascending time, at most four points a column

// The parts of a series between start and end, each to be drawn as one line: values that are not finite are gaps, and so are
// those an axis cannot show. Gaps narrower than a column cannot be seen and are bridged. The nearest points outside are kept,
// for lines that leave the picture. time: ascending, as many as values.
std::vector<Trace> reduce_trace(std::span<const double> time, std::span<const double> value, double start, double end,
                                int columns);

}  // namespace jt
