// SPDX-License-Identifier: Apache-2.0
#include "twin/verify/verify.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/error.hpp"
#include "twin/bed/voxelise.hpp"
#include "twin/electric/electric_run.hpp"
#include "twin/recording/electric_summary.hpp"
#include "twin/recording/write_file.hpp"
#include "twin/scenario/reader.hpp"
#include "twin/scenario/resolved.hpp"
#include "twin/scenario/schema.hpp"
#include "twin/stepping/coupled.hpp"
#include "twin/units.hpp"
#include "twin/verify/cases.hpp"

namespace jt {

ElectricRun VerifyContext::solve(const std::string& name, const std::string& text) {
    const Scenario scenario = read_scenario_text(text, "verify " + case_ + " " + name);
    ElectricRun run = run_electric(backend_, scenario);
    if (!keep_.empty()) {
        const auto folder = keep_ / case_ / name;
        make_folder(folder);
        write_file(folder / "scenario.toml", resolved_toml(scenario));
        write_file(folder / "summary.json", electric_summary(run, backend_, "verify").dump(2) + "\n");
    }
    return run;
}

std::vector<double> VerifyContext::steady(const std::string& name, const std::string& text) {
    // Heat is solved here before `run` offers it: the scenario is one that run will take.
    const Scenario scenario = read_scenario_text(text, "verify " + case_ + " " + name, ".", {}, {.allow_unavailable = true});
    std::vector<std::string> findings;
    const Bed bed = voxelise(scenario, findings);
    Coupled twin(backend_, bed, scenario);
    Drive drive;
    drive.mode = Drive::Mode::voltage;
    drive.value = scenario.heater->program.at(0.0);
    twin.steady(drive);
    if (!keep_.empty()) {
        make_folder(keep_ / case_ / name);
        write_file(keep_ / case_ / name / "scenario.toml", resolved_toml(scenario));
    }
    return twin.heat().temperature_K();
}

void VerifyContext::relative(const std::string& quantity, double expected, double got, double tolerance,
                             const std::string& source) {
    add({case_, quantity, expected, got, std::abs(got - expected) / std::abs(expected), tolerance, true, false, source});
}

void VerifyContext::absolute(const std::string& quantity, double expected, double got, double tolerance,
                             const std::string& source) {
    add({case_, quantity, expected, got, std::abs(got - expected), tolerance, false, false, source});
}

void VerifyContext::add(VerifyRow row) {
    row.pass = row.error <= row.tolerance;  // false for NaN
    rows_.push_back(std::move(row));
}

const std::vector<VerifyCase>& verify_cases() {
    static const std::vector<VerifyCase> cases = electric_cases();
    return cases;
}

std::vector<VerifyRow> verify(Backend& backend, const std::vector<std::string>& names, const std::filesystem::path& keep) {
    std::vector<std::string> known;
    for (const VerifyCase& c : verify_cases()) known.push_back(c.name);
    std::vector<std::string> problems;
    for (const std::string& name : names)
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            std::string list;
            for (const auto& k : known) list += (list.empty() ? "" : ", ") + k;
            const std::string guess = nearest(name, known);
            problems.push_back("verify: no case " + quote(name) + (guess.empty() ? "" : "; did you mean " + guess + "?") +
                               " allowed: " + list);
        }
    if (!problems.empty()) throw InputError(problems);
    std::vector<VerifyRow> rows;
    for (const VerifyCase& c : verify_cases()) {
        if (!names.empty() && std::find(names.begin(), names.end(), c.name) == names.end()) continue;
        VerifyContext context(backend, keep, c.name);
        c.run(context);
        rows.insert(rows.end(), context.rows().begin(), context.rows().end());
    }
    return rows;
}

}  // namespace jt
