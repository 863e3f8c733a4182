// SPDX-License-Identifier: Apache-2.0
// TiffFile: an open TIFF whose errors are kept here instead of being printed by libtiff. Only the stack readers and writers
// include this.
#pragma once
#include <tiffio.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace jt {

class TiffFile {
public:
    // An existing regular file. Throws InputError naming it when it is no TIFF or its first page cannot be understood.
    static TiffFile open(const std::filesystem::path& file);
    // A new file to write, BigTIFF where `big`. Throws DiskError.
    static TiffFile create(const std::filesystem::path& file, bool big);

    TIFF* get() const { return tiff_.get(); }
    std::uint64_t size() const { return size_; }  // [byte], of a file opened to read
    // The first error libtiff has met, "" when there is none.
    const std::string& complaint() const { return *complaint_; }

private:
    struct Close {
        void operator()(TIFF* tiff) const { TIFFClose(tiff); }
    };
    TiffFile() : complaint_(std::make_unique<std::string>()) {}
    void open(const std::filesystem::path& file, const char* mode, std::int64_t largest_allocation);

    std::unique_ptr<std::string> complaint_;  // libtiff keeps its address, so it stays in place and outlives the handle
    std::unique_ptr<TIFF, Close> tiff_;
    std::uint64_t size_ = 0;
};

// Size of a regular file [byte]. Throws InputError when it is missing, no regular file, empty or not readable.
std::uint64_t readable_size(const std::filesystem::path& file);

}  // namespace jt
