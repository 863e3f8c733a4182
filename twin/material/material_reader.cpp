// SPDX-License-Identifier: Apache-2.0
#include "twin/material/material_reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "kernels/error.hpp"
#include "kernels/kinetics.hpp"
#include "twin/material/history.hpp"

namespace jt {

namespace {

Kinetics read_kinetics(const Section& section) {
    Kinetics k;
    k.attempt = section.number("attempt_frequency").value_or(k.attempt);
    k.peak_rate = section.number("peak_rate").value_or(k.peak_rate);
    k.peak_energy = section.number("peak_activation").value_or(k.peak_energy);
    k.field_gain = section.number("field_term").value_or(k.field_gain);
    k.conversion = section.number("conversion").value_or(k.conversion);
    k.platelet_radius = section.number("platelet_radius").value_or(k.platelet_radius);
    k.volatiles = section.number("volatiles").value_or(k.volatiles);
    k.volatile_heat = section.number("volatile_heat").value_or(k.volatile_heat);
    if (k.volatile_heat != 0.0 && k.volatiles == 0.0)
        section.problem("volatile_heat", "has no effect without volatiles; allowed: with volatiles > 0");
    if (const auto history = section.text("history")) {
        try {
            parse_history(*history);
            k.history = *history;
        } catch (const InputError& error) {
            section.problem("history", error.what());
        }
    }
    return k;
}

}  // namespace

void set_treatment(Material& material, double front) {
    if (!material.sigma || !material.kinetics) return;
    const double Th = cpu::Th_celsius(front, std::log(material.kinetics->attempt));
    material.sigma->in_plane.Th_C = Th;
    if (material.sigma->through) material.sigma->through->Th_C = Th;
}

Material read_material(const Value& table, const std::string& name, const std::string& path, ReadContext& context) {
    Material material;
    material.name = name;
    const Section section(table, "material.NAME", path, context);
    material.description = section.text("description").value_or("");
    material.sigma = read_law(section, "sigma");
    material.conductivity = read_law(section, "thermal_conductivity");
    if (const auto density = section.number("density")) {
        material.density = Law::make_constant(*density);
        material.density->unit = info(Dimension::density).si;
    }
    if (auto cp = read_law(section, "heat_capacity")) {
        if (cp->through)
            section.problem("heat_capacity", "has no direction; allowed: a quantity or one law");
        else
            material.heat_capacity = std::move(cp->in_plane);
    }
    material.emissivity = section.number("emissivity");
    if (const auto kinetics = section.section("kinetics", "material.NAME.kinetics"))
        material.kinetics = read_kinetics(*kinetics);
    if (material.sigma && !material.kinetics)
        for (const Law* law : {&material.sigma->in_plane, material.sigma->through ? &*material.sigma->through : nullptr})
            if (law && law->kind == Law::Kind::char_bed)
                section.problem("sigma", "kind \"char\" follows the ordering; the material needs [kinetics]");
    if (material.kinetics && !material.density)
        section.problem("kinetics", "needs density: means of the microstructure are over mass");
    if (material.kinetics && material.sigma && material.kinetics->attempt > 0.0) {
        const double front = front_after_history(parse_history(material.kinetics->history), material.kinetics->attempt);
        set_treatment(material, front);
    }
    return material;
}

std::filesystem::path data_folder() {
    const char* folder = std::getenv("JOULETWIN_DATA");
    return folder && *folder ? std::filesystem::path(folder) : std::filesystem::path(JT_DATA_DIR);
}

std::filesystem::path find_material_file(const std::string& name, const std::filesystem::path& folder,
                                         const std::filesystem::path& except) {
    if (!is_name(name)) return {};
    const std::string file = name + ".toml";
    std::vector<std::filesystem::path> candidates;
    if (!folder.empty()) candidates = {folder / file, folder / "materials" / file};
    candidates.push_back(data_folder() / "materials" / file);
    for (const auto& candidate : candidates) {
        std::error_code status;
        if (!std::filesystem::is_regular_file(candidate, status)) continue;
        if (!except.empty() && std::filesystem::equivalent(candidate, except, status)) continue;
        return candidate;
    }
    return {};
}

std::vector<std::string> available_materials() {
    std::vector<std::string> names;
    std::error_code status;
    for (auto file = std::filesystem::directory_iterator(data_folder() / "materials", status);
         !status && file != std::filesystem::directory_iterator(); file.increment(status))
        if (file->path().extension() == ".toml") names.push_back(file->path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

Material make_void() {
    Material material;
    material.name = "void";
    material.description = "empty space: no current, no heat";
    material.is_void = true;
    return material;
}

Material load_material(const std::string& name, const std::filesystem::path& folder) {
    if (name == "void") return make_void();
    const auto file = find_material_file(name, folder);
    if (file.empty()) {
        std::string known = "void";
        for (const auto& other : available_materials()) known += ", " + other;
        throw InputError("material " + quote(name) + " not found; allowed: " + known);
    }
    const Value table = parse_document(read_text_file(file), file.string());
    ReadContext context;
    Material material = read_material(table, name, "", context);
    material.file = file.string();
    if (context.count()) throw InputError(context.problems());
    return material;
}

}  // namespace jt
