// SPDX-License-Identifier: Apache-2.0
// SequenceCheck: what the numbers of the frames of each topic say: lost, repeated, late, of a life that is over. A topic has
// one sender at a time (number_stream.hpp).
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "bridge/wire/number_stream.hpp"

namespace jt {

class SequenceCheck {
public:
    SequenceCheck();
    ~SequenceCheck();
    SequenceCheck(SequenceCheck&&) noexcept;
    SequenceCheck& operator=(SequenceCheck&&) noexcept;

    Continuity check(std::string_view topic, std::uint64_t epoch, std::uint64_t seq);
    // What a snapshot says of a topic: frames up to `seq` need not come any more.
    void start_after(std::string_view topic, std::uint64_t epoch, std::uint64_t seq);

    std::uint64_t missing() const;  // now: late ones have been taken off
    std::uint64_t gaps() const;     // times that frames were missing
    std::uint64_t repeated() const;
    std::uint64_t late() const;
    std::uint64_t old_epoch() const;
    std::uint64_t restarts() const;
    std::uint64_t implausible() const;
    // "frames.missing" -> 3 ...: all of them.
    void add_to(std::map<std::string, std::uint64_t>& counters) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
