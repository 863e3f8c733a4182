// SPDX-License-Identifier: Apache-2.0
// A piece of code in a process of its own that is killed at a chosen system call, or that runs under a limit of file size.
#pragma once
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <stdexcept>

namespace jt::test {

// Runs `work` in a child and kills it with SIGKILL as it enters its `nth` system call (from 1). False: it ended before that.
inline bool killed_at_call(int nth, const std::function<void()>& work) {
    const pid_t child = fork();
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(1);
        raise(SIGSTOP);
        work();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFSTOPPED(status)) throw std::runtime_error("ptrace is not permitted here");
    ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
    int deliver = 0;
    for (int stops = 0;;) {
        ptrace(PTRACE_SYSCALL, child, nullptr, deliver);
        deliver = 0;
        if (waitpid(child, &status, 0) < 0 || !WIFSTOPPED(status)) return false;
        if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
            deliver = WSTOPSIG(status);
        } else if (++stops == 2 * nth - 1) {  // each call stops twice: as it is entered and as it returns
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            return true;
        }
    }
}

// Runs `work` in a child that exits in the ordinary way; its exit code, or 128 + the signal that ended it.
inline int exit_code_of(const std::function<int()>& work) {
    const pid_t child = fork();
    if (child == 0) {
        int code = 99;
        try {
            code = work();
        } catch (const std::exception& e) {
            fprintf(stderr, "%s\n", e.what());
        }
        exit(code);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// From here on this process cannot write beyond `bytes` of a file: the nearest thing to a full disk that needs no rights.
inline void limit_file_size(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
}

}  // namespace jt::test
