// SPDX-License-Identifier: Apache-2.0
// Reads materials: tables [material.NAME] of a scenario and files NAME.toml with the same keys. Files are looked for in the
// scenario's folder, its subfolder materials/, then in the data folder's materials/ (environment JOULETWIN_DATA, else the one
// of the source tree).
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "twin/material/material.hpp"
#include "twin/scenario/section.hpp"

namespace jt {

// Problems go to the context; the material then holds what could be read.
Material read_material(const Value& table, const std::string& name, const std::string& path, ReadContext& context);

// Tells the laws of a char which treatment it has had: the front of its ordering [J/mol] (kernels/kinetics.hpp).
void set_treatment(Material& material, double front);

// A law of `dimension`; `key` of the section is a quantity or a table with the keys of material.NAME.LAW.
std::optional<DirectionalLaw> read_law(const Section& material, std::string_view key);

std::filesystem::path data_folder();
// The file of a material, empty if there is none. `except`: a file that is no material (the scenario itself).
std::filesystem::path find_material_file(const std::string& name, const std::filesystem::path& folder,
                                         const std::filesystem::path& except = {});
// Names that find_material_file knows in the data folder, sorted.
std::vector<std::string> available_materials();

// A material by name; throws InputError with every problem of its file. "void" is built in.
Material load_material(const std::string& name, const std::filesystem::path& folder = {});
Material make_void();

}  // namespace jt
