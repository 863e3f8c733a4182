// SPDX-License-Identifier: Apache-2.0
#include <spdlog/spdlog.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernels/error.hpp"
#include "twin/cli/command.hpp"
#include "twin/cli/interrupt.hpp"
#include "twin/scenario/reader.hpp"
#include "twin/scenario/resolved.hpp"
#include "twin/units.hpp"
#ifdef JT_BRIDGE
#include "bridge/heater/heater_service.hpp"
#include "bridge/heater/wire_port.hpp"
#include "bridge/wire/endpoint.hpp"
#include "bridge/wire/frame.hpp"
#include "bridge/wire/wire_context.hpp"
#include "twin/cli/security_options.hpp"
#endif

namespace jt::cli {
#ifdef JT_BRIDGE
namespace {

struct HeaterArguments {
    std::string scenario, hidden, log, truth, device, publish, commands;
    Security security;
    std::vector<std::string> sets, faults;
    double rate = 1.0;
    bool start = false, once = false;
    std::uint64_t seed = 1;
};

// Every problem of the scenario's companions at once.
template <class Read>
auto collect(std::vector<std::string>& problems, Read read) -> decltype(read()) {
    try {
        return read();
    } catch (const InputError& error) {
        problems.insert(problems.end(), error.problems.begin(), error.problems.end());
    }
    return {};
}

// A twin works beside a heater that keeps wall time, and would wait for its cores while threads of the plant wait for each
// other: half of them, unless the user has said how many.
void share_cores() {
#ifdef _OPENMP
    if (!std::getenv("OMP_NUM_THREADS")) omp_set_num_threads(std::max(1, omp_get_max_threads() / 2));
#endif
}

void heat(const HeaterArguments& o, Outcome& outcome) {
    const bool wired = !o.publish.empty() || !o.commands.empty();
    if (!wired && !o.start)
        throw InputError("heater: nothing starts it; allowed: --start, or --publish ENDPOINT and a command by the network");
    const Scenario scenario = read_scenario(o.scenario, o.sets);
    std::vector<std::string> problems;
    const Hidden hidden = collect(problems, [&] { return o.hidden.empty() ? Hidden{} : read_hidden(o.hidden, scenario); });
    VirtualHeaterOptions options;
    options.plant.faults = collect(problems, [&] { return parse_faults(o.faults, scenario); });
    WirePortOptions ends;
    ends.publish = o.publish.empty() ? std::string(kSensorsEndpoint) : o.publish;
    ends.commands = o.commands.empty() ? std::string(kCommandsEndpoint) : o.commands;
    collect(problems, [&] { return parse_endpoint(ends.publish, "--publish", true); });
    collect(problems, [&] { return parse_endpoint(ends.commands, "--commands", true); });
    if (!problems.empty()) throw InputError(problems);

    // Sockets first: a port that is taken is told before the plant is made.
    options.epoch = new_epoch();
    std::optional<WireContext> context;
    std::optional<WirePort> wire;
    if (wired) {
        context.emplace(read_keys(o.security));
        ends.epoch = options.epoch, ends.title = scenario.title, ends.scenario_toml = resolved_toml(scenario);
        wire.emplace(*context, ends);
        spdlog::info("readings at {}, commands at {}", wire->readings_endpoint(), wire->commands_endpoint());
    }
    if (wired && o.rate > 0.0) share_cores();
    const auto backend = open_device(o.device);
    options.plant.seed = o.seed;
    VirtualHeater heater(*backend, scenario, hidden, options);
    std::optional<ReadingLog> readings;
    std::optional<TruthLog> truth;
    if (!o.log.empty()) readings.emplace(o.log);
    if (!o.truth.empty()) truth.emplace(o.truth, hidden_text(hidden, scenario, heater.plant().reference_temperature()));
    catch_interrupts();
    if (!o.start) spdlog::info("idle until it is told to start");
    heater.set_clock(unix_ns());  // it starts here: making the plant took its time
    NoPort nobody;
    HeaterPort& port = wire ? static_cast<HeaterPort&>(*wire) : nobody;
    ServiceOptions service;
    service.rate = o.rate;
    service.start = o.start;
    service.once = o.once;
    service.notice = [](const std::string& line) { spdlog::info("{}", line); };
    serve(heater, port, readings ? &*readings : nullptr, truth ? &*truth : nullptr, service, interrupted);
    if (interrupted()) outcome.exit_code = 130;
}

}  // namespace

void add_heater(CLI::App& app, Outcome& outcome) {
    auto* command = app.add_subcommand("heater", "A virtual heater: a plant with hidden properties, noisy sensors, faults");
    auto o = std::make_shared<HeaterArguments>();
    command->add_option("SCENARIO", o->scenario, "scenario file (TOML), as everybody else knows it")->required();
    command->add_option("--publish", o->publish,
                        "where readings and status are published; default tcp://127.0.0.1:5701 beside --commands; without the "
                        "two nobody hears or "
                        "commands it");
    command->add_option("--commands", o->commands, "where commands are taken; default tcp://127.0.0.1:5704 beside --publish");
    command->add_option("--hidden", o->hidden, "file of hidden truths (TOML), see below");
    command->add_option("--fault", o->faults, "what goes wrong and when, see below")->take_all()->expected(1);
    command->add_option("--log", o->log, "CSV of every reading sent");
    command->add_option("--truth", o->truth, "CSV of the true parameters and temperatures");
    command->add_option("--rate", o->rate, "seconds of the plant in a second: 1 wall time (default), 0 as fast as possible")
        ->check(CLI::Range(0.0, 1e6));
    command->add_flag("--start", o->start, "start the program at once, without a command");
    command->add_flag("--once", o->once, "end when the run has ended");
    command->add_option("--seed", o->seed, "of noise and delivery; default 1")->check(without_sign());
    command->add_option("--set", o->sets, "key=value in TOML, as for run")->take_all()->expected(1);
    add_device_option(*command, o->device);
    add_security_options(*command, o->security, {.binds = true, .connects = false});
    command->footer([] { return fault_grammar() + "\n" + hidden_keys_text(); });
    command->callback([o, &outcome] { heat(*o, outcome); });
}
#else
void add_heater(CLI::App&, Outcome&) {}
#endif

}  // namespace jt::cli
