// SPDX-License-Identifier: Apache-2.0
#include "bridge/wire/wait_any.hpp"

#include <zmq.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace jt {

bool wait_any(std::initializer_list<Waitable*> sockets, std::chrono::milliseconds timeout) {
    std::vector<zmq_pollitem_t> items;
    for (Waitable* one : sockets)
        if (one) items.push_back({one->handle(), 0, ZMQ_POLLIN, 0});
    const auto ms = std::clamp<std::int64_t>(timeout.count(), 0, std::numeric_limits<int>::max());
    return zmq_poll(items.data(), int(items.size()), long(ms)) > 0;
}

}  // namespace jt
