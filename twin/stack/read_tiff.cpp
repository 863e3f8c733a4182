// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cstring>
#include <string_view>

#include "kernels/error.hpp"
#include "twin/stack/stack_source.hpp"
#include "twin/stack/tiff_file.hpp"

namespace jt {
namespace {

struct Page {
    std::uint32_t width = 0, height = 0;
    int bits = 8;
    bool white_is_zero = false, tiled = false;
    std::uint16_t compression = COMPRESSION_NONE;
    std::uint32_t block_width = 0, block_height = 0;  // of a strip or tile, as stored
    std::uint32_t blocks = 0;

    std::uint64_t bytes_per_voxel() const { return std::uint64_t(bits) / 8; }
    std::uint64_t bytes() const { return std::uint64_t(width) * height * bytes_per_voxel(); }
    std::uint32_t rows_of(std::uint32_t strip) const { return std::min(block_height, height - strip * block_height); }
    std::uint64_t bytes_of(std::uint32_t block) const {
        return std::uint64_t(block_width) * (tiled ? block_height : rows_of(block)) * bytes_per_voxel();
    }
};

// Most bytes that one compressed byte can stand for: what a header claims beyond it is not in the file.
std::uint64_t largest_expansion(std::uint16_t compression) {
    switch (compression) {
        case COMPRESSION_NONE:
            return 1;
        case COMPRESSION_PACKBITS:
            return 64;
        case COMPRESSION_ADOBE_DEFLATE:
        case COMPRESSION_DEFLATE:
            return 1100;
        case COMPRESSION_LZW:
            return 4096;
        default:
            return 65536;
    }
}

std::string name_of_compression(std::uint16_t compression) {
    switch (compression) {
        case COMPRESSION_NONE:
            return "none";
        case COMPRESSION_LZW:
            return "LZW";
        case COMPRESSION_PACKBITS:
            return "PackBits";
        case COMPRESSION_ADOBE_DEFLATE:
        case COMPRESSION_DEFLATE:
            return "deflate";
        default: {
            const TIFFCodec* codec = TIFFFindCODEC(compression);
            return codec ? codec->name : "number " + std::to_string(compression);
        }
    }
}

// One page's header, checked. Every claim it makes about data is compared with the file's size.
class PageReader {
public:
    PageReader(const std::filesystem::path& file, const TiffFile& tiff, int number)
        : place_(file.string() + ": page " + std::to_string(number)), file_(tiff), tiff_(tiff.get()) {}

    Page page() const {
        Page p;
        read_kind(p);
        TIFFGetField(tiff_, TIFFTAG_IMAGEWIDTH, &p.width);
        TIFFGetField(tiff_, TIFFTAG_IMAGELENGTH, &p.height);
        if (p.width == 0 || p.height == 0)
            refuse("is " + std::to_string(p.width) + " x " + std::to_string(p.height) + " voxels; allowed: at least 1 x 1");
        read_layout(p);
        return p;
    }
    // Whether the file can hold what the page claims.
    void check_blocks(const Page& p) const {
        for (std::uint32_t b = 0; b < p.blocks; ++b) {
            const std::uint64_t at = TIFFGetStrileOffset(tiff_, b), bytes = TIFFGetStrileByteCount(tiff_, b);
            const std::string block =
                std::string(p.tiled ? "tile " : "strip ") + std::to_string(b + 1) + " of " + std::to_string(p.blocks);
            if (at == 0 || bytes == 0) refuse(block + " is missing");
            if (at > file_.size() || bytes > file_.size() - at)
                refuse("truncated: " + block + " ends at byte " + std::to_string(at) + " + " + std::to_string(bytes) +
                       "; the file has " + std::to_string(file_.size()));
            if (p.bytes_of(b) / largest_expansion(p.compression) > bytes)
                refuse("truncated: " + block + " has " + std::to_string(bytes) + " bytes for " + std::to_string(p.bytes_of(b)) +
                       " bytes of voxels (compression " + name_of_compression(p.compression) + ")");
        }
    }
    [[noreturn]] void refuse(const std::string& why) const { throw InputError(place_ + ": " + why); }
    [[noreturn]] void refuse_by_libtiff(const std::string& otherwise) const {
        refuse(file_.complaint().empty() ? otherwise : file_.complaint());
    }

private:
    std::uint16_t number(std::uint32_t tag) const {
        std::uint16_t value = 0;
        TIFFGetFieldDefaulted(tiff_, tag, &value);
        return value;
    }
    void read_kind(Page& p) const {
        const int samples = number(TIFFTAG_SAMPLESPERPIXEL), bits = number(TIFFTAG_BITSPERSAMPLE);
        std::uint16_t photometric = 0;
        if (!TIFFGetField(tiff_, TIFFTAG_PHOTOMETRIC, &photometric)) refuse("has no photometric interpretation; " + kAllowed);
        if (photometric == PHOTOMETRIC_PALETTE) refuse("is a palette image; " + kAllowed);
        if (photometric == PHOTOMETRIC_RGB || samples != 1)
            refuse(std::string(photometric == PHOTOMETRIC_RGB ? "is an RGB image of " : "is an image of ") +
                   std::to_string(samples) + " samples per voxel; " + kAllowed);
        if (photometric != PHOTOMETRIC_MINISBLACK && photometric != PHOTOMETRIC_MINISWHITE)
            refuse("has photometric interpretation " + std::to_string(photometric) + "; " + kAllowed);
        p.white_is_zero = photometric == PHOTOMETRIC_MINISWHITE;
        if (bits != 8 && bits != 16) refuse("has " + std::to_string(bits) + " bit per voxel; " + kAllowed);
        p.bits = bits;
        if (const int format = number(TIFFTAG_SAMPLEFORMAT); format != SAMPLEFORMAT_UINT)
            refuse(std::string("holds ") +
                   (format == SAMPLEFORMAT_INT      ? "signed integers"
                    : format == SAMPLEFORMAT_IEEEFP ? "floating point numbers"
                                                    : "values of format " + std::to_string(format)) +
                   "; " + kAllowed);
        if (const int orientation = number(TIFFTAG_ORIENTATION); orientation != ORIENTATION_TOPLEFT)
            refuse("has orientation " + std::to_string(orientation) + "; allowed: 1 (first row at the top, first column left)");
        std::uint32_t depth = 1;
        if (TIFFGetField(tiff_, TIFFTAG_IMAGEDEPTH, &depth) && depth != 1)
            refuse("has image depth " + std::to_string(depth) + "; allowed: 1, one plane per page");
        depth = 1;
        if (TIFFGetField(tiff_, TIFFTAG_TILEDEPTH, &depth) && depth != 1)
            refuse("has tile depth " + std::to_string(depth) + "; allowed: 1, one plane per page");
        p.compression = number(TIFFTAG_COMPRESSION);
        if (!TIFFIsCODECConfigured(p.compression))
            refuse("has compression " + name_of_compression(p.compression) + ", which this libtiff cannot decode");
    }
    void read_layout(Page& p) const {
        p.tiled = TIFFIsTiled(tiff_) != 0;
        if (p.tiled) {
            TIFFGetField(tiff_, TIFFTAG_TILEWIDTH, &p.block_width);
            TIFFGetField(tiff_, TIFFTAG_TILELENGTH, &p.block_height);
        } else {
            p.block_width = p.width;
            TIFFGetFieldDefaulted(tiff_, TIFFTAG_ROWSPERSTRIP, &p.block_height);
            p.block_height = std::min(p.block_height, p.height);
        }
        if (p.block_width == 0 || p.block_height == 0) refuse("has empty strips or tiles");
        const std::uint64_t across = p.tiled ? (p.width - 1) / p.block_width + 1 : 1,
                            down = (p.height - 1) / p.block_height + 1;
        p.blocks = p.tiled ? TIFFNumberOfTiles(tiff_) : TIFFNumberOfStrips(tiff_);
        if (p.blocks != across * down)
            refuse("has " + std::to_string(p.blocks) + " strips or tiles; its size needs " + std::to_string(across * down));
    }

    const std::string kAllowed = "allowed: 8 or 16 bit unsigned grey";
    std::string place_;
    const TiffFile& file_;
    TIFF* tiff_;
};

std::string size_of(const Page& p) {
    return std::to_string(p.width) + " x " + std::to_string(p.height) + ", " + std::to_string(p.bits) + " bit";
}

// Steps to the next page; false after the last one.
bool next_page(const TiffFile& tiff, const PageReader& current) {
    if (TIFFLastDirectory(tiff.get())) return false;
    if (!TIFFReadDirectory(tiff.get()))
        current.refuse_by_libtiff("the page after it cannot be read: the file is truncated or its pages form a loop");
    return true;
}

// ImageJ writes stacks of more than 4 GB as one page and a note; reading that page alone would lose the rest.
void check_image_count(const std::filesystem::path& file, const TiffFile& tiff, int pages) {
    const char* text = nullptr;
    if (!TIFFGetField(tiff.get(), TIFFTAG_IMAGEDESCRIPTION, &text) || !text) return;
    const std::string_view note(text);
    constexpr std::string_view key = "\nimages=";
    const std::size_t at = note.find(key);
    if (!note.starts_with("ImageJ=") || at == std::string_view::npos) return;
    long images = 0;
    std::from_chars(note.data() + at + key.size(), note.data() + note.size(), images);
    if (images > pages)
        throw InputError(file.string() + ": ImageJ's note says " + std::to_string(images) + " images; the file has " +
                         std::to_string(pages) + (pages == 1 ? " page" : " pages") +
                         "; allowed: one page per image (or export it as raw with a sidecar)");
}

// Reads one page's voxels, inverted where 0 is white.
template <typename Sample>
void decode(const TiffFile& file, const PageReader& reader, const Page& p, std::vector<Sample>& block, std::uint16_t* grey) {
    const std::uint32_t across = p.tiled ? (p.width - 1) / p.block_width + 1 : 1;
    for (std::uint32_t b = 0; b < p.blocks; ++b) {
        const auto bytes = static_cast<tmsize_t>(p.bytes_of(b));
        block.resize(std::max(block.size(), std::size_t(bytes) / sizeof(Sample)));
        const tmsize_t got = p.tiled ? TIFFReadEncodedTile(file.get(), b, block.data(), bytes)
                                     : TIFFReadEncodedStrip(file.get(), b, block.data(), bytes);
        if (got != bytes || !file.complaint().empty())
            reader.refuse_by_libtiff("truncated: " + std::string(p.tiled ? "tile " : "strip ") + std::to_string(b + 1) +
                                     " has " + std::to_string(std::max<tmsize_t>(got, 0)) + " of " + std::to_string(bytes) +
                                     " bytes");
        const std::uint32_t x0 = b % across * p.block_width, y0 = b / across * p.block_height;
        const std::uint32_t x1 = std::min(p.width, x0 + p.block_width), y1 = std::min(p.height, y0 + p.block_height);
        const unsigned flip = p.white_is_zero ? Sample(~Sample(0)) : 0u;  // max - v is v with every bit turned
        for (std::uint32_t y = y0; y < y1; ++y) {
            const Sample* from = block.data() + std::size_t(y - y0) * p.block_width;
            std::uint16_t* to = grey + std::size_t(y) * p.width + x0;
            for (std::uint32_t x = x0; x < x1; ++x) *to++ = static_cast<std::uint16_t>(*from++ ^ flip);
        }
    }
}

}  // namespace

StackInfo peek_tiff(const std::filesystem::path& file) {
    const TiffFile tiff = TiffFile::open(file);
    Page first;
    std::uint64_t pages = 0, claimed = 0;
    bool more = true;
    while (more) {
        const PageReader reader(file, tiff, int(pages + 1));
        const Page page = reader.page();
        if (pages == 0) first = page;
        if (page.width != first.width || page.height != first.height || page.bits != first.bits)
            reader.refuse("is " + size_of(page) + "; page 1 is " + size_of(first) +
                          "; allowed: pages of one size and bit depth");
        ++pages;
        check_stack_size(file, page.width, page.height, pages);
        reader.check_blocks(page);
        // Pages that share their data could claim any size from a small file.
        claimed += page.bytes() / largest_expansion(page.compression);
        if (claimed > tiff.size())
            reader.refuse("truncated: the pages up to here need at least " + std::to_string(claimed) + " bytes; the file has " +
                          std::to_string(tiff.size()));
        more = next_page(tiff, reader);
    }
    StackInfo info;
    info.format = "TIFF";
    info.nx = int(first.width);
    info.ny = int(first.height);
    info.nz = int(pages);
    info.bits = first.bits;
    info.compression = name_of_compression(first.compression);
    info.layout = first.tiled
                      ? "tiles of " + std::to_string(first.block_width) + " x " + std::to_string(first.block_height)
                      : "strips of " + std::to_string(first.block_height) + (first.block_height == 1 ? " row" : " rows");
    info.white_is_zero = first.white_is_zero;
    info.files = {file};
    TIFFSetDirectory(tiff.get(), 0);
    check_image_count(file, tiff, info.nz);
    return info;
}

void read_tiff(const std::filesystem::path& file, const StackInfo& info, std::uint16_t* grey) {
    const TiffFile tiff = TiffFile::open(file);
    std::vector<std::uint8_t> block8;
    std::vector<std::uint16_t> block16;
    for (int k = 0; k < info.nz; ++k) {
        const PageReader reader(file, tiff, k + 1);
        const Page page = reader.page();
        if (int(page.width) != info.nx || int(page.height) != info.ny || page.bits != info.bits)
            reader.refuse("changed while it was read");
        reader.check_blocks(page);
        std::uint16_t* plane = grey + std::size_t(k) * page.width * page.height;
        if (page.bits == 8)
            decode(tiff, reader, page, block8, plane);
        else
            decode(tiff, reader, page, block16, plane);
        if (k + 1 < info.nz && !next_page(tiff, reader)) reader.refuse("changed while it was read");
    }
}

}  // namespace jt
