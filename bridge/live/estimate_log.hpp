// SPDX-License-Identifier: Apache-2.0
// EstimateLog: estimates.csv of a run folder, a row for each window: time, quality, every scalar with its standard deviation
// and 90 % band, NIS with its band, what came of each sensor, every parameter. Numbers read back to the same double, so that
// two runs are the same to the last bit if their files are. An empty cell: there is no such thing.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "bridge/live/row_file.hpp"
#include "bridge/wire/message.hpp"

namespace jt {

class EstimateLog {
public:
    // Throws as RowFile.
    explicit EstimateLog(const std::filesystem::path& file) : file_(file) {}
    EstimateLog(const std::filesystem::path& file, std::size_t keep);
    // The first state says which columns there are. Throws DiskError.
    void append(const TwinState& state);
    void flush() { file_.flush(); }
    std::size_t rows() const { return file_.rows(); }

private:
    RowFile file_;
    std::vector<std::string> scalars_;
};

}  // namespace jt
