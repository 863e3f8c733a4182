// SPDX-License-Identifier: Apache-2.0
#include "viz/figure/cairo_painter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "kernels/error.hpp"
#include "viz/figure/text.hpp"

namespace jt {
namespace {

using testing::AllOf;
using testing::HasSubstr;
namespace fs = std::filesystem;

class Pictures : public testing::Test {
protected:
    void SetUp() override {
        folder = fs::temp_directory_path() / ("jt_pictures_" + std::to_string(::getpid()));
        fs::remove_all(folder);
        fs::create_directories(folder);
    }
    void TearDown() override { fs::remove_all(folder); }
    std::string refusal(const fs::path& path) {
        try {
            painter.write_png(path);
        } catch (const DiskError& error) {
            return error.what();
        }
        return "written";
    }
    fs::path folder;
    CairoPainter painter{200, 100};
};

TEST_F(Pictures, APictureIsWrittenWholeAndNothingElseIsLeft) {
    painter.rectangle({0, 0, 200, 100}, hex(0x2B3036));
    painter.write_png(folder / "a.png");
    std::ifstream file(folder / "a.png", std::ios::binary);
    char magic[8] = {};
    file.read(magic, 8);
    EXPECT_EQ(std::string(magic + 1, 3), "PNG");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
}

TEST_F(Pictures, AFullDiskIsAnErrorThatNamesFileAndReasonAndTheDeviceStays) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full: no data";
    EXPECT_THAT(refusal("/dev/full"), AllOf(HasSubstr("/dev/full"), HasSubstr("No space left")));
    EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST_F(Pictures, AWriteThatStopsHalfWayLeavesTheOldPictureAndNoPart) {
    painter.write_png(folder / "a.png");
    const auto before = fs::file_size(folder / "a.png");
    rlimit old{}, small{};
    ::getrlimit(RLIMIT_FSIZE, &old);
    small = {100, old.rlim_max};
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &small);
    const std::string message = refusal(folder / "a.png"), other = refusal(folder / "b.png");
    ::setrlimit(RLIMIT_FSIZE, &old);
    std::signal(SIGXFSZ, handler);
    EXPECT_THAT(message, AllOf(HasSubstr("a.png"), HasSubstr("File too large")));
    EXPECT_THAT(other, HasSubstr("b.png"));
    EXPECT_EQ(fs::file_size(folder / "a.png"), before);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
}

TEST_F(Pictures, AFolderThatDoesNotExistAndATargetThatIsAFolderAreNamed) {
    EXPECT_THAT(refusal(folder / "none" / "a.png"), AllOf(HasSubstr("a.png"), HasSubstr("No such file")));
    EXPECT_THAT(refusal(folder), HasSubstr("it is a folder"));
    EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(Pictures, AnImpossibleSizeIsRefused) {
    EXPECT_THROW(CairoPainter(0, 10), InputError);
    EXPECT_THROW(CairoPainter(40000, 10), InputError);
    EXPECT_THROW(CairoPainter(10, 10, -1.0), InputError);
}

TEST_F(Pictures, ImagesAreSampledNearestWithTheFirstRowOnTop) {
    Image image(2, 2);
    image.at(0, 0) = hex(0xFF0000), image.at(1, 0) = hex(0x00FF00), image.at(0, 1) = hex(0x0000FF),
                image.at(1, 1) = hex(0xFFFFFF);
    painter.image({10, 10, 20, 20}, image);
    const Image seen = painter.pixels();
    EXPECT_EQ(seen.at(19, 19), hex(0xFF0000));
    EXPECT_EQ(seen.at(20, 19), hex(0x00FF00));
    EXPECT_EQ(seen.at(19, 20), hex(0x0000FF));
    EXPECT_EQ(seen.at(29, 29), hex(0xFFFFFF));
    EXPECT_EQ(seen.at(30, 29).a, 0);
}

TEST_F(Pictures, ClipsKeepDrawingInside) {
    painter.push_clip({0, 0, 50, 50});
    painter.rectangle({0, 0, 200, 100}, hex(0xFF0000));
    painter.pop_clip();
    painter.rectangle({100, 0, 10, 10}, hex(0x0000FF));
    const Image seen = painter.pixels();
    EXPECT_EQ(seen.at(49, 49), hex(0xFF0000));
    EXPECT_EQ(seen.at(50, 50).a, 0);
    EXPECT_EQ(seen.at(105, 5), hex(0x0000FF));
}

TEST_F(Pictures, WithoutAnyFontTextIsStillDrawn) {
    EXPECT_FALSE(find_font(std::vector<const char*>{"No Such Family At All"}, Weight::regular));
    CairoPainter plain(200, 100, 1.0, std::nullopt, std::nullopt);
    const TextStyle style{18, Weight::medium, hex(0x000000)};
    EXPECT_GT(plain.measure("987", style).width, 10.0);
    plain.text({10, 50}, "987", style);
    int dark = 0;
    for (const auto& pixel : plain.pixels().pixels) dark += pixel.a > 128;
    EXPECT_GT(dark, 20);
}

TEST_F(Pictures, DigitsAreOfOneWidthSoThatValuesDoNotJitter) {
    const TextStyle style{28, Weight::medium, {}};
    EXPECT_DOUBLE_EQ(painter.measure("111", style).width, painter.measure("888", style).width);
}

TEST_F(Pictures, TextThatIsNotUtf8DoesNotSpoilThePicture) {
    const TextStyle style{18, Weight::regular, hex(0x000000)};
    painter.text({10, 50}, "a\xff\xc3\n\xed\xa0\x80z", style);
    painter.write_png(folder / "a.png");
    EXPECT_EQ(clean_text("a\xff\nz"), "a? z");
    EXPECT_EQ(clean_text("\xc0\xaf"), "??");  // overlong
    EXPECT_EQ(clean_text("\u03c3 \u2212 \U0001F525"), "\u03c3 \u2212 \U0001F525");
}

TEST_F(Pictures, ATextThatIsTooLongEndsInAnEllipsisWithinItsWidth) {
    const TextStyle style{18, Weight::regular, {}};
    const std::string all = "\u03c3 of the carbon preform along x";
    EXPECT_EQ(shorten(painter, all, style, 1000), all);
    for (double width = 20; width < 200; width += 7) {
        const std::string cut = shorten(painter, all, style, width);
        EXPECT_LE(painter.measure(cut, style).width, width);
        EXPECT_TRUE(cut.ends_with("\u2026")) << cut;
        EXPECT_EQ(clean_text(cut), cut) << "cut inside a character";
    }
    EXPECT_EQ(shorten(painter, all, style, 1), "");
}

TEST_F(Pictures, WrappedTextKeepsEveryWordAndSaysWhenItWasCut) {
    const TextStyle style{18, Weight::regular, {}};
    const std::string all = "x does not percolate: fibres reach 87 of 100 planes";
    std::string joined;
    const auto lines = wrap(painter, all, style, 150, 10);
    for (const auto& line : lines) {
        EXPECT_LE(painter.measure(line, style).width, 150);
        joined += (joined.empty() ? "" : " ") + line;
    }
    EXPECT_EQ(joined, all);
    EXPECT_GT(lines.size(), 2u);
    EXPECT_TRUE(wrap(painter, all, style, 150, 2).back().ends_with("\u2026"));
    EXPECT_GT(wrap(painter, std::string(200, 'm'), style, 150, 50).size(), 10u);  // one word, broken
}

}  // namespace
}  // namespace jt
