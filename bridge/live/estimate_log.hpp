// SPDX-License-Identifier: Apache-2.0
// EstimateLog: estimates.csv of a run folder, a row for each window: time, quality, every scalar with its standard deviation
// and 90 % band, NIS with its band, what came of each sensor, every parameter. Numbers read back to the same double, so that
// two runs are the same to the last bit if their files are. An empty cell: there is no such thing.
#pragma once
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "bridge/wire/message.hpp"

namespace jt {

class EstimateLog {
public:
    // A new file, or one that goes on after its first `keep` rows. Throws DiskError, InputError: fewer rows than that.
    explicit EstimateLog(const std::filesystem::path& file);
    EstimateLog(const std::filesystem::path& file, std::size_t keep);
    // The first state says which columns there are. Throws DiskError.
    void append(const TwinState& state);
    void flush();
    std::size_t rows() const { return rows_; }

private:
    std::filesystem::path path_;
    std::ofstream file_;
    std::vector<std::string> scalars_;
    std::size_t rows_ = 0;
};

}  // namespace jt
