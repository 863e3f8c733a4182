// SPDX-License-Identifier: Apache-2.0
#include "twin/cli/interrupt.hpp"

#include <csignal>

namespace jt::cli {
namespace {

volatile std::sig_atomic_t asked = 0;

void ask(int signal) {
    asked = 1;
    std::signal(signal, SIG_DFL);
}

}  // namespace

void catch_interrupts() {
    std::signal(SIGINT, ask);
    std::signal(SIGTERM, ask);
}

bool interrupted() {
    return asked != 0;
}

}  // namespace jt::cli
