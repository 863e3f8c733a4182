// SPDX-License-Identifier: Apache-2.0
// Inbox: readings on their way from the thread that receives them to the twin. Each has one outcome, and each outcome a
// counter. Any thread puts, one takes; neither waits for more than a copy.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/wire/message.hpp"

namespace jt {

enum class ReadingOutcome {
    accepted,
    absent,          // without a value: kept, so that the twin knows that the sensor lives
    unknown_sensor,  // not in the scenario
    wrong_unit,
    not_finite,       // value or sigma
    absurd,           // beyond what the sensor can show, or a negative sigma
    declared_bad,     // by the instrument itself
    repeated,         // this number of this epoch has been seen
    old_epoch,        // of a life of the sender that is over
    from_the_future,  // its time is ahead of the sender's clock
    too_late,         // older than the twin can take in
    displaced,        // by newer ones, before the twin took it
};
inline constexpr std::size_t kReadingOutcomes = 12;
std::string_view name(ReadingOutcome outcome);  // "from the future"

// What a sensor may say.
struct SensorRule {
    std::string name, unit;  // "K"
    double low = 0.0, high = 0.0;
};
// The widest that a sensor of this unit may show: 0..5000 K, -1e5..1e5 V and A.
SensorRule sensor_rule(const std::string& name, const std::string& unit);

struct InboxOptions {
    std::size_t capacity = 65536;
    double future_s = 0.5, late_s = 30.0;
};

struct InboxReading {
    int sensor = 0;  // index of its rule
    Reading reading;
    std::int64_t t_receive_monotonic_ns = 0;
};

class Inbox {
public:
    // Throws InputError: two rules of one name, no capacity.
    explicit Inbox(std::vector<SensorRule> rules, const InboxOptions& options = {});
    ~Inbox();

    // `now_source_ns`: the present by the sender's clock; readings before `oldest_source_ns` are too late (0: late_s before
    // now).
    ReadingOutcome put(const Reading& reading, std::int64_t now_source_ns, std::int64_t monotonic_ns = 0,
                       std::int64_t oldest_source_ns = 0);
    // All that has been accepted since, in the order of arrival.
    std::vector<InboxReading> take();
    std::size_t waiting() const;
    std::size_t most_waiting() const;

    std::array<std::uint64_t, kReadingOutcomes> counts() const;
    std::array<std::uint64_t, kReadingOutcomes> counts(int sensor) const;
    // "reading.from the future" -> 2: those that occurred.
    void add_to(std::map<std::string, std::uint64_t>& counters) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
