// SPDX-License-Identifier: Apache-2.0
// ForecastLog: forecasts.csv of a run folder, a row for each point of each forecast: when it was made, of what moment it tells,
// and low, middle and high of the 90 % band of every quantity.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "bridge/live/row_file.hpp"
#include "bridge/wire/message.hpp"

namespace jt {

class ForecastLog {
public:
    // Throws as RowFile.
    explicit ForecastLog(const std::filesystem::path& file) : file_(file) {}
    ForecastLog(const std::filesystem::path& file, std::size_t keep);
    // The first forecast says which columns there are. Throws DiskError.
    void append(const Forecast& made);
    void flush() { file_.flush(); }
    std::size_t rows() const { return file_.rows(); }

private:
    RowFile file_;
    std::vector<std::string> quantities_;
};

}  // namespace jt
