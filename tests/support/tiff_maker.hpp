// SPDX-License-Identifier: Apache-2.0
// TIFF files for tests: every layout the reader takes, the kinds it refuses, and headers that lie.
#pragma once
#include <tiffio.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace jt::test {

struct TiffKind {
    std::string mode = "wl";  // l little, b big endian; 8 BigTIFF
    int bits = 8;
    int tile = 0;            // edge; 0: strips
    int rows_per_strip = 0;  // 0: one strip
    std::uint16_t compression = COMPRESSION_NONE;
    std::uint16_t photometric = PHOTOMETRIC_MINISBLACK;
    std::uint16_t planar = PLANARCONFIG_CONTIG;
    std::uint16_t samples = 1;
    std::uint16_t format = SAMPLEFORMAT_UINT;
    std::uint16_t orientation = ORIENTATION_TOPLEFT;
    std::string description{};
};

// A value for each voxel: x fastest, then y, then z.
inline std::vector<std::uint16_t> counted(int nx, int ny, int nz, int step = 1) {
    std::vector<std::uint16_t> grey(std::size_t(nx) * std::size_t(ny) * std::size_t(nz));
    for (std::size_t n = 0; n < grey.size(); ++n) grey[n] = std::uint16_t(n * std::size_t(step));
    return grey;
}

class TiffMaker {
public:
    explicit TiffMaker(const std::filesystem::path& file, const std::string& mode = "wl")
        : tiff_(TIFFOpen(file.c_str(), mode.c_str())) {
        if (!tiff_) throw std::runtime_error("cannot make " + file.string());
    }
    ~TiffMaker() { TIFFClose(tiff_); }
    TiffMaker(const TiffMaker&) = delete;

    // One page of nx * ny grey values (of the first sample; other samples, wide and narrow kinds are filled with zeros).
    void page(int nx, int ny, const std::uint16_t* grey, const TiffKind& kind = {}) {
        TIFFSetField(tiff_, TIFFTAG_IMAGEWIDTH, std::uint32_t(nx));
        TIFFSetField(tiff_, TIFFTAG_IMAGELENGTH, std::uint32_t(ny));
        TIFFSetField(tiff_, TIFFTAG_BITSPERSAMPLE, kind.bits);
        TIFFSetField(tiff_, TIFFTAG_SAMPLESPERPIXEL, kind.samples);
        TIFFSetField(tiff_, TIFFTAG_SAMPLEFORMAT, kind.format);
        TIFFSetField(tiff_, TIFFTAG_PHOTOMETRIC, kind.photometric);
        TIFFSetField(tiff_, TIFFTAG_PLANARCONFIG, kind.planar);
        TIFFSetField(tiff_, TIFFTAG_COMPRESSION, kind.compression);
        TIFFSetField(tiff_, TIFFTAG_ORIENTATION, kind.orientation);
        if (!kind.description.empty()) TIFFSetField(tiff_, TIFFTAG_IMAGEDESCRIPTION, kind.description.c_str());
        if (kind.photometric == PHOTOMETRIC_PALETTE) {
            std::vector<std::uint16_t> map(256);
            TIFFSetField(tiff_, TIFFTAG_COLORMAP, map.data(), map.data(), map.data());
        }
        const bool plain = kind.samples == 1 && (kind.bits == 8 || kind.bits == 16);
        const auto put = [&](std::uint8_t* to, int x, int y) {
            const std::uint16_t v = x < nx && y < ny ? grey[y * nx + x] : 0;
            if (kind.bits == 8)
                *to = std::uint8_t(v);
            else
                std::memcpy(to, &v, 2);
        };
        if (kind.tile) {
            TIFFSetField(tiff_, TIFFTAG_TILEWIDTH, kind.tile);
            TIFFSetField(tiff_, TIFFTAG_TILELENGTH, kind.tile);
            std::vector<std::uint8_t> data(std::size_t(TIFFTileSize(tiff_)));
            for (int y = 0; y < ny; y += kind.tile)
                for (int x = 0; x < nx; x += kind.tile) {
                    for (int b = 0; b < kind.tile; ++b)
                        for (int a = 0; a < kind.tile; ++a)
                            put(data.data() + (b * kind.tile + a) * kind.bits / 8, x + a, y + b);
                    if (TIFFWriteTile(tiff_, data.data(), std::uint32_t(x), std::uint32_t(y), 0, 0) < 0)
                        throw std::runtime_error("tile");
                }
        } else {
            TIFFSetField(tiff_, TIFFTAG_ROWSPERSTRIP, std::uint32_t(kind.rows_per_strip ? kind.rows_per_strip : ny));
            std::vector<std::uint8_t> row(std::size_t(TIFFScanlineSize(tiff_)) + 2);
            for (int s = 0; s < (kind.planar == PLANARCONFIG_SEPARATE ? kind.samples : 1); ++s)
                for (int y = 0; y < ny; ++y) {
                    if (plain)
                        for (int x = 0; x < nx; ++x) put(row.data() + x * kind.bits / 8, x, y);
                    if (TIFFWriteScanline(tiff_, row.data(), std::uint32_t(y), std::uint16_t(s)) < 0)
                        throw std::runtime_error("scanline");
                }
        }
        if (!TIFFWriteDirectory(tiff_)) throw std::runtime_error("directory");
    }

private:
    TIFF* tiff_;
};

inline void make_tiff(const std::filesystem::path& file, int nx, int ny, int nz, const std::vector<std::uint16_t>& grey,
                      const TiffKind& kind = {}) {
    TiffMaker maker(file, kind.mode);
    for (int k = 0; k < nz; ++k) maker.page(nx, ny, grey.data() + std::size_t(k) * std::size_t(nx) * std::size_t(ny), kind);
}

inline std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
inline void put_bytes(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

// The bytes of a little-endian classic TIFF, to make its header lie.
class Patch {
public:
    explicit Patch(const std::filesystem::path& file) : file_(file), bytes_(bytes_of(file)) {}
    ~Patch() { put_bytes(file_, bytes_); }
    // Sets the value of a tag of one page (counted from 0); the type becomes LONG.
    Patch& tag(int page, std::uint16_t tag, std::uint32_t value) {
        const std::size_t ifd = directory(page);
        for (unsigned e = 0; e < get16(ifd); ++e) {
            const std::size_t entry = ifd + 2 + 12 * e;
            if (get16(entry) != tag) continue;
            put(entry + 2, TIFF_LONG, 2);
            put(entry + 4, 1, 4);
            put(entry + 8, value, 4);
            return *this;
        }
        throw std::runtime_error("no such tag");
    }
    // Lets the page be followed by the one at `offset`.
    Patch& next(int page, std::size_t offset) {
        const std::size_t ifd = directory(page);
        put(ifd + 2 + 12u * get16(ifd), offset, 4);
        return *this;
    }
    Patch& first(std::size_t offset) {
        put(4, offset, 4);
        return *this;
    }
    std::size_t directory(int page) const {
        std::size_t ifd = get32(4);
        for (; page > 0; --page) ifd = get32(ifd + 2 + 12u * get16(ifd));
        return ifd;
    }
    std::size_t size() const { return bytes_.size(); }

private:
    unsigned byte(std::size_t at) const { return static_cast<unsigned char>(bytes_.at(at)); }
    unsigned get16(std::size_t at) const { return byte(at) | byte(at + 1) << 8; }
    std::size_t get32(std::size_t at) const { return get16(at) | std::size_t(get16(at + 2)) << 16; }
    void put(std::size_t at, std::size_t value, int count) {
        for (int n = 0; n < count; ++n) bytes_.at(at + std::size_t(n)) = char(value >> (8 * n) & 255);
    }
    std::filesystem::path file_;
    std::string bytes_;
};

}  // namespace jt::test
