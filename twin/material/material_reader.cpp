// SPDX-License-Identifier: Apache-2.0
#include "twin/material/material_reader.hpp"

#include <algorithm>
#include <cstdlib>

#include "kernels/error.hpp"

namespace jt {

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
