// SPDX-License-Identifier: Apache-2.0
// SequenceCheck: what the numbers of the frames of each topic say: lost, repeated, late, of a life that is over.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace jt {

enum class Continuity {
    first,            // of this topic, ever; nothing can be said of what was before
    next,             // follows the one before
    gap,              // frames before it are missing
    late,             // fills a gap: was overtaken
    repeated,         // seen, or too old to tell
    new_epoch,        // the sender has started anew
    old_epoch,        // of a life that is over
    implausible,      // a leap of more than 2^24 numbers that the next frame has not confirmed
    too_many_topics,  // more than kMostTopics
};

inline constexpr std::size_t kMostTopics = 4096;
// Whether the message is to be shown: it is new.
bool is_new(Continuity continuity);

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
