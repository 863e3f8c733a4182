// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <memory>

#include "twin/bed/voxelise.hpp"
#include "twin/cli/command.hpp"
#include "twin/scenario/check.hpp"
#include "twin/scenario/reader.hpp"
#include "twin/scenario/schema.hpp"
#include "twin/stepping/drive_check.hpp"

namespace jt::cli {

void add_check(CLI::App& app, Outcome&) {
    struct CheckArguments {
        std::string scenario;
        std::vector<std::string> sets;
    };
    auto* command = app.add_subcommand("check", "Validate a scenario; print it in SI with its cost and warnings; run nothing");
    auto o = std::make_shared<CheckArguments>();
    command->add_option("SCENARIO", o->scenario, "scenario file (TOML)")->required();
    command->add_option("--set", o->sets, "key=value in TOML, as for run")->take_all()->expected(1);
    command->callback([o] {
        const Scenario scenario = read_scenario(o->scenario, o->sets);
        std::vector<std::string> findings;
        const Bed bed = voxelise(scenario, findings);
        if (scenario.run.solve == RunSpec::Solve::coupled) {
            const auto backend = make_backend("cpu");
            Coupled twin(*backend, bed, scenario);
            for (const auto& warning : drive_warnings(twin, scenario)) findings.push_back(warning);
        }
        std::cout << check_report(scenario, bed.extents, findings);
    });
}

void add_schema(CLI::App& app, Outcome&) {
    auto* command = app.add_subcommand("schema", "Every key of a scenario or material file: type, unit, range, default, help");
    auto json = std::make_shared<bool>(false);
    command->add_flag("--json", *json, "print a JSON array");
    command->callback([json] { std::cout << (*json ? schema_json() + "\n" : schema_text()); });
}

}  // namespace jt::cli
