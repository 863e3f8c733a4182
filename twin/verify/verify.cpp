// SPDX-License-Identifier: Apache-2.0
#include "twin/verify/verify.hpp"

#include <algorithm>
#include <cctype>
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

Scenario VerifyContext::read(const std::string& name, const std::string& text) {
    Scenario scenario = read_scenario_text(text, "verify " + case_ + " " + name);
    keep(name, scenario);
    return scenario;
}

void VerifyContext::keep(const std::string& name, const Scenario& scenario) {
    if (keep_.empty()) return;
    make_folder(keep_ / case_ / name);
    write_file(keep_ / case_ / name / "scenario.toml", resolved_toml(scenario));
}

SteadyState VerifyContext::steady(const std::string& name, const std::string& text) {
    const Scenario scenario = read(name, text);
    std::vector<std::string> findings;
    SteadyState state{voxelise(scenario, findings), {}, {}, {}};
    Coupled twin(backend_, state.bed, scenario);
    Drive drive;
    if (scenario.heater) {
        drive.mode = scenario.heater->mode == Heater::Mode::current ? Drive::Mode::current
                     : scenario.heater->mode == Heater::Mode::power ? Drive::Mode::power
                                                                    : Drive::Mode::voltage;
        drive.value = scenario.heater->program.at(0.0);
    }
    state.report = twin.steady(drive);
    state.T_K = twin.heat().temperature_K();
    const Grid grid = grid_of(state.bed.extents);
    for (int axis = 0; axis < 3; ++axis) {
        const auto& cells = twin.heat().surfaces().along(axis);
        const auto T = twin.heat().surface_temperature_K(axis);
        std::vector<double> of_place(std::size_t(grid.allocation()), std::nan(""));
        for (int upper = 0; upper < 2; ++upper) {
            for (std::size_t n = 0; n < cells.size(); ++n)
                of_place[std::size_t(cells[n].n)] =
                    cells[n].condition[upper] < 0 ? std::nan("") : T[2 * n + std::size_t(upper)];
            auto& packed = state.surface_K[std::size_t(2 * axis + upper)];
            for (int k = 0; k < grid.nz; ++k)
                for (int j = 0; j < grid.ny; ++j)
                    for (int i = 0; i < grid.nx; ++i) packed.push_back(of_place[std::size_t(grid.index(i, j, k))]);
        }
    }
    return state;
}

CoupledRun VerifyContext::transient(const std::string& name, const std::string& text, const RunHooks& hooks,
                                    double energy_scale) {
    return transient(name, read_scenario_text(text, "verify " + case_ + " " + name), hooks, energy_scale);
}

CoupledRun VerifyContext::transient(const std::string& name, const Scenario& scenario, const RunHooks& hooks,
                                    double energy_scale) {
    keep(name, scenario);
    CoupledRun run = run_coupled(backend_, scenario, {}, hooks);
    const double residual =
        energy_scale > 0.0 ? std::abs(run.energy.residual_J()) / energy_scale : run.energy_residual_relative;
    absolute("energy residual, " + name, 0.0, residual, 1e-8, "in = stored + lost");
    return run;
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
    static const std::vector<VerifyCase> cases = [] {
        std::vector<VerifyCase> all;
        for (const auto& part : {rod_cases(), electric_cases(), field_cases(), heat_cases(), coupled_cases(),
                                 manufactured_cases(), experiment_cases()})
            all.insert(all.end(), part.begin(), part.end());
        std::sort(all.begin(), all.end(), [](const VerifyCase& a, const VerifyCase& b) { return a.name < b.name; });
        return all;
    }();
    return cases;
}

std::vector<VerifyRow> verify(Backend& backend, const std::vector<std::string>& names, const std::filesystem::path& keep,
                              const std::vector<std::string>& elsewhere) {
    std::vector<std::string> known;
    for (const VerifyCase& c : verify_cases()) known.push_back(c.name);
    known.insert(known.end(), elsewhere.begin(), elsewhere.end());
    // the name of a case, or of a group of cases: V01 is V01a, V01b ..., paper is all that the experiment is checked by
    const auto asks_for = [](const std::string& name, const std::string& case_name) {
        if (name == "paper" && (case_name == "V23" || case_name == "V24" || case_name == "V26")) return true;
        return case_name == name ||
               (case_name.size() == name.size() + 1 && case_name.starts_with(name) && std::islower(case_name.back()));
    };
    std::vector<std::string> problems;
    for (const std::string& name : names)
        if (std::none_of(known.begin(), known.end(), [&](const auto& k) { return asks_for(name, k); })) {
            std::string list;
            for (const auto& k : known) list += (list.empty() ? "" : ", ") + k;
            const std::string guess = nearest(name, known);
            problems.push_back("verify: no case " + quote(name) + (guess.empty() ? "" : "; did you mean " + guess + "?") +
                               " allowed: " + list);
        }
    if (!problems.empty()) throw InputError(problems);
    std::vector<VerifyRow> rows;
    for (const VerifyCase& c : verify_cases()) {
        if (!names.empty() && std::none_of(names.begin(), names.end(), [&](const auto& n) { return asks_for(n, c.name); }))
            continue;
        VerifyContext context(backend, keep, c.name);
        c.run(context);
        rows.insert(rows.end(), context.rows().begin(), context.rows().end());
    }
    return rows;
}

}  // namespace jt
