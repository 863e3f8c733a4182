// SPDX-License-Identifier: Apache-2.0
// SensorLog: what a lab's data logger wrote of one run of a Joule heater: temperature, voltage and current over time.
//
// Two formats are told apart by their first line:
// - logger files that begin with "#BeginHeader" (Keyence NR-500 and alike): names and units in the rows "Waveform Name" and
//   "Unit", after "#EndHeader" rows of date and time, microseconds, channels; blocks "#BeginMark" .. "#EndMark" are no data.
//   Bytes above 127 (Shift-JIS, latin-1) are taken for what they are: a "C" behind them is degC.
// - plain tables: one line of names, then numbers, separated by commas, semicolons or tabs (a decimal comma is understood where
//   the comma does not separate). Lines that begin with # are remarks. A unit is part of a name: "T (degC)", "T [degC]",
//   "T_degC".
#pragma once
#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jt {

enum class LogRole { time, temperature, voltage, current };
inline constexpr std::array<std::string_view, 4> kLogRoles{"time", "temperature", "voltage", "current"};

// For each role the column as the user names it: "[-]NAME[:UNIT]". A leading minus turns the sign; without UNIT the unit is the
// log's. A column whose own name looks like that is meant when the whole text is its name. Absent: the column with a usual
// name.
struct LogColumns {
    std::array<std::optional<std::string>, 4> text;
    // Takes "temperature=TEMP.:degC". Throws InputError.
    void choose(std::string_view option);
};

struct LogChannel {
    std::string name, unit;      // as the log has them; UTF-8
    bool negated = false;        // the user has turned the sign
    std::vector<double> values;  // SI, one a row
};

struct SensorLog {
    std::string source, format;  // "run.csv"; "logger NR-500", "table"
    std::vector<double> time_s;  // strictly ascending; of a logger counted from its first row
    LogChannel temperature;      // [K]; NaN where the cell was empty: no reading
    LogChannel voltage, current;
    std::vector<std::string> findings;  // what looks odd and is no error: for people
    std::size_t rows() const { return time_s.size(); }
};

inline constexpr std::size_t kMostLogBytes = std::size_t(512) << 20, kMostLogRows = 5'000'000, kMostLogColumns = 1000,
                             kLongestLogLine = 65536;

// Throws InputError with file and line for whatever cannot be read: not there, binary, cut off, ragged rows, times that do not
// ascend, numbers that are none or not finite, no rows, beyond the limits above, columns or units that are not there.
SensorLog read_sensor_log(const std::filesystem::path& file, const LogColumns& columns = {});

// Step of the values where all of them lie on one grid (a quantised channel), else 0.
double quantisation_step(std::span<const double> values);

// What a pyrometer shows when it sees too little: the highest reading of a stretch at the bottom of the log, in the rows before
// `until_s`, that stands still although it is hot. Absent where there is no such stretch.
std::optional<double> find_reading_floor(const SensorLog& log, double until_s);

}  // namespace jt
