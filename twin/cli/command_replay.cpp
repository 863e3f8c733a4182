// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include "kernels/error.hpp"
#include "twin/cli/command.hpp"
#include "twin/cli/filter_options.hpp"
#include "twin/cli/interrupt.hpp"
#include "twin/cli/pace.hpp"
#include "twin/cli/pictures.hpp"
#include "twin/cli/progress.hpp"
#include "twin/cli/view_run.hpp"
#include "twin/scenario/reader.hpp"
#include "twin/scenario/resolved.hpp"
#ifdef JT_BRIDGE
#include "bridge/live/live_worker.hpp"
#include "bridge/live/replay_log.hpp"
#include "bridge/live/twin_outlet.hpp"
#include "bridge/wire/wire_context.hpp"
#endif
#if defined(JT_BRIDGE) && defined(JT_SCREEN)
#include "twin/cli/wire_link.hpp"
#include "viz/screen/data/run_source.hpp"
#endif

namespace jt::cli {
#ifdef JT_BRIDGE
namespace {

struct ReplayArguments {
    std::string log, scenario, folder, device;
    std::vector<std::string> sets, channels, of_table;  // of_table: options given that a run's folder has no use for
    std::optional<double> rate;
    int members = 16;
    FilterArguments filter;
    std::uint64_t seed = 1;
    bool view = false;
    double pace() const { return rate.value_or(view ? 1.0 : 0.0); }
};

// First line in which two files differ, 0: none does.
long first_difference(const std::filesystem::path& a, const std::filesystem::path& b) {
    std::ifstream one(a, std::ios::binary), other(b, std::ios::binary);
    for (long n = 1;; ++n) {
        std::string x, y;
        const bool more = bool(std::getline(one, x)), more_there = bool(std::getline(other, y));
        if (!more && !more_there) return 0;
        if (more != more_there || x != y) return n;
    }
}

class Player {
public:
    Player(const ReplayArguments& o, Outcome& outcome) : o_(o), outcome_(outcome), path_(o.log) {
        recorded_ = std::filesystem::is_directory(path_);
        if (!recorded_ && !std::filesystem::exists(path_))
            throw InputError("replay: " + o.log +
                             ": no such file or folder; allowed: a live run's folder, a table of readings, a "
                             "data logger's file");
        if (recorded_ && !o.scenario.empty()) throw InputError("replay: --scenario: a run's folder has its own");
        if (recorded_ && !o.sets.empty()) throw InputError("replay: --set: a run is replayed as it was");
        if (recorded_ && !o.of_table.empty())
            throw InputError("replay: " + o.of_table.front() + ": belongs to a table of readings; a run is replayed as it was");
        if (!recorded_ && o.scenario.empty())
            throw InputError("replay: " + o.log + ": --scenario is missing: whose readings are they?");
        const std::filesystem::path file = recorded_ ? path_ / "scenario.toml" : std::filesystem::path(o.scenario);
        scenario_ = read_scenario(file.string(), o.sets);
        log_ = open_log();
        folder_ = !o.folder.empty() ? std::filesystem::path(o.folder)
                  : recorded_       ? std::filesystem::path(path_.lexically_normal().string() + "-replay")
                                    : std::filesystem::path("runs") / (path_.stem().string() + "_replay");
        if (recorded_ && std::filesystem::weakly_canonical(folder_) == std::filesystem::weakly_canonical(path_))
            throw InputError("replay: -o " + folder_.string() + ": is the run itself");
    }

    void run() {
        const auto backend = open_device(o_.device);
        catch_interrupts();
#ifdef JT_SCREEN
        if (o_.view) {
            WireContext context;
            OutletOptions options;
            options.publish = options.requests = "tcp://127.0.0.1:*";
            options.fields = live_fields(scenario_);
            options.title = scenario_.title, options.scenario_toml = resolved_toml(scenario_), options.device = backend->name();
            outlet_ = std::make_unique<TwinOutlet>(context, options);
            const std::string requests = outlet_->requests_endpoint();
            const auto source = open_remote(
                requests, [&]() -> std::unique_ptr<TwinLink> { return std::make_unique<WireLink>(context, requests); });
            run_with_screen(*source, "jouletwin: replay", folder_.string(), [&] { play(*backend); });
            outlet_.reset();
            return;
        }
#endif
        play(*backend);
    }

private:
    std::unique_ptr<ReplayLog> open_log() {
        if (recorded_) return open_frames(path_ / kFrameLogName, scenario_);
        TableReplayOptions table;
        std::vector<std::string> problems;
        for (const std::string& one : o_.channels) try {
                table.columns.choose(one);
            } catch (const InputError& error) {
                problems.push_back(error.what());
            }
        if (!problems.empty()) throw InputError(problems);
        return open_table(path_, scenario_, table);
    }

    void play(Backend& backend) {
        WorkerOptions options;
        const BeginMark& begin = log_->begin();
        options.twin.members = recorded_ ? begin.members : o_.members;
        options.twin.seed = recorded_ ? begin.seed : o_.seed;
        options.twin.radius_m = recorded_ ? begin.radius_m : o_.filter.radius_m();
        options.twin.window_s = begin.window_s;
        options.scenario_toml = resolved_toml(scenario_);
        options.recorded = [](const LiveRecorder& recorder, const Scenario& of) {
            (void)write_run_pictures(recorder.folder(), of, recorder.run(), recorder.fields());
        };
        if (recorded_ && begin.version != JT_VERSION)
            spdlog::warn("the run was made by jouletwin {}, this is {}: it may not be the same to the last bit", begin.version,
                         JT_VERSION);
        LiveWorker worker(backend, scenario_, options);
        worker.begin(begin.run, folder_);
        Pace pace;
        pace.start(0.0, o_.pace());
        while (auto work = log_->next()) {
            if (interrupted()) break;
            if (outlet_) work->fields = outlet_->wanted_fields();
            const double to = work->batch.to_s;
            worker.put(std::move(*work));
            while (worker.waiting() > 1 && !interrupted()) {
                hear(worker);
                worker.wait(0.05);
            }
            hear(worker);
            pace.keep(
                to, [&] { return o_.pace(); },
                [&] {
                    hear(worker);
                    return interrupted();
                });
        }
        worker.end(interrupted(), {});
        while (!ended_ && trouble_.empty()) {
            worker.wait(0.1);
            hear(worker);
        }
        progress_.end();
        for (const auto& finding : log_->findings()) spdlog::warn("{}", finding);
        if (!trouble_.empty()) throw DiskError(trouble_);
        std::printf("written to %s\n", folder_.string().c_str());
        if (interrupted())
            outcome_.exit_code = 130;
        else
            compare();
    }

    void hear(LiveWorker& worker) {
        for (LiveWorker::Event& event : worker.take()) {
            if (event.result) {
                const TwinState& s = event.result->state;
                const double duration = scenario_.run.duration;
                char text[120];
                std::snprintf(text, sizeof text, "t %.1f s  T mean %.0f degC  NIS %.2f", s.run_s,
                              s.scalars.contains("T_mean_K") ? s.scalars.at("T_mean_K").value - 273.15 : 0.0, s.nis);
                progress_.show(duration > 0.0 ? s.run_s / duration : 0.0, text);
                for (const AlarmMessage& alarm : event.result->alarms) {
                    progress_.end();
                    spdlog::info("{:.1f} s: {}{}", alarm.run_s, alarm.active ? "" : "over: ", alarm.text);
                }
                if (outlet_) outlet_->publish(*event.result);
            }
            if (event.ended) ended_ = true;
            if (!event.trouble.empty()) trouble_ = event.trouble;
        }
        if (outlet_) outlet_->poll();
    }

    // Against what the live twin left.
    void compare() {
        if (!recorded_) return;
        const auto before = path_ / "estimates.csv";
        if (!std::filesystem::exists(before)) {
            spdlog::warn("{} is missing: nothing to compare with", before.string());
            return;
        }
        const long line = first_difference(before, folder_ / "estimates.csv");
        if (line == 0) {
            std::printf("the same to the last bit as the live run: %s\n", before.string().c_str());
            return;
        }
        std::printf("not the same as the live run: estimates.csv from line %ld on\n", line);
        outcome_.exit_code = 1;
    }

    const ReplayArguments& o_;
    Outcome& outcome_;
    std::filesystem::path path_, folder_;
    bool recorded_ = false, ended_ = false;
    Scenario scenario_;
    std::unique_ptr<ReplayLog> log_;
    std::unique_ptr<TwinOutlet> outlet_;
    Progress progress_;
    std::string trouble_;
};

}  // namespace

void add_replay(CLI::App& app, Outcome& outcome) {
    auto* command = app.add_subcommand(
        "replay", "Run a twin again on what was recorded: a live run's folder (to the last bit), or a table of readings");
    auto o = std::make_shared<ReplayArguments>();
    command->add_option("LOG", o->log, "folder of a live run, table of readings (heater --log), or data logger's file")
        ->required();
    command->add_option("--scenario", o->scenario, "scenario of a table's readings; a run's folder has its own");
    command->add_option("-o,--output", o->folder,
                        "run folder; default LOG-replay beside a folder, runs/NAME_replay of a table");
    command
        ->add_option("--rate", o->rate,
                     "seconds of the run in a second: 0 as fast as possible (default), 1 wall time (default with --view)")
        ->check(CLI::Range(0.0, 1e6));
#ifdef JT_SCREEN
    command->add_flag("--view", o->view, "show it on a screen");
#endif
    command->add_option("--members", o->members, "of a table: twins of the ensemble")
        ->check(CLI::Range(4, 256))
        ->capture_default_str();
    add_filter_options(*command, o->filter, "of a table: ");
    command->add_option("--seed", o->seed, "of a table: of the ensemble")->check(without_sign())->capture_default_str();
    command->add_option("--column", o->channels, "of a logger's file: ROLE=[-]NAME[:UNIT], as for lumped")
        ->take_all()
        ->expected(1);
    command->add_option("--set", o->sets, "key=value in TOML, of a table's scenario")->take_all()->expected(1);
    add_device_option(*command, o->device);
    command->callback([o, command, &outcome] {
        for (const char* option : {"--members", "--seed", "--filter", "--radius", "--column"})
            if (command->count(option) > 0) o->of_table.push_back(option);
        Player(*o, outcome).run();
    });
}
#else
void add_replay(CLI::App&, Outcome&) {}
#endif

}  // namespace jt::cli
