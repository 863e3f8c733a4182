// SPDX-License-Identifier: Apache-2.0
#include "twin/bed/voxelise.hpp"

#include <algorithm>

#include "kernels/error.hpp"
#include "twin/bed/defects.hpp"
#include "twin/bed/heterogeneity.hpp"
#include "twin/bed/shape.hpp"
#include "twin/scenario/check.hpp"
#include "twin/stack/read_stack.hpp"
#include "twin/stack/segment.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

// The sheet of a region: its real thickness over the thickness of the cells it covers, along its thinnest axis.
Sheet sheet_of(const Region& region, const Extents& e) {
    const Box& box = std::get<Box>(region.shape);
    int thin = 0;
    for (int a = 1; a < 3; ++a)
        if (box.to[std::size_t(a)] - box.from[std::size_t(a)] < box.to[std::size_t(thin)] - box.from[std::size_t(thin)])
            thin = a;
    const CellRange range = cells_around(region.shape, e);
    int cells = 0;  // covered along the thin axis: the same everywhere in a box
    auto at = range.low;
    const std::size_t t = std::size_t(thin);
    for (std::size_t a = 0; a < 3; ++a)
        if (a != t)  // any place inside the box
            for (int c = range.low[a]; c < range.high[a]; ++c) {
                const double centre = (c + 0.5) * e.spacing()[a];
                if (centre >= box.from[a] && centre < box.to[a]) at[a] = c;
            }
    for (int c = range.low[t]; c < range.high[t]; ++c) {
        at[t] = c;
        cells += covers(region.shape, e, at[0], at[1], at[2]) ? 1 : 0;
    }
    return {thin, cells > 0 ? *region.sheet_thickness / (cells * e.spacing()[t]) : 1.0};
}

// Extents and materials of a CT stack.
void fill_from_stack(Bed& bed, const Scenario& scenario) {
    const BedMap& map = *scenario.bed.map;
    std::vector<GreyRange> ranges;
    for (const auto& [name, label] : map.labels)
        ranges.push_back({name, label.low, label.high, std::uint8_t(scenario.material_index(name))});
    Segmented cells = segment(read_stack(map.file), ranges, map.crop, map.coarsen, map.file);
    const double edge = map.coarsen;
    bed.extents = {cells.nx, cells.ny, cells.nz, edge * map.voxel[0], edge * map.voxel[1], edge * map.voxel[2]};
    bed.material = std::move(cells.material);
    const double bytes = double(bed.extents.count()) * kBytesPerCell;
    if (bytes > double(physical_memory()))
        throw InputError(map.file + ": " + format_for_people(double(bed.extents.count()), Dimension::number) + " cells need " +
                         bytes_for_people(bytes) + " of memory; this machine has " +
                         bytes_for_people(double(physical_memory())) + "; use bed.map.crop or bed.map.coarsen");
}

void paint(Bed& bed, const Scenario& scenario, const Region& region, std::size_t number, std::vector<std::string>& findings) {
    const Extents& e = bed.extents;
    const int material = region.material.empty() ? -1 : scenario.material_index(region.material);
    std::uint8_t sheet = 0;
    if (region.sheet_thickness) {
        const Sheet own = sheet_of(region, e);
        const auto same = std::find_if(bed.sheets.begin(), bed.sheets.end(),
                                       [&](const Sheet& s) { return s.normal == own.normal && s.ratio == own.ratio; });
        sheet = std::uint8_t(same - bed.sheets.begin());
        if (same == bed.sheets.end()) {
            if (bed.sheets.size() > 255)
                throw InputError("bed.region[" + std::to_string(number) +
                                 "].sheet_thickness: more than 255 different sheets; allowed: at most 255");
            bed.sheets.push_back(own);
        }
    }
    const CellRange range = cells_around(region.shape, e);
    std::size_t painted = 0;
    for (int k = range.low[2]; k < range.high[2]; ++k)
        for (int j = range.low[1]; j < range.high[1]; ++j)
            for (int i = range.low[0]; i < range.high[0]; ++i) {
                if (!covers(region.shape, e, i, j, k)) continue;
                const std::size_t c = e.index(i, j, k);
                ++painted;
                if (material >= 0) {
                    bed.material[c] = std::uint8_t(material);
                    bed.sheet[c] = sheet;
                    bed.sigma_factor[c] = 1.0f;
                }
                if (region.sigma_factor) bed.sigma_factor[c] = float(*region.sigma_factor);
            }
    if (painted == 0)
        findings.push_back("bed.region[" + std::to_string(number) + "] covers no voxel: no cell centre lies inside it");
}

void cut_outline(Bed& bed, const BedSpec& spec) {
    const Extents& e = bed.extents;
    const int axis = spec.current_axis.value_or(2);
    const auto size = e.size();
    Cylinder outline{};
    double radius = 1e300;
    for (int a = 0; a < 3; ++a) {
        const auto n = std::size_t(a);
        outline.from[n] = a == axis ? 0.0 : 0.5 * size[n];
        outline.to[n] = a == axis ? size[n] : 0.5 * size[n];
        if (a != axis) radius = std::min(radius, 0.5 * size[n]);
    }
    outline.radius = radius;
    std::size_t left = 0;
    for (int k = 0; k < e.nz; ++k)
        for (int j = 0; j < e.ny; ++j)
            for (int i = 0; i < e.nx; ++i) {
                const bool inside = covers(outline, e, i, j, k);
                left += inside ? 1 : 0;
                if (!inside) bed.material[e.index(i, j, k)] = 0;
            }
    bed.outline_share[std::size_t(axis)] = double(left) / double(e.count());
}

void mark_product(Bed& bed, const BedSpec& spec) {
    std::vector<std::uint8_t> is_product(bed.materials.size(), 0);
    for (std::size_t m = 0; m < bed.materials.size(); ++m)
        is_product[m] = std::find(spec.product.begin(), spec.product.end(), bed.materials[m].name) != spec.product.end();
    bed.product.resize(bed.material.size());
    for (std::size_t c = 0; c < bed.material.size(); ++c) bed.product[c] = is_product[bed.material[c]];
}

// Arrays that say nothing cost memory on the device: they are left empty.
void drop_what_is_trivial(Bed& bed) {
    if (std::all_of(bed.sigma_factor.begin(), bed.sigma_factor.end(), [](float f) { return f == 1.0f; })) {
        bed.sigma_factor.clear();
        bed.sigma_factor.shrink_to_fit();
    }
    if (bed.sheets.size() == 1) {
        bed.sheet.clear();
        bed.sheet.shrink_to_fit();
    }
}

}  // namespace

Bed voxelise(const Scenario& scenario, std::vector<std::string>& findings) {
    const BedSpec& spec = scenario.bed;
    Bed bed;
    bed.materials = scenario.materials;
    bed.temperature = spec.initial_temperature;
    bed.sheets = {Sheet{}};
    if (spec.map) {
        fill_from_stack(bed, scenario);
    } else {
        bed.extents = {spec.cells[0], spec.cells[1], spec.cells[2], spec.voxel[0], spec.voxel[1], spec.voxel[2]};
        bed.material.assign(bed.extents.count(), std::uint8_t(std::max(0, scenario.material_index(spec.material))));
    }
    bed.sigma_factor.assign(bed.extents.count(), 1.0f);
    bed.sheet.assign(bed.extents.count(), 0);
    for (std::size_t n = 0; n < spec.regions.size(); ++n) paint(bed, scenario, spec.regions[n], n, findings);
    if (spec.outline == BedSpec::Outline::cylinder) cut_outline(bed, spec);
    mark_product(bed, spec);
    if (spec.defects) add_defects(bed, *spec.defects);
    if (spec.heterogeneity) add_heterogeneity(bed, *spec.heterogeneity);
    if (std::all_of(bed.material.begin(), bed.material.end(), [](std::uint8_t m) { return m == 0; }))
        throw InputError("bed: every cell is void; allowed: at least one cell of a material");
    if (std::none_of(bed.product.begin(), bed.product.end(), [](std::uint8_t p) { return p != 0; })) {
        findings.push_back("no cell belongs to the product (bed.product): means and spreads cover every solid cell");
        bed.product.clear();
    }
    drop_what_is_trivial(bed);
    return bed;
}

}  // namespace jt
