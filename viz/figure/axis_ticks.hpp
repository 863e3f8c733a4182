// SPDX-License-Identifier: Apache-2.0
// Round ticks of an axis: steps of 1, 2 or 5 times a power of ten, labels with the digits that tell neighbours apart.
#pragma once
#include <string>
#include <vector>

namespace jt {

struct AxisTicks {
    double low = 0.0, high = 1.0;  // ends of the axis
    double step = 1.0;
    int exponent = 0;                 // labels are in units of 10^exponent; to be said beside the axis unless 0
    std::vector<double> values;       // ascending, inside low .. high
    std::vector<std::string> labels;  // "1000", "−0.5"
};

// An axis that holds low .. high with most - 2 to most ticks; its ends are ticks unless that wastes room. A range without width
// is widened about its value. Bounds that are not finite, or beyond 1e100, count as absent: 0 .. 1.
AxisTicks value_axis(double low, double high, int most = 6);

// The axis low .. high as it is, with at most `most` ticks (at least 2) inside.
AxisTicks fixed_axis(double low, double high, int most);

// An axis of logarithms, base ten, that holds 10^low .. 10^high between whole decades, with at most `most` labels: "10⁻⁶", "1".
// Bounds that are not finite, or beyond 300, count as absent: 0 .. 1.
AxisTicks decade_axis(double low, double high, int most = 6);

// An axis of logarithms, base two, low .. high as it is, labels "1/4", "1/2", "1", "2"; whole octaves only.
AxisTicks octave_axis(double low, double high, int most = 8);

// The largest value an axis can show; what lies beyond counts as no value.
inline constexpr double kLargestShown = 1e100;

// Seconds up to two hours, minutes up to ten, then hours.
struct TimeUnit {
    const char* name;
    double seconds;
};
TimeUnit time_unit(double duration_s);

// "10⁻³"
std::string power_of_ten(int exponent);

}  // namespace jt
