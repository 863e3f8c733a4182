// SPDX-License-Identifier: Apache-2.0
// Verification: cases with exact or published targets, solved by the same scenario and code as `run`. No solver lives here.
#pragma once
#include <array>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "kernels/backend.hpp"
#include "twin/stepping/run_coupled.hpp"

namespace jt {

struct ElectricRun;

struct VerifyRow {
    std::string case_name, quantity;
    double expected = 0.0, got = 0.0;
    double error = 0.0;      // |got - expected|, over |expected| where relative
    double tolerance = 0.0;  // of error
    bool relative = true;
    bool pass = false;
    std::string source;
    std::string set_up = {};  // what was run, where the quantity alone does not tell
};

// The state in which nothing changes any more. Fields are packed, x fastest.
struct SteadyState {
    Bed bed;
    std::vector<double> T_K;
    std::array<std::vector<double>, 6> surface_K;  // by Face; NaN where a cell has no surface there
    StepReport report;                             // energies are powers [W] here
};

// What a case works with: it asks for scenarios to be solved and notes rows.
class VerifyContext {
public:
    VerifyContext(Backend& backend, std::filesystem::path keep, std::string case_name)
        : backend_(backend), keep_(std::move(keep)), case_(std::move(case_name)) {}

    // Solves a scenario text. With a folder to keep things in, leaves scenario.toml and summary.json in KEEP/CASE/name.
    ElectricRun solve(const std::string& name, const std::string& scenario_text);

    // The steady coupled state of a scenario: what it drives at time 0. Leaves scenario.toml likewise. Throws as
    // Coupled::steady.
    SteadyState steady(const std::string& name, const std::string& scenario_text);

    // Runs a scenario in time; `hooks` for what no key expresses. Leaves scenario.toml likewise. Notes a row with the energy
    // that the run does not account for, over `energy_scale` [J]; 0: over the largest of the run's energies.
    CoupledRun transient(const std::string& name, const std::string& scenario_text, const RunHooks& hooks = {},
                         double energy_scale = 0.0);

    CoupledRun transient(const std::string& name, const Scenario& scenario, const RunHooks& hooks = {},
                         double energy_scale = 0.0);

    void relative(const std::string& quantity, double expected, double got, double tolerance, const std::string& source);
    void absolute(const std::string& quantity, double expected, double got, double tolerance, const std::string& source);
    const std::vector<VerifyRow>& rows() const { return rows_; }

private:
    void add(VerifyRow row);
    void keep(const std::string& name, const Scenario& scenario);
    Scenario read(const std::string& name, const std::string& scenario_text);
    Backend& backend_;
    std::filesystem::path keep_;
    std::string case_;
    std::vector<VerifyRow> rows_;
};

struct VerifyCase {
    std::string name, title;
    std::function<void(VerifyContext&)> run;
};

const std::vector<VerifyCase>& verify_cases();

// Rows of the named cases, or of all when names is empty; "V01" is V01a to V01d. Throws InputError for an unknown name, with
// the nearest of the cases here and those `elsewhere`, which the caller runs.
std::vector<VerifyRow> verify(Backend& backend, const std::vector<std::string>& names, const std::filesystem::path& keep = {},
                              const std::vector<std::string>& elsewhere = {});

}  // namespace jt
