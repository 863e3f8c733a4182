// SPDX-License-Identifier: Apache-2.0
#include "twin/stack/tiff_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <system_error>

#include "kernels/error.hpp"

namespace jt {
namespace {

// Keeps the first error; what follows is usually its consequence. Non-zero: libtiff's own handler is not called.
int keep_error(TIFF*, void* kept, const char*, const char* format, va_list arguments) {
    auto& complaint = *static_cast<std::string*>(kept);
    if (!complaint.empty()) return 1;
    char text[200];
    std::vsnprintf(text, sizeof text, format, arguments);
    for (char* c = text; *c; ++c)
        if (static_cast<unsigned char>(*c) < 0x20) *c = ' ';
    complaint = text;
    return 1;
}

// Warnings are about tags libtiff does not know or had to guess; what matters of them is checked by the reader itself.
int ignore_warning(TIFF*, void*, const char*, const char*, va_list) {
    return 1;
}

}  // namespace

std::uint64_t readable_size(const std::filesystem::path& file) {
    std::error_code code;
    const auto kind = std::filesystem::status(file, code);
    if (!std::filesystem::exists(kind)) throw InputError(file.string() + ": no such file");
    if (std::filesystem::is_directory(kind))
        throw InputError(file.string() + ": is a directory; allowed: a TIFF file, the first of a numbered series, or .raw");
    if (!std::filesystem::is_regular_file(kind)) throw InputError(file.string() + ": not a regular file");
    const std::uint64_t size = std::filesystem::file_size(file, code);
    if (code) throw InputError(file.string() + ": " + code.message());
    if (::access(file.c_str(), R_OK) != 0) throw InputError(file.string() + ": cannot be read: " + std::strerror(errno));
    if (size == 0) throw InputError(file.string() + ": the file is empty");
    return size;
}

void TiffFile::open(const std::filesystem::path& file, const char* mode, std::int64_t largest_allocation) {
    const std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(TIFFOpenOptionsAlloc(), TIFFOpenOptionsFree);
    if (!options) throw std::bad_alloc();
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_error, complaint_.get());
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), ignore_warning, nullptr);
    if (largest_allocation > 0) TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), largest_allocation);
    tiff_.reset(TIFFOpenExt(file.c_str(), mode, options.get()));
}

TiffFile TiffFile::open(const std::filesystem::path& file) {
    TiffFile opened;
    opened.size_ = readable_size(file);
    unsigned char head[16] = {};
    std::ifstream(file, std::ios::binary).read(reinterpret_cast<char*>(head), sizeof head);
    const bool little = head[0] == 'I' && head[1] == 'I', large = head[0] == 'M' && head[1] == 'M';
    const int version = little ? head[2] | head[3] << 8 : head[2] << 8 | head[3];
    if (!(little || large) || (version != 42 && version != 43))
        throw InputError(file.string() + ": not a TIFF file; allowed: a TIFF file, the first of a numbered series, or .raw");
    const unsigned char* first = version == 42 ? head + 4 : head + 8;
    if (std::all_of(first, first + (version == 42 ? 4 : 8), [](unsigned char byte) { return byte == 0; }))
        throw InputError(file.string() + ": a TIFF file without any page");
    // m: no memory mapping, so that a file cut short while it is read is an error and not a signal; c: strips as they are.
    // libtiff's own buffers never need more than the file's compressed data and a few words per strip.
    constexpr std::uint64_t kLeast = 64u << 20;
    const std::uint64_t most = std::clamp<std::uint64_t>(opened.size_, kLeast / 4, std::uint64_t(1) << 60) * 4;
    opened.open(file, "rmc", static_cast<std::int64_t>(most));
    if (!opened.tiff_) {
        const std::string why = opened.complaint().empty() ? "its first page cannot be read" : opened.complaint();
        throw InputError(file.string() + ": page 1: " + why);
    }
    return opened;
}

TiffFile TiffFile::create(const std::filesystem::path& file, bool big) {
    TiffFile made;
    made.open(file, big ? "w8" : "w", 0);
    if (!made.tiff_) {
        const std::string why = made.complaint().empty() ? std::strerror(errno) : made.complaint();
        throw DiskError(file.string() + ": cannot be written: " + why);
    }
    return made;
}

}  // namespace jt
