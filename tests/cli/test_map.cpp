// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/paths.hpp"
#include "tests/support/program.hpp"
#include "tests/support/tiff_maker.hpp"
#include "twin/scenario/reader.hpp"
#include "twin/stack/read_stack.hpp"

namespace jt {
namespace {

using nlohmann::json;
using test::counted;
using test::Folder;
using test::make_tiff;
using test::Patch;
using test::Ran;
using test::run_program;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kTwo = " --voxel '1 um' --sigma '10=1 S/m' --sigma '200=10 S/m' --device cpu ";

json effective(const std::string& arguments, const Folder& folder) {
    const Ran ran = run_program("map effective " + arguments + " --json", folder);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.exit_code == 0 ? json::parse(ran.out) : json();
}

// 4 x 6 x 8 voxels in layers normal to an axis: grey `low` in the first `thick` planes, `high` in the rest.
std::vector<std::uint16_t> layers(int axis, int thick, std::uint16_t low, std::uint16_t high) {
    std::vector<std::uint16_t> grey;
    for (int z = 0; z < 8; ++z)
        for (int y = 0; y < 6; ++y)
            for (int x = 0; x < 4; ++x) grey.push_back(std::array{x, y, z}[std::size_t(axis)] < thick ? low : high);
    return grey;
}

TEST(MapEffective, LayersConductInParallelAndInSeriesAlongTheAxesOfTheImage) {
    const std::array<std::string, 3> axes = {"x", "y", "z"};
    const double cells[3] = {4, 6, 8};
    for (int normal = 0; normal < 3; ++normal) {
        const Folder folder;
        const int thick = normal + 1;  // 1 of 4 columns, 2 of 6 rows, 3 of 8 pages
        make_tiff(folder / "layers.tif", 4, 6, 8, layers(normal, thick, 10, 200));
        const json out = effective("layers.tif" + kTwo, folder);
        const double f = thick / cells[normal];
        for (int axis = 0; axis < 3; ++axis) {
            const double expected = axis == normal ? 1.0 / (f / 1.0 + (1.0 - f) / 10.0) : f * 1.0 + (1.0 - f) * 10.0;
            EXPECT_NEAR(out["sigma_S_per_m"][axes[std::size_t(axis)]].get<double>(), expected, 1e-7 * expected)
                << "layers normal to " << axes[std::size_t(normal)] << ", along " << axes[std::size_t(axis)];
            EXPECT_EQ(out["percolates"][axes[std::size_t(axis)]], true);
            EXPECT_GE(out["iterations"][axes[std::size_t(axis)]].get<int>(), 1);
        }
        EXPECT_EQ(out["voxels"], json({4, 6, 8}));
        EXPECT_EQ(out["device"], "cpu");
        EXPECT_DOUBLE_EQ(out["conducting_fraction"].get<double>(), 1.0);
        EXPECT_LT(out["relative_residual"]["x"].get<double>(), 1e-8);
    }
}

TEST(MapEffective, AnInsulatingPlaneIsAFindingThatNamesItAndNotAnError) {
    const Folder folder;
    auto grey = layers(1, 6, 200, 0);  // all conducting
    for (int z = 0; z < 8; ++z)
        for (int x = 0; x < 4; ++x) grey[std::size_t((z * 6 + 4) * 4 + x)] = 0;  // but row 4
    make_tiff(folder / "cut.tif", 4, 6, 8, grey);
    const std::string arguments = "cut.tif --voxel '1 um' --sigma '200=10 S/m'";
    const json out = effective(arguments, folder);
    EXPECT_EQ(out["percolates"], json({{"x", true}, {"y", false}, {"z", true}}));
    EXPECT_EQ(out["sigma_S_per_m"]["y"], 0.0);
    EXPECT_EQ(out["iterations"]["y"], 0);
    EXPECT_NEAR(out["sigma_S_per_m"]["x"].get<double>(), 10.0 * 5 / 6, 1e-6);
    EXPECT_THAT(out["finding"]["y"].get<std::string>(), HasSubstr("ends before plane 4 of 0..5"));
    EXPECT_FALSE(out["J_crowding"].contains("y"));  // absent, not 0
    EXPECT_TRUE(out["J_crowding"].contains("x"));
    const Ran text = run_program("map effective " + arguments, folder);
    EXPECT_EQ(text.exit_code, 0);
    EXPECT_THAT(text.out,
                AllOf(HasSubstr("y     no          0"), HasSubstr("ends before plane 4 of 0..5"), HasSubstr("x     yes")));
    EXPECT_THAT(text.out, Not(HasSubstr("No axis percolates")));
}

TEST(MapEffective, AMapThatPercolatesNowhereIsAFinding) {
    const Folder folder;
    std::vector<std::uint16_t> grey(27, 0);
    grey[13] = 255;
    make_tiff(folder / "dot.tif", 3, 3, 3, grey);
    const Ran ran = run_program("map effective dot.tif --voxel '1 um' --sigma '255=1 S/m'", folder);
    EXPECT_EQ(ran.exit_code, 0);
    EXPECT_THAT(ran.out, HasSubstr("No axis percolates"));
    const json out = effective("dot.tif --voxel '1 um' --sigma '255=1 S/m'", folder);
    EXPECT_EQ(out["percolates"], json({{"x", false}, {"y", false}, {"z", false}}));
    EXPECT_EQ(out["sigma_S_per_m"], json({{"x", 0.0}, {"y", 0.0}, {"z", 0.0}}));
}

// A path up, sideways and up again: its resistance tells the three edges of the voxel apart.
TEST(MapEffective, VoxelEdgesBelongToTheirAxes) {
    const Folder folder;
    make_tiff(folder / "zigzag.tif", 2, 1, 2, {255, 255, 0, 255});  // (0,0,0) (1,0,0) and above it (1,0,1)
    const double hx = 2, hy = 5, hz = 3;                            // [um]
    const json out = effective("zigzag.tif --voxel '2 um, 5 um, 3 um' --sigma '255=1 S/m'", folder);
    // along z: both lower cells stand on the lower terminal; the way from (0,0,0) is in parallel with the half cell of (1,0,0)
    const double direct = 2 * hx * hy / hz, sideways = 1 / (0.5 * hz / (hx * hy) + hx / (hy * hz)), up = hx * hy / hz;
    const double conductance = 1 / (1 / (direct + sideways) + 1 / up + 0.5 * hz / (hx * hy));
    EXPECT_NEAR(out["sigma_S_per_m"]["z"].get<double>(), conductance * 2 * hz / (2 * hx * hy), 1e-7);
    EXPECT_NEAR(out["sigma_S_per_m"]["y"].get<double>(), 0.75, 1e-7);
    EXPECT_EQ(out["voxel_m"], json({2e-6, 5e-6, 3e-6}));
}

TEST(MapEffective, CropAndCoarsenChangeWhatIsSolved) {
    const Folder folder;
    make_tiff(folder / "layers.tif", 4, 6, 8, layers(2, 2, 10, 200));
    const json out = effective("layers.tif --crop 0,4,1,3,2,8 --coarsen 2 --voxel '1 um' --sigma '200=0.1 ohm m'", folder);
    EXPECT_EQ(out["voxels"], json({2, 1, 3}));
    EXPECT_EQ(out["voxel_m"], json({2e-6, 2e-6, 2e-6}));
    EXPECT_NEAR(out["sigma_S_per_m"]["z"].get<double>(), 10.0, 1e-6);  // a resistivity, inverted
}

TEST(MapEffective, SixteenBitGreyAndSeveralRangesWork) {
    const Folder folder;
    make_tiff(folder / "m.tif", 1, 1, 3, {1000, 40000, 65535}, {.bits = 16});
    const json out = effective(
        "m.tif --voxel '1 mm' --sigma '1000-1001=1 S/m' --sigma '30000-50000=10 S/m' --sigma '65535=100 S/m'", folder);
    EXPECT_NEAR(out["sigma_S_per_m"]["z"].get<double>(), 3.0 / 1.11, 1e-8);
    EXPECT_NEAR(out["sigma_S_per_m"]["x"].get<double>(), 37.0, 1e-8);
}

TEST(MapEffective, TheFibreScanConductsAlongYAndZAndNotAlongItsColumns) {
    const std::string file = std::string(JT_SOURCE_DIR) + "/../shared/data/fiberform_100.tif";
    if (!std::filesystem::exists(file)) GTEST_SKIP() << "data: no " << file;
    const Folder folder;
    const json out = effective("'" + file + "' --voxel '1.3 um' --sigma '90-255=8e5 S/m'", folder);
    EXPECT_EQ(out["percolates"], json({{"x", false}, {"y", true}, {"z", true}}));
    // An independent solve of the same discretisation (scipy, conjugate gradients to 1e-12 on the percolating component).
    EXPECT_NEAR(out["sigma_S_per_m"]["y"].get<double>(), 43172.172298, 4e-3);
    EXPECT_NEAR(out["sigma_S_per_m"]["z"].get<double>(), 11743.350314, 1e-3);
}

TEST(MapInfo, TellsSizeGreyValuesHistogramAndRanges) {
    const Folder folder;
    make_tiff(folder / "s.tif", 2, 2, 2, {1, 1, 1, 1, 1, 101, 101, 101});
    const Ran ran = run_program("map info s.tif --voxel '2 mm,3 mm,4 mm' --sigma '100-255=5 S/m' --json", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    const json out = json::parse(ran.out);
    EXPECT_EQ(out["voxels"], json({2, 2, 2}));
    EXPECT_EQ(out["bits"], 8);
    EXPECT_EQ(out["size_m"], json({4e-3, 6e-3, 8e-3}));
    EXPECT_EQ(out["grey"], json({{"min", 1}, {"max", 101}, {"mean", 38.5}}));
    EXPECT_EQ(out["histogram"]["bin_width"], 1);
    EXPECT_EQ(out["histogram"]["counts"][1], 5);
    EXPECT_EQ(out["histogram"]["counts"].size(), 256u);
    EXPECT_EQ(out["otsu"]["threshold"], 52);
    EXPECT_EQ(out["otsu"]["suggested_range"], json({52, 255}));
    EXPECT_EQ(out["ranges"][0]["voxels"], 3);
    const Ran text = run_program("map info s.tif --voxel '2 mm'", folder);
    EXPECT_EQ(text.exit_code, 0);
    EXPECT_THAT(text.out, AllOf(HasSubstr("2 x 2 x 2 voxels"), HasSubstr("size 4 mm x 4 mm x 4 mm"), HasSubstr("grey 1..101"),
                                HasSubstr("\"52-255=VALUE\""), HasSubstr("####")));
    make_tiff(folder / "flat.tif", 2, 1, 1, {300, 300}, {.bits = 16});
    const json flat = json::parse(run_program("map info flat.tif --json", folder).out);
    EXPECT_FALSE(flat.contains("otsu"));
    EXPECT_FALSE(flat.contains("size_m"));
    EXPECT_EQ(flat["histogram"]["bin_width"], 256);
    EXPECT_EQ(flat["histogram"]["counts"][1], 2);
    EXPECT_THAT(run_program("map info flat.tif", folder).out, HasSubstr("all voxels are alike"));
}

TEST(MapImport, WritesAScenarioTheReaderTakes) {
    const Folder folder;
    make_tiff(folder / "a \"b\".tif", 4, 6, 8, layers(2, 3, 10, 200));
    const Ran ran = run_program(
        "map import 'a \"b\".tif' --voxel '1 um,1 um,2 um' --sigma '10=1 S/m' --sigma '150-255=3 ohm cm' -o "
        "out --crop 0,4,0,6,1,8",
        folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("current along z (choose with --axis)"));
    const Scenario s = read_scenario(folder / "out/scenario.toml");
    ASSERT_TRUE(s.bed.map);
    EXPECT_EQ(s.bed.current_axis, 2);
    EXPECT_DOUBLE_EQ(s.bed.map->voxel[2], 2e-6);
    ASSERT_EQ(s.bed.map->labels.size(), 2u);  // every voxel has a range: no void
    EXPECT_EQ(s.bed.map->labels.at("grey_10").low, 127);
    EXPECT_EQ(s.bed.map->labels.at("grey_150_255").high, 255);
    EXPECT_DOUBLE_EQ(s.materials[std::size_t(s.material_index("grey_150_255"))].sigma->in_plane.at(300.0), 100.0 / 3.0);
    EXPECT_EQ(s.run.solve, RunSpec::Solve::current);
    const Stack labels = read_stack(folder / "out/labels.tif");
    EXPECT_EQ(labels.nz, 7);
    EXPECT_EQ(labels.grey[0], 127);
    EXPECT_EQ(labels.grey[4 * 6 * 2], 255);
}

TEST(MapImport, TheScenarioRunsToTheConductanceOfTheMap) {
    const Folder folder;
    make_tiff(folder / "s.tif", 4, 6, 8, layers(2, 2, 10, 200));
    ASSERT_EQ(run_program("map import s.tif --coarsen 2 -o out" + kTwo, folder).exit_code, 0);
    const Ran ran = run_program("run out/scenario.toml -o done --device cpu --json", folder);
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
    // 1 S/m for 2 um, 10 S/m for 6 um, over 4 um x 6 um
    EXPECT_NEAR(json::parse(ran.out)["final"]["resistance_ohm"].get<double>(), (2e-6 / 1 + 6e-6 / 10) / 24e-12, 1e-3);
}

TEST(MapImport, TheAxisIsTheFirstOfZYXThatPercolatesUnlessOneIsAsked) {
    const Folder folder;
    make_tiff(folder / "s.tif", 4, 6, 8, layers(2, 3, 200, 0));  // z blocked
    const std::string arguments = "map import s.tif --voxel '1 um' --sigma '200=1 S/m' ";
    EXPECT_EQ(json::parse(run_program(arguments + "-o one --json", folder).out)["current_axis"], "y");
    EXPECT_EQ(json::parse(run_program(arguments + "-o two --axis x --json", folder).out)["current_axis"], "x");
    EXPECT_EQ(read_scenario(folder / "one/scenario.toml").bed.current_axis, 1);
    EXPECT_EQ(read_scenario(folder / "one/scenario.toml").bed.map->labels.at("void").high, 0);
    EXPECT_EQ(read_scenario(folder / "two/scenario.toml").bed.current_axis, 0);
}

TEST(MapImport, AFolderThatHoldsSomethingIsKeptUnlessForced) {
    const Folder folder;
    make_tiff(folder / "s.tif", 1, 1, 1, {200});
    std::filesystem::create_directory(folder / "out");
    const std::string arguments = "map import s.tif --voxel '1 um' --sigma '200=1 S/m' -o out";
    ASSERT_EQ(run_program(arguments, folder).exit_code, 0);  // empty
    folder.write("out/scenario.toml", "mine");
    const Ran again = run_program(arguments, folder);
    EXPECT_EQ(again.exit_code, 2);
    EXPECT_THAT(again.err, HasSubstr("-o out: the folder is not empty; allowed: a new or empty folder, or --force"));
    EXPECT_EQ(folder.read("out/scenario.toml"), "mine");
    EXPECT_EQ(run_program(arguments + " --force", folder).exit_code, 0);
    EXPECT_NE(folder.read("out/scenario.toml"), "mine");
    folder.write("file", "");
    EXPECT_EQ(run_program("map import s.tif --voxel '1 um' --sigma '200=1 S/m' -o file --force", folder).exit_code, 2);
    EXPECT_EQ(run_program("map import s.tif --voxel '1 um' --sigma '200=1 S/m' -o file/in", folder).exit_code, 5);
}

TEST(MapDemo, WritesAStackTheOtherCommandsTakeAndReplacesNothing) {
    const Folder folder;
    const Ran made = run_program("map demo d.tif --cells 40 --seed 3", folder);
    ASSERT_EQ(made.exit_code, 0) << made.err;
    EXPECT_THAT(made.out, HasSubstr("map effective d.tif --voxel \"1.3 um\" --sigma \"90-255=8e5 S/m\""));
    EXPECT_EQ(read_stack(folder / "d.tif").nz, 40);
    const Ran again = run_program("map demo d.tif", folder);
    EXPECT_EQ(again.exit_code, 2);
    EXPECT_THAT(again.err, HasSubstr("d.tif: is there already"));
    EXPECT_EQ(run_program("map demo d.tif --cells 20 --force", folder).exit_code, 0);
    EXPECT_EQ(read_stack(folder / "d.tif").nz, 20);
    EXPECT_EQ(run_program("map demo no/d.tif", folder).exit_code, 5);
}

// Stacks no one should send: exit 2, the file and the reason in words, nothing written.
TEST(Map, BadStacksAreRefusedWithReasonAndLeaveNothing) {
    const Folder folder;
    const auto path = [&](const char* name) { return folder / name; };
    make_tiff(path("good.tif"), 4, 4, 4, counted(4, 4, 4, 4));
    make_tiff(path("truncated.tif"), 40, 40, 4, std::vector<std::uint16_t>(6400, 200));
    test::put_bytes(path("truncated.tif"), test::bytes_of(path("truncated.tif")).substr(0, 4000));
    {
        test::TiffMaker ragged(path("ragged.tif"));
        const auto grey = counted(4, 4, 1);
        ragged.page(4, 4, grey.data());
        ragged.page(4, 2, grey.data());
    }
    make_tiff(path("rgb.tif"), 4, 4, 1, counted(4, 4, 1), {.photometric = PHOTOMETRIC_RGB, .samples = 3});
    make_tiff(path("float.tif"), 4, 4, 1, counted(4, 4, 1), {.bits = 32, .format = SAMPLEFORMAT_IEEEFP});
    make_tiff(path("claims.tif"), 4, 4, 1, counted(4, 4, 1));
    Patch(path("claims.tif")).tag(0, TIFFTAG_IMAGEWIDTH, 1u << 20).tag(0, TIFFTAG_IMAGELENGTH, 1u << 20);
    make_tiff(path("zero.tif"), 4, 4, 1, counted(4, 4, 1));
    Patch(path("zero.tif")).tag(0, TIFFTAG_IMAGEWIDTH, 0);
    make_tiff(path("loop.tif"), 4, 4, 1, counted(4, 4, 1));
    const std::size_t own = Patch(path("loop.tif")).directory(0);
    Patch(path("loop.tif")).next(0, own);
    folder.write("raw.raw", "12345");
    folder.write("raw.toml", "size = [2, 2, 2]\ntype = 'uint8'\n");
    folder.write("huge.raw", "12345");
    folder.write("huge.raw.toml", "size = [65536, 65536, 256]\ntype = 'uint8'\n");
    folder.write("bare.raw", "12345");
    folder.write("garbage.tif", std::string("II*\0\x99\x99\x99\x99 and so on", 18));
    folder.write("text.tif", "hello");
    folder.write("empty.tif", "");
    make_tiff(path("s_1.tif"), 1, 1, 1, {200});
    make_tiff(path("s_3.tif"), 1, 1, 1, {200});
    std::filesystem::create_directory(path("folder.tif"));
    const std::size_t before = folder.files();

    const struct {
        const char *file, *says;
    } all[] = {
        {"truncated.tif", "truncated.tif: page"},
        {"ragged.tif", "ragged.tif: page 2: is 4 x 2, 8 bit; page 1 is 4 x 4, 8 bit"},
        {"rgb.tif", "rgb.tif: page 1: is an RGB image"},
        {"float.tif", "float.tif: page 1: has 32 bit per voxel; allowed: 8 or 16 bit unsigned grey"},
        {"claims.tif", "1048576 x 1048576 x 1 = 1.09951e+12 voxels; allowed: at most 2147483647"},
        {"zero.tif", "zero.tif: page 1"},
        {"loop.tif", "loop.tif: page 1"},
        {"raw.raw", "raw.raw: the file has 5 bytes; raw.toml (size, type, offset) asks for 8"},
        {"huge.raw", "voxels; allowed: at most 2147483647"},
        {"bare.raw", "bare.raw: its sidecar is missing"},
        {"garbage.tif", "garbage.tif: page 1"},
        {"text.tif", "text.tif: not a TIFF file"},
        {"empty.tif", "empty.tif: the file is empty"},
        {"s_1.tif", "slice s_2.tif of the series is missing"},
        {"folder.tif", "folder.tif: is a directory"},
        {"none.tif", "none.tif: no such file"},
    };
    for (const auto& bad : all) {
        for (const std::string command : {"info", "effective", "import"}) {
            const Ran ran = run_program("map " + command + " " + bad.file + " --voxel '1 um' --sigma '1-255=1 S/m'" +
                                            (command == "import" ? " -o out" : ""),
                                        folder);
            EXPECT_EQ(ran.exit_code, 2) << command << " " << bad.file;
            EXPECT_THAT(ran.err, HasSubstr(bad.says)) << command;
            EXPECT_EQ(ran.out, "") << command << " " << bad.file;
        }
    }
    EXPECT_EQ(folder.files(), before);
    EXPECT_FALSE(std::filesystem::exists(path("out")));
}

TEST(Map, BadOptionsAreRefusedWithWhatIsAllowed) {
    const Folder folder;
    make_tiff(folder / "s.tif", 4, 4, 4, counted(4, 4, 4));  // grey 0..63
    const struct {
        const char *options, *says;
    } all[] = {
        {"--voxel '1 um' --sigma '90-255=8e5 S/m'",
         "label grey_90_255 [90, 255]: no voxel of s.tif has these grey values; found 0..63"},
        {"--voxel '1 um' --sigma '0-256=8e5 S/m'", "from 0 to 255, as s.tif has 8 bit"},
        {"--voxel '1 um' --sigma '0-9=1 S/m' --sigma '9-11=1 S/m'", "overlaps grey values 0-9; allowed: ranges apart"},
        {"--voxel '1 um' --sigma '0-63=0 S/m'", "s.tif: no voxel conducts"},
        {"--voxel '1 um' --sigma '0-63'", "there is no '='"},
        {"--voxel '1 um' --sigma '9-3=1 S/m'", "found \"9-3\" as grey values"},
        {"--voxel '1 um' --sigma '-3=1 S/m'", "as grey values"},
        {"--voxel '1 um' --sigma '3=1 W'", "--sigma \"3=1 W\": found \"1 W\""},
        {"--voxel '1 um' --sigma '3=-1 S/m'", "allowed: 0 to 1e9 S/m"},
        {"--voxel '1 um' --sigma '3=nan S/m'", "--sigma"},
        {"--voxel '1 um' --sigma '3=0 ohm m'", "allowed: 0 to 1e9 S/m"},
        {"--voxel '0 um' --sigma '3=1 S/m'", "--voxel: found \"0 um\"; allowed: 1 nm to 1 m"},
        {"--voxel '2 m' --sigma '3=1 S/m'", "allowed: 1 nm to 1 m"},
        {"--voxel '1 kg' --sigma '3=1 S/m'", "--voxel: found \"1 kg\""},
        {"--voxel '1 um,1 um' --sigma '3=1 S/m'", "allowed: one length or three"},
        {"--voxel '1 um' --sigma '3=1 S/m' --crop 0,4,0,4,0,5",
         "crop: 0 to 5 along z; allowed: part of 0 to 4, the size of s.tif"},
        {"--voxel '1 um' --sigma '3=1 S/m' --crop 0,4,0,4,4", "--crop: found \"0,4,0,4,4\""},
        {"--voxel '1 um' --sigma '3=1 S/m' --crop 0,4,2,2,0,4", "--crop: found"},
        {"--voxel '1 um' --sigma '3=1 S/m' --coarsen 4", "no voxel is left of it in s.tif coarsened by 4"},
        {"--voxel '1 um' --sigma '3=1 S/m' --coarsen 0", "coarsen"},
        {"--voxel '1 um' --sigma '3=1 S/m' --device tpu", "tpu"},
        {"--sigma '3=1 S/m'", "--voxel is required"},
        {"--voxel '1 um'", "--sigma is required"},
    };
    for (const auto& bad : all) {
        const Ran ran = run_program(std::string("map effective s.tif ") + bad.options, folder);
        EXPECT_EQ(ran.exit_code, 2) << bad.options;
        EXPECT_THAT(ran.err, HasSubstr(bad.says)) << bad.options;
    }
    EXPECT_EQ(run_program("map", folder).exit_code, 2);
    EXPECT_EQ(run_program("map effective", folder).exit_code, 2);
    EXPECT_EQ(folder.files(), 1u);
    // Two problems at once are both told.
    EXPECT_THAT(run_program("map effective s.tif --voxel 1 --sigma 5", folder).err,
                AllOf(HasSubstr("--voxel"), HasSubstr("--sigma")));
}

}  // namespace
}  // namespace jt
