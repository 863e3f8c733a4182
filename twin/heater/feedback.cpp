// SPDX-License-Identifier: Apache-2.0
#include "twin/heater/feedback.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

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

}  // namespace

FeedbackSensor::FeedbackSensor(const Sensor& sensor, const Bed& bed, const HeatField& field)
    : sensor_(sensor), random_(std::hash<std::string>{}(sensor.name)) {
    const Extents& e = bed.extents;
    if (is_thermocouple(sensor)) {
        std::array<int, 3> at{};
        for (std::size_t a = 0; a < 3; ++a) at[a] = std::clamp(int((*sensor.at)[a] / e.spacing()[a]), 0, e.cells()[a] - 1);
        cell_ = e.index(at[0], at[1], at[2]);
        if (bed.materials[bed.material[cell_]].is_void)
            throw InputError("sensor " + quote(sensor.name) + ": the place stands in void; allowed: inside a solid");
        return;
    }
    const Face face = *sensor.face;
    axis_ = axis_of(face);
    const int u = axis_ == 0 ? 1 : 0, v = axis_ == 2 ? 1 : 2;  // axes of the face's plane, in the order of x, y, z
    const auto size = e.size();
    const std::array<double, 2> center =
        sensor.spot_center.value_or(std::array<double, 2>{0.5 * size[std::size_t(u)], 0.5 * size[std::size_t(v)]});
    const double radius = 0.5 * sensor.spot_diameter.value_or(0.0);
    const auto& list = field.surfaces().along(axis_);
    const Grid& grid = field.grid();
    double nearest = 1e300;
    std::size_t nearest_face = 0;
    for (std::size_t n = 0; n < list.size(); ++n) {
        const int side = is_upper(face) ? 1 : 0;
        if (list[n].condition[side] < 0) continue;
        const Index inner = list[n].n;
        const int k = int(inner / grid.stride_z()) - 1, j = int(inner % grid.stride_z() / grid.stride_y()) - 1,
                  i = int(inner % grid.stride_y()) - 1;
        const std::array<int, 3> at{i, j, k};
        const double du = (at[std::size_t(u)] + 0.5) * e.spacing()[std::size_t(u)] - center[0];
        const double dv = (at[std::size_t(v)] + 0.5) * e.spacing()[std::size_t(v)] - center[1];
        const double d = std::hypot(du, dv);
        if (d <= radius) faces_.push_back(2 * n + std::size_t(side));
        if (d < nearest) nearest = d, nearest_face = 2 * n + std::size_t(side);
    }
    const double voxel = std::hypot(e.spacing()[std::size_t(u)], e.spacing()[std::size_t(v)]);
    if (faces_.empty() && nearest <= std::max(radius, voxel)) faces_.push_back(nearest_face);  // a spot below one voxel
    if (faces_.empty())
        throw InputError("sensor " + quote(sensor.name) + ": its spot on " + name_of(face) +
                         " sees no surface that exchanges heat; allowed: a spot on a solid face that is not insulated");
}

double FeedbackSensor::truth(const HeatField& field) const {
    if (is_thermocouple(sensor_)) return field.temperature_K()[cell_];
    const auto T = field.surface_temperature_K(axis_);
    const double lambda = parameter(sensor_, "wavelength", sensor_.kind == "pyrometer" ? 1.6e-6 : 1.0e-6);
    double first = 0.0;
    for (const std::size_t f : faces_) first += T[f];
    first /= double(faces_.size());
    const double p = kC2 / (lambda * std::max(first, 300.0));
    double sum = 0.0;
    for (const std::size_t f : faces_) sum += std::pow(T[f] / first, p);
    return first * std::pow(sum / double(faces_.size()), 1.0 / p);
}

double FeedbackSensor::lag(double T) const {
    if (const auto given = sensor_.parameters.find("lag"); given != sensor_.parameters.end()) return given->second;
    if (!is_thermocouple(sensor_)) return 0.01;
    // type K, bare bead of 0.5 mm: 2.3 s at 600 K, 1.4 s at 900 K, 0.7 s at 1273 K
    if (T < 900.0) return std::min(2.3, 2.3 - 0.9 * (T - 600.0) / 300.0);
    return std::max(0.4, 1.4 - 0.7 * (T - 900.0) / 373.0);
}

double FeedbackSensor::read(double t, const HeatField& field) {
    double seen = truth(field);
    if (sensor_.kind == "pyrometer" && sensor_.parameters.contains("emissivity")) {
        // 1/Tr = 1/T - (lambda/c2) ln(e/e_set); e of the surface is taken as 1 where it is not known
        const double lambda = parameter(sensor_, "wavelength", 1.6e-6);
        seen = 1.0 / (1.0 / seen - lambda / kC2 * std::log(1.0 / sensor_.parameters.at("emissivity")));
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
