// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "kernels/error.hpp"
#include "twin/cli/command.hpp"
#include "twin/cli/map_import.hpp"
#include "twin/cli/map_options.hpp"
#include "twin/cli/pictures.hpp"
#include "twin/electric/effective.hpp"
#include "twin/recording/write_file.hpp"
#include "twin/scenario/check.hpp"
#include "twin/stack/fibre_demo.hpp"
#include "twin/stack/grey_statistics.hpp"
#include "twin/stack/read_stack.hpp"
#include "twin/stack/write_stack.hpp"
#include "twin/units.hpp"

namespace jt::cli {
namespace {

using Json = nlohmann::ordered_json;
const std::array<std::string, 3> kAxis = {"x", "y", "z"};

std::string size_text(const std::array<int, 3>& cells) {
    return std::to_string(cells[0]) + " x " + std::to_string(cells[1]) + " x " + std::to_string(cells[2]);
}
std::string size_text(const std::array<double, 3>& lengths) {
    return format_for_people(lengths[0], Dimension::length) + " x " + format_for_people(lengths[1], Dimension::length) + " x " +
           format_for_people(lengths[2], Dimension::length);
}
std::string range_text(const GreyRange& r) {
    return r.low == r.high ? std::to_string(r.low) : std::to_string(r.low) + "-" + std::to_string(r.high);
}

// ---- info

Json info_json(const MapOptions& o, const StackInfo& info, const GreyStatistics& s) {
    Json out;
    out["file"] = o.file;
    out["format"] = info.format;
    out["voxels"] = {info.nx, info.ny, info.nz};
    out["bits"] = info.bits;
    out["compression"] = info.compression;
    out["layout"] = info.layout;
    out["files"] = info.files.size();
    if (o.voxel) out["size_m"] = {(*o.voxel)[0] * info.nx, (*o.voxel)[1] * info.ny, (*o.voxel)[2] * info.nz};
    out["grey"] = {{"min", s.least}, {"max", s.most}, {"mean", s.mean}};
    const std::size_t bin = s.count.size() / 256;
    std::vector<std::int64_t> counts(256, 0);
    for (std::size_t g = 0; g < s.count.size(); ++g) counts[g / bin] += s.count[g];
    out["histogram"] = {{"bin_width", bin}, {"counts", counts}};
    if (s.otsu) out["otsu"] = {{"threshold", *s.otsu}, {"suggested_range", {*s.otsu, s.count.size() - 1}}};
    for (const GreySigma& g : o.sigmas) {
        const std::int64_t voxels = s.count_between(g.range.low, g.range.high);
        out["ranges"].push_back({{"grey", {g.range.low, g.range.high}},
                                 {"sigma_S_per_m", g.sigma},
                                 {"voxels", voxels},
                                 {"fraction", double(voxels) / double(info.voxels())}});
    }
    return out;
}

void print_histogram(const GreyStatistics& s) {
    constexpr int kBars = 32, kWidth = 50;
    const int step = (s.most - s.least) / kBars + 1;
    std::vector<std::int64_t> bars;
    for (int low = s.least; low <= s.most; low += step) bars.push_back(s.count_between(low, low + step - 1));
    const double highest = double(*std::max_element(bars.begin(), bars.end()));
    for (std::size_t n = 0; n < bars.size(); ++n) {
        const int low = s.least + int(n) * step;
        const std::string mark(std::size_t(kWidth * double(bars[n]) / highest + 0.5), '#');
        std::printf("  %5d-%-5d %-*s %lld\n", low, std::min(low + step - 1, s.most), kWidth, mark.c_str(),
                    static_cast<long long>(bars[n]));
    }
}

void info(MapOptions& o) {
    o.check();
    const StackInfo header = peek_stack(o.file);
    const GreyStatistics s = grey_statistics(read_stack(o.file));
    if (o.json) {
        std::cout << info_json(o, header, s).dump(2) << "\n";
        return;
    }
    std::printf("%s: %s of %s voxels (x column, y row, z page), %d bit\n", o.file.c_str(), header.format.c_str(),
                size_text(std::array{header.nx, header.ny, header.nz}).c_str(), header.bits);
    std::printf("  compression %s, %s%s\n", header.compression.c_str(), header.layout.c_str(),
                header.white_is_zero ? ", 0 is white (values are inverted)" : "");
    if (o.voxel)
        std::printf(
            "  size %s\n",
            size_text(std::array{(*o.voxel)[0] * header.nx, (*o.voxel)[1] * header.ny, (*o.voxel)[2] * header.nz}).c_str());
    std::printf("  grey %d..%d, mean %.4g\n", s.least, s.most, s.mean);
    if (s.otsu)
        std::printf("  Otsu's threshold is %d: a first guess is --sigma \"%d-%zu=VALUE\"\n", *s.otsu, *s.otsu,
                    s.count.size() - 1);
    else
        std::printf("  all voxels are alike: no threshold\n");
    for (const GreySigma& g : o.sigmas) {
        const std::int64_t voxels = s.count_between(g.range.low, g.range.high);
        std::printf("  grey %-11s %s: %lld voxels, %.4g %%\n", range_text(g.range).c_str(),
                    format_for_people(g.sigma, Dimension::conductivity).c_str(), static_cast<long long>(voxels),
                    100.0 * double(voxels) / double(header.voxels()));
    }
    print_histogram(s);
}

// ---- effective

// What the solver will need, before it allocates any of it.
void check_memory(const Bed& bed, const std::string& file) {
    const double bytes = double(bed.extents.count()) * kBytesPerCell;
    if (bytes > double(physical_memory()))
        throw InputError(file + ": " + size_text(bed.extents.cells()) + " voxels need about " + bytes_for_people(bytes) +
                         " of memory; this machine has " + bytes_for_people(double(physical_memory())) +
                         "; use --crop or --coarsen");
}

std::int64_t conducting_cells(const Bed& bed, const MapOptions& o) {
    return std::count_if(bed.material.begin(), bed.material.end(),
                         [&](std::uint8_t m) { return m > 0 && o.sigmas[std::size_t(m - 1)].sigma > 0.0; });
}

Json effective_json(const MapOptions& o, const Bed& bed, const Effective& e, const Backend& backend) {
    Json out;
    out["file"] = o.file;
    out["device"] = backend.name();
    out["voxels"] = bed.extents.cells();
    out["voxel_m"] = bed.extents.spacing();
    out["conducting_fraction"] = double(conducting_cells(bed, o)) / double(bed.extents.count());
    for (std::size_t a = 0; a < 3; ++a) {
        const EffectiveAxis& axis = e.axis[a];
        const Percolation& p = axis.percolation;
        out["sigma_S_per_m"][kAxis[a]] = axis.failure.empty() ? Json(axis.sigma_S_per_m) : Json(nullptr);
        if (!axis.failure.empty()) out["failure"][kAxis[a]] = axis.failure;
        out["percolates"][kAxis[a]] = p.percolates;
        out["iterations"][kAxis[a]] = axis.electric.solve.iterations;
        out["components"][kAxis[a]] = p.components;
        out["finding"][kAxis[a]] = p.finding;
        out["seconds"][kAxis[a]] = axis.wall_s;
        if (!p.percolates || !axis.failure.empty()) continue;  // what follows needs a current
        out["pinned_cells"][kAxis[a]] = p.pinned_cells;
        out["relative_residual"][kAxis[a]] = axis.electric.solve.relative_residual;
        out["current_balance_relative"][kAxis[a]] = axis.electric.current_balance_relative;
        out["power_closure_relative"][kAxis[a]] = axis.electric.closure_relative;
        out["J_crowding"][kAxis[a]] = axis.electric.crowding;
        out["J_crowding_max"][kAxis[a]] = axis.electric.crowding_max;
    }
    out["bytes_per_cell"] = e.bytes_per_cell;
    return out;
}

void print_effective(const MapOptions& o, const Bed& bed, const Effective& e, const Backend& backend) {
    std::printf("%s: %s voxels of %s on %s (%s)\n", o.file.c_str(), size_text(bed.extents.cells()).c_str(),
                size_text(bed.extents.spacing()).c_str(), backend.name().c_str(), backend.description().c_str());
    std::printf("  %.4g %% of the voxels conduct\n\n", 100.0 * double(conducting_cells(bed, o)) / double(bed.extents.count()));
    std::printf("  axis  percolates  sigma_eff [S/m]  iterations  |J|/J0 (99 %%)  time [s]\n");
    for (std::size_t a = 0; a < 3; ++a) {
        const EffectiveAxis& axis = e.axis[a];
        if (!axis.failure.empty())
            std::printf("  %-4s  yes         not converged    -           -              %.2f\n", kAxis[a].c_str(),
                        axis.wall_s);
        else if (axis.percolation.percolates)
            std::printf("  %-4s  yes         %-15.6g  %-10d  %-13.4g  %.2f\n", kAxis[a].c_str(), axis.sigma_S_per_m,
                        axis.electric.solve.iterations, axis.electric.crowding, axis.wall_s);
        else
            std::printf("  %-4s  no          0                -           -              %.2f\n", kAxis[a].c_str(),
                        axis.wall_s);
    }
    std::printf("\n");
    for (std::size_t a = 0; a < 3; ++a) {
        const Percolation& p = e.axis[a].percolation;
        if (!p.percolates)
            std::printf("  %s: %s\n", kAxis[a].c_str(), p.finding.c_str());
        else if (p.pinned_cells > 0)
            std::printf("  %s: %lld conducting voxels lie on islands that no current reaches\n", kAxis[a].c_str(),
                        static_cast<long long>(p.pinned_cells));
    }
    if (e.shown < 0) std::printf("  No axis percolates: as a whole this map insulates in every direction.\n");
    std::printf("  %.1f bytes per voxel\n", e.bytes_per_cell);
}

int effective(MapOptions& o) {
    o.check();
    const Bed bed = bed_of(read_stack(o.file), o);
    check_memory(bed, o.file);
    const auto backend = open_device(o.device);
    const Effective result = effective_conductivity(*backend, bed, o.tolerance);
    const std::string numbers = effective_json(o, bed, result, *backend).dump(2) + "\n";
    if (o.json)
        std::cout << numbers;
    else
        print_effective(o, bed, result, *backend);
    int code = 0;
    for (std::size_t a = 0; a < 3; ++a)
        if (!result.axis[a].failure.empty()) {
            spdlog::error("{}: {}", kAxis[a], result.axis[a].failure);
            code = 4;
        }
    if (o.folder.empty()) return code;
    const std::filesystem::path folder = o.folder;
    make_folder(folder);
    write_file(folder / "effective.json", numbers);
    const bool picture = write_effective_picture(folder / "effective.png", o, bed, result);
    if (!o.json) std::printf("  written to %s: effective.json%s\n", o.folder.c_str(), picture ? ", effective.png" : "");
    return code;
}

// ---- import

// The axis asked for; else the first of z, y, x along which current can pass, z if there is none.
int import_axis(const MapOptions& o, const Bed& bed) {
    if (!o.axis.empty()) return int(std::find(kAxis.begin(), kAxis.end(), o.axis) - kAxis.begin());
    check_memory(bed, o.file);
    const auto backend = open_device(o.device);
    for (const int axis : {2, 1, 0}) {
        Terminal lower, upper;
        lower.name = "lower end";
        lower.face = static_cast<Face>(2 * axis);
        upper.name = "upper end";
        upper.face = static_cast<Face>(2 * axis + 1);
        const Percolation p = ElectricField(*backend, bed, {lower, upper}, {}).percolation();
        if (p.percolates) return axis;
        spdlog::info("{}", p.finding);
    }
    spdlog::warn("no axis percolates: the scenario has current_axis = \"z\", and running it will say that it is blocked");
    return 2;
}

void import(MapOptions& o) {
    o.check();
    check_import_folder(o);
    const Bed bed = bed_of(read_stack(o.file), o);
    const int axis = import_axis(o, bed);
    write_import(o, bed, axis);
    const std::string scenario = (std::filesystem::path(o.folder) / "scenario.toml").string();
    if (o.json)
        std::cout
            << Json{{"scenario", scenario}, {"voxels", bed.extents.cells()}, {"current_axis", kAxis[std::size_t(axis)]}}.dump(2)
            << "\n";
    else
        std::printf("%s: %s voxels of %s, current along %s%s\n  next: jouletwin run %s\n", scenario.c_str(),
                    size_text(bed.extents.cells()).c_str(), size_text(bed.extents.spacing()).c_str(),
                    kAxis[std::size_t(axis)].c_str(), o.axis.empty() ? " (choose with --axis)" : "", scenario.c_str());
}

// ---- demo

void demo(const std::string& file, const FibreDemo& spec, bool force) {
    if (!force && std::filesystem::exists(file)) throw InputError(file + ": is there already; allowed: a new name, or --force");
    const Stack stack = fibre_demo(spec);
    write_stack(file, stack.nx, stack.ny, stack.nz, {stack.grey.begin(), stack.grey.end()});
    std::printf("%s: %s voxels of %s; next: jouletwin map effective %s --voxel \"%s\" --sigma \"90-255=8e5 S/m\"\n",
                file.c_str(), size_text(std::array{stack.nx, stack.ny, stack.nz}).c_str(),
                format_for_people(spec.voxel, Dimension::length).c_str(), file.c_str(),
                format_for_people(spec.voxel, Dimension::length).c_str());
}

std::shared_ptr<MapOptions> add_stack_options(CLI::App& command, bool needs_sigma) {
    auto o = std::make_shared<MapOptions>();
    command.add_option("stack", o->file, "multi-page TIFF, first of a numbered series, or .raw with a .toml sidecar")
        ->required()
        ->type_name("STACK");
    command.add_option("--voxel", o->voxel_text, "edge of a voxel, or three for x,y,z: \"1.3 um\"")->required(needs_sigma);
    command
        .add_option("--sigma", o->sigma_texts,
                    "conductivity of grey values: \"90-255=8e5 S/m\" or \"255=8e5 S/m\"; repeat for more ranges; other grey "
                    "values insulate")
        ->required(needs_sigma)
        ->expected(1)
        ->take_all();
    command.add_flag("--json", o->json, "print JSON");
    return o;
}

void add_segment_options(CLI::App& command, MapOptions& o) {
    command.add_option("--crop", o.crop_text, "x0,x1,y0,y1,z0,z1 in voxels, upper ends excluded");
    command.add_option("--coarsen", o.coarsen, "merge blocks of N^3 voxels to one of their most frequent material")
        ->default_val(1)
        ->check(CLI::Range(1, 64));
    add_device_option(command, o.device);
}

}  // namespace

void add_map(CLI::App& app, Outcome& outcome) {
    auto* map = app.add_subcommand("map", "A CT stack: what it holds, its effective conductivity, a scenario from it");
    map->require_subcommand(1);

    auto* info_command = map->add_subcommand("info", "Size, grey values, histogram, suggested threshold");
    auto for_info = add_stack_options(*info_command, false);
    info_command->callback([for_info] { info(*for_info); });

    auto* effective_command =
        map->add_subcommand("effective", "Effective conductivity along x (column), y (row) and z (page), and percolation");
    auto for_effective = add_stack_options(*effective_command, true);
    add_segment_options(*effective_command, *for_effective);
    effective_command->add_option("--tolerance", for_effective->tolerance, "relative residual of the solver")
        ->default_val(1e-8)
        ->check(CLI::Range(1e-13, 0.1));
    effective_command->add_option("-o,--output", for_effective->folder, "folder for the numbers (JSON) and a picture of |J|/J0")
        ->type_name("DIR");
    effective_command->callback([for_effective, &outcome] { outcome.exit_code = effective(*for_effective); });

    auto* import_command =
        map->add_subcommand("import", "Write a folder with labels.tif and scenario.toml for `jouletwin run`");
    auto for_import = add_stack_options(*import_command, true);
    add_segment_options(*import_command, *for_import);
    import_command->add_option("-o", for_import->folder, "folder to write")->required()->type_name("DIR");
    import_command
        ->add_option("--axis", for_import->axis, "of the current: x | y | z; default: the first of z, y, x that percolates")
        ->check(CLI::IsMember(std::vector<std::string>(kAxis.begin(), kAxis.end())));
    import_command->add_flag("--force", for_import->force, "write into a folder that is not empty");
    import_command->callback([for_import] { import(*for_import); });

    auto* demo_command = map->add_subcommand("demo", "Write a synthetic stack of a fibrous preform, to try the others");
    struct DemoOptions {
        std::string file;
        FibreDemo spec;
        bool force = false;
    };
    auto for_demo = std::make_shared<DemoOptions>();
    demo_command->add_option("file", for_demo->file, "TIFF file to write")->required()->type_name("FILE.tif");
    demo_command->add_option("--cells", for_demo->spec.cells, "voxels per axis")->default_val(100)->check(CLI::Range(8, 500));
    demo_command->add_option("--seed", for_demo->spec.seed, "seed of the fibres")->check(without_sign())->default_val(1);
    demo_command->add_flag("--force", for_demo->force, "replace a file that is there");
    demo_command->callback([for_demo] { demo(for_demo->file, for_demo->spec, for_demo->force); });
}

}  // namespace jt::cli
