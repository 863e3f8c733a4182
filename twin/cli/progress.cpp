// SPDX-License-Identifier: Apache-2.0
#include "twin/cli/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace jt::cli {

Progress::Progress() : terminal_(isatty(STDERR_FILENO) == 1), next_(std::chrono::steady_clock::now()) {
    if (!terminal_) next_ += std::chrono::seconds(5);
}

void Progress::show(double share, const std::string& text) {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    const int percent = int(100.0 * std::clamp(share, 0.0, 1.0));
    if (terminal_) {
        constexpr int kBar = 24;
        const int full = kBar * percent / 100;
        std::fprintf(stderr, "\r\033[K[%s%s] %3d %%  %s", std::string(std::size_t(full), '#').c_str(),
                     std::string(std::size_t(kBar - full), '.').c_str(), percent, text.c_str());
        std::fflush(stderr);
        shown_ = true;
        next_ = now + std::chrono::milliseconds(200);
    } else {
        std::fprintf(stderr, "%3d %%  %s\n", percent, text.c_str());
        next_ = now + std::chrono::seconds(5);
    }
}

void Progress::end() {
    if (!shown_) return;
    std::fprintf(stderr, "\r\033[K");
    std::fflush(stderr);
    shown_ = false;
}

}  // namespace jt::cli
