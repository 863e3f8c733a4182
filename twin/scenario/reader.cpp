// SPDX-License-Identifier: Apache-2.0
#include "twin/scenario/reader.hpp"

#include <algorithm>
#include <set>

#include "kernels/error.hpp"
#include "twin/material/history.hpp"
#include "twin/material/material_reader.hpp"
#include "twin/scenario/check.hpp"
#include "twin/scenario/parts.hpp"

namespace jt {
namespace {

// Materials of this file by name; every one is validated, used or not.
std::map<std::string, Material> read_inline(const Section& top) {
    std::map<std::string, Material> materials;
    const Value* tables = top.value("material");
    if (!tables) return materials;
    if (!tables->is(Value::Kind::table)) {
        top.problem("material", "found " + tables->describe() + "; allowed: tables [material.NAME]");
        return materials;
    }
    for (const Member& member : tables->members) {
        const std::string path = "material." + (is_name(member.key) ? member.key : quote(member.key));
        if (!is_name(member.key))
            top.context().add(member.value, path, "allowed: a name of at most 64 letters, digits, - _ .");
        else if (member.key == "void")
            top.context().add(member.value, path, "is built in; allowed: another name");
        else if (!member.value.is(Value::Kind::table))
            top.context().add(member.value, path, "found " + member.value.describe() + "; allowed: a table, [" + path + "]");
        else
            materials.emplace(member.key, read_material(member.value, member.key, path, top.context()));
    }
    return materials;
}

// The history of the scenario holds for every char of the bed.
void apply_history(Scenario& scenario) {
    for (Material& material : scenario.materials) {
        if (!material.kinetics || !scenario.bed.initial_history) continue;
        material.kinetics->history = *scenario.bed.initial_history;
        set_treatment(material, front_after_history(parse_history(material.kinetics->history), material.kinetics->attempt));
    }
}

void find_materials(const Section& top, const std::filesystem::path& file, Scenario& scenario) {
    ReadContext& context = top.context();
    std::map<std::string, Material> inline_materials = read_inline(top);
    scenario.materials.push_back(make_void());
    std::set<std::string> broken;
    for (const auto& mention : context.materials) {
        if (scenario.materials.size() > kMostMaterials) break;
        if (scenario.material_index(mention.name) >= 0 || broken.contains(mention.name)) continue;
        if (const auto found = inline_materials.find(mention.name); found != inline_materials.end()) {
            scenario.materials.push_back(found->second);
            continue;
        }
        const auto path = find_material_file(mention.name, context.folder, file);
        if (path.empty()) {
            std::vector<std::string> known{"void"};
            for (const auto& [name, material] : inline_materials) known.push_back(name);
            for (const auto& name : available_materials()) known.push_back(name);
            std::string list;
            for (const auto& name : known) list += (list.empty() ? "" : ", ") + name;
            const std::string guess = nearest(mention.name, known);
            context.add(*mention.at, mention.path,
                        "material " + quote(mention.name) + " not found" +
                            (guess.empty() ? "" : "; did you mean " + guess + "?") + "; allowed: " + list + ", or [material." +
                            mention.name + "] in this file");
            continue;
        }
        try {
            // The tree must outlive the problems it is named in: they hold text only.
            const Value table = parse_document(read_text_file(path), path.string());
            const std::size_t before = context.count();
            Material material = read_material(table, mention.name, "", context);
            material.file = path.string();
            if (context.count() > before) broken.insert(mention.name);
            scenario.materials.push_back(std::move(material));
        } catch (const InputError& error) {
            broken.insert(mention.name);
            context.add(error.what());
        }
    }
    if (scenario.materials.size() > kMostMaterials)
        top.problem("material", "found more than " + std::to_string(kMostMaterials) + " materials; allowed: at most " +
                                    std::to_string(kMostMaterials));
}

// Current needs something to flow through; whether it can cross the bed is for the voxels to tell.
void check_conductors(const Section& top, const Scenario& scenario) {
    if (!scenario.heater || scenario.heater->mode == Heater::Mode::imposed || top.context().count()) return;
    const bool any = std::any_of(scenario.materials.begin(), scenario.materials.end(),
                                 [](const Material& m) { return m.sigma.has_value(); });
    if (!any) top.problem("heater", "no material of the bed conducts; allowed: at least one with sigma");
}

Scenario read(std::string_view text, const std::string& name, const std::filesystem::path& file,
              const std::filesystem::path& folder, const std::vector<std::string>& sets, ReadOptions options) {
    Value document = parse_document(text, name);
    ReadContext context;
    context.allow_unavailable = options.allow_unavailable;
    context.allow_missing_files = options.allow_missing_files;
    context.folder = folder;
    for (const auto& set : sets) {
        try {
            set_value(document, set);
        } catch (const InputError& error) {
            context.add(error.what());
        }
    }
    Scenario scenario;
    scenario.source = name;
    const Section top(document, "", "", context);
    scenario.title = top.text("title").value_or("");
    read_bed(top, scenario);
    read_terminals(top, scenario);
    read_boundaries(top, scenario);
    read_sensors(top, scenario);
    read_heater(top, scenario);
    read_estimates(top, scenario);
    read_target(top, scenario);
    read_run(top, scenario);
    find_materials(top, file, scenario);
    apply_history(scenario);
    check_conductors(top, scenario);
    if (context.count()) throw InputError(context.problems());
    return scenario;
}

}  // namespace

Scenario read_scenario(const std::filesystem::path& file, const std::vector<std::string>& sets, ReadOptions options) {
    std::error_code status;
    const auto folder = std::filesystem::absolute(file, status).parent_path();
    return read(read_text_file(file), file.string(), file, folder, sets, options);
}

Scenario read_scenario_text(std::string_view text, const std::string& name, const std::filesystem::path& folder,
                            const std::vector<std::string>& sets, ReadOptions options) {
    std::error_code status;
    return read(text, name, {}, std::filesystem::absolute(folder, status), sets, options);
}

}  // namespace jt
