// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "kernels/error.hpp"
#include "twin/cli/command.hpp"
#include "twin/cli/interrupt.hpp"
#include "twin/cli/pictures.hpp"
#include "twin/cli/progress.hpp"
#include "twin/cli/view_run.hpp"
#include "twin/scenario/check.hpp"
#include "twin/scenario/reader.hpp"
#include "twin/scenario/resolved.hpp"
#ifdef JT_BRIDGE
#include "bridge/live/live_service.hpp"
#include "bridge/wire/wire_context.hpp"
#include "twin/cli/filter_options.hpp"
#include "twin/cli/security_options.hpp"
#endif
#if defined(JT_BRIDGE) && defined(JT_SCREEN)
#include "twin/cli/wire_link.hpp"
#include "viz/screen/data/run_source.hpp"
#endif

namespace jt::cli {
#ifdef JT_BRIDGE
namespace {

struct LiveArguments {
    std::string scenario, folder, device;
    std::vector<std::string> sets;
    LiveServiceOptions live;
    FilterArguments filter;
    Security security;
    bool view = false;
};

// The line of progress of a live twin.
class LiveLine {
public:
    explicit LiveLine(double duration) : duration_(duration) {}
    void show(const TwinState& s) {
        char text[160];
        const auto value = [&](const char* name) { return s.scalars.contains(name) ? s.scalars.at(name) : Estimate{}; };
        const Estimate mean = value("T_mean_K"), max = value("T_max_K");
        std::snprintf(text, sizeof text, "t %.1f s  T mean %.0f +- %.0f degC  T max %.0f degC  NIS %.2f  %.2g x real time  %s",
                      s.run_s, mean.value - 273.15, mean.high - mean.value, max.value - 273.15, s.nis, s.realtime_factor,
                      s.message.c_str());
        progress_.show(duration_ > 0.0 ? s.run_s / duration_ : 0.0, text);
    }
    void end() { progress_.end(); }

private:
    double duration_;
    Progress progress_;
};

void serve(const LiveArguments& o, Outcome& outcome) {
    const Scenario scenario = read_scenario(o.scenario, o.sets);
    if (scenario.run.solve != RunSpec::Solve::coupled || scenario.run.steady)
        throw InputError(
            "live: run.steady and run.solve = \"current\" have no time; allowed: a coupled run, which a twin follows");
    for (const auto& warning : check_warnings(scenario))
        if (!warning.starts_with("sensor "))
            spdlog::warn("{}", warning);  // of sensors that a run without a heater leaves unread
    const Keys keys = read_keys(o.security);
    WireContext context(keys);
    const auto backend = open_device(o.device);
    LiveServiceOptions live = o.live;
    live.radius_m = o.filter.radius_m();
    live.folder = o.folder.empty()
                      ? std::filesystem::path("runs") / (std::filesystem::path(o.scenario).stem().string() + "_live")
                      : std::filesystem::path(o.folder);
    LiveLine line(scenario.run.duration);
    live.notice = [&](const std::string& text) {
        line.end();
        spdlog::info("{}", text);
    };
    live.progress = [&](const TwinState& s) { line.show(s); };
    live.recorded = [](const LiveRecorder& recorder, const Scenario& of) {
        if (!write_run_pictures(recorder.folder(), of, recorder.run(), recorder.fields()))
            spdlog::info("built without pictures (JT_FIGURES)");
    };
    LiveService service(context, *backend, scenario, resolved_toml(scenario), live);
    spdlog::info("sensors {}, predictions at {}, requests at {}", live.sensors.front(), service.predictions_endpoint(),
                 service.requests_endpoint());
    catch_interrupts();
    const auto work = [&] {
        service.run(interrupted);
        line.end();
        const auto latency = service.latency_s();
        if (latency[2] > 0.0)
            spdlog::info("from a reading's arrival to a state with it: median {:.0f} ms, 99 % {:.0f} ms, longest {:.0f} ms",
                         1e3 * latency[0], 1e3 * latency[1], 1e3 * latency[2]);
    };
#ifdef JT_SCREEN
    if (o.view) {
        const auto source = open_remote(service.requests_endpoint(), [&]() -> std::unique_ptr<TwinLink> {
            return std::make_unique<WireLink>(context, service.requests_endpoint());
        });
        run_with_screen(*source, "jouletwin: live", live.folder->string(), work);
        if (interrupted()) outcome.exit_code = 130;
        return;
    }
#endif
    work();
    if (interrupted()) outcome.exit_code = 130;
}

}  // namespace

void add_live(CLI::App& app, Outcome& outcome) {
    auto* command = app.add_subcommand(
        "live", "A twin beside a heater: takes its sensors in, corrects itself, looks ahead, serves screens and controllers");
    auto o = std::make_shared<LiveArguments>();
    command->add_option("SCENARIO", o->scenario, "scenario file (TOML) of the heater and its bed")->required();
    command->add_option("--sensors", o->live.sensors, "where readings are published; may be given more than once")
        ->take_all()
        ->expected(1)
        ->capture_default_str();
    command->add_option("--heater", o->live.heater, "where the heater takes commands; without it the twin hands none on");
    command->add_option("--publish", o->live.publish, "where states, forecasts, fields and alarms are published")
        ->capture_default_str();
    command->add_option("--requests", o->live.requests, "where requests are answered; what `view --attach` takes")
        ->capture_default_str();
    command->add_option("-o,--output", o->folder,
                        "run folder of the heater's first run, default runs/NAME_live; later runs get -2, -3 ... behind it");
    command->add_option("--members", o->live.members, "twins of the ensemble")
        ->check(CLI::Range(4, 256))
        ->capture_default_str();
    command->add_option("--window", o->live.window_s, "readings are taken in together for so long [s]")
        ->check(CLI::Range(0.05, 1.0))
        ->capture_default_str();
    add_filter_options(*command, o->filter);
    command->add_option("--seed", o->live.seed, "of the ensemble")->check(without_sign())->capture_default_str();
    command->add_flag("--once", o->live.once, "end when the heater's first run has ended");
#ifdef JT_SCREEN
    command->add_flag("--view", o->view, "show the twin on a screen");
#endif
    command->add_option("--set", o->sets, "key=value in TOML, as for run")->take_all()->expected(1);
    add_device_option(*command, o->device);
    add_security_options(*command, o->security);
    command->callback([o, &outcome] { serve(*o, outcome); });
}
#else
void add_live(CLI::App&, Outcome&) {}
#endif

}  // namespace jt::cli
