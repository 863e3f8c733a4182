// SPDX-License-Identifier: Apache-2.0
#include "twin/stack/write_stack.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

#include "kernels/error.hpp"
#include "twin/stack/tiff_file.hpp"

namespace jt {
namespace {

// Takes the half-written file away unless it was renamed.
struct Aside {
    std::filesystem::path file;
    bool renamed = false;
    ~Aside() {
        if (!renamed) ::unlink(file.c_str());
    }
};

}  // namespace

void write_stack(const std::filesystem::path& file, int nx, int ny, int nz, const std::vector<std::uint8_t>& grey) {
    constexpr std::size_t kBig = std::size_t(2) << 30;  // classic TIFF holds 4 GB, deflate may add a little
    constexpr int kStrip = 64 << 10;                    // [byte] about, of a strip before compression
    const int rows = std::clamp(kStrip / nx, 1, ny);
    Aside aside{file.string() + ".part"};
    const auto fail = [&](const std::string& why) { throw DiskError(file.string() + ": cannot be written: " + why); };
    // libtiff's own reason is a bare "write error"; errno knows more.
    const auto failed_in = [&](const TiffFile& tiff) {
        const int code = errno;
        fail(code ? std::strerror(code) : tiff.complaint().empty() ? "unknown reason" : tiff.complaint());
    };
    std::optional<TiffFile> tiff;
    try {
        tiff.emplace(TiffFile::create(aside.file, grey.size() > kBig));
    } catch (const DiskError&) {
        fail(std::strerror(errno));
    }
    TIFF* t = tiff->get();
    errno = 0;
    for (int k = 0; k < nz; ++k) {
        TIFFSetField(t, TIFFTAG_IMAGEWIDTH, std::uint32_t(nx));
        TIFFSetField(t, TIFFTAG_IMAGELENGTH, std::uint32_t(ny));
        TIFFSetField(t, TIFFTAG_BITSPERSAMPLE, 8);
        TIFFSetField(t, TIFFTAG_SAMPLESPERPIXEL, 1);
        TIFFSetField(t, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
        TIFFSetField(t, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
        TIFFSetField(t, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
        TIFFSetField(t, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
        TIFFSetField(t, TIFFTAG_ROWSPERSTRIP, std::uint32_t(rows));
        TIFFSetField(t, TIFFTAG_SUBFILETYPE, FILETYPE_PAGE);
        for (int y = 0; y < ny; y += rows) {
            const std::size_t bytes = std::size_t(nx) * std::size_t(std::min(rows, ny - y));
            // libtiff takes its input as not const, and leaves it alone where there is no predictor.
            auto* from =
                const_cast<std::uint8_t*>(grey.data()) + (std::size_t(k) * std::size_t(ny) + std::size_t(y)) * std::size_t(nx);
            if (TIFFWriteEncodedStrip(t, std::uint32_t(y / rows), from, tmsize_t(bytes)) != tmsize_t(bytes)) failed_in(*tiff);
        }
        if (!TIFFWriteDirectory(t)) failed_in(*tiff);
    }
    if (!TIFFFlush(t)) failed_in(*tiff);
    if (::fsync(TIFFFileno(t)) != 0 && errno != EINVAL) failed_in(*tiff);
    tiff.reset();
    if (::rename(aside.file.c_str(), file.c_str()) != 0) fail(std::strerror(errno));
    aside.renamed = true;
}

}  // namespace jt
