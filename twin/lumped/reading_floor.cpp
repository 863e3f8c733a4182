// SPDX-License-Identifier: Apache-2.0
// Of a sensor log: where readings stand still since the instrument reaches no lower.
#include <algorithm>
#include <cmath>

#include "twin/lumped/sensor_log.hpp"

namespace jt {
namespace {

constexpr double kColdestFloor = 373.15;  // [K] nothing stands still above it without being heated
constexpr double kFloorShare = 0.02;      // of the rows, at least, lie at a floor

}  // namespace

double quantisation_step(std::span<const double> values) {
    std::vector<double> sorted;
    for (const double v : values)
        if (std::isfinite(v)) sorted.push_back(v);
    std::sort(sorted.begin(), sorted.end());
    if (sorted.size() < 3 || !(sorted.back() > sorted.front())) return 0.0;
    const double range = sorted.back() - sorted.front(),
                 same = 1e-9 * std::max(std::abs(sorted.front()), std::abs(sorted.back()));
    double smallest = range;
    std::size_t distinct = 1;
    for (std::size_t n = 1; n < sorted.size(); ++n)
        if (const double gap = sorted[n] - sorted[n - 1]; gap > same) smallest = std::min(smallest, gap), ++distinct;
    // The greatest common divisor of all gaps; where there is no grid it shrinks to nothing.
    double step = smallest;
    for (std::size_t n = 1; n < sorted.size(); ++n) {
        double a = sorted[n] - sorted[n - 1], b = step;
        if (a <= same) continue;
        while (b > 0.01 * smallest) {
            const double rest = std::abs(std::remainder(a, b));
            a = b, b = rest;
        }
        if (a < 0.05 * smallest) return 0.0;
        step = a;
    }
    // Ten different values do not lie on a grid by chance; fewer must come again and again.
    return distinct < 10 && 2 * distinct > sorted.size() ? 0.0 : range / std::round(range / step);
}

std::optional<double> find_reading_floor(const SensorLog& log, double until_s) {
    std::vector<double> readings;
    for (std::size_t n = 0; n < log.rows() && log.time_s[n] <= until_s; ++n)
        if (std::isfinite(log.temperature.values[n])) readings.push_back(log.temperature.values[n]);
    if (readings.size() < 50) return std::nullopt;
    const double lowest = *std::min_element(readings.begin(), readings.end());
    const double step = quantisation_step(readings), band = std::max(1.0, 4.0 * step);
    if (lowest < kColdestFloor) return std::nullopt;
    std::size_t run = 0, longest = 0;
    double highest = lowest, run_highest = lowest;
    for (const double T : readings) {
        if (T > lowest + band) {
            run = 0, run_highest = lowest;
            continue;
        }
        run_highest = std::max(run_highest, T);
        if (++run > longest) longest = run, highest = run_highest;
    }
    if (longest < 20 || double(longest) < kFloorShare * double(readings.size())) return std::nullopt;
    // A furnace on hold also stands still: a floor is where most of the rest lies well above it.
    if (*std::max_element(readings.begin(), readings.end()) < lowest + 10.0 * band) return std::nullopt;
    return highest;
}

}  // namespace jt
