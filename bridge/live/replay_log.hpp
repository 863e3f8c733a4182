// SPDX-License-Identifier: Apache-2.0
// ReplayLog: the windows of a run that has been recorded, one after the other: of frames.log, as the live twin closed them, so
// that a replay does to the bit what it did; of a table of readings or a data logger's file, in the order of measurement,
// whatever the order of the rows, each reading once.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridge/live/live_twin.hpp"
#include "bridge/live/run_log.hpp"
#include "twin/lumped/sensor_log.hpp"

namespace jt {

struct TableReplayOptions {
    double window_s = 0.1, forecast_every_s = 1.0;
    std::map<LogRole, std::string> sensors;  // of a logger's file: which sensor of the scenario a column is; empty: by kind
    LogColumns columns;                      // of a logger's file
};

class ReplayLog {
public:
    virtual ~ReplayLog() = default;
    // The next window; nothing at the end. Throws InputError.
    virtual std::optional<LiveWork> next() = 0;
    const BeginMark& begin() const { return begin_; }
    const std::vector<std::string>& findings() const { return findings_; }  // what people should know, once it is read

protected:
    BeginMark begin_;
    std::vector<std::string> findings_;
};

// Throws InputError: no such file, not a log of a run.
std::unique_ptr<ReplayLog> open_frames(const std::filesystem::path& file, const Scenario& scenario);
// Readings of a heater's table (reading_csv.hpp) or a logger's file. Throws InputError: unreadable, no sensor of the scenario
// in it, or it goes beyond kLongestTable.
inline constexpr double kLongestTable = 24.0 * 3600.0;  // [s]
std::unique_ptr<ReplayLog> open_table(const std::filesystem::path& file, const Scenario& scenario,
                                      const TableReplayOptions& options);

}  // namespace jt
