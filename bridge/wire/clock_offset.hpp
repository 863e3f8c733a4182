// SPDX-License-Identifier: Apache-2.0
// ClockOffset: by how much another machine's clock is ahead of ours, from exchanges of four stamps as in NTP (RFC 5905):
// offset = ((t2 - t1) + (t3 - t4)) / 2, delay = (t4 - t1) - (t3 - t2); the truth lies within offset +- delay / 2. Of the newest
// exchanges the one with the least delay counts, its error grown by what clocks may have drifted since. Steps of either clock
// are found and counted.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>

namespace jt {

struct FourStamps {
    std::int64_t t1 = 0, t2 = 0, t3 = 0, t4 = 0;  // sent, received there, answered there, received here [ns]
};

class ClockOffset {
public:
    enum class Outcome { taken, impossible, suspicious, step };  // suspicious: may be a step, more are needed

    // `monotonic_ns` at reception, of this machine.
    Outcome add(const FourStamps& stamps, std::int64_t monotonic_ns);

    bool known() const { return !samples_.empty(); }
    // Other clock minus ours; 0 where nothing is known.
    std::int64_t offset_ns() const;
    // Half the delay of the exchange that counts, and what may have drifted until `monotonic_ns`; 0 where nothing is known.
    std::int64_t error_ns(std::int64_t monotonic_ns) const;
    std::uint64_t steps() const { return steps_; }
    std::uint64_t impossible() const { return impossible_; }

private:
    struct Sample {
        std::int64_t at = 0, offset = 0, delay = 0;
    };
    static std::int64_t error(const Sample& sample, std::int64_t now);
    std::deque<Sample> samples_, suspects_;
    Sample best_;
    std::uint64_t steps_ = 0, impossible_ = 0;
};

// Steps of our own clock: Unix time against the clock that never steps.
class ClockWatch {
public:
    explicit ClockWatch(std::int64_t tolerance_ns = 50'000'000) : tolerance_(tolerance_ns) {}
    // By how much the clock has stepped since the last call [ns]; 0: it has not.
    std::int64_t check(std::int64_t unix_ns, std::int64_t monotonic_ns);
    std::uint64_t steps() const { return steps_; }

private:
    std::int64_t tolerance_;
    std::optional<std::int64_t> difference_;
    std::uint64_t steps_ = 0;
};

}  // namespace jt
