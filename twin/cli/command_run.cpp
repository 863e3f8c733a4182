// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>

#include "twin/cli/command.hpp"
#include "twin/cli/pictures.hpp"
#include "twin/electric/electric_run.hpp"
#include "twin/recording/electric_summary.hpp"
#include "twin/recording/write_file.hpp"
#include "twin/scenario/check.hpp"
#include "twin/scenario/reader.hpp"
#include "twin/scenario/resolved.hpp"
#include "twin/units.hpp"

namespace jt::cli {
namespace {

struct Options {
    std::string scenario, folder, device;
    std::vector<std::string> sets;
    bool json = false;
};

std::string people(double value, Dimension dimension) {
    return format_for_people(value, dimension);
}

void print(const ElectricRun& run, const Backend& backend, const std::filesystem::path& folder) {
    const ElectricReport& r = run.report;
    std::printf("%zu cells on %s: %d iterations, %.2f s\n", run.bed.extents.count(), backend.name().c_str(), r.solve.iterations,
                run.wall_s);
    std::printf("  voltage     %s\n  current     %s\n  resistance  %s\n  power       %s (contacts %s)\n",
                people(r.voltage, Dimension::voltage).c_str(), people(r.current, Dimension::current).c_str(),
                people(r.resistance, Dimension::resistance).c_str(), people(r.power, Dimension::power).c_str(),
                people(r.contact_W, Dimension::power).c_str());
    std::printf("  crowding    |J|/J0 %.4g (99 %%), %.4g (most); J0 %.4g A/m^2\n", r.crowding, r.crowding_max, r.J0_A_per_m2);
    std::printf("  closure     power %.1e, current %.1e\n", r.closure_relative, r.current_balance_relative);
    for (const auto& [name, value] : run.probes)
        value ? std::printf("  probe %s  %.6g\n", name.c_str(), *value)
              : std::printf("  probe %s  no value: it stands in nothing that conducts\n", name.c_str());
    std::printf("  written to %s\n", folder.string().c_str());
}

void run(const Options& o) {
    const Scenario scenario = read_scenario(o.scenario, o.sets);
    for (const auto& warning : check_warnings(scenario)) spdlog::warn("{}", warning);
    const auto backend = open_device(o.device);
    const ElectricRun result = run_electric(*backend, scenario);
    for (const auto& finding : result.findings) spdlog::warn("{}", finding);

    const std::filesystem::path folder = o.folder.empty()
                                             ? std::filesystem::path("runs") / std::filesystem::path(o.scenario).stem()
                                             : std::filesystem::path(o.folder);
    make_folder(folder);
    write_file(folder / "scenario.toml", resolved_toml(scenario));
    const auto summary = electric_summary(result, *backend, JT_VERSION);
    write_file(folder / "summary.json", summary.dump(2) + "\n");
    if (!write_run_picture(folder / "current.png", scenario, result)) spdlog::info("built without pictures (JT_FIGURES)");
    if (o.json)
        std::cout << summary.dump(2) << "\n";
    else
        print(result, *backend, folder);
}

}  // namespace

void add_run(CLI::App& app, Outcome&) {
    auto* command = app.add_subcommand("run", "Solve a scenario and leave a run folder: resolved scenario, summary, picture");
    auto o = std::make_shared<Options>();
    command->add_option("SCENARIO", o->scenario, "scenario file (TOML); `jouletwin schema` lists its keys")->required();
    command->add_option("-o,--output", o->folder, "run folder; default runs/NAME of the scenario file");
    command->add_option("--set", o->sets, "key=value in TOML, e.g. heater.program=\"5 A\" or bed.region[0].material=\"copper\"")
        ->take_all()
        ->expected(1);
    command->add_flag("--json", o->json, "print the summary as JSON");
    add_device_option(*command, o->device);
    command->callback([o] { run(*o); });
}

}  // namespace jt::cli
