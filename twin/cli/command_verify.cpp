// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "twin/cli/command.hpp"
#include "twin/microstructure/paper.hpp"
#include "twin/verify/verify.hpp"

namespace jt::cli {
namespace {

struct Options {
    std::vector<std::string> cases;
    std::string keep, device;
    bool json = false;
};

void print(const std::vector<VerifyRow>& rows) {
    std::printf("%-6s %-52s %14s %14s %9s %9s\n", "case", "quantity", "expected", "got", "error", "allowed");
    std::size_t failed = 0;
    for (const VerifyRow& row : rows) {
        std::printf("%-6s %-52s %14.8g %14.8g %9.1e %9.1e  %s\n", row.case_name.c_str(), row.quantity.c_str(), row.expected,
                    row.got, row.error, row.tolerance, row.pass ? "ok" : "FAILED");
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

bool run(const Options& o) {
    const auto backend = open_device(o.device);
    const auto rows = verify(*backend, o.cases, o.keep);
    if (o.json) {
        nlohmann::ordered_json out = nlohmann::ordered_json::array();
        for (const VerifyRow& row : rows)
            out.push_back({{"case", row.case_name},
                           {"quantity", row.quantity},
                           {"expected", row.expected},
                           {"got", row.got},
                           {"error", row.error},
                           {"tolerance", row.tolerance},
                           {"relative", row.relative},
                           {"pass", row.pass},
                           {"source", row.source}});
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
    auto* command = app.add_subcommand("verify", "Compare the program with closed forms and published results");
    command->footer("Cases:" + cases);
    auto o = std::make_shared<Options>();
    command->add_option("CASE", o->cases, "cases to run, e.g. V08, or V01 for V01a to V01d; none: all");
    command->add_flag("--json", o->json, "print a JSON array");
    command->add_option("--keep", o->keep,
                        "folder that keeps each case's scenarios, and the summaries of those of the current alone");
    add_device_option(*command, o->device);
    command->callback([o, &outcome] { outcome.exit_code = run(*o) ? 0 : 1; });
}

}  // namespace jt::cli
