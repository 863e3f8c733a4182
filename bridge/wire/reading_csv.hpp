// SPDX-License-Identifier: Apache-2.0
// Readings as text: a table with the columns t_receive_ns, sensor, value, unit, sigma, quality, t_source_ns, seq, epoch, in any
// order (without t_receive_ns, as a heater writes it, readings count as received when they were measured; other columns are
// not looked at); and the files of data loggers (twin/lumped/sensor_log.hpp).
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "bridge/wire/message.hpp"
#include "twin/lumped/sensor_log.hpp"

namespace jt {

struct LoggedReading {
    std::int64_t t_receive_ns = 0;
    Reading reading;
};

inline constexpr const char* kReadingCsvHeader = "t_receive_ns,sensor,value,unit,sigma,quality,t_source_ns,seq,epoch";

// One line, with its end. Numbers read back to the same bits; an absent value is an empty cell.
std::string csv_line(const LoggedReading& logged);
// Throws DiskError.
void write_reading_csv(const std::filesystem::path& file, const std::vector<LoggedReading>& readings);
// In file order. Throws InputError with file and line, the first 20 problems at once. Limits: those of a sensor log.
std::vector<LoggedReading> read_reading_csv(const std::filesystem::path& file);
// Whether the first line of the file is the header of such a table.
bool is_reading_csv(const std::filesystem::path& file);

// Readings of a logger's table, in time; `names` gives the sensor's name for each role, a role without is left out. t0_ns is
// the time of its first row. An empty cell is an absent value. Sigma: what rounding to the channel's step leaves, step /
// sqrt(12); 0 where the channel has no step.
std::vector<LoggedReading> readings_of(const SensorLog& log, const std::map<LogRole, std::string>& names, std::int64_t t0_ns);

}  // namespace jt
