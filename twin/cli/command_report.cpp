// SPDX-License-Identifier: Apache-2.0
#include "twin/cli/command.hpp"

#ifdef JT_FIGURES
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>

#include "kernels/error.hpp"
#include "twin/units.hpp"
#include "viz/report/report.hpp"
#endif

namespace jt::cli {

#ifndef JT_FIGURES

void add_report(CLI::App&, Outcome&) {}

#else

namespace {

struct ReportArguments {
    std::vector<std::string> folders, at;
    std::string output;
    bool json = false;
};

void report(const ReportArguments& o) {
    std::vector<std::string> problems;
    ReportOptions options;
    options.version = JT_VERSION;
    for (const auto& text : o.at) try {
            options.at.push_back(parse_quantity(text, Dimension::time));
        } catch (const InputError& error) {
            problems.push_back("--at: " + std::string(error.what()));
        }
    std::vector<RunData> runs;
    for (const auto& folder : o.folders) try {
            runs.push_back(RunData::read(folder));
        } catch (const InputError& error) {
            problems.insert(problems.end(), error.problems.begin(), error.problems.end());
        }
    if (!problems.empty()) throw InputError(problems);
    const std::filesystem::path first = o.folders.front();
    if (!o.output.empty())
        options.html = std::filesystem::path(o.output) / "report.html",
        options.beside = std::filesystem::path(o.output) / "report";
    else if (o.folders.size() == 1)
        options.html = first / "report.html", options.beside = first / "report";
    else
        options.html = std::filesystem::path("report") / "report.html",
        options.beside = std::filesystem::path("report") / "report";
    const auto written = write_report(runs, options);
    if (o.json) {
        std::cout << written.dump(2) << "\n";
        return;
    }
    for (const auto& run : written["runs"]) {
        std::printf("%s\n  %s\n", run["folder"].get<std::string>().c_str(), run["sentence"].get<std::string>().c_str());
        for (const auto& missing : run["missing"]) std::printf("  not in the report: %s\n", missing.get<std::string>().c_str());
    }
    std::printf("written to %s, with %zu files in %s\n", options.html.string().c_str(), written["files"].size(),
                options.beside.string().c_str());
}

}  // namespace

void add_report(CLI::App& app, Outcome&) {
    auto* command = app.add_subcommand(
        "report", "One HTML page of one run, or of several compared, to keep and to print; with its pictures and tables");
    auto o = std::make_shared<ReportArguments>();
    command->add_option("RUNDIR", o->folders, "run folders")->required();
    command->add_option("-o,--output", o->output,
                        "folder of report.html and report/; default: the run's own folder, ./report for several runs");
    command->add_option("--at", o->at, "time of the slices, \"12.5 s\", up to four; default: end of ramp, end of dwell, end")
        ->take_all()
        ->expected(1);
    command->add_flag("--json", o->json, "print what was written and its numbers as JSON");
    command->callback([o] { report(*o); });
}

#endif

}  // namespace jt::cli
