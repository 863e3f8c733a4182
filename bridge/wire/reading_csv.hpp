// SPDX-License-Identifier: Apache-2.0
// Readings as text: a table with the columns t_receive_ns, sensor, value, unit, sigma, quality, t_source_ns, seq, epoch; and
// the files of data loggers (twin/lumped/sensor_log.hpp).
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

// One line, with its end. Numbers read back to the same bits.
std::string csv_line(const LoggedReading& logged);
// Throws DiskError.
void write_reading_csv(const std::filesystem::path& file, const std::vector<LoggedReading>& readings);
// In file order. Throws InputError with file and line, all problems at once (the first 20).
std::vector<LoggedReading> read_reading_csv(const std::filesystem::path& file);

// Readings of a logger's or any other table of time, temperature, voltage and current. `names` gives the sensor's name for each
// role; a role without is left out. An empty cell is an absent value. Noise: half a step of quantisation as uniform noise.
std::vector<LoggedReading> readings_of(const SensorLog& log, const std::map<LogRole, std::string>& names, std::int64_t t0_ns);

// Which of the two a file is.
bool is_reading_csv(const std::filesystem::path& file);

}  // namespace jt
