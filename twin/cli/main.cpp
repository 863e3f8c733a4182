// SPDX-License-Identifier: Apache-2.0
// jouletwin: the one program. Exit codes: 0 done; 1 a verify or comparison failed; 2 bad input; 3 device; 4 did not converge;
// 5 disk; 6 network; 130 interrupted.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "kernels/backend.hpp"
#include "kernels/error.hpp"
#include "twin/cli/command.hpp"

namespace jt::cli {

CLI::Validator without_sign() {
    const auto check = [](std::string& text) -> std::string {
        const bool digits = !text.empty() && text.size() <= 18 &&
                            std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
        return digits ? "" : "found " + text + "; allowed: whole numbers below 1e18";
    };
    return {check, ""};
}

void add_device_option(CLI::App& command, std::string& device) {
    command
        .add_option("--device", device,
                    "auto | cpu | cuda | mirror | mirror-reversed (the last two test kernels without a GPU)")
        ->default_val("auto");
}

std::unique_ptr<Backend> open_device(const std::string& device) {
    if (device == "auto") spdlog::info("{}", explain_auto_device());
    return make_backend(device);
}

namespace {

int report(const char* kind, const std::exception& error, int code) {
    std::string line;
    for (const char* p = error.what();; ++p) {
        if (*p && *p != '\n') {
            line += *p;
            continue;
        }
        spdlog::error("{}{}", kind, line);
        line.clear();
        if (!*p) return code;
    }
}

// Threads of OpenMP that wait for each other spin first, by default for milliseconds: where another program wants the core,
// that time is lost at every barrier (a 64^3 solve beside two busy programs took 40 times longer). The runtime reads its limit
// before main, hence the second start. A user's own setting stands.
void bound_spinning(char** argv) {
    if (std::getenv("GOMP_SPINCOUNT") || std::getenv("OMP_WAIT_POLICY")) return;
    if (setenv("GOMP_SPINCOUNT", "2000", 1) == 0) execv("/proc/self/exe", argv);  // comes back only where it cannot
}

int run(int argc, char** argv) {
    CLI::App app{"jouletwin: digital twin of a Joule heater. Solves the current through a voxelised bed."};
    app.set_version_flag("--version", JT_VERSION);
    app.require_subcommand(1);
    app.fallthrough(false);
    Outcome outcome;
    add_map(app, outcome);
    add_run(app, outcome);
    add_view(app, outcome);
    add_heater(app, outcome);
    add_live(app, outcome);
    add_replay(app, outcome);
    add_experiment(app, outcome);
    add_report(app, outcome);
    add_check(app, outcome);
    add_schema(app, outcome);
    add_keygen(app, outcome);
    add_lumped(app, outcome);
    add_orientation(app, outcome);
    add_verify(app, outcome);
    add_bench(app, outcome);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        const int code = app.exit(e);  // prints help, version or what was wrong
        return code == 0 ? 0 : 2;
    }
    return outcome.exit_code;
}

}  // namespace
}  // namespace jt::cli

int main(int argc, char** argv) {
    using namespace jt;
    cli::bound_spinning(argv);
    spdlog::set_default_logger(spdlog::stderr_color_mt("jouletwin"));
    spdlog::set_pattern("%^%l%$: %v");
    try {
        return cli::run(argc, argv);
    } catch (const InputError& e) {
        return cli::report("", e, 2);
    } catch (const DeviceError& e) {
        return cli::report("", e, 3);
    } catch (const SolveError& e) {
        return cli::report("", e, 4);
    } catch (const DiskError& e) {
        return cli::report("", e, 5);
    } catch (const NetworkError& e) {
        return cli::report("", e, 6);
    } catch (const std::bad_alloc& e) {
        return cli::report("not enough memory: ", e, 2);
    } catch (const std::exception& e) {
        return cli::report("internal error: ", e, 70);
    }
}
