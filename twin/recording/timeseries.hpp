// SPDX-License-Identifier: Apache-2.0
// timeseries.csv: one row per output. First line the names of the columns, SI units in the names; a value that does not exist
// at that time is an empty field; numbers read back to the same double. What does not exist in the whole run has no column.
#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "twin/scenario/scenario.hpp"
#include "twin/stepping/run_coupled.hpp"

namespace jt {

struct TimeSeriesColumns {
    bool setpoint = false, reading = false;  // a temperature that the bed is to have; a sensor that the closed loop sees
    bool electric = false;                   // a current that the run drives
    std::vector<std::string> probes;
    std::vector<std::string> microstructure = {};  // means over the product
    std::vector<std::string> extra = {};           // of a twin beside its heater
};

TimeSeriesColumns time_series_columns(const Scenario& scenario);

// The names of the columns, and what a record holds for them in the same order, NaN where there is nothing.
std::vector<std::string> column_names(const TimeSeriesColumns& columns);
std::vector<double> column_values(const TimeSeriesColumns& columns, const RunRecord& record);

class TimeSeries {
public:
    // A new file in place of an older one. Throws DiskError.
    static TimeSeries create(const std::filesystem::path& path, const TimeSeriesColumns& columns);
    // The file of an earlier run of the same columns, cut after its first `keep` rows. Throws InputError when it has other
    // columns or fewer rows, DiskError.
    static TimeSeries open(const std::filesystem::path& path, const TimeSeriesColumns& columns, std::size_t keep);

    TimeSeries(TimeSeries&& other) noexcept;
    TimeSeries& operator=(TimeSeries&& other) noexcept;
    ~TimeSeries();

    // The row is on the disk when it returns. Throws DiskError; then the file ends with the row before.
    void append(const RunRecord& record);

private:
    TimeSeries(std::filesystem::path path, TimeSeriesColumns columns, long long keep_bytes);
    std::filesystem::path path_;
    TimeSeriesColumns columns_;
    long long bytes_ = 0;  // length of the file
    int descriptor_ = -1;
};

}  // namespace jt
