// SPDX-License-Identifier: Apache-2.0
#include "twin/heater/feedback.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <unordered_map>

#include "kernels/error.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

constexpr double kC2 = 0.01438777;  // [m K] second radiation constant

double parameter(const Sensor& sensor, const char* name, double otherwise) {
    const auto found = sensor.parameters.find(name);
    return found == sensor.parameters.end() ? otherwise : found->second;
}

bool is_thermocouple(const Sensor& sensor) {
    return sensor.kind == "thermocouple";
}

// Cells whose centres surround a place, and their weights, linear along each axis; those of another material than the cell
// that holds the place are left out.
struct Surroundings {
    std::vector<std::size_t> cells;
    std::vector<double> weights;
};
Surroundings around(const Bed& bed, const std::array<double, 3>& place) {
    const Extents& e = bed.extents;
    std::array<int, 3> at{}, low{};
    std::array<double, 3> share{};  // of the upper neighbour
    for (std::size_t a = 0; a < 3; ++a) {
        const double cells = place[a] / e.spacing()[a];
        at[a] = std::clamp(int(cells), 0, e.cells()[a] - 1);
        const double from_first = std::clamp(cells - 0.5, 0.0, double(e.cells()[a] - 1));
        low[a] = std::min(int(from_first), std::max(e.cells()[a] - 2, 0));
        share[a] = from_first - low[a];
    }
    const auto material = bed.material[e.index(at[0], at[1], at[2])];
    Surroundings out;
    double total = 0.0;
    for (int corner = 0; corner < 8; ++corner) {
        double weight = 1.0;
        std::array<int, 3> c{};
        for (std::size_t a = 0; a < 3; ++a) {
            const int upper = corner >> a & 1;
            weight *= upper ? share[a] : 1.0 - share[a];
            c[a] = low[a] + upper;
        }
        constexpr double kRounding = 1e-9;  // a place at a centre reads that cell alone
        if (weight < kRounding || bed.material[e.index(c[0], c[1], c[2])] != material) continue;
        out.cells.push_back(e.index(c[0], c[1], c[2]));
        out.weights.push_back(weight);
        total += weight;
    }
    for (double& weight : out.weights) weight /= total;
    return out;
}

}  // namespace

double thermocouple_lag(const std::string& type, double T) {
    const auto by = [&](double at_600, double at_900, double at_1273) {
        return T < 900.0 ? std::min(at_600, at_600 + (at_900 - at_600) * (T - 600.0) / 300.0)
                         : at_900 + (at_1273 - at_900) * (T - 900.0) / 373.0;
    };
    if (type == "K_sheath") return std::max(2.0, by(7.0, 4.0, 2.0));
    if (type == "C") return std::max(0.23, by(0.8, 0.5, 0.23));
    return std::max(0.4, by(2.3, 1.4, 0.7));
}

FeedbackSensor::FeedbackSensor(Backend& backend, const Sensor& sensor, const Bed& bed, const HeatField& field)
    : sensor_(sensor), random_(std::hash<std::string>{}(sensor.name)) {
    const Extents& e = bed.extents;
    const Grid& grid = field.grid();
    if (is_thermocouple(sensor)) {
        std::array<int, 3> at{};
        for (std::size_t a = 0; a < 3; ++a) at[a] = std::clamp(int((*sensor.at)[a] / e.spacing()[a]), 0, e.cells()[a] - 1);
        if (bed.materials[bed.material[e.index(at[0], at[1], at[2])]].is_void)
            throw InputError("sensor " + quote(sensor.name) + ": the place stands in void; allowed: inside a solid");
        const Surroundings seen = around(bed, *sensor.at);
        std::vector<Index> places;
        for (const std::size_t c : seen.cells)
            places.push_back(grid.index(int(c % std::size_t(e.nx)), int(c / std::size_t(e.nx) % std::size_t(e.ny)),
                                        int(c / std::size_t(e.nx) / std::size_t(e.ny))));
        cells_ = CellSamples(backend, places);
        weights_ = seen.weights;
        return;
    }
    const Face face = *sensor.face;
    axis_ = axis_of(face);
    const auto u = std::size_t(axis_ == 0 ? 1 : 0), v = std::size_t(axis_ == 2 ? 1 : 2), w = std::size_t(axis_);
    const auto size = e.size(), spacing = e.spacing();
    const std::array<double, 2> center = sensor.spot_center.value_or(std::array<double, 2>{0.5 * size[u], 0.5 * size[v]});
    const double radius = 0.5 * sensor.spot_diameter.value_or(0.0), half_voxel = 0.5 * std::hypot(spacing[u], spacing[v]);
    std::unordered_map<Index, Index> entries;  // places in the list of surfaces, by cell
    const auto& list = field.surfaces().along(axis_);
    const int side = is_upper(face) ? 1 : 0;
    for (std::size_t n = 0; n < list.size(); ++n)
        if (list[n].condition[side] >= 0) entries[list[n].n] = 2 * Index(n) + side;

    // the first solid cell along each line of sight within the spot; where the spot is smaller than a voxel, the nearest line
    std::vector<Index> surfaces, cells, nearest_surface, nearest_cell;
    double nearest = std::max(radius, half_voxel);
    std::array<int, 3> at{};
    for (at[u] = 0; at[u] < e.cells()[u]; ++at[u])
        for (at[v] = 0; at[v] < e.cells()[v]; ++at[v]) {
            const double d = std::hypot((at[u] + 0.5) * spacing[u] - center[0], (at[v] + 0.5) * spacing[v] - center[1]);
            if (d > radius && d > nearest) continue;
            bool solid = false;
            for (int depth = 0; depth < e.cells()[w] && !solid; ++depth) {
                at[w] = side == 1 ? e.cells()[w] - 1 - depth : depth;
                solid = !bed.materials[bed.material[e.index(at[0], at[1], at[2])]].is_void;
            }
            if (!solid) continue;
            const Index cell = grid.index(at[0], at[1], at[2]);
            const auto entry = entries.find(cell);
            std::vector<Index> one_surface, one_cell;
            if (entry != entries.end())
                one_surface.push_back(entry->second);
            else
                one_cell.push_back(cell);
            if (d <= radius) {
                surfaces.insert(surfaces.end(), one_surface.begin(), one_surface.end());
                cells.insert(cells.end(), one_cell.begin(), one_cell.end());
            }
            if (d <= nearest) nearest = d, nearest_surface = one_surface, nearest_cell = one_cell;
        }
    if (surfaces.empty() && cells.empty()) surfaces = nearest_surface, cells = nearest_cell;
    if (surfaces.empty() && cells.empty())
        throw InputError("sensor " + quote(sensor.name) + ": its spot on " + name_of(face) +
                         " sees nothing solid; allowed: a spot in front of a solid");
    const auto conditions = field.surfaces().conditions(0.0);
    double sum = 0.0;
    int radiate = 0;
    for (const Index entry : surfaces)
        if (const double one = conditions[std::size_t(list[std::size_t(entry / 2)].condition[entry % 2])].emissivity; one > 0.0)
            sum += one, ++radiate;
    if (radiate > 0) emissivity_ = sum / radiate;
    if (!surfaces.empty()) surfaces_ = CellSamples(backend, surfaces);
    if (!cells.empty()) cells_ = CellSamples(backend, cells);
}

double FeedbackSensor::truth(const HeatField& field) {
    const auto& cells = cells_.read(field.T());
    if (is_thermocouple(sensor_)) {
        double T = 0.0;
        for (std::size_t n = 0; n < cells.size(); ++n) T += weights_[n] * (cells[n] - cells.front());
        return cells.front() + T;
    }
    const auto& surfaces = surfaces_.read(field.surface_temperature(axis_));
    const double lambda = parameter(sensor_, "wavelength", sensor_.kind == "pyrometer" ? 1.6e-6 : 1.0e-6);
    const double count = double(surfaces.size() + cells.size());
    double mean = 0.0, sum = 0.0;
    for (const double T : surfaces) mean += T / count;
    for (const double T : cells) mean += T / count;
    const double p = kC2 / (lambda * std::max(mean, 300.0));
    for (const double T : surfaces) sum += std::pow(T / mean, p);
    for (const double T : cells) sum += std::pow(T / mean, p);
    return mean * std::pow(sum / count, 1.0 / p);
}

double FeedbackSensor::lag(double T) const {
    if (const auto given = sensor_.parameters.find("lag"); given != sensor_.parameters.end()) return given->second;
    if (!is_thermocouple(sensor_)) return 0.01;
    return thermocouple_lag(sensor_.type, T);
}

double FeedbackSensor::read(double t, const HeatField& field) {
    double seen = truth(field);
    if (sensor_.kind == "pyrometer" && sensor_.parameters.contains("emissivity")) {
        // 1/Tr = 1/T - (lambda/c2) ln(e/e_set)
        const double lambda = parameter(sensor_, "wavelength", 1.6e-6);
        seen = 1.0 / (1.0 / seen - lambda / kC2 * std::log(emissivity_ / sensor_.parameters.at("emissivity")));
    }
    if (!started_) state_ = seen;
    const double tau = lag(seen), dt = started_ ? t - last_ : 0.0;
    state_ = tau > 0.0 ? seen + (state_ - seen) * std::exp(-dt / tau) : seen;
    started_ = true;
    last_ = t;
    double reading = state_ + parameter(sensor_, "bias", 0.0);
    if (const double noise = parameter(sensor_, "noise", 0.0); noise > 0.0) {
        const double u = 1.0 - random_.unit(), v = random_.unit();
        reading += noise * std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
    }
    if (const double step = parameter(sensor_, "resolution", 0.0); step > 0.0) reading = step * std::round(reading / step);
    return sensor_.floor ? std::max(reading, *sensor_.floor) : reading;
}

}  // namespace jt
