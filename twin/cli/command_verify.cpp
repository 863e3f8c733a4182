// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "kernels/error.hpp"
#include "twin/cli/command.hpp"
#include "twin/microstructure/paper.hpp"
#include "twin/verify/verify.hpp"
#ifdef JT_BRIDGE
#include "bridge/filter/benchmark.hpp"
#endif

namespace jt::cli {
namespace {

struct VerifyArguments {
    std::vector<std::string> cases;
    std::string keep, device;
    bool json = false;
#ifdef JT_BRIDGE
    std::string filter;
    int members = 0, analyses = 0;
    double inflation = 0.0, radius = 0.0;
    bool rotate = false;
    std::int64_t seed = 1;
    CLI::App* command = nullptr;
    bool given(const char* option) const {
        return command->count(option) > 0;
    }
#endif
};

// A figure of the table; "-" for what there is not.
std::string shown(double value, const char* format) {
    if (std::isnan(value)) return "-";
    char text[40];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

void print(const std::vector<VerifyRow>& rows) {
    std::printf("%-8s %-52s %14s %14s %9s %9s\n", "case", "quantity", "expected", "got", "error", "allowed");
    std::size_t failed = 0;
    for (const VerifyRow& row : rows) {
        std::printf("%-8s %-52s %14s %14s %9s %9s  %s\n", row.case_name.c_str(),
                    (row.set_up.empty() ? row.quantity : row.quantity + ", " + row.set_up).c_str(),
                    shown(row.expected, "%.8g").c_str(), shown(row.got, "%.8g").c_str(), shown(row.error, "%.1e").c_str(),
                    shown(row.tolerance, "%.1e").c_str(), row.pass ? "ok" : "FAILED");
        failed += row.pass ? 0 : 1;
    }
    std::printf("%zu rows, %zu failed\n", rows.size(), failed);
}

// What the paper says and the model does not: nothing to compare, but to be known.
void print_statements() {
    std::printf("\nStatements of the paper that the model does not support, or that contradict each other:\n");
    int n = 0;
    for (const PaperStatement& s : paper_statements())
        std::printf("%3d. \"%.*s\": %.*s\n", ++n, int(s.statement.size()), s.statement.data(), int(s.finding.size()),
                    s.finding.data());
}

#ifdef JT_BRIDGE
constexpr LorenzModel kLorenzModels[] = {LorenzModel::lorenz96, LorenzModel::lorenz63};

SetupChoice chosen_setup(const VerifyArguments& o) {
    SetupChoice choice;
    if (o.given("--filter")) choice.filter = filter_of(o.filter);
    if (o.given("--members")) choice.members = o.members;
    if (o.given("--inflation")) choice.inflation = o.inflation;
    if (o.given("--rotate")) choice.rotate = o.rotate;
    if (o.given("--radius")) choice.radius = o.radius;
    return choice;
}

// The set-ups to run on a model: the one chosen, or without a choice those with a published score that every seed meets.
std::vector<FilterSetup> setups_of(LorenzModel model, const SetupChoice& choice) {
    if (!choice.empty()) return {complete(model, choice)};
    std::vector<FilterSetup> all;
    for (const PublishedScore& score : published_scores())
        if (score.setup.model == model && !score.marginal) all.push_back(score.setup);
    return all;
}

VerifyRow lorenz_row(const FilterSetup& setup, int analyses, std::uint64_t seed) {
    const PublishedScore* published = published_score(setup);
    VerifyRow row;
    row.case_name = name_of(setup.model);
    row.quantity = "rmse.a";
    row.set_up = describe(setup);
    row.got = run_benchmark(setup, analyses, seed).rmse_a;
    row.relative = false;
    row.expected = published ? published->rmse_a : std::nan("");
    row.error = std::abs(row.got - row.expected);
    row.tolerance = published ? score_tolerance(setup.model, analyses) : std::nan("");
    row.pass = published ? row.error <= row.tolerance : std::isfinite(row.got);
    row.source = (published ? published->source : "no published score") + "; " + std::to_string(analyses) + " analyses, seed " +
                 std::to_string(seed);
    return row;
}

// Takes the problems of Lorenz out of `cases` and returns their set-ups. Without any case: those of lorenz96.
std::vector<FilterSetup> take_lorenz(const VerifyArguments& o, std::vector<std::string>& cases) {
    const SetupChoice choice = chosen_setup(o);
    std::vector<FilterSetup> setups;
    for (const LorenzModel model : kLorenzModels)
        if (std::erase(cases, name_of(model)) || (o.cases.empty() && model == LorenzModel::lorenz96)) {
            const auto more = setups_of(model, choice);
            setups.insert(setups.end(), more.begin(), more.end());
        }
    const bool named = !o.cases.empty() && !setups.empty();
    for (const char* option : {"--filter", "--members", "--inflation", "--rotate", "--radius", "--analyses", "--seed"})
        if (o.given(option) && !named) throw InputError(std::string(option) + ": is for the cases lorenz96 and lorenz63");
    check_analyses(o.given("--analyses") ? o.analyses : 1);
    if (o.seed < 0) throw InputError("--seed " + std::to_string(o.seed) + ": must not be negative");
    return setups;
}
#endif

std::vector<VerifyRow> rows_of(const VerifyArguments& o) {
    std::vector<std::string> cases = o.cases, elsewhere;
    std::vector<VerifyRow> rows;
#ifdef JT_BRIDGE
    const auto setups = take_lorenz(o, cases);
    for (const LorenzModel model : kLorenzModels) elsewhere.push_back(name_of(model));
#endif
    if (o.cases.empty() || !cases.empty()) rows = verify(*open_device(o.device), cases, o.keep, elsewhere);
#ifdef JT_BRIDGE
    for (const FilterSetup& setup : setups)
        rows.push_back(
            lorenz_row(setup, o.given("--analyses") ? o.analyses : default_analyses(setup.model), std::uint64_t(o.seed)));
#endif
    return rows;
}

bool run(const VerifyArguments& o) {
    const auto rows = rows_of(o);
    if (o.json) {
        nlohmann::ordered_json out = nlohmann::ordered_json::array();
        for (const VerifyRow& row : rows) {
            out.push_back({{"case", row.case_name},
                           {"quantity", row.quantity},
                           {"expected", row.expected},
                           {"got", row.got},
                           {"error", row.error},
                           {"tolerance", row.tolerance},
                           {"relative", row.relative},
                           {"pass", row.pass},
                           {"source", row.source}});
            if (!row.set_up.empty()) out.back()["setup"] = row.set_up;
        }
        std::cout << out.dump(2) << "\n";
    } else {
        print(rows);
        if (std::any_of(rows.begin(), rows.end(), [](const VerifyRow& row) { return row.case_name == "paper"; }))
            print_statements();
    }
    return std::all_of(rows.begin(), rows.end(), [](const VerifyRow& row) { return row.pass; });
}

}  // namespace

void add_verify(CLI::App& app, Outcome& outcome) {
    std::string cases;
    for (const VerifyCase& c : verify_cases()) cases += "\n  " + c.name + "  " + c.title;
#ifdef JT_BRIDGE
    cases += "\n  lorenz96  the twin's filters on the model of Lorenz 1996: published errors";
    cases += "\n  lorenz63  the same on the model of Lorenz 1963 (only when named)";
#endif
    auto* command = app.add_subcommand("verify", "Compare the program with closed forms and published results");
    command->footer("Cases:" + cases);
    auto o = std::make_shared<VerifyArguments>();
    command->add_option("CASE", o->cases, "cases to run, e.g. V08, or V01 for V01a to V01d; none: all");
    command->add_flag("--json", o->json, "print a JSON array");
    command->add_option("--keep", o->keep,
                        "folder that keeps each case's scenarios, and the summaries of those of the current alone");
    add_device_option(*command, o->device);
#ifdef JT_BRIDGE
    o->command = command;
    const auto group = [](CLI::Option* option) { option->group("Options of lorenz96 and lorenz63"); };
    group(command->add_option("--filter", o->filter,
                              "enkf | etkf | letkf | denkf; what is left out of this and the next four is that of a published "
                              "row which agrees with what is given; without any: all published rows"));
    group(command->add_option("--members", o->members, "members of the ensemble, 2 to 1000"));
    group(command->add_option("--inflation", o->inflation, "factor on the anomalies after the update, 1 to 10"));
    group(command->add_flag("--rotate,!--no-rotate", o->rotate, "random rotation that keeps the mean, after the update"));
    group(command->add_option("--radius", o->radius, "of letkf: length of localisation in variables"));
    group(command->add_option("--analyses", o->analyses,
                              "analyses that are scored, after the burn-in (3000 on lorenz96, 20000 on lorenz63)"));
    group(command->add_option("--seed", o->seed, "of truth, readings and filter")->default_val(1));
#endif
    command->callback([o, &outcome] { outcome.exit_code = run(*o) ? 0 : 1; });
}

}  // namespace jt::cli
