// SPDX-License-Identifier: Apache-2.0
// SourceClock: the clock of a sender as its messages show it. Each tells when it was measured, by the sender's clock, and came
// at a moment of ours; the least delay of late is taken as none. Two things can move all messages against our clock at once: a
// sender that was held up, whose times go on where they were, and a clock that jumps, whose times do not. Jumps are counted,
// and from then on taken out of the times.
#pragma once
#include <cstdint>

namespace jt {

class SourceClock {
public:
    // A message measured at t_source, received at t_receive [ns]. Returns its time on the sender's clock as it was before all
    // jumps.
    std::int64_t take(std::int64_t t_source, std::int64_t t_receive);

    bool known() const { return known_; }
    // The present of the sender's clock as it was before all jumps [ns].
    std::int64_t now(std::int64_t own_ns) const { return own_ns + offset_ns_; }
    std::int64_t offset_ns() const { return offset_ns_; }
    int jumps() const { return jumps_; }
    std::int64_t last_jump_ns() const { return last_jump_ns_; }

private:
    void stray(std::int64_t time, std::int64_t ahead, std::int64_t t_receive);

    bool known_ = false;
    std::int64_t offset_ns_ = 0, jumped_ns_ = 0, last_jump_ns_ = 0;
    std::int64_t newest_ns_ = 0, received_ns_ = 0;  // of the messages that agree with the offset
    int jumps_ = 0;
    // Messages in a row that do not.
    struct Strays {
        int count = 0;
        std::int64_t first_time = 0, first_received = 0, least = 0, most = 0;
    } strays_;
};

}  // namespace jt
