// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "twin/cli/command.hpp"
#include "twin/material/material_reader.hpp"
#ifdef JT_BRIDGE
#include "bridge/assimilation/experiment_suite.hpp"
#include "twin/cli/filter_options.hpp"
#endif

namespace jt::cli {
#ifdef JT_BRIDGE
namespace {

struct ExperimentArguments {
    std::vector<std::string> names;
    SuiteOptions suite;
    FilterArguments filter;
    std::string scenarios;
    bool json = false, no_forecast = false;
};

void print_seed(const ExperimentResult& r) {
    double worst = 0.0;
    for (const auto& [sensor, correlation] : r.autocorrelation) worst = std::max(worst, correlation);
    std::printf("  seed %3d  rmse %6.2f K  baseline %6.2f K  NIS %4.2f  autocorrelation %5.2f  %s\n", int(r.seed), r.rmse_K,
                r.baseline_rmse_K, r.nis, worst, r.message.c_str());
    std::fflush(stdout);
}

bool run(const ExperimentArguments& o) {
    std::vector<std::string> names = o.names;
    if (names.empty())
        for (const ExperimentInfo& e : experiments()) names.push_back(e.name);
    const std::filesystem::path scenarios =
        o.scenarios.empty() ? data_folder() / "scenarios" : std::filesystem::path(o.scenarios);
    const double radius_m = o.filter.radius_m();
    bool good = true;
    nlohmann::ordered_json out = nlohmann::ordered_json::array();
    for (const std::string& name : names) {
        if (!o.json) std::printf("%s\n", name.c_str());
        SuiteOptions suite = o.suite;
        suite.forecasts = !o.no_forecast, suite.radius_m = radius_m;
        const SuiteResult result = run_suite(name, scenarios, suite, [&](const ExperimentResult& r) {
            if (!o.json) print_seed(r);
        });
        for (const SuiteRow& row : result.rows) {
            good = good && row.pass;
            if (o.json) {
                const double nearest = row.got < row.low ? row.low : row.got > row.high ? row.high : row.got;
                out.push_back({{"case", "experiment." + name},
                               {"quantity", row.quantity},
                               {"expected", nearest},
                               {"got", row.got},
                               {"error", std::abs(row.got - nearest)},
                               {"tolerance", 0.0},
                               {"pass", row.pass},
                               {"source", "twin experiment, " + std::to_string(result.seeds.size()) + " seeds"}});
                continue;
            }
            char limits[48];
            if (std::isinf(row.high))
                std::snprintf(limits, sizeof limits, "at least %g", row.low);
            else
                std::snprintf(limits, sizeof limits, "%g to %g", row.low, row.high);
            std::printf("  %-60s %10.4g   %-16s %s\n", row.quantity.c_str(), row.got, limits, row.pass ? "ok" : "FAILED");
        }
    }
    if (o.json) std::cout << out.dump(2) << "\n";
    return good;
}

}  // namespace

void add_experiment(CLI::App& app, Outcome& outcome) {
    std::string list;
    for (const ExperimentInfo& e : experiments()) list += "\n  " + e.name + std::string(11 - e.name.size(), ' ') + e.title;
    auto* command = app.add_subcommand(
        "experiment", "Twin experiments: a plant with hidden truths against a twin that sees its readings alone");
    command->footer("Experiments:" + list);
    auto o = std::make_shared<ExperimentArguments>();
    command->add_option("NAME", o->names, "experiments to run; none: all");
    command->add_option("--seeds", o->suite.seeds, "runs of each")->check(CLI::Range(1, 1000))->capture_default_str();
    command->add_option("--first", o->suite.first, "first seed")->check(without_sign())->capture_default_str();
    command->add_option("--parallel", o->suite.threads, "runs at a time; 0: one for each processor")
        ->check(CLI::Range(0, 256))
        ->capture_default_str();
    command->add_option("--window", o->suite.window_s, "readings are taken in together for so long [s]: 0.5 or a part of it")
        ->capture_default_str();
    add_filter_options(*command, o->filter);
    command->add_flag("--slice", o->suite.slice, "device R1 as an x-z section, in a twentieth of the time");
    command->add_flag("--no-forecast", o->no_forecast, "leave out the bands 5 s ahead");
    command->add_option("--scenarios", o->scenarios, "folder of live_r1.toml and live_plug.toml");
    command->add_flag("--json", o->json, "print a JSON array");
    command->callback([o, &outcome] { outcome.exit_code = run(*o) ? 0 : 1; });
}
#else
void add_experiment(CLI::App&, Outcome&) {}
#endif

}  // namespace jt::cli
