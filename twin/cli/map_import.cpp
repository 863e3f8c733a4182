// SPDX-License-Identifier: Apache-2.0
#include "twin/cli/map_import.hpp"

#include <algorithm>
#include <system_error>

#include "kernels/error.hpp"
#include "twin/recording/write_file.hpp"
#include "twin/stack/write_stack.hpp"
#include "twin/units.hpp"

namespace jt::cli {
namespace {

// A TOML string.
std::string toml_text(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') out += '\\';
        out += byte < 0x20 || byte == 0x7f ? '?' : c;
    }
    return out + "\"";
}

std::string scenario_text(const MapOptions& o, const Bed& bed, int axis, const std::vector<int>& grey_of) {
    std::string text = "title = " + toml_text("Imported from " + std::filesystem::path(o.file).filename().string()) + "\n\n";
    text += std::string("[bed]\ncurrent_axis = \"") + "xyz"[axis] + "\"\n\n[bed.map]\nfile = \"labels.tif\"\nvoxel = [";
    for (std::size_t a = 0; a < 3; ++a) {
        if (a > 0) text += ", ";
        text += toml_text(format_quantity(bed.extents.spacing()[a], Dimension::length));
    }
    text += "]\n[bed.map.labels]\n";
    const auto label = [&](const std::string& name, std::size_t m) {
        const std::string grey = std::to_string(grey_of[m]);
        text += name + " = [" + grey + ", " + grey + "]\n";
    };
    if (std::find(bed.material.begin(), bed.material.end(), 0) != bed.material.end()) label("void", 0);
    for (std::size_t m = 1; m < bed.materials.size(); ++m) label(bed.materials[m].name, m);
    for (std::size_t m = 1; m < bed.materials.size(); ++m)
        text += "\n[material." + bed.materials[m].name + "]\nsigma = " + toml_text(o.sigmas[m - 1].value) + "\n";
    text += "\n[electrodes]\n\n[heater]\nmode = \"voltage\"\nprogram = \"1 V\"\n\n[run]\nsolve = \"current\"\n";
    return text;
}

}  // namespace

void check_import_folder(const MapOptions& o) {
    std::error_code code;
    const std::filesystem::path folder = o.folder;
    if (!std::filesystem::exists(folder, code)) return;
    if (!std::filesystem::is_directory(folder, code)) throw InputError("-o " + o.folder + ": is a file; allowed: a folder");
    if (!o.force && !std::filesystem::is_empty(folder, code))
        throw InputError("-o " + o.folder + ": the folder is not empty; allowed: a new or empty folder, or --force");
}

void write_import(const MapOptions& o, const Bed& bed, int axis) {
    const std::size_t count = bed.materials.size();
    std::vector<int> grey_of(count);
    for (std::size_t m = 0; m < count; ++m) grey_of[m] = int(255 * m / (count - 1));
    std::vector<std::uint8_t> grey(bed.material.size());
    std::transform(bed.material.begin(), bed.material.end(), grey.begin(),
                   [&](std::uint8_t m) { return std::uint8_t(grey_of[m]); });
    const std::filesystem::path folder = o.folder;
    make_folder(folder);
    write_stack(folder / "labels.tif", bed.extents.nx, bed.extents.ny, bed.extents.nz, grey);
    write_file(folder / "scenario.toml", scenario_text(o, bed, axis, grey_of));
}

}  // namespace jt::cli
