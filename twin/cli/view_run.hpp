// SPDX-License-Identifier: Apache-2.0
// A run and its screen in one program.
#pragma once
#include <functional>
#include <string>

namespace jt {
class RunSource;
}

namespace jt::cli {

// Makes the calling thread, and those it starts from now on, idle ones (nice ones where that is refused), so that drawing does
// not slow the steps of a run beside it.
void yield_to_simulation();

// Does `work` on a thread of its own and shows `source` on this one, until both have ended; throws what `work` threw. Closing
// the screen lets the work go on; without a display it is done without a screen, and both are said. `folder`: for the hint how
// to look at the run later.
void run_with_screen(RunSource& source, const std::string& title, const std::string& folder, const std::function<void()>& work);

}  // namespace jt::cli
