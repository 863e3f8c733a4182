// SPDX-License-Identifier: Apache-2.0
// WireContext: one for a program. Owns the ZeroMQ context and, where there is an allow-list, the thread that decides who may
// connect (ZAP). Outlives its sockets; its destructor ends in bounded time.
#pragma once
#include <cstdint>
#include <memory>

#include "bridge/wire/security.hpp"

namespace jt {

class WireContext {
public:
    explicit WireContext(Keys keys = {});
    ~WireContext();
    WireContext(const WireContext&) = delete;
    WireContext& operator=(const WireContext&) = delete;

    const Keys& keys() const;
    std::uint64_t clients_accepted() const;
    std::uint64_t clients_refused() const;

    struct Impl;
    Impl& impl() { return *impl_; }

private:
    std::unique_ptr<Impl> impl_;
};

// A socket one can wait for.
class Waitable {
public:
    virtual ~Waitable() = default;
    virtual void* handle() = 0;
};

}  // namespace jt
