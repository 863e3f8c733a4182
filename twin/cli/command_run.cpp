// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <thread>

#include "kernels/error.hpp"
#include "twin/cli/command.hpp"
#include "twin/cli/interrupt.hpp"
#include "twin/cli/pace.hpp"
#include "twin/cli/pictures.hpp"
#include "twin/cli/progress.hpp"
#include "twin/cli/view_run.hpp"
#include "twin/electric/electric_run.hpp"
#include "twin/recording/electric_summary.hpp"
#include "twin/recording/run_folder.hpp"
#include "twin/recording/write_file.hpp"
#include "twin/scenario/check.hpp"
#include "twin/scenario/reader.hpp"
#include "twin/scenario/resolved.hpp"
#include "twin/stepping/drive_check.hpp"
#include "twin/units.hpp"
#ifdef JT_SCREEN
#include "viz/screen/data/folder_source.hpp"
#include "viz/screen/data/live_feed.hpp"
#endif

namespace jt::cli {
namespace {

struct RunArguments {
    std::string scenario, folder, device, resume;
    std::vector<std::string> sets;
    std::optional<double> rate;
    bool json = false, view = false;
    double pace() const { return rate.value_or(view ? 1.0 : 0.0); }
};

#ifndef JT_SCREEN
class LiveFeed;  // none: built without a screen
#endif

std::string celsius_text(double kelvin) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f degC", kelvin - 273.15);
    return text;
}

void print(const ElectricRun& run, const Backend& backend, const std::filesystem::path& folder) {
    const ElectricReport& r = run.report;
    std::printf("%zu cells on %s: %d iterations, %.2f s\n", run.bed.extents.count(), backend.name().c_str(), r.solve.iterations,
                run.wall_s);
    std::printf("  voltage     %s\n  current     %s\n  resistance  %s\n  power       %s (contacts %s)\n",
                format_for_people(r.voltage, Dimension::voltage).c_str(),
                format_for_people(r.current, Dimension::current).c_str(),
                format_for_people(r.resistance, Dimension::resistance).c_str(),
                format_for_people(r.power, Dimension::power).c_str(), format_for_people(r.contact_W, Dimension::power).c_str());
    std::printf("  crowding    |J|/J0 %.4g (99 %%), %.4g (most); J0 %.4g A/m^2\n", r.crowding, r.crowding_max, r.J0_A_per_m2);
    std::printf("  closure     power %.1e, current %.1e\n", r.closure_relative, r.current_balance_relative);
    for (const auto& [name, value] : run.probes)
        value ? std::printf("  probe %s  %.6g\n", name.c_str(), *value)
              : std::printf("  probe %s  no value: it stands in nothing that conducts\n", name.c_str());
    std::printf("  written to %s\n", folder.string().c_str());
}

void print(const CoupledRun& run, const Backend& backend, const std::filesystem::path& folder) {
    const auto peak = [&](auto member) {
        double most = 0.0;
        for (const RunRecord& r : run.records) most = std::max(most, r.*member);
        return most;
    };
    if (run.steady)
        std::printf("%zu cells on %s: steady state in %.2f s\n", run.bed.extents.count(), backend.name().c_str(), run.wall_s);
    else
        std::printf("%zu cells on %s: %d steps, %s in %.1f s (%.2f x real time)\n", run.bed.extents.count(),
                    backend.name().c_str(), run.steps, format_for_people(run.simulated_s, Dimension::time).c_str(), run.wall_s,
                    run.simulated_s / std::max(run.wall_s, 1e-9));
    if (!run.records.empty()) {
        const RunRecord& last = run.records.back();
        std::printf("  hottest     %s; mean of the bed at most %s, at the end %s\n",
                    celsius_text(peak(&RunRecord::T_max_K)).c_str(), celsius_text(peak(&RunRecord::T_mean_K)).c_str(),
                    celsius_text(last.T_mean_K).c_str());
        if (peak(&RunRecord::current_A) > 0.0)
            std::printf("  current     at most %s, power at most %s\n",
                        format_for_people(peak(&RunRecord::current_A), Dimension::current).c_str(),
                        format_for_people(peak(&RunRecord::power_W), Dimension::power).c_str());
        for (const auto& [name, value] : last.probes)
            value ? std::printf("  probe %s  %.6g at the end\n", name.c_str(), *value)
                  : std::printf("  probe %s  no value at the end\n", name.c_str());
    }
    const char* unit = run.steady ? "W" : "J";
    std::printf("  energy      in %.6g %s, stored %.6g %s, lost %.6g %s; residual %.1e, current balance %.1e\n",
                run.energy.electrical_J + run.energy.source_J, unit, run.energy.stored_J, unit, run.energy.lost_J, unit,
                run.energy_residual_relative, run.current_balance_relative);
    for (const RunEvent& event : run.events) std::printf("  %8.2f s  %s\n", event.time_s, event.text.c_str());
    std::printf("  written to %s\n", folder.string().c_str());
}

// Recording, progress, pace and Ctrl-C of a run; with a feed also what the screen sees and commands.
class Watch final : public RunObserver {
public:
    Watch(RunFolder& folder, double rate, LiveFeed* feed)
        : folder_(folder), feed_(feed), rate_(rate), duration_(folder.scenario().run.duration) {}

    void starting(Coupled& twin) override {
        folder_.starting(twin);
        if (!folder_.state())
            for (const auto& warning : drive_warnings(twin, folder_.scenario())) spdlog::warn("{}", warning);
        twin_ = &twin;
        from_ = twin.time();
        start_ = std::chrono::steady_clock::now();
        pace_.start(from_, rate_);
    }
    bool stepped(const CoupledRun& run) override {
        progress_.show(duration_ > 0.0 ? time_of(run) / duration_ : 0.0, text_of(run));
        pace_.keep(
            twin_->time(), [this] { return rate(); }, [this] { return stopped(); });
        return !stopped();
    }
    bool recorded(const CoupledRun& run, const RunRecord& record, RunFields& fields) override {
        const bool going = folder_.recorded(run, record, fields);
#ifdef JT_SCREEN
        if (feed_) feed_->recorded(run, record, fields);
#endif
        return going && !stopped();
    }
#ifdef JT_SCREEN
    bool wants_sample(double t) override {
        return feed_ && feed_->wants_sample(t);
    }
    void sampled(const CoupledRun& run, const RunRecord& record, RunFields& fields) override {
        feed_->sampled(run, record, fields);
    }
#endif
    bool wants_state() override {
        return folder_.wants_state();
    }
    void keep_state(const ArchiveMap& state) override {
        folder_.keep_state(state);
    }
    void end() {
        progress_.end();
    }

private:
    static double time_of(const CoupledRun& run) {
        return run.records.empty() ? 0.0 : run.records.back().time_s;
    }
    std::string text_of(const CoupledRun& run) const {
        if (run.records.empty()) return "";
        const RunRecord& r = run.records.back();
        const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
        char text[160];
        std::snprintf(text, sizeof text, "t %.1f of %.4g s  %.2f x real time  T max %.0f degC  %.2f A  %.2f V", r.time_s,
                      duration_, (r.time_s - from_) / std::max(wall, 1e-3), r.T_max_K - 273.15, r.current_A, r.voltage_V);
        return text;
    }
    bool stopped() const {
#ifdef JT_SCREEN
        if (feed_ && feed_->stop_commanded()) return true;
#endif
        return interrupted();
    }
    double rate() const {
#ifdef JT_SCREEN
        if (feed_) {
            const double commanded = feed_->commanded_rate();
            feed_->confirm_rate(commanded);
            return commanded;
        }
#endif
        return rate_;
    }

    RunFolder& folder_;
    [[maybe_unused]] LiveFeed* feed_;
    Progress progress_;
    Pace pace_;
    Coupled* twin_ = nullptr;
    double rate_, duration_, from_ = 0.0;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

void run_electric_to(const std::filesystem::path& folder, const Scenario& scenario, const RunArguments& o) {
    const auto backend = open_device(o.device);
    const ElectricRun result = run_electric(*backend, scenario);
    for (const auto& finding : result.findings) spdlog::warn("{}", finding);
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

// Throws SolveError for a run that has failed, when all is written.
void run_coupled_to(RunFolder folder, Backend& backend, const RunArguments& o, Outcome& outcome, LiveFeed* feed = nullptr) {
    for (const auto& note : folder.notes()) spdlog::warn("{}", note);
    Watch watch(folder, o.pace(), feed);
    const CoupledRun result = run_coupled(backend, folder.scenario(), watch, folder.state());
    watch.end();
#ifdef JT_SCREEN
    if (feed) feed->ended(result);
#endif
    for (const auto& finding : result.findings) spdlog::warn("{}", finding);
    if (!write_run_pictures(folder.path(), folder.scenario(), result, folder.fields()))
        spdlog::info("built without pictures (JT_FIGURES)");
    const std::string summary = folder.finish(result, backend);
#ifdef JT_SCREEN
    if (feed) feed->recorded_in(folder.path().string());
#endif
    if (o.json)
        std::cout << summary;
    else
        print(result, backend, folder.path());
    if (result.failure) throw SolveError(*result.failure + "; what was computed before is in " + folder.path().string());
    if (result.interrupted) {
        spdlog::warn("interrupted at {} s; `jouletwin run --resume {}` goes on", result.simulated_s, folder.path().string());
        outcome.exit_code = 130;
    }
}

// Beside a screen where that is asked for.
void start_coupled(RunFolder folder, Backend& backend, const RunArguments& o, Outcome& outcome) {
    catch_interrupts();
#ifdef JT_SCREEN
    if (o.view) {
        const std::string path = folder.path().string(), set = backend.instruction_set();
        const std::string name = std::filesystem::absolute(folder.path()).lexically_normal().filename().string();
        LiveFeed feed(folder.scenario(), {name, path, backend.name() + (set.empty() ? "" : " " + set), o.pace()});
        const auto source = feed.source();
        run_with_screen(*source, "jouletwin: " + name, path, [&] {
            try {
                run_coupled_to(std::move(folder), backend, o, outcome, &feed);
            } catch (const std::exception& error) {
                feed.failed(error.what());
                throw;
            }
        });
        return;
    }
#endif
    run_coupled_to(std::move(folder), backend, o, outcome);
}

void run(const RunArguments& o, Outcome& outcome) {
    if (!o.resume.empty()) {
        const auto backend = open_device(o.device);
        start_coupled(RunFolder::resume(o.resume, *backend), *backend, o, outcome);
        return;
    }
    const Scenario scenario = read_scenario(o.scenario, o.sets);
    for (const auto& warning : check_warnings(scenario)) spdlog::warn("{}", warning);
    const std::filesystem::path folder = o.folder.empty()
                                             ? std::filesystem::path("runs") / std::filesystem::path(o.scenario).stem()
                                             : std::filesystem::path(o.folder);
    if (scenario.run.solve == RunSpec::Solve::current) {
        if (o.rate.value_or(0.0) > 0.0) throw InputError("--rate: run.solve = \"current\" has no time; allowed: 0");
#ifdef JT_SCREEN
        if (o.view) {
            catch_interrupts();
            const auto source = open_folder(folder);
            run_with_screen(*source, "jouletwin: " + folder.string(), folder.string(),
                            [&] { run_electric_to(folder, scenario, o); });
            return;
        }
#endif
        run_electric_to(folder, scenario, o);
        return;
    }
    const auto backend = open_device(o.device);
    start_coupled(RunFolder::create(folder, resolved_toml(scenario), *backend), *backend, o, outcome);
}

}  // namespace

void add_run(CLI::App& app, Outcome& outcome) {
    auto* command = app.add_subcommand("run", "Run a scenario and leave a run folder: time series, fields, summary, pictures");
    auto o = std::make_shared<RunArguments>();
    auto* scenario = command->add_option("SCENARIO", o->scenario, "scenario file (TOML); `jouletwin schema` lists its keys");
    auto* output = command->add_option("-o,--output", o->folder, "run folder; default runs/NAME of the scenario file");
    auto* sets = command
                     ->add_option("--set", o->sets,
                                  "key=value in TOML, e.g. heater.program=\"5 A\" or bed.region[0].material=\"copper\"")
                     ->take_all()
                     ->expected(1);
    auto* resume = command->add_option("--resume", o->resume, "go on with the run in this folder, to the last bit the same");
    resume->excludes(scenario)->excludes(output)->excludes(sets);
    command
        ->add_option("--rate", o->rate,
                     "simulated seconds in a second: 0 as fast as possible (default), 1 wall time (default with --view)")
        ->check(CLI::Range(0.0, 1e6));
#ifdef JT_SCREEN
    command->add_flag("--view", o->view, "show the run on a screen while it goes on, and afterwards until it is closed");
#endif
    command->add_flag("--json", o->json, "print the summary as JSON");
    add_device_option(*command, o->device);
    command->callback([o, scenario, &outcome] {
        if (o->resume.empty() && scenario->count() == 0)
            throw InputError("run: SCENARIO is missing; allowed: a scenario file, or --resume DIR");
        run(*o, outcome);
    });
}

}  // namespace jt::cli
