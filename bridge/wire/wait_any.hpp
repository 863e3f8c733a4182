// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <initializer_list>

#include "bridge/wire/wire_context.hpp"

namespace jt {

// Until one of the sockets of this thread has something to read, or the time is over, or a signal came. True: there is.
bool wait_any(std::initializer_list<Waitable*> sockets, std::chrono::milliseconds timeout);

}  // namespace jt
