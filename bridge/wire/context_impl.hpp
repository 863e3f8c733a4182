// SPDX-License-Identifier: Apache-2.0
// For the sources of bridge/wire alone.
#pragma once
#include "bridge/wire/wire_context.hpp"

namespace jt::wire {

void* context_of(WireContext& context);  // of ZeroMQ

}  // namespace jt::wire
