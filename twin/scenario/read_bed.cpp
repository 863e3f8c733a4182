// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "kernels/error.hpp"
#include "twin/material/history.hpp"
#include "twin/scenario/check.hpp"
#include "twin/scenario/parts.hpp"

namespace jt {
namespace {

std::string lengths(double value) {
    return format_for_people(value, Dimension::length);
}

// Cells per axis; voxels must divide the size, and the whole must fit the numbering of cells and the memory of this machine.
void count_cells(const Section& bed, BedSpec& spec) {
    constexpr double kMostCells = 2147483647.0;  // cells are numbered with 32 bits
    constexpr double kWhole = 1e-6;              // relative: the rounding of decimal input, far below a voxel
    double cells = 1.0;
    bool good = true;
    const Value& voxel = *bed.value("voxel");
    for (std::size_t a = 0; a < 3; ++a) {
        const double ratio = spec.size[a] / spec.voxel[a], whole = std::round(ratio);
        const std::string found =
            voxel.is(Value::Kind::array) && voxel.items.size() == 3 ? voxel.items[a].describe() : voxel.describe();
        const std::string size = lengths(spec.size[a]) + " along " + "xyz"[a];
        if (ratio < 1.0 - kWhole) {
            bed.problem("voxel", found + " is larger than the size " + size + "; allowed: <= " + lengths(spec.size[a]));
            good = false;
        } else if (std::abs(ratio - whole) > kWhole * whole) {
            bed.problem("voxel", found + " does not divide size " + size + "; allowed: a whole number of voxels, e.g. " +
                                     lengths(spec.size[a] / whole) + " (" + format_number(whole) + " of them)");
            good = false;
        }
        cells *= std::max(whole, 1.0);
        spec.cells[a] = whole < kMostCells ? static_cast<int>(whole) : 0;
    }
    if (!good) return;
    const double bytes = cells * kBytesPerCell, memory = static_cast<double>(physical_memory());
    if (cells > kMostCells)
        bed.problem("voxel", "makes " + format_for_people(cells, Dimension::number) + " cells; allowed: at most 2147483647");
    else if (bytes > memory)
        bed.problem("voxel", "makes " + format_for_people(cells, Dimension::number) + " cells, which need " +
                                 bytes_for_people(bytes) + " of memory; this machine has " + bytes_for_people(memory));
}

// A circle is inscribed in a square only.
void check_cylinder(const Section& bed, const BedSpec& spec) {
    const int axis = spec.current_axis.value_or(2);
    const double a = spec.size[std::size_t((axis + 1) % 3)], b = spec.size[std::size_t((axis + 2) % 3)];
    if (std::abs(a - b) > 1e-9 * std::max(a, b))
        bed.problem("size", "found " + lengths(a) + " and " + lengths(b) + " across the axis " + "xyz"[axis] +
                                " of a cylinder; allowed: two equal edges");
}

void read_map(const Section& bed, BedSpec& spec) {
    const auto section = bed.section("map", "bed.map");
    if (!section) return;
    for (const char* key : {"size", "voxel"})
        if (bed.has(key)) bed.problem(key, "comes from bed.map; allowed: one of the two");
    if (bed.has("material"))
        bed.problem("material", "with bed.map materials come from bed.map.labels; allowed: one of the two");
    if (bed.has("shape") && spec.outline == BedSpec::Outline::cylinder)
        bed.problem("shape", "found \"cylinder\"; allowed with bed.map: box");
    BedMap map;
    if (const auto file = section->file("file")) map.file = file->string();
    if (const auto voxel = section->triple("voxel")) map.voxel = spec.voxel = *voxel;
    map.coarsen = static_cast<int>(section->integer("coarsen").value_or(1));
    if (const auto crop = section->numbers("crop")) {
        const bool whole = std::all_of(crop->begin(), crop->end(), [](double v) { return v == std::floor(v); });
        if (crop->size() != 6 || !whole || (*crop)[0] >= (*crop)[1] || (*crop)[2] >= (*crop)[3] || (*crop)[4] >= (*crop)[5]) {
            section->problem("crop", "found " + section->value("crop")->describe() +
                                         "; allowed: [x0, x1, y0, y1, z0, z1], integers, each x0 < x1");
        } else {
            map.crop.emplace();
            for (std::size_t n = 0; n < 6; ++n) (*map.crop)[n] = static_cast<int>((*crop)[n]);
        }
    }
    if (const auto labels = section->section("labels", "bed.map.labels")) {
        if (labels->table().members.size() > kMostMaterials) {
            labels->problem("found " + std::to_string(labels->table().members.size()) + " labels; allowed: at most " +
                            std::to_string(kMostMaterials));
            return;
        }
        for (const Member& member : labels->table().members) {
            const auto& items = member.value.items;
            const auto grey = [](const Value& v) { return v.is(Value::Kind::integer) && v.integer >= 0 && v.integer <= 65535; };
            if (!is_name(member.key)) {
                labels->problem(member.key, "allowed: names of materials, or void");
            } else if (items.size() != 2 || !grey(items[0]) || !grey(items[1]) || items[0].integer > items[1].integer) {
                labels->problem(member.key, "found " + member.value.describe() +
                                                "; allowed: [low, high], integers from 0 to 65535, low <= high");
            } else {
                const Label label{static_cast<int>(items[0].integer), static_cast<int>(items[1].integer)};
                for (const auto& [other, range] : map.labels)
                    if (label.low <= range.high && range.low <= label.high)
                        labels->problem(member.key, "overlaps the grey values of " + other + "; allowed: ranges apart");
                map.labels[member.key] = label;
                labels->mention_material(member.key, member.key);
            }
        }
        if (labels->table().members.empty()) labels->problem("no label; allowed: material = [low, high]");
    }
    spec.map = std::move(map);
}

void read_random(const Section& bed, BedSpec& spec) {
    if (const auto section = bed.section("defects", "bed.defects")) {
        Defects defects{};
        defects.volume_fraction = section->number("volume_fraction").value_or(0.0);
        if (const auto radius = section->pair("radius")) defects.radius = *radius;
        if (defects.radius[0] > defects.radius[1])
            section->problem("radius", "found " + lengths(defects.radius[0]) + " to " + lengths(defects.radius[1]) +
                                           "; allowed: smallest first");
        defects.sigma_factor = section->numbers("sigma_factor").value_or(std::vector<double>{});
        defects.seed = static_cast<std::uint64_t>(section->integer("seed").value_or(1));
        spec.defects = defects;
    }
    if (const auto section = bed.section("heterogeneity", "bed.heterogeneity")) {
        Heterogeneity heterogeneity{};
        heterogeneity.log_sd = section->number("log_sd").value_or(0.0);
        heterogeneity.correlation = section->number("correlation").value_or(0.0);
        heterogeneity.seed = static_cast<std::uint64_t>(section->integer("seed").value_or(1));
        spec.heterogeneity = heterogeneity;
    }
}

// The materials that cells may be made of, void left out.
std::vector<std::string> solids(const BedSpec& spec) {
    std::vector<std::string> names;
    const auto add = [&](const std::string& name) {
        if (names.size() <= kMostMaterials && !name.empty() && name != "void" &&
            std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    };
    add(spec.material);
    if (spec.map)
        for (const auto& [name, label] : spec.map->labels) add(name);
    for (const Region& region : spec.regions) add(region.material);
    return names;
}

}  // namespace

std::vector<std::string> bed_materials(const BedSpec& spec) {
    return solids(spec);
}

void read_bed(const Section& top, Scenario& scenario) {
    BedSpec& spec = scenario.bed;
    const auto bed = top.section("bed", "bed");
    if (!bed) return;
    if (bed->text("shape") == "cylinder") spec.outline = BedSpec::Outline::cylinder;
    spec.current_axis = bed->axis("current_axis");
    spec.initial_temperature = bed->number("initial_temperature").value_or(298.15);
    if (const auto history = bed->text("initial_history")) {
        try {
            parse_history(*history);
            spec.initial_history = history;
        } catch (const InputError& error) {
            bed->problem("initial_history", error.what());
        }
    }
    if (bed->has("map")) {
        read_map(*bed, spec);
    } else {
        for (const char* key : {"size", "voxel", "material"}) bed->require(key);
        const auto size = bed->triple("size"), voxel = bed->triple("voxel");
        if (size) spec.size = *size;
        if (voxel) spec.voxel = *voxel;
        if (size && voxel) count_cells(*bed, spec);
        if (size && spec.outline == BedSpec::Outline::cylinder) check_cylinder(*bed, spec);
        if (const auto material = bed->text("material")) {
            spec.material = *material;
            bed->mention_material("material", *material);
        }
    }
    read_regions(*bed, spec);
    read_random(*bed, spec);

    const auto known = solids(spec);
    if (const auto product = bed->names("product")) {
        for (const auto& name : *product)
            if (std::find(known.begin(), known.end(), name) == known.end()) {
                std::string list;
                for (const auto& k : known) list += (list.empty() ? "" : ", ") + k;
                const std::string guess = nearest(name, known);
                bed->problem("product", "material " + quote(name) + " is not in the bed" +
                                            (guess.empty() ? "" : "; did you mean " + guess + "?") + "; allowed: " + list);
            }
        spec.product = *product;
    } else if (!bed->has("product")) {
        // Of a map every solid is the bed; else what the bed is filled with, or all that is painted into the void.
        if (!spec.map && !spec.material.empty() && spec.material != "void")
            spec.product = {spec.material};
        else
            spec.product = known;
    }
}

}  // namespace jt
