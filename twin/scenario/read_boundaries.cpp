// SPDX-License-Identifier: Apache-2.0
// Outer boundaries of heat: surface, faces, furnace and the volume source.
#include "twin/scenario/parts.hpp"

namespace jt {
namespace {

Surface read_surface(const Section& section, double start) {
    Surface surface;
    surface.emissivity = section.number("emissivity");
    surface.convection = section.number("convection");
    surface.ambient = section.program("ambient", start);
    surface.temperature = section.program("temperature", start);
    surface.heat_flux = section.program("heat_flux", 0.0);
    surface.insulated = section.boolean("insulated").value_or(false);
    const bool exchanges = section.has("emissivity") || section.has("convection");
    if (surface.insulated && (exchanges || section.has("ambient") || section.has("temperature") || section.has("heat_flux")))
        section.problem("insulated", "excludes every other key of the surface");
    if (section.has("temperature") && (exchanges || section.has("ambient") || section.has("heat_flux")))
        section.problem("temperature", "is fixed, so nothing else can be given; allowed: temperature alone");
    if (exchanges && !section.has("ambient"))
        section.problem("ambient", "missing; emissivity and convection need it, e.g. \"25 degC\"");
    if (section.has("ambient") && !exchanges) section.problem("ambient", "has no effect without emissivity or convection");
    return surface;
}

}  // namespace

void read_boundaries(const Section& top, Scenario& scenario) {
    const double start = scenario.bed.initial_temperature;
    if (const auto surface = top.section("surface", "surface")) scenario.surface = read_surface(*surface, start);

    // Names are checked before the tables are opened: a wrong face is one problem, not one for each of its keys.
    if (const Value* faces = top.value("face"); faces && faces->is(Value::Kind::table)) {
        for (const Member& member : faces->members) {
            std::optional<Face> face;
            for (int f = 0; f < 6; ++f)
                if (member.key == name_of(static_cast<Face>(f))) face = static_cast<Face>(f);
            const std::string path = "face." + (is_name(member.key) ? member.key : quote(member.key));
            if (!face)
                top.context().add(member.value, path,
                                  "unknown face " + quote(member.key) + "; allowed: xmin, xmax, ymin, ymax, zmin, zmax");
            else if (!member.value.is(Value::Kind::table))
                top.context().add(member.value, path,
                                  "found " + member.value.describe() + "; allowed: a table, [" + path + "]");
            else
                scenario.faces[*face] = read_surface(Section(member.value, "face.FACE", path, top.context()), start);
        }
    } else if (faces) {
        top.problem("face", "found " + faces->describe() + "; allowed: tables [face.xmin] ... [face.zmax]");
    }

    if (const auto section = top.section("furnace", "furnace")) {
        Furnace furnace{};
        if (auto wall = section->program("wall", start)) furnace.wall = std::move(*wall);
        furnace.emissivity = section->number("emissivity").value_or(0.85);
        furnace.convection = section->number("convection").value_or(0.0);
        if (top.has("heater")) section->problem("found beside [heater]; allowed: one of the two");
        scenario.furnace = std::move(furnace);
    }
    if (const auto section = top.section("source", "source")) scenario.source_power_density = section->number("power_density");
}

}  // namespace jt
