// SPDX-License-Identifier: Apache-2.0
#include "viz/screen/state/spot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace jt {

namespace {

std::string millimetres(double metres) {
    char text[32];
    std::snprintf(text, sizeof text,
                  std::abs(metres) < 0.1e-3 ? "%.3f"
                  : std::abs(metres) < 1e-3 ? "%.2f"
                                            : "%.1f",
                  metres * 1e3);
    return text;
}

bool sees(const Sensor& sensor) {
    return sensor.kind == "pyrometer" || sensor.kind == "ratio_pyrometer";
}

}  // namespace

std::vector<std::size_t> cells_seen(const Sensor& sensor, const RunFacts& facts) {
    const Extents& e = facts.extents;
    std::vector<std::size_t> cells;
    if (e.count() == 0 || facts.material.size() != e.count()) return cells;
    const auto count = e.cells();
    const auto spacing = e.spacing(), size = e.size();
    if (sensor.kind == "thermocouple" && sensor.at) {
        std::array<int, 3> at{};
        for (std::size_t a = 0; a < 3; ++a) {
            if (!std::isfinite((*sensor.at)[a])) return cells;
            at[a] = int(std::clamp((*sensor.at)[a] / spacing[a], 0.0, double(count[a] - 1)));
        }
        const std::size_t cell = e.index(at[0], at[1], at[2]);
        if (facts.material[cell] != 0) cells.push_back(cell);
        return cells;
    }
    if (!sees(sensor) || !sensor.face) return cells;
    const int axis = axis_of(*sensor.face);
    const auto u = std::size_t(axis == 0 ? 1 : 0), v = std::size_t(axis == 2 ? 1 : 2), w = std::size_t(axis);
    const auto centre = sensor.spot_center.value_or(std::array<double, 2>{0.5 * size[u], 0.5 * size[v]});
    const double radius = 0.5 * sensor.spot_diameter.value_or(0.0);
    double nearest = std::max(radius, 0.5 * std::hypot(spacing[u], spacing[v]));
    std::optional<std::size_t> middle;
    std::array<int, 3> at{};
    for (at[v] = 0; at[v] < count[v]; ++at[v])
        for (at[u] = 0; at[u] < count[u]; ++at[u]) {
            const double d = std::hypot((at[u] + 0.5) * spacing[u] - centre[0], (at[v] + 0.5) * spacing[v] - centre[1]);
            if (d > radius && d > nearest) continue;
            for (int depth = 0; depth < count[w]; ++depth) {
                at[w] = is_upper(*sensor.face) ? count[w] - 1 - depth : depth;
                const std::size_t cell = e.index(at[0], at[1], at[2]);
                if (facts.material[cell] == 0) continue;
                if (d <= radius) cells.push_back(cell);
                if (d <= nearest) nearest = d, middle = cell;
                break;
            }
        }
    if (cells.empty() && middle) cells.push_back(*middle);
    return cells;
}

std::optional<double> mean_over(std::span<const float> field, std::span<const std::size_t> cells) {
    double sum = 0.0;
    std::size_t count = 0;
    for (const std::size_t c : cells)
        if (c < field.size() && std::isfinite(field[c])) sum += double(field[c]), ++count;
    return count == 0 ? std::nullopt : std::optional(sum / double(count));
}

std::string place_text(const Sensor& sensor, const Extents& extents) {
    if (sensor.at) {
        const auto& p = *sensor.at;
        return "x " + millimetres(p[0]) + " y " + millimetres(p[1]) + " z " + millimetres(p[2]) + " mm";
    }
    if (!sensor.face) return "terminals";
    const int axis = axis_of(*sensor.face);
    const char* names = axis == 0 ? "yz" : axis == 1 ? "xz" : "xy";
    const auto size = extents.size();
    const auto u = std::size_t(axis == 0 ? 1 : 0), v = std::size_t(axis == 2 ? 1 : 2);
    const auto c = sensor.spot_center.value_or(std::array<double, 2>{0.5 * size[u], 0.5 * size[v]});
    std::string text = std::string(name_of(*sensor.face)) + ", " + names[0] + " " + millimetres(c[0]) + " " + names[1] + " " +
                       millimetres(c[1]);
    if (sensor.spot_diameter) text += ", \u00d8 " + millimetres(*sensor.spot_diameter);
    return text + " mm";
}

}  // namespace jt
