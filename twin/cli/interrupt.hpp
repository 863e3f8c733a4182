// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and SIGTERM end the work at its next step, so that what was computed is kept; a second one ends the program at once.
#pragma once

namespace jt::cli {

void catch_interrupts();
bool interrupted();

}  // namespace jt::cli
