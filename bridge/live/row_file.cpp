// SPDX-License-Identifier: Apache-2.0
#include "bridge/live/row_file.hpp"

#include <charconv>
#include <cmath>

#include "kernels/error.hpp"

namespace jt {

RowFile::RowFile(const std::filesystem::path& file) : path_(file), file_(file, std::ios::binary | std::ios::trunc) {
    if (!file_) throw DiskError(path_.string() + ": cannot be written");
}

RowFile::RowFile(const std::filesystem::path& file, std::size_t keep) : path_(file) {
    if (keep == 0) {
        file_.open(file, std::ios::binary | std::ios::trunc);
    } else {
        std::ifstream before(file, std::ios::binary);
        std::uintmax_t end = 0;
        std::string line;
        for (std::size_t row = 0; row <= keep; ++row) {  // with the header
            if (!std::getline(before, line) || before.eof())
                throw InputError(file.string() + ": has " + std::to_string(row == 0 ? 0 : row - 1) +
                                 " rows; the run's state is after " + std::to_string(keep));
            if (row == 0) header_ = line;
            end += line.size() + 1;
        }
        before.close();
        std::filesystem::resize_file(file, end);
        file_.open(file, std::ios::binary | std::ios::app);
    }
    if (!file_) throw DiskError(path_.string() + ": cannot be written");
    rows_ = keep;
}

std::string RowFile::cell(double value) {
    if (!std::isfinite(value)) return "";
    char text[32];
    return std::string(text, std::to_chars(text, text + sizeof text, value).ptr);
}

void RowFile::header(const std::string& line) {
    write(line);
}

void RowFile::row(const std::string& line) {
    write(line);
    ++rows_;
}

void RowFile::write(const std::string& line) {
    file_ << line << "\n";
    if (!file_) throw DiskError(path_.string() + ": cannot be written");
}

void RowFile::flush() {
    file_.flush();
    if (!file_) throw DiskError(path_.string() + ": cannot be written");
}

}  // namespace jt
