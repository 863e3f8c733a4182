// SPDX-License-Identifier: Apache-2.0
#include "twin/scenario/check.hpp"

#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "twin/scenario/resolved.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

std::string people(double value, Dimension dimension) {
    return format_for_people(value, dimension);
}

void warn_about_laws(const Scenario& s, std::vector<std::string>& warnings) {
    const double T = s.bed.initial_temperature;
    for (const Material& material : s.materials) {
        if (material.is_void || !material.sigma) continue;
        for (int axis = 0; axis < 3; ++axis) {
            const Law& law = material.sigma->along(axis);
            if (law.in_range(T)) continue;
            warnings.push_back("material." + material.name + ".sigma is valid from " +
                               people(law.valid_min, Dimension::temperature) + " to " +
                               people(law.valid_max, Dimension::temperature) + "; the bed is at " +
                               people(T, Dimension::temperature) + ", so the value at the nearest end is used");
            break;
        }
    }
}

void warn_about_shapes(const Scenario& s, std::vector<std::string>& warnings) {
    if (s.bed.map) return;
    const double thinnest = *std::min_element(s.bed.voxel.begin(), s.bed.voxel.end());
    const double thickest = *std::max_element(s.bed.voxel.begin(), s.bed.voxel.end());
    if (thickest > 20.0 * thinnest)
        warnings.push_back("voxels are " + people(thickest / thinnest, Dimension::number) +
                           " times longer than thick; the solver may need many iterations");
    for (std::size_t n = 0; n < s.bed.regions.size(); ++n) {
        const std::string path = "bed.region[" + std::to_string(n) + "]";
        const Region& region = s.bed.regions[n];
        if (const auto* box = std::get_if<Box>(&region.shape)) {
            for (std::size_t a = 0; a < 3; ++a) {
                const double width = box->to[a] - box->from[a];
                if (width < s.bed.voxel[a] * (1.0 - 1e-6))
                    warnings.push_back(path + " is " + people(width, Dimension::length) + " along " + "xyz"[a] +
                                       ", thinner than a voxel of " + people(s.bed.voxel[a], Dimension::length) +
                                       ": it may paint nothing");
                if (box->from[a] < -1e-9 * s.bed.size[a] || box->to[a] > s.bed.size[a] * (1.0 + 1e-9))
                    warnings.push_back(path + " reaches out of the bed along " + "xyz"[a] + "; the part outside is left out");
            }
        }
        const auto* sphere = std::get_if<Sphere>(&region.shape);
        if (sphere && sphere->radius < thickest)
            warnings.push_back(path + " has a radius below one voxel: it may paint nothing");
    }
    if (s.bed.defects && s.bed.defects->radius[0] < thickest)
        warnings.push_back("bed.defects.radius " + people(s.bed.defects->radius[0], Dimension::length) +
                           " is below one voxel of " + people(thickest, Dimension::length) + ": small defects are lost");
    if (s.bed.heterogeneity && s.bed.heterogeneity->correlation < thickest)
        warnings.push_back("bed.heterogeneity.correlation is below one voxel: neighbours are independent");
}

// What is read and checked, and has no effect on this run.
void warn_about_idle_keys(const Scenario& s, std::vector<std::string>& warnings) {
    if (s.bed.initial_history &&
        std::none_of(s.materials.begin(), s.materials.end(), [](const Material& m) { return m.kinetics.has_value(); }))
        warnings.push_back("bed.initial_history has no effect: no material of the bed has [kinetics]");
    if ((s.target.capacity_mAh_g || s.target.id_ig) &&
        std::none_of(s.materials.begin(), s.materials.end(), [](const Material& m) { return m.kinetics.has_value(); }))
        warnings.push_back("target has no effect: no material of the bed has [kinetics]");
    std::string unread;
    for (const Sensor& sensor : s.sensors)
        if (!s.heater || sensor.name != s.heater->feedback) unread += (unread.empty() ? "" : ", ") + quote(sensor.name);
    if (!unread.empty()) warnings.push_back("sensor " + unread + ": no effect on a run, which reads heater.feedback alone");
    if (!s.heater || s.heater->mode == Heater::Mode::temperature) return;
    if (s.heater->limit_temperature)
        warnings.push_back(
            "heater.limits.temperature has no effect: it acts on the reading of the closed loop (mode \"temperature\")");
    if (s.heater->mode != Heater::Mode::current && (s.heater->supply.slew || s.heater->supply.delay > 0.0))
        warnings.push_back(
            "heater.supply.slew and delay have no effect: they act on a current (modes \"temperature\", \"current\")");
}

// What the published data do not support, and is switched on.
void warn_about_hypotheses(const Scenario& s, std::vector<std::string>& warnings) {
    for (const Material& material : s.materials) {
        if (!material.kinetics) continue;
        if (material.kinetics->field_gain != 0.0)
            warnings.push_back("material." + material.name +
                               ".kinetics.field_term is a hypothesis: no published number identifies an effect of the field");
        if (material.kinetics->platelet_radius > 0.0)
            warnings.push_back(
                "material." + material.name +
                ".kinetics.platelet_radius is a hypothesis: at the fields of a device crystallites are not oriented");
    }
}

// Steps of a coupled run: one for each control sample, or some hundreds.
double seconds(const Scenario& s, double cells) {
    if (s.run.solve == RunSpec::Solve::current) return cells * kSecondsPerCell;
    if (s.run.steady) return cells * 20.0 * kSecondsPerCellAndStep;
    const bool sampled = s.heater && (s.heater->mode == Heater::Mode::temperature || s.heater->supply.delay > 0.0);
    const double steps =
        std::max({300.0, s.run.duration / s.run.output_every, sampled ? s.run.duration * s.heater->supply.update : 0.0});
    return cells * steps * kSecondsPerCellAndStep;
}

}  // namespace

std::uint64_t physical_memory() {
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page)
                                 : std::uint64_t(1) << 34;
}

std::string bytes_for_people(double bytes) {
    const char* const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    std::size_t unit = 0;
    while (bytes >= 1000.0 && unit + 1 < std::size(units)) bytes /= 1000.0, ++unit;
    char text[40];
    std::snprintf(text, sizeof text, "%.3g %s", bytes, units[unit]);
    return text;
}

std::vector<std::string> check_warnings(const Scenario& s) {
    std::vector<std::string> warnings;
    warn_about_laws(s, warnings);
    warn_about_shapes(s, warnings);
    warn_about_idle_keys(s, warnings);
    warn_about_hypotheses(s, warnings);
    for (const auto& name : bed_materials(s.bed)) {
        const int n = s.material_index(name);
        if (n > 0 && !s.materials[static_cast<std::size_t>(n)].sigma)
            warnings.push_back("material." + name + " has no sigma: it insulates");
    }
    if (!s.heater && !s.terminals.empty()) warnings.push_back("there are terminals but no [heater]: no current flows");
    return warnings;
}

std::string check_report(const Scenario& s, const Extents& extents, const std::vector<std::string>& findings) {
    std::string text = resolved_toml(s);
    const double cells = double(extents.count());
    text += "\n# source: " + quote(s.source) + "\n";
    text += "# cells: " + std::to_string(extents.nx) + " x " + std::to_string(extents.ny) + " x " + std::to_string(extents.nz) +
            " = " + format_for_people(cells, Dimension::number) + "\n";
    text += "# memory: about " +
            bytes_for_people(cells * (s.run.solve == RunSpec::Solve::current ? kBytesPerCellOfCurrent : kBytesPerCell)) +
            " of " + bytes_for_people(double(physical_memory())) + "\n";
    text += "# time: about " + people(seconds(s, cells), Dimension::time) + " on two cores\n";
    auto warnings = check_warnings(s);
    warnings.insert(warnings.end(), findings.begin(), findings.end());
    for (const auto& warning : warnings) text += "# warning: " + warning + "\n";
    if (warnings.empty()) text += "# no warnings\n";
    return text;
}

}  // namespace jt
