// SPDX-License-Identifier: Apache-2.0
// Intake: frames of a heater as they come, turned into windows of readings for a twin. The same frames with the same times of
// reception and the same calls give the same windows: the live twin and a replay of its log both use it. Belongs to one thread.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/assimilation/twin_filter.hpp"
#include "bridge/live/inbox.hpp"
#include "bridge/wire/message.hpp"

namespace jt {

// One run of a heater: whose, which, and when it began by the heater's clock.
struct RunStart {
    std::uint64_t epoch = 0, run = 0;
    std::int64_t start_ns = 0;
    friend bool operator==(const RunStart&, const RunStart&) = default;
};

// What became of one sensor's messages up to a window's end.
struct SensorIntake {
    double silent_s = 0.0;                          // since its last message of any kind
    double without_value_s = 0.0;                   // since its last value
    bool heard = false;                             // ever
    bool below_range = false;                       // the instrument says that it has no value because of its range
    std::string last;                               // outcome of its last message
    std::map<std::string, std::uint64_t> counters;  // by outcome, but for those that were taken
};

// All of one window.
struct Batch {
    double to_s = 0.0;
    int length = 1;  // in windows
    std::vector<Sample> samples;
    std::optional<Program> follow;  // the heater goes on with another program
    HeaterStatus heater;            // the last one heard
    bool heard = false;             // within the last second
    double heater_age_s = 0.0;
    std::vector<SensorIntake> sensors;  // as in the scenario
    std::map<std::string, std::uint64_t> counters;
    std::uint64_t rejected_lately = 0;  // frames in the last 5 s
    std::string last_rejection;
    int clock_jumps = 0;
    double last_clock_jump_s = 0.0;
    std::string problem;                    // with what the heater says
    std::vector<std::int64_t> arrivals_ns;  // of the readings in `samples`, own clock
};

class Intake {
public:
    Intake(const Scenario& scenario, const RunStart& start, double window_s);
    ~Intake();

    // One message as it came (topic | header | payload), good or not.
    void frame(std::int64_t t_receive_ns, std::span<const std::string_view> parts);
    // Whether a window of so many lengths is due at a time of our own clock.
    bool due(std::int64_t own_ns, int length) const;
    // How far the present is ahead of the end of the last window [s].
    double behind_s(std::int64_t own_ns) const;
    // Ends the next window at own_ns.
    Batch close(std::int64_t own_ns, int length);

    // A status of this run's heater that says that it is another run or life by now.
    bool over() const;
    const HeaterStatus& heater() const;
    const RunStart& start() const;
    long windows() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jt
