// SPDX-License-Identifier: Apache-2.0
#include "twin/cli/view_run.hpp"

#ifdef JT_SCREEN
#include <omp.h>
#include <sched.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <exception>
#include <thread>

#include "kernels/error.hpp"
#include "twin/cli/interrupt.hpp"
#include "viz/screen/data/run_source.hpp"
#include "viz/screen/gl/screen_app.hpp"

namespace jt::cli {

namespace {

constexpr int kLowest = 19;

// Until it is closed or the program is interrupted. Throws DeviceError where there is nothing to show it on.
void show_screen(RunSource& source, const std::string& title, const std::string& folder) {
    Settings settings;
    ShowOptions options;
    options.title = title;
    settings.restore(options.session.view, folder);
    options.session.view.bookmarks.clear();  // of the run that was in this folder before
    options.session.settings = &settings;
    options.interrupted = interrupted;
    ShowStatistics shown;
    options.statistics = &shown;
    show(source, options);
    if (shown.frames > 0)
        spdlog::info("screen: {} frames in {:.1f} s, {:.0f} ms each, the slowest {:.0f} ms; {}", shown.frames, shown.wall_s,
                     1e3 * shown.frames_s / shown.frames, 1e3 * shown.slowest_frame_s, shown.renderer);
}

}  // namespace

void yield_to_simulation() {
    // Of one thread: Linux takes the thread's number for a process. Refused, it is drawn as fast as before. An idle thread
    // is interrupted at once by any other; one that is merely nice keeps its core for its slice of some milliseconds.
    const sched_param none{};
    if (::sched_setscheduler(::gettid(), SCHED_IDLE, &none) != 0) (void)::setpriority(PRIO_PROCESS, id_t(::gettid()), kLowest);
}

// The threads of OpenMP are the run's: the runtime lets waiting threads spin only while there are no more of them than cores,
// and a second team, were it only idle, made every step 1.5 times longer.
void leave_openmp_to_simulation() {
    omp_pause_resource_all(omp_pause_hard);  // the team this thread may have had
    omp_set_num_threads(1);                  // of regions that this thread enters
}

void run_with_screen(RunSource& source, const std::string& title, const std::string& folder,
                     const std::function<void()>& work) {
    leave_openmp_to_simulation();
    std::exception_ptr thrown;
    std::atomic<bool> ended{false};
    std::jthread simulation([&] {
        try {
            work();
        } catch (...) {
            thrown = std::current_exception();
        }
        ended = true;
    });
    yield_to_simulation();  // after the run's thread has been started
    try {
        show_screen(source, title, folder);
        if (!ended && !interrupted()) spdlog::info("the screen is closed; the run goes on");
    } catch (const DeviceError& error) {
        spdlog::warn("no screen: {}; the run goes on without. `jouletwin view {} --screenshot PICTURE.png` makes a picture",
                     error.what(), folder);
    }
    simulation.join();
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace jt::cli
#endif
