// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "kernels/error.hpp"
#include "twin/bench/peer.hpp"
#include "twin/bench/potential.hpp"
#include "twin/cli/command.hpp"

namespace jt::cli {
namespace {

struct Options {
    PotentialBench bench;
    std::string device;
    bool json = false, no_peer = false;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

void run(const Options& o) {
    const auto backend = open_device(o.device);
    const PotentialBenchResult r = bench_potential(*backend, o.bench);
    std::vector<double> total;
    for (std::size_t n = 0; n < r.setup_s.size(); ++n) total.push_back(r.setup_s[n] + r.solve_s[n]);
    const double mega_cells = 1e-6 * double(o.bench.map.cells) * o.bench.map.cells * o.bench.map.cells;
    const double best = *std::min_element(total.begin(), total.end());

    nlohmann::ordered_json out;
    out["problem"] = "P1";
    out["cells"] = o.bench.map.cells;
    out["seed"] = o.bench.map.seed;
    out["aspect"] = o.bench.aspect;
    out["device"] = backend->name();
    out["hardware"] = backend->description();
    out["iterations"] = r.iterations;
    out["levels"] = r.levels;
    out["relative_residual"] = r.relative_residual;
    out["setup_s"] = *std::min_element(r.setup_s.begin(), r.setup_s.end());
    out["solve_s"] = *std::min_element(r.solve_s.begin(), r.solve_s.end());
    out["total_s"] = {{"min", best}, {"median", median(total)}, {"repeats", total.size()}};
    out["s_per_Mcell"] = best / mega_cells;
    out["current_over_h"] = r.current_over_h;
    out["bytes_per_cell"] = r.bytes_per_cell;
    out["bandwidth_GB_per_s"] = r.bandwidth_GB_per_s;
    out["bandwidth_fraction"] = r.bandwidth_fraction;
    if (!o.no_peer && backend->name() == "cpu") {
        if (const auto peer = run_hypre_peer(o.bench)) {
            out["peer"] = {{"name", "hypre PFMG-PCG, 2 ranks (the distribution's double build)"},
                           {"total_s", peer->total_s},
                           {"iterations", peer->iterations},
                           {"current_over_h", peer->current_over_h},
                           {"s_per_Mcell", peer->total_s / mega_cells}};
            out["times_faster_than_peer"] = peer->total_s / best;
        } else {
            out["peer"] = nullptr;
        }
    }
    if (o.json) {
        std::cout << out.dump(2) << "\n";
        return;
    }
    std::printf("P1 potential, %d^3 cells, dz/dx %g, to %.0e, on %s (%s)\n", o.bench.map.cells, o.bench.aspect,
                o.bench.tolerance, backend->name().c_str(), backend->description().c_str());
    std::printf("  %d iterations, %d levels, relative residual %.2e, current/h %.9g S/m V\n", r.iterations, r.levels,
                r.relative_residual, r.current_over_h);
    std::printf("  set-up %.4f s, solve %.4f s: %.4f s per million cells (median %.4f)\n", out["setup_s"].get<double>(),
                out["solve_s"].get<double>(), best / mega_cells, median(total) / mega_cells);
    std::printf("  %.1f bytes per cell; %.0f %% of this machine's %.1f GB/s\n", r.bytes_per_cell, 100.0 * r.bandwidth_fraction,
                r.bandwidth_GB_per_s);
    if (out.contains("times_faster_than_peer"))
        std::printf(
            "  hypre PFMG-PCG on 2 ranks (the distribution's build): %.4f s per million cells, %d iterations; we are %.2f "
            "times faster\n",
            out["peer"]["s_per_Mcell"].get<double>(), out["peer"]["iterations"].get<int>(),
            out["times_faster_than_peer"].get<double>());
    else if (out.contains("peer"))
        std::printf("  no hypre peer on this machine (libhypre-dev, libopenmpi-dev, openmpi-bin; target peer_hypre)\n");
}

}  // namespace

void add_bench(CLI::App& app, Outcome&) {
    auto* bench = app.add_subcommand("bench", "Time the solver on the reference problems");
    bench->require_subcommand(1);
    auto* potential = bench->add_subcommand("potential", "P1: the potential of a bed with conducting and insulating spheres");
    auto o = std::make_shared<Options>();
    potential->add_option("--cells", o->bench.map.cells, "cells per axis")->default_val(64)->check(CLI::Range(8, 1024));
    potential->add_option("--seed", o->bench.map.seed, "seed of the map")->default_val(12345);
    potential->add_option("--conductive", o->bench.map.conductive, "conductivity of the conducting spheres [S/m], matrix 100")
        ->default_val(800.0)
        ->check(CLI::Range(1e-12, 1e12));
    potential->add_option("--insulating", o->bench.map.insulating, "conductivity of the insulating spheres [S/m]")
        ->default_val(0.01)
        ->check(CLI::Range(0.0, 1e12));
    potential->add_option("--aspect", o->bench.aspect, "dz / dx of the voxels")
        ->default_val(1.0)
        ->check(CLI::Range(0.01, 100.0));
    potential->add_option("--tolerance", o->bench.tolerance, "relative residual")
        ->default_val(1e-8)
        ->check(CLI::Range(1e-13, 0.1));
    potential->add_option("--repeat", o->bench.repeat, "repeats; the fastest counts")
        ->default_val(5)
        ->check(CLI::Range(1, 1000));
    potential->add_flag("--json", o->json, "print JSON");
    potential->add_flag("--no-peer", o->no_peer, "do not run hypre in the same minutes");
    add_device_option(*potential, o->device);
    potential->callback([o] { run(*o); });
}

}  // namespace jt::cli
