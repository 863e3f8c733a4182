// SPDX-License-Identifier: Apache-2.0
// ClockOffset: by how much another machine's clock is ahead of ours, from exchanges of four stamps as in NTP (RFC 5905):
// offset = ((t2 - t1) + (t3 - t4)) / 2, delay = (t4 - t1) - (t3 - t2); the truth lies within offset +- delay / 2. The exchange
// with the least delay counts. A drift is used only where it is significant. Steps of either clock are found and counted.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

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
    // Other clock minus ours at `monotonic_ns`; 0 where nothing is known.
    std::int64_t offset_ns(std::int64_t monotonic_ns) const;
    // Half the delay of the exchange that counts, and what may have drifted since; 0 where nothing is known.
    std::int64_t error_ns(std::int64_t monotonic_ns) const;
    std::optional<double> drift() const;  // [s/s], where it is significant
    std::uint64_t steps() const { return steps_; }
    std::uint64_t impossible() const { return impossible_; }

private:
    struct Sample {
        std::int64_t at = 0, offset = 0, delay = 0;
    };
    const Sample& best(std::int64_t now) const;
    void fit();
    std::deque<Sample> samples_, suspects_;
    std::optional<double> drift_;
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
