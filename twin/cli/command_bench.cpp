// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "kernels/error.hpp"
#include "twin/bench/coupled.hpp"
#include "twin/bench/heat.hpp"
#include "twin/bench/peer.hpp"
#include "twin/bench/potential.hpp"
#include "twin/bench/twin_run.hpp"
#include "twin/cli/command.hpp"

namespace jt::cli {
namespace {

using Json = nlohmann::ordered_json;

const char* const kPeerName = "hypre PFMG-PCG, 2 ranks (the distribution's double build)";

struct BenchArguments {
    std::string device;
    bool json = false, no_peer = false;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t n = values.size();
    return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

double least(const std::vector<double>& values) {
    return *std::min_element(values.begin(), values.end());
}

double million_cells(const ReferenceMap& map) {
    return 1e-6 * double(map.cells) * map.cells * map.cells;
}

// What every benchmark says first.
Json head(const char* problem, const ReferenceMap& map, const Backend& backend) {
    Json out;
    out["problem"] = problem;
    out["cells"] = map.cells;
    out["seed"] = map.seed;
    out["device"] = backend.name();
    out["hardware"] = backend.description();
    return out;
}

// Runs the peer on the same problem and notes it with the ratio; `each` is what it measures beside the time. Only beside the
// CPU device, on whose cores it runs.
template <class Each>
void add_peer(Json& out, const BenchArguments& o, const PeerProblem& problem, double own_s, Each each) {
    if (o.no_peer || out["device"] != "cpu") return;
    const auto peer = run_hypre_peer(problem);
    if (!peer) {
        out["peer"] = nullptr;
        return;
    }
    out["peer"] = {{"name", kPeerName}, {"total_s", peer->total_s}, {"iterations", peer->iterations}};
    each(out["peer"], *peer);
    out["times_faster_than_peer"] = peer->total_s / own_s;
}

void print_peer(const Json& out, const std::string& detail) {
    if (out.contains("times_faster_than_peer"))
        std::printf("  hypre PFMG-PCG on 2 ranks (the distribution's build): %s; we are %.2f times faster\n", detail.c_str(),
                    out["times_faster_than_peer"].get<double>());
    else if (out.contains("peer"))
        std::printf("  no hypre peer on this machine (libhypre-dev, libopenmpi-dev, openmpi-bin; target peer_hypre)\n");
}

// "0.1234 s per million cells, 12 iterations" of the peer.
std::string peer_per_cell(const Json& out) {
    if (!out.contains("times_faster_than_peer")) return {};
    char text[128];
    std::snprintf(text, sizeof text, "%.4f s per million cells, %ld iterations", out["peer"]["s_per_Mcell"].get<double>(),
                  out["peer"]["iterations"].get<long>());
    return text;
}

// Times, memory and bandwidth of P1 and P2.
template <class Result>
void add_solve(Json& out, const Result& r, double mega_cells) {
    std::vector<double> total;
    for (std::size_t n = 0; n < r.setup_s.size(); ++n) total.push_back(r.setup_s[n] + r.solve_s[n]);
    out["iterations"] = r.iterations;
    out["levels"] = r.levels;
    out["relative_residual"] = r.relative_residual;
    out["setup_s"] = least(r.setup_s);
    out["solve_s"] = least(r.solve_s);
    out["total_s"] = {{"min", least(total)}, {"median", median(total)}, {"repeats", total.size()}};
    out["s_per_Mcell"] = least(total) / mega_cells;
    out["bytes_per_cell"] = r.bytes_per_cell;
    out["bandwidth_GB_per_s"] = r.bandwidth_GB_per_s;
    out["bandwidth_fraction"] = r.bandwidth_fraction;
}

void print_solve(const Json& out, double mega_cells) {
    std::printf("  set-up %.4f s, solve %.4f s: %.4f s per million cells (median %.4f)\n", out["setup_s"].get<double>(),
                out["solve_s"].get<double>(), out["s_per_Mcell"].get<double>(),
                out["total_s"]["median"].get<double>() / mega_cells);
    std::printf("  %.1f bytes per cell; %.0f %% of this machine's %.1f GB/s\n", out["bytes_per_cell"].get<double>(),
                100.0 * out["bandwidth_fraction"].get<double>(), out["bandwidth_GB_per_s"].get<double>());
}

void run_potential(const BenchArguments& o, const PotentialBench& bench) {
    const auto backend = open_device(o.device);
    const PotentialBenchResult r = bench_potential(*backend, bench);
    const double mega_cells = million_cells(bench.map);
    Json out = head("P1", bench.map, *backend);
    out["aspect"] = bench.aspect;
    add_solve(out, r, mega_cells);
    out["current_over_h"] = r.current_over_h;
    add_peer(out, o, {1, bench.map, bench.aspect, bench.tolerance, bench.repeat}, out["total_s"]["min"],
             [&](Json& peer, const PeerResult& p) {
                 peer["current_over_h"] = p.current_over_h;
                 peer["s_per_Mcell"] = p.total_s / mega_cells;
             });
    if (o.json) {
        std::cout << out.dump(2) << "\n";
        return;
    }
    std::printf("P1 potential, %d^3 cells, dz/dx %g, to %.0e, on %s (%s)\n", bench.map.cells, bench.aspect, bench.tolerance,
                backend->name().c_str(), backend->description().c_str());
    std::printf("  %d iterations, %d levels, relative residual %.2e, current/h %.9g S/m V\n", r.iterations, r.levels,
                r.relative_residual, r.current_over_h);
    print_solve(out, mega_cells);
    print_peer(out, peer_per_cell(out));
}

void run_heat(const BenchArguments& o, const HeatBench& bench) {
    const auto backend = open_device(o.device);
    const HeatBenchResult r = bench_heat(*backend, bench);
    const double mega_cells = million_cells(bench.map);
    Json out = head("P2", bench.map, *backend);
    add_solve(out, r, mega_cells);
    out["mean_T_K"] = r.mean_T_K;
    out["max_T_K"] = r.max_T_K;
    add_peer(out, o, {2, bench.map, 1.0, bench.tolerance, bench.repeat}, out["total_s"]["min"],
             [&](Json& peer, const PeerResult& p) {
                 peer["mean_T_K"] = p.mean_T_K;
                 peer["s_per_Mcell"] = p.total_s / mega_cells;
             });
    if (o.json) {
        std::cout << out.dump(2) << "\n";
        return;
    }
    std::printf("P2 heat step, %d^3 cells, to %.0e, on %s (%s)\n", bench.map.cells, bench.tolerance, backend->name().c_str(),
                backend->description().c_str());
    std::printf("  %d iterations, %d levels, relative residual %.2e, mean T %.9g K, highest %.7g K\n", r.iterations, r.levels,
                r.relative_residual, r.mean_T_K, r.max_T_K);
    print_solve(out, mega_cells);
    print_peer(out, peer_per_cell(out));
}

void run_coupled_bench(const BenchArguments& o, const CoupledBench& bench) {
    const auto backend = open_device(o.device);
    const CoupledBenchResult r = bench_coupled(*backend, bench);
    const double mega_cells = million_cells(bench.map), total = least(r.total_s);
    Json out = head("P3", bench.map, *backend);
    out["steps"] = bench.steps;
    out["iterations"] = {{"potential", r.potential_iterations}, {"heat", r.heat_iterations}};
    out["total_s"] = total;
    out["total_median_s"] = median(r.total_s);
    out["repeats"] = r.total_s.size();
    out["setup_s"] = least(r.setup_s);
    out["solve_s"] = least(r.solve_s);
    out["s_per_step"] = total / bench.steps;
    out["s_per_Mcell"] = total / bench.steps / mega_cells;
    out["bytes_per_cell"] = r.bytes_per_cell;
    out["mean_T_K"] = r.mean_T_K;
    out["max_T_K"] = r.max_T_K;
    if (bench.steps == kPeerSteps)
        add_peer(out, o, {3, bench.map, 1.0, bench.tolerance, 1}, total, [&](Json& peer, const PeerResult& p) {
            peer["heat_iterations"] = p.heat_iterations;
            peer["mean_T_K"] = p.mean_T_K;
            peer["max_T_K"] = p.max_T_K;
        });
    if (o.json) {
        std::cout << out.dump(2) << "\n";
        return;
    }
    std::printf("P3 coupled run, %d^3 cells, %d steps, to %.0e, on %s (%s)\n", bench.map.cells, bench.steps, bench.tolerance,
                backend->name().c_str(), backend->description().c_str());
    std::printf("  %.3f s (median %.3f): set-up %.3f s, solves %.3f s; %ld iterations of the potential, %ld of the heat\n",
                total, median(r.total_s), least(r.setup_s), least(r.solve_s), r.potential_iterations, r.heat_iterations);
    std::printf("  mean T %.7g K, highest %.7g K; %.1f bytes per cell\n", r.mean_T_K, r.max_T_K, r.bytes_per_cell);
    char detail[64] = "";
    if (out.contains("times_faster_than_peer"))
        std::snprintf(detail, sizeof detail, "%.2f s", out["peer"]["total_s"].get<double>());
    print_peer(out, detail);
}

void run_twin(const BenchArguments& o, const TwinBench& bench) {
    const auto backend = open_device(o.device);
    const TwinBenchResult result = bench_twin(*backend, bench);
    const CoupledRun& r = result.run;
    const double share = result.kinetics_wall_s / r.wall_s;
    Json out;
    out["problem"] = "twin";
    out["cells"] = bench.cells;
    out["device"] = backend->name();
    out["hardware"] = backend->description();
    out["steps"] = r.steps;
    out["rejected"] = r.rejected;
    out["simulated_s"] = r.simulated_s;
    out["wall_s"] = r.wall_s;
    out["realtime_factor"] = r.simulated_s / r.wall_s;
    out["s_per_step"] = r.wall_s / r.steps;
    out["kinetics_share"] = share;
    out["bytes_per_cell"] = r.bytes_per_cell;
    out["T_mean_K"] = r.records.back().T_mean_K;
    out["energy_residual_relative"] = r.energy_residual_relative;
    if (o.json) {
        std::cout << out.dump(2) << "\n";
        return;
    }
    std::printf("Twin, %d^3 cells in closed loop at 10 Hz, on %s (%s)\n", bench.cells, backend->name().c_str(),
                backend->description().c_str());
    std::printf("  %.3g s simulated in %.3f s: real-time factor %.2f; %d steps of %.4f s, %d rejected\n", r.simulated_s,
                r.wall_s, r.simulated_s / r.wall_s, r.steps, r.wall_s / r.steps, r.rejected);
    std::printf("  kinetics of the char: %.1f %% of the time\n", 100.0 * share);
    std::printf("  mean T %.1f K, energy residual %.1e, %.0f bytes per cell\n", r.records.back().T_mean_K,
                r.energy_residual_relative, r.bytes_per_cell);
}

void add_map_options(CLI::App& command, ReferenceMap& map) {
    command.add_option("--cells", map.cells, "cells per axis")->default_val(64)->check(CLI::Range(8, 1024));
    command.add_option("--seed", map.seed, "seed of the map")->check(without_sign())->default_val(12345);
    command.add_option("--conductive", map.conductive, "conductivity of the conducting spheres [S/m], matrix 100")
        ->default_val(800.0)
        ->check(CLI::Range(1e-12, 1e12));
    command.add_option("--insulating", map.insulating, "conductivity of the insulating spheres [S/m]")
        ->default_val(0.01)
        ->check(CLI::Range(0.0, 1e12));
}

void add_tolerance(CLI::App& command, double& tolerance, double otherwise) {
    command.add_option("--tolerance", tolerance, "relative residual")->default_val(otherwise)->check(CLI::Range(1e-13, 0.1));
}

void add_repeat(CLI::App& command, int& repeat, int otherwise) {
    command.add_option("--repeat", repeat, "repeats; the fastest counts")->default_val(otherwise)->check(CLI::Range(1, 1000));
}

void add_common(CLI::App& command, BenchArguments& o, bool peer) {
    command.add_flag("--json", o.json, "print JSON");
    if (peer) command.add_flag("--no-peer", o.no_peer, "do not run hypre in the same minutes");
    add_device_option(command, o.device);
}

}  // namespace

void add_bench(CLI::App& app, Outcome&) {
    auto* bench = app.add_subcommand("bench", "Time the solver on the reference problems, or a whole run");
    bench->require_subcommand(1);
    {
        auto* command = bench->add_subcommand("potential", "P1: the potential of a bed with conducting and insulating spheres");
        auto o = std::make_shared<BenchArguments>();
        auto b = std::make_shared<PotentialBench>();
        add_map_options(*command, b->map);
        command->add_option("--aspect", b->aspect, "dz / dx of the voxels")->default_val(1.0)->check(CLI::Range(0.01, 100.0));
        add_tolerance(*command, b->tolerance, 1e-8);
        add_repeat(*command, b->repeat, 5);
        add_common(*command, *o, true);
        command->callback([o, b] { run_potential(*o, *b); });
    }
    {
        auto* command = bench->add_subcommand("heat", "P2: one implicit step of heat with the Joule heat of P1");
        auto o = std::make_shared<BenchArguments>();
        auto b = std::make_shared<HeatBench>();
        add_map_options(*command, b->map);
        add_tolerance(*command, b->tolerance, 1e-8);
        add_repeat(*command, b->repeat, 5);
        add_common(*command, *o, true);
        command->callback([o, b] { run_heat(*o, *b); });
    }
    {
        auto* command = bench->add_subcommand("coupled", "P3: steps of P1 and P2 with a conductivity that follows T");
        auto o = std::make_shared<BenchArguments>();
        auto b = std::make_shared<CoupledBench>();
        add_map_options(*command, b->map);
        command->add_option("--steps", b->steps, "steps; the peer takes 100")
            ->default_val(kPeerSteps)
            ->check(CLI::Range(1, 100000));
        add_tolerance(*command, b->tolerance, 1e-6);
        add_repeat(*command, b->repeat, 3);
        add_common(*command, *o, true);
        command->callback([o, b] { run_coupled_bench(*o, *b); });
    }
    {
        auto* command = bench->add_subcommand("twin", "A char plug heated in closed loop: steps and real-time factor");
        auto o = std::make_shared<BenchArguments>();
        auto b = std::make_shared<TwinBench>();
        command->add_option("--cells", b->cells, "cells per axis")->default_val(64)->check(CLI::Range(8, 512));
        command->add_option("--duration", b->duration, "simulated time [s]")->default_val(5.0)->check(CLI::Range(0.1, 40.0));
        add_common(*command, *o, false);
        command->callback([o, b] { run_twin(*o, *b); });
    }
}

}  // namespace jt::cli
