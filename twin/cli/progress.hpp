// SPDX-License-Identifier: Apache-2.0
// Progress of long work on standard error: one line that renews itself on a terminal, plain lines otherwise.
#pragma once
#include <chrono>
#include <string>

namespace jt::cli {

class Progress {
public:
    Progress();
    // Share done (0..1) and a short text; shown 5 times a second on a terminal, else every 5 s.
    void show(double share, const std::string& text);
    void end();  // leaves the terminal's line

private:
    bool terminal_, shown_ = false;
    std::chrono::steady_clock::time_point next_;
};

}  // namespace jt::cli
