// SPDX-License-Identifier: Apache-2.0
// A display of its own for tests of the window (Xvfb), so that they neither need nor disturb a desktop.
#pragma once
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>

namespace jt {

class VirtualDisplay {
public:
    VirtualDisplay() {
        int ends[2];
        if (::pipe(ends) != 0) return;
        pid_ = ::fork();
        if (pid_ == 0) {
            ::close(ends[0]);
            const int quiet = ::open("/dev/null", O_WRONLY);
            ::dup2(quiet, 2);
            const std::string number = std::to_string(ends[1]);
            ::execlp("Xvfb", "Xvfb", "-displayfd", number.c_str(), "-screen", "0", "1920x1080x24", "-nolisten", "tcp",
                     static_cast<char*>(nullptr));
            ::_exit(127);
        }
        ::close(ends[1]);
        // It writes its number when it is ready, and closes the pipe when it cannot start.
        std::string text;
        pollfd ready{ends[0], POLLIN, 0};
        char c = 0;
        while (::poll(&ready, 1, 30000) > 0 && ::read(ends[0], &c, 1) == 1 && c != '\n') text += c;
        ::close(ends[0]);
        if (c != '\n' || text.empty()) return;
        const char* before = std::getenv("DISPLAY");
        if (before) before_ = before;
        name_ = ":" + text;
        ::setenv("DISPLAY", name_->c_str(), 1);
    }
    ~VirtualDisplay() {
        if (name_) before_ ? ::setenv("DISPLAY", before_->c_str(), 1) : ::unsetenv("DISPLAY");
        if (pid_ <= 0) return;
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
    }
    VirtualDisplay(const VirtualDisplay&) = delete;
    VirtualDisplay& operator=(const VirtualDisplay&) = delete;

    // There is one to draw on: this, or else the desktop's.
    bool usable() const { return name_ || std::getenv("DISPLAY"); }

private:
    pid_t pid_ = -1;
    std::optional<std::string> name_, before_;
};

}  // namespace jt

#define WITH_DISPLAY()                \
    const jt::VirtualDisplay display; \
    if (!display.usable()) GTEST_SKIP() << "gpu: no display and no Xvfb here"
