// SPDX-License-Identifier: Apache-2.0
// RowFile: a table of a run folder that grows row by row and can go on after a checkpoint. Numbers read back to the same
// double, so that two runs are the same to the last bit if their files are. An empty cell: there is no such thing.
#pragma once
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace jt {

class RowFile {
public:
    // A new file, or one that goes on after its first `keep` rows below its header (none of a file without rows). Throws
    // DiskError, InputError: fewer rows than that.
    explicit RowFile(const std::filesystem::path& file);
    RowFile(const std::filesystem::path& file, std::size_t keep);
    // The header goes before the first row, and is not needed after it. Throws DiskError.
    void header(const std::string& line);
    void row(const std::string& line);
    void flush();
    std::size_t rows() const { return rows_; }
    // Of a file that goes on; else empty.
    const std::string& old_header() const { return header_; }

    static std::string cell(double value);
    static std::string cell(const std::optional<double>& value) { return value ? cell(*value) : std::string(); }

private:
    void write(const std::string& line);
    std::filesystem::path path_;
    std::ofstream file_;
    std::string header_;
    std::size_t rows_ = 0;
};

}  // namespace jt
