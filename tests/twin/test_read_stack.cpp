// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <filesystem>

#include "kernels/error.hpp"
#include "tests/paths.hpp"
#include "tests/support/program.hpp"
#include "tests/support/tiff_maker.hpp"
#include "twin/stack/read_stack.hpp"

namespace jt {
namespace {

using test::counted;
using test::Folder;
using test::make_tiff;
using test::Patch;
using test::TiffKind;
using test::TiffMaker;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// What the reader says about a file; "" when it takes it. Nothing may come from libtiff itself.
std::string refusal(const std::filesystem::path& file) {
    testing::internal::CaptureStderr();
    std::string says;
    try {
        read_stack(file);
    } catch (const InputError& error) {
        says = error.what();
    }
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    return says;
}

TEST(ReadStack, EveryLayoutGivesTheSameVoxelsWithXTheColumnYTheRowZThePage) {
    const Folder folder;
    const int nx = 37, ny = 21, nz = 3;
    int tried = 0;
    for (const int bits : {8, 16})
        for (const auto compression : {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS})
            for (const int tile : {0, 16})
                for (const char* mode : {"wl", "wb", "wl8", "wb8"})
                    for (const int rows : {0, 4}) {
                        if (tile && rows) continue;
                        auto grey = counted(nx, ny, nz, bits == 8 ? 1 : 13);
                        if (bits == 8)
                            for (auto& g : grey) g &= 255;
                        const std::string name = std::to_string(tried++) + "a.tif";
                        make_tiff(folder / name, nx, ny, nz, grey,
                                  {.mode = mode,
                                   .bits = bits,
                                   .tile = tile,
                                   .rows_per_strip = rows,
                                   .compression = std::uint16_t(compression),
                                   .planar = rows ? std::uint16_t(PLANARCONFIG_SEPARATE) : std::uint16_t(PLANARCONFIG_CONTIG)});
                        const Stack stack = read_stack(folder / name);
                        ASSERT_EQ(stack.nx, nx);
                        ASSERT_EQ(stack.ny, ny);
                        ASSERT_EQ(stack.nz, nz);
                        ASSERT_EQ(stack.bits, bits);
                        ASSERT_EQ(stack.grey, grey) << bits << " " << compression << " " << tile << " " << mode << " " << rows;
                    }
    EXPECT_EQ(tried, 96);
}

TEST(ReadStack, WhereZeroIsWhiteTheValuesAreInverted) {
    const Folder folder;
    make_tiff(folder / "eight.tif", 2, 1, 1, {0, 200}, {.photometric = PHOTOMETRIC_MINISWHITE});
    EXPECT_THAT(read_stack(folder / "eight.tif").grey, ElementsAre(255, 55));
    make_tiff(folder / "sixteen.tif", 2, 1, 1, {0, 200}, {.bits = 16, .photometric = PHOTOMETRIC_MINISWHITE});
    EXPECT_THAT(read_stack(folder / "sixteen.tif").grey, ElementsAre(65535, 65335));
    EXPECT_TRUE(peek_stack(folder / "sixteen.tif").white_is_zero);
}

TEST(ReadStack, ThePeekTellsFormatSizeBitsCompressionAndLayout) {
    const Folder folder;
    make_tiff(folder / "tiles.tif", 20, 10, 2, counted(20, 10, 2),
              {.bits = 16, .tile = 16, .compression = COMPRESSION_ADOBE_DEFLATE});
    const StackInfo info = peek_stack(folder / "tiles.tif");
    EXPECT_EQ(info.format, "TIFF");
    EXPECT_EQ(info.nx, 20);
    EXPECT_EQ(info.ny, 10);
    EXPECT_EQ(info.nz, 2);
    EXPECT_EQ(info.bits, 16);
    EXPECT_EQ(info.compression, "deflate");
    EXPECT_EQ(info.layout, "tiles of 16 x 16");
    make_tiff(folder / "strips.tif", 20, 10, 1, counted(20, 10, 1), {.rows_per_strip = 3, .compression = COMPRESSION_LZW});
    EXPECT_EQ(peek_stack(folder / "strips.tif").layout, "strips of 3 rows");
    EXPECT_EQ(peek_stack(folder / "strips.tif").compression, "LZW");
}

TEST(ReadStack, ANumberedSeriesIsSortedByNumber) {
    const Folder folder;
    for (const int n : {8, 9, 10, 11}) make_tiff(folder / ("s_" + std::to_string(n) + ".tif"), 2, 1, 1, {std::uint16_t(n), 1});
    make_tiff(folder / "other_12.tif", 2, 1, 1, {99, 1});
    make_tiff(folder / "s_12.tiff", 2, 1, 1, {99, 1});
    const Stack stack = read_stack(folder / "s_8.tif");
    EXPECT_EQ(stack.nz, 4);
    EXPECT_THAT(stack.grey, ElementsAre(8, 1, 9, 1, 10, 1, 11, 1));
    EXPECT_EQ(peek_stack(folder / "s_8.tif").format, "TIFF series");
    EXPECT_THAT(refusal(folder / "s_10.tif"), AllOf(HasSubstr("s_10.tif: not the first of its series"), HasSubstr("s_8.tif")));
    EXPECT_EQ(read_stack(folder / "other_12.tif").nz, 1);  // alone
}

TEST(ReadStack, AGapInASeriesNamesTheMissingSlice) {
    const Folder folder;
    for (const char* name : {"s_0001.tif", "s_0002.tif", "s_0004.tif"}) make_tiff(folder / name, 1, 1, 1, {7});
    EXPECT_THAT(refusal(folder / "s_0001.tif"), HasSubstr("slice s_0003.tif of the series is missing"));
    make_tiff(folder / "s_0003.tif", 1, 1, 1, {7});
    EXPECT_EQ(refusal(folder / "s_0001.tif"), "");
    make_tiff(folder / "s_3.tif", 1, 1, 1, {7});
    EXPECT_THAT(refusal(folder / "s_0001.tif"), HasSubstr("two files of the series have the number 3"));
}

TEST(ReadStack, SlicesOfASeriesMustBeAlikeAndOfOnePage) {
    const Folder folder;
    make_tiff(folder / "s1.tif", 2, 2, 1, {1, 2, 3, 4});
    make_tiff(folder / "s2.tif", 2, 3, 1, {1, 2, 3, 4, 5, 6});
    EXPECT_THAT(refusal(folder / "s1.tif"), HasSubstr("s2.tif: is 2 x 3, 8 bit; s1.tif is 2 x 2, 8 bit"));
    make_tiff(folder / "s2.tif", 2, 2, 2, counted(2, 2, 2));
    EXPECT_THAT(refusal(folder / "s1.tif"), HasSubstr("s2.tif: has 2 pages; allowed in a numbered series: one"));
    test::put_bytes(folder / "s2.tif", "rubbish that is no TIFF");
    EXPECT_THAT(refusal(folder / "s1.tif"), HasSubstr("s2.tif: not a TIFF file"));
}

TEST(ReadStack, RawVoxelsComeAsTheSidecarSays) {
    const Folder folder;
    folder.write("a.raw", std::string("\x01\x02\x03\x04\x05\x06", 6));
    folder.write("a.raw.toml", "size = [3, 2, 1]\ntype = \"uint8\"\n");
    EXPECT_THAT(read_stack(folder / "a.raw").grey, ElementsAre(1, 2, 3, 4, 5, 6));
    EXPECT_EQ(read_stack(folder / "a.raw").ny, 2);
    folder.write("b.RAW", std::string("head\x01\x02\x03\x04", 8));
    folder.write("b.toml", "size = [1, 2, 1]\ntype = \"uint16\"\noffset = 4\n");
    EXPECT_THAT(read_stack(folder / "b.RAW").grey, ElementsAre(0x0201, 0x0403));
    folder.write("b.toml", "size = [1, 1, 2]\ntype = \"uint16\"\noffset = 4\nbyte_order = \"big\"\n");
    EXPECT_THAT(read_stack(folder / "b.RAW").grey, ElementsAre(0x0102, 0x0304));
    EXPECT_EQ(peek_stack(folder / "b.RAW").format, "raw");
    EXPECT_EQ(peek_stack(folder / "b.RAW").bits, 16);
}

TEST(ReadStack, RawFilesThatDoNotFitTheirSidecarAreRefused) {
    const Folder folder;
    folder.write("a.raw", "123456");
    EXPECT_THAT(refusal(folder / "a.raw"), AllOf(HasSubstr("sidecar is missing"), HasSubstr("a.raw.toml or a.toml")));
    const struct {
        const char *sidecar, *says;
    } all[] = {
        {"size = [3, 3, 1]\ntype = 'uint8'", "a.raw: the file has 6 bytes; a.toml (size, type, offset) asks for 9"},
        {"size = [3, 2, 1]\ntype = 'uint8'\noffset = 1", "asks for 7"},
        {"size = [3, 2, 1]\ntype = 'uint16'", "asks for 12"},
        {"size = [3, 2, 0]\ntype = 'uint8'", "a.toml:1: size: found the number 0"},
        {"size = [3, 2]\ntype = 'uint8'", "found an array of 2; allowed: [nx, ny, nz]"},
        {"size = [3, 2, 1]\ntype = 'float'", "a.toml:2: type: found \"float\"; allowed: \"uint8\" or \"uint16\""},
        {"size = [3, 2, 1]\ntype = 'uint8'\nbyte_order = 'middle'", "byte_order"},
        {"size = [3, 2, 1]\ntype = 'uint8'\noffset = -1", "offset: found the number -1"},
        {"size = [3, 2, 1]\ntype = 'uint8'\nsigned = true", "signed: unknown key; allowed: size, type, byte_order, offset"},
        {"size = [3, 2, 1]", "type is missing"},
        {"type = 'uint8'", "size is missing"},
        {"size = [", "not TOML"},
        {"size = [1048576, 1048576, 1]\ntype = 'uint8'", "voxels; allowed: at most 2147483647"},
        {"size = [2147483647, 2147483647, 2147483647]\ntype = 'uint16'", "voxels; allowed: at most 2147483647"},
    };
    for (const auto& bad : all) {
        folder.write("a.toml", bad.sidecar);
        EXPECT_THAT(refusal(folder / "a.raw"), HasSubstr(bad.says)) << bad.sidecar;
    }
}

TEST(ReadStack, KindsOfImagesThatAreNotUnsignedGreyAreRefusedByName) {
    const Folder folder;
    const struct {
        TiffKind kind;
        const char* says;
    } all[] = {
        {{.photometric = PHOTOMETRIC_RGB, .samples = 3}, "page 1: is an RGB image of 3 samples per voxel"},
        {{.photometric = PHOTOMETRIC_RGB, .planar = PLANARCONFIG_SEPARATE, .samples = 3}, "is an RGB image"},
        {{.samples = 2}, "is an image of 2 samples per voxel"},
        {{.photometric = PHOTOMETRIC_PALETTE}, "is a palette image"},
        {{.bits = 1}, "has 1 bit per voxel"},
        {{.bits = 4}, "has 4 bit per voxel"},
        {{.bits = 32}, "has 32 bit per voxel"},
        {{.bits = 16, .format = SAMPLEFORMAT_INT}, "holds signed integers"},
        {{.bits = 32, .format = SAMPLEFORMAT_IEEEFP}, "has 32 bit per voxel"},
        {{.bits = 16, .format = SAMPLEFORMAT_IEEEFP}, "holds floating point numbers"},
        {{.photometric = PHOTOMETRIC_CIELAB, .samples = 3}, "samples per voxel"},
        {{.photometric = PHOTOMETRIC_LOGL}, "has photometric interpretation 32844"},
        {{.orientation = ORIENTATION_LEFTTOP}, "has orientation 5; allowed: 1"},
    };
    for (const auto& bad : all) {
        make_tiff(folder / "bad.tif", 4, 4, 1, counted(4, 4, 1), bad.kind);
        EXPECT_THAT(refusal(folder / "bad.tif"), AllOf(HasSubstr("bad.tif: page 1: "), HasSubstr(bad.says)));
    }
}

TEST(ReadStack, RaggedPagesNameThePage) {
    const Folder folder;
    const auto grey = counted(4, 4, 1);
    {
        TiffMaker maker(folder / "size.tif");
        maker.page(4, 4, grey.data());
        maker.page(4, 4, grey.data());
        maker.page(4, 3, grey.data());
    }
    EXPECT_THAT(refusal(folder / "size.tif"), HasSubstr("size.tif: page 3: is 4 x 3, 8 bit; page 1 is 4 x 4, 8 bit"));
    {
        TiffMaker maker(folder / "bits.tif");
        maker.page(4, 4, grey.data());
        maker.page(4, 4, grey.data(), {.bits = 16});
    }
    EXPECT_THAT(refusal(folder / "bits.tif"), HasSubstr("page 2: is 4 x 4, 16 bit; page 1 is 4 x 4, 8 bit"));
}

TEST(ReadStack, WhatIsNoFileIsSaidPlainly) {
    const Folder folder;
    EXPECT_THAT(refusal(folder / "none.tif"), HasSubstr("none.tif: no such file"));
    EXPECT_THAT(refusal(folder.path()), HasSubstr("is a directory"));
    folder.write("empty.tif", "");
    EXPECT_THAT(refusal(folder / "empty.tif"), HasSubstr("empty.tif: the file is empty"));
    folder.write("text.tif", "size = [1, 2, 3]");
    EXPECT_THAT(refusal(folder / "text.tif"), HasSubstr("text.tif: not a TIFF file"));
    folder.write("short.tif", "II*");
    EXPECT_NE(refusal(folder / "short.tif"), "");
    folder.write("pages.tif", std::string("II*\0\0\0\0\0", 8));
    EXPECT_THAT(refusal(folder / "pages.tif"), HasSubstr("pages.tif: a TIFF file without any page"));
    folder.write("big.tif", std::string("MM\0+\0\10\0\0\0\0\0\0\0\0\0\0", 16));
    EXPECT_THAT(refusal(folder / "big.tif"), HasSubstr("without any page"));
    EXPECT_THAT(refusal("/dev/null"), HasSubstr("not a regular file"));
}

TEST(ReadStack, AFileCutShortAnywhereIsRefused) {
    const Folder folder;
    for (const auto compression : {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS}) {
        make_tiff(folder / "whole.tif", 9, 7, 2, counted(9, 7, 2),
                  {.rows_per_strip = 3, .compression = std::uint16_t(compression)});
        const std::string bytes = test::bytes_of(folder / "whole.tif");
        ASSERT_EQ(refusal(folder / "whole.tif"), "");
        for (std::size_t length = 1; length < bytes.size(); length += length < 40 ? 1 : 5) {
            test::put_bytes(folder / "cut.tif", bytes.substr(0, length));
            EXPECT_THAT(refusal(folder / "cut.tif"), HasSubstr("cut.tif")) << compression << ", " << length << " bytes";
        }
    }
    make_tiff(folder / "whole.tif", 9, 7, 2, counted(9, 7, 2));
    const std::size_t at = Patch(folder / "whole.tif").size();
    Patch(folder / "whole.tif").tag(1, TIFFTAG_STRIPOFFSETS, std::uint32_t(at - 20));
    EXPECT_THAT(refusal(folder / "whole.tif"), HasSubstr("page 2: truncated: strip 1 of 1 ends at byte"));
}

TEST(ReadStack, DamagedCompressedDataNamesThePage) {
    const Folder folder;
    make_tiff(folder / "zip.tif", 64, 64, 2, counted(64, 64, 2), {.bits = 16, .compression = COMPRESSION_ADOBE_DEFLATE});
    std::string bytes = test::bytes_of(folder / "zip.tif");
    const std::size_t second = Patch(folder / "zip.tif").directory(0) + 400;  // inside the data of page 2
    for (std::size_t n = second; n < second + 40; ++n) bytes[n] = '\xff';
    test::put_bytes(folder / "zip.tif", bytes);
    EXPECT_THAT(refusal(folder / "zip.tif"), HasSubstr("zip.tif: page 2: "));
}

TEST(ReadStack, ClaimsBeyondTheFileAreRefusedBeforeAnythingIsAllocated) {
    const Folder folder;
    const auto fresh = [&](std::uint16_t compression = COMPRESSION_NONE) {
        make_tiff(folder / "lie.tif", 8, 8, 2, counted(8, 8, 2), {.compression = compression});
        return Patch(folder / "lie.tif");
    };
    fresh().tag(0, TIFFTAG_IMAGEWIDTH, 1u << 20).tag(0, TIFFTAG_IMAGELENGTH, 1u << 20).tag(0, TIFFTAG_ROWSPERSTRIP, 1u << 20);
    EXPECT_THAT(refusal(folder / "lie.tif"),
                HasSubstr("lie.tif: 1048576 x 1048576 x 1 = 1.09951e+12 voxels; allowed: at most 2147483647"));
    fresh().tag(0, TIFFTAG_IMAGEWIDTH, 30000).tag(0, TIFFTAG_IMAGELENGTH, 30000).tag(0, TIFFTAG_ROWSPERSTRIP, 30000);
    EXPECT_THAT(refusal(folder / "lie.tif"), HasSubstr("page 1: truncated: strip 1 of 1"));
    fresh(COMPRESSION_ADOBE_DEFLATE).tag(0, TIFFTAG_IMAGELENGTH, 200000000).tag(0, TIFFTAG_ROWSPERSTRIP, 200000000);
    EXPECT_THAT(refusal(folder / "lie.tif"), HasSubstr("(compression deflate)"));
    fresh().tag(0, TIFFTAG_IMAGEWIDTH, 0);
    EXPECT_THAT(refusal(folder / "lie.tif"), HasSubstr("page 1"));
    fresh().tag(0, TIFFTAG_IMAGELENGTH, 0);
    EXPECT_THAT(refusal(folder / "lie.tif"), HasSubstr("page 1"));
    fresh().tag(1, TIFFTAG_STRIPOFFSETS, 0);
    EXPECT_THAT(refusal(folder / "lie.tif"), HasSubstr("page 2: strip 1 of 1 is missing"));
    fresh().tag(0, TIFFTAG_IMAGELENGTH, 0xffffffffu).tag(0, TIFFTAG_ROWSPERSTRIP, 1);
    EXPECT_NE(refusal(folder / "lie.tif"), "");
}

TEST(ReadStack, PagesThatShareTheirDataCannotClaimMoreThanTheFileHolds) {
    const Folder folder;
    make_tiff(folder / "shared.tif", 40, 40, 3, counted(40, 40, 3));
    ASSERT_EQ(refusal(folder / "shared.tif"), "");
    {
        Patch patch(folder / "shared.tif");
        for (int page = 0; page < 3; ++page)
            patch.tag(page, TIFFTAG_IMAGELENGTH, 100)
                .tag(page, TIFFTAG_ROWSPERSTRIP, 100)
                .tag(page, TIFFTAG_STRIPOFFSETS, 8)
                .tag(page, TIFFTAG_STRIPBYTECOUNTS, 4000);
    }
    EXPECT_THAT(refusal(folder / "shared.tif"), HasSubstr("page 2: truncated: the pages up to here need at least 8000 bytes"));
}

TEST(ReadStack, PagesInALoopAreAnErrorAndNotAnEndlessStack) {
    const Folder folder;
    make_tiff(folder / "loop.tif", 2, 2, 2, counted(2, 2, 2));
    const std::size_t first = Patch(folder / "loop.tif").directory(0);
    Patch(folder / "loop.tif").next(1, first);
    EXPECT_THAT(refusal(folder / "loop.tif"), HasSubstr("loop.tif: page 2: "));
    make_tiff(folder / "self.tif", 2, 2, 1, counted(2, 2, 1));
    const std::size_t own = Patch(folder / "self.tif").directory(0);
    Patch(folder / "self.tif").next(0, own);
    EXPECT_THAT(refusal(folder / "self.tif"), HasSubstr("self.tif: page 1: "));
    make_tiff(folder / "off.tif", 2, 2, 2, counted(2, 2, 2));
    Patch(folder / "off.tif").next(0, 0x7fffffff);
    EXPECT_THAT(refusal(folder / "off.tif"), HasSubstr("off.tif: page 1: "));
}

TEST(ReadStack, AStackImageJPutIntoOnePageIsNotTakenForOneSlice) {
    const Folder folder;
    make_tiff(folder / "ij.tif", 2, 2, 1, counted(2, 2, 1), {.description = "ImageJ=1.52p\nimages=3\nslices=3\n"});
    EXPECT_THAT(refusal(folder / "ij.tif"), HasSubstr("ImageJ's note says 3 images; the file has 1 page;"));
    make_tiff(folder / "ij.tif", 2, 2, 3, counted(2, 2, 3), {.description = "ImageJ=1.52p\nimages=3\nslices=3\n"});
    EXPECT_EQ(refusal(folder / "ij.tif"), "");
}

TEST(ReadStack, TheFibreScanIsReadAsItsReadmeSays) {
    const std::string file = std::string(JT_SOURCE_DIR) + "/../shared/data/fiberform_100.tif";
    if (!std::filesystem::exists(file)) GTEST_SKIP() << "data: no " << file;
    const Stack stack = read_stack(file);
    EXPECT_EQ(stack.nx, 100);
    EXPECT_EQ(stack.ny, 100);
    EXPECT_EQ(stack.nz, 100);
    EXPECT_EQ(stack.bits, 8);
    EXPECT_EQ(std::count_if(stack.grey.begin(), stack.grey.end(), [](int g) { return g >= 90; }), 167140);
}

}  // namespace
}  // namespace jt
