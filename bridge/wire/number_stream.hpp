// SPDX-License-Identifier: Apache-2.0
// NumberStream: the numbers of one sender's frames in one topic. A greater epoch takes the place of a smaller one at once; a
// smaller one, which is what a sender has whose clock was set back before it started anew, only after kFramesOfSmallerEpoch
// frames without one of the greater.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace jt {

enum class Continuity {
    first,      // of this topic, ever; nothing can be said of what was before
    next,       // follows the one before
    gap,        // frames before it are missing
    late,       // fills a gap: was overtaken
    repeated,   // seen, or too old to tell
    new_epoch,  // the sender has started anew
    old_epoch,  // of a life that is over
    absurd,     // number 0, or so far ahead that it cannot be
};

class NumberStream {
public:
    static constexpr std::uint64_t kMostAhead = 100'000'000;  // 11 days at 100 Hz
    static constexpr int kFramesOfSmallerEpoch = 16;
    // `window`: of the newest numbers it is remembered which have been seen.
    explicit NumberStream(std::size_t window) : seen_(window, false) {}

    // What a frame would be; nothing changes.
    Continuity would_be(std::uint64_t epoch, std::uint64_t seq) const;
    // The same, and the frame counts as seen.
    Continuity take(std::uint64_t epoch, std::uint64_t seq);
    // Up to `seq` nothing is missing.
    void start_after(std::uint64_t epoch, std::uint64_t seq);
    std::int64_t missing() const { return missing_; }

private:
    bool seen(std::uint64_t seq) const { return seen_[seq % seen_.size()]; }
    void begin(std::uint64_t epoch, std::uint64_t seq);
    void advance(std::uint64_t to);
    std::vector<bool> seen_;  // of the numbers in (newest - window, newest]
    bool started_ = false;
    std::uint64_t epoch_ = 0, newest_ = 0;
    std::int64_t missing_ = 0;
    std::uint64_t smaller_epoch_ = 0;
    int smaller_count_ = 0;
};

}  // namespace jt
