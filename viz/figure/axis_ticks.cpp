// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/axis_ticks.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "twin/quantity/quantity.hpp"

namespace jt {

namespace {

constexpr double kTiny = 1e-9;        // of a step: rounding
constexpr double kEndOnTick = 0.12;   // share of the axis that may be wasted to end it on a tick
constexpr double kMargin = 0.03;      // of the range, beyond an end that is not a tick
constexpr double kFlat = 1e-9;        // of the value: a narrower range is rounding noise
constexpr double kSmallest = 1e-100;  // of a range that can be divided

// n-th of the steps ... 1, 2, 5, 10 ...
double step_number(int n) {
    static constexpr double mantissa[] = {1.0, 2.0, 5.0};
    const int decade = n >= 0 ? n / 3 : -((2 - n) / 3);
    // 10^-3 is divided by, not multiplied with: 0.001 exactly.
    const double m = mantissa[n - 3 * decade];
    return decade >= 0 ? m * std::pow(10.0, decade) : m / std::pow(10.0, -decade);
}

struct Bounds {
    double low, high;
};

Bounds widened(double low, double high) {
    const auto shown = [](double v) { return std::abs(v) <= kLargestShown; };  // false for NaN
    if (!shown(low) || !shown(high)) return {0.0, 1.0};
    if (low > high) std::swap(low, high);
    const double largest = std::max(std::abs(low), std::abs(high));
    if (largest <= kSmallest) return {0.0, 1.0};
    if (high - low > kFlat * largest) return {low, high};
    return {low - 0.1 * largest, high + 0.1 * largest};
}

double count(double low, double high, double step) {
    return std::floor(high / step + kTiny) - std::ceil(low / step - kTiny) + 1;
}

int first_step(double range, int most) {
    return 3 * int(std::floor(std::log10(range / (most + 1)))) - 1;
}

std::string decimal(double value, int decimals) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, std::abs(value));
    return (value < 0.0 ? "\u2212" : "") + std::string(text);
}

void label(AxisTicks& axis) {
    const double n0 = std::ceil(axis.low / axis.step - kTiny), n1 = std::floor(axis.high / axis.step + kTiny);
    double largest = 0.0;
    for (double n = n0; n <= n1; ++n) {
        axis.values.push_back(n == 0.0 ? 0.0 : n * axis.step);
        largest = std::max(largest, std::abs(axis.values.back()));
    }
    if (largest >= 0.999999e5 || (largest > 0.0 && largest < 0.999999e-2))
        axis.exponent = 3 * int(std::floor((std::log10(largest) + kTiny) / 3.0));
    const double unit = std::pow(10.0, axis.exponent);
    const int decimals = std::clamp(-int(std::floor(std::log10(axis.step / unit) + kTiny)), 0, 15);
    for (const double v : axis.values) axis.labels.push_back(v == 0.0 ? "0" : decimal(v / unit, decimals));
}

}  // namespace

AxisTicks value_axis(double low, double high, int most) {
    most = std::max(most, 2);
    const auto [lo, hi] = widened(low, high);
    const double range = hi - lo;
    AxisTicks best;
    double best_score = -1e9;
    const int first = first_step(range, most);
    for (int n = first; n <= first + 9; ++n) {
        const double step = step_number(n);
        const double floor_low = step * std::floor(lo / step + kTiny), ceil_high = step * std::ceil(hi / step - kTiny);
        for (const bool low_tick : {true, false})
            for (const bool high_tick : {true, false}) {
                const double a = low_tick ? floor_low : lo - kMargin * range, b = high_tick ? ceil_high : hi + kMargin * range;
                const double ticks = count(a, b, step);
                if (ticks > most || ticks < 2) continue;
                double score = range / (b - a) - kEndOnTick * (2 - low_tick - high_tick);
                score -= std::max(0.0, most - 2 - ticks);  // fewer ticks only where nothing else is possible
                if (score > best_score + 1e-12) {
                    best_score = score;
                    best = {};
                    best.low = std::min(a, lo), best.high = std::max(b, hi), best.step = step;
                }
            }
    }
    label(best);
    return best;
}

AxisTicks fixed_axis(double low, double high, int most) {
    most = std::max(most, 2);
    const auto [lo, hi] = widened(low, high);
    AxisTicks axis;
    axis.low = lo, axis.high = hi;
    int n = first_step(hi - lo, most);
    while (count(lo, hi, step_number(n)) > most) ++n;
    while (count(lo, hi, step_number(n)) < 2) --n;  // rather more ticks than one or none
    axis.step = step_number(n);
    label(axis);
    return axis;
}

AxisTicks decade_axis(double low, double high, int most) {
    if (!(std::abs(low) <= 300.0 && std::abs(high) <= 300.0)) low = 0.0, high = 1.0;
    if (low > high) std::swap(low, high);
    AxisTicks axis;
    axis.low = std::floor(low + kTiny), axis.high = std::ceil(high - kTiny);
    if (axis.high <= axis.low) axis.high = axis.low + 1.0;
    int n = 0;
    const int steps[] = {1, 2, 3, 5, 10, 20, 50, 100, 200, 500};
    while (n + 1 < int(std::size(steps)) && count(axis.low, axis.high, steps[n]) > std::max(most, 2)) ++n;
    axis.step = steps[n];
    for (double v = axis.step * std::ceil(axis.low / axis.step); v <= axis.high; v += axis.step) {
        axis.values.push_back(v);
        axis.labels.push_back(v == 0.0 ? "1" : v == 1.0 ? "10" : power_of_ten(int(v)));
    }
    return axis;
}

AxisTicks octave_axis(double low, double high, int most) {
    if (!(std::abs(low) <= 60.0 && std::abs(high) <= 60.0)) low = 0.0, high = 1.0;
    if (low > high) std::swap(low, high);
    AxisTicks axis;
    axis.low = low, axis.high = high;
    while (count(low, high, axis.step) > std::max(most, 2)) axis.step *= 2.0;
    for (double v = axis.step * std::ceil(low / axis.step - kTiny); v <= high + kTiny * axis.step; v += axis.step) {
        axis.values.push_back(v);
        const std::string power = std::to_string(1ll << int(std::abs(v)));
        axis.labels.push_back(v < 0.0 ? "1/" + power : power);
    }
    return axis;
}

TimeUnit time_unit(double duration_s) {
    if (duration_s <= 7200.0) return {"s", 1.0};
    if (duration_s <= 36000.0) return {"min", 60.0};
    return {"h", 3600.0};
}

std::string power_of_ten(int exponent) {
    return "10" + superscript(exponent);
}

}  // namespace jt
