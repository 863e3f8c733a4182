// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/run_file.hpp"

#include <gmock/gmock.h>
#include <hdf5.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cmath>
#include <fstream>

#include "kernels/error.hpp"
#include "tests/support/killed.hpp"
#include "tests/support/program.hpp"

namespace jt {
namespace {

using test::Folder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

constexpr Extents kBox{4, 3, 2, 1e-3, 2e-3, 3e-3};
const std::vector<std::string> kFields{"T_K", "J_A_per_m2"};
constexpr std::size_t kRoom = 6;

std::vector<std::uint8_t> material() {
    std::vector<std::uint8_t> m(kBox.count());
    for (std::size_t c = 0; c < m.size(); ++c) m[c] = std::uint8_t(c % 3);
    return m;
}

// No two numbers alike over outputs, fields and cells.
std::vector<float> field(std::size_t step, float of) {
    std::vector<float> values(kBox.count());
    for (std::size_t c = 0; c < values.size(); ++c) values[c] = of + float(100 * step + c);
    return values;
}

void append(RunFile& file, std::size_t step) {
    const auto T = field(step, 300.0f), J = field(step, 1e4f);
    file.append(0.5 * double(step), {{"T_K", T}, {"J_A_per_m2", J}});
}

RunFile create(const std::string& path) {
    return RunFile::create(path, kBox, kFields, kRoom, material(), {"void", "char", "carbon_paper"});
}

// What a reader that knows nothing of RunFile finds in the file as it is on the disk now.
struct Found {
    std::int64_t steps = -1;
    std::vector<double> times;
    std::map<std::string, std::vector<float>> fields;
    std::vector<hsize_t> shape;
};

Found look(const std::string& path) {
    Found found;
    const std::string copy = path + ".seen";  // a process sees a file that it writes itself as it will be, not as it is
    std::filesystem::copy_file(path, copy, std::filesystem::copy_options::overwrite_existing);
    const hid_t file = H5Fopen(copy.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    EXPECT_GE(file, 0) << path;
    if (file < 0) return found;
    const hid_t count = H5Aopen_by_name(file, "/VTKHDF/Steps", "NSteps", H5P_DEFAULT, H5P_DEFAULT);
    EXPECT_GE(H5Aread(count, H5T_NATIVE_INT64, &found.steps), 0);
    H5Aclose(count);
    const auto all = [&](const std::string& name, hid_t type, auto& values) {
        const hid_t data = H5Dopen2(file, name.c_str(), H5P_DEFAULT), space = H5Dget_space(data);
        values.resize(std::size_t(H5Sget_simple_extent_npoints(space)));
        found.shape.assign(std::size_t(H5Sget_simple_extent_ndims(space)), 0);
        H5Sget_simple_extent_dims(space, found.shape.data(), nullptr);
        EXPECT_GE(H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
        H5Sclose(space), H5Dclose(data);
    };
    all("/VTKHDF/Steps/Values", H5T_NATIVE_DOUBLE, found.times);
    for (const auto& name : kFields) all("/VTKHDF/CellData/" + name, H5T_NATIVE_FLOAT, found.fields[name]);
    H5Fclose(file);
    return found;
}

// The first `steps` outputs are there and right.
void expect_outputs(const Found& found, std::size_t steps, const std::string& when) {
    ASSERT_GE(found.times.size(), steps) << when;
    ASSERT_LE(found.times.size(), std::size_t(std::max<std::int64_t>(found.steps, 1))) << when;  // VTK reads past it otherwise
    ASSERT_EQ(found.shape, (std::vector<hsize_t>{found.shape[0], 2, 3, 4})) << when;
    ASSERT_GE(found.shape[0], steps) << when;
    for (std::size_t n = 0; n < steps; ++n) {
        EXPECT_EQ(found.times[n], 0.5 * double(n)) << when;
        const auto T = field(n, 300.0f), J = field(n, 1e4f);
        for (std::size_t c = 0; c < T.size(); ++c) {
            ASSERT_EQ(found.fields.at("T_K")[n * T.size() + c], T[c]) << when << ", output " << n << ", cell " << c;
            ASSERT_EQ(found.fields.at("J_A_per_m2")[n * T.size() + c], J[c]) << when << ", output " << n << ", cell " << c;
        }
    }
}

TEST(RunFile, HoldsWhatWasAppendedAndIsAsLongAsThat) {
    const Folder folder;
    const std::string path = folder / "run.h5";
    RunFile file = create(path);
    for (std::size_t n = 0; n < 4; ++n) append(file, n);
    EXPECT_EQ(file.steps(), 4u);
    EXPECT_THAT(file.times(), ElementsAre(0.0, 0.5, 1.0, 1.5));
    for (const bool closed : {false, true}) {  // may be read while it is being written
        if (closed) file.close();
        const Found found = look(path);
        EXPECT_EQ(found.steps, 4);
        EXPECT_EQ(found.times.size(), 4u);
        EXPECT_EQ(found.shape[0], 4u);
        expect_outputs(found, 4, closed ? "closed" : "open");
    }
    EXPECT_FALSE(std::filesystem::exists(path + ".part"));
}

TEST(RunFile, MaterialsHaveTheirNames) {
    const Folder folder;
    create(folder / "run.h5").close();
    const hid_t file = H5Fopen((folder / "run.h5").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    const hid_t data = H5Dopen2(file, "/VTKHDF/CellData/material", H5P_DEFAULT);
    std::vector<std::uint8_t> found(kBox.count());
    EXPECT_GE(H5Dread(data, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, found.data()), 0);
    EXPECT_EQ(found, material());
    const hid_t names = H5Aopen(data, "names", H5P_DEFAULT), type = H5Aget_type(names), space = H5Aget_space(names);
    ASSERT_EQ(H5Sget_simple_extent_npoints(space), 3);
    ASSERT_EQ(H5Tget_size(type), 12u);  // "carbon_paper"
    std::string text(36, '\0');
    EXPECT_GE(H5Aread(names, type, text.data()), 0);
    EXPECT_EQ(text, std::string("void") + std::string(8, '\0') + "char" + std::string(8, '\0') + "carbon_paper");
    H5Sclose(space), H5Tclose(type), H5Aclose(names), H5Dclose(data), H5Fclose(file);
}

TEST(RunFile, FieldThatDoesNotExistAtAnOutputIsNaNThere) {
    const Folder folder;
    RunFile file = create(folder / "run.h5");
    const auto T = field(0, 300.0f);
    file.append(0.0, {{"T_K", T}});
    const Found found = look(folder / "run.h5");
    EXPECT_EQ(found.fields.at("T_K")[5], T[5]);
    for (const float J : found.fields.at("J_A_per_m2")) EXPECT_TRUE(std::isnan(J));
}

TEST(RunFile, XdmfListsTheOutputsThatAreThere) {
    const Folder folder;
    RunFile file = create(folder / "run.h5");
    EXPECT_THAT(folder.read("run.xdmf"), Not(HasSubstr("<Time")));
    append(file, 0), append(file, 1);
    EXPECT_THAT(
        folder.read("run.xdmf"),
        AllOf(HasSubstr("<Time Value=\"0.5\"/>"), HasSubstr(">1 0 0 0 1 1 1 1 1 2 3 4<"),
              HasSubstr(
                  "Dimensions=\"2 2 3 4\" NumberType=\"Float\" Precision=\"4\" Format=\"HDF\">run.h5:/VTKHDF/CellData/T_K<"),
              HasSubstr("Dimensions=\"3 4 5\""), HasSubstr(">0.003 0.002 0.001<"), Not(HasSubstr("<Time Value=\"1\"/>"))));
}

TEST(RunFile, OneOutputMoreThanThereIsRoomForIsRefused) {
    const Folder folder;
    RunFile file = RunFile::create(folder / "run.h5", kBox, kFields, 1, material(), {"a", "b", "c"});
    append(file, 0);
    EXPECT_THAT([&] { append(file, 1); }, ThrowsMessage<Error>(HasSubstr("no room for output 2")));
    EXPECT_EQ(look(folder / "run.h5").steps, 1);
    EXPECT_THAT([&] { RunFile::create(folder / "run.h5", kBox, kFields, 20'000'000, material(), {"a"}); },
                ThrowsMessage<InputError>(HasSubstr("20000000 outputs; allowed: 1 to 10000000, see run.output_every")));
    EXPECT_EQ(look(folder / "run.h5").steps, 1);
}

TEST(RunFile, UnknownFieldOrFieldOfAnotherSizeIsRefused) {
    const Folder folder;
    RunFile file = create(folder / "run.h5");
    const auto T = field(0, 300.0f);
    const std::span<const float> part(T.data(), 3);
    EXPECT_THAT([&] { file.append(0.0, {{"T", T}}); }, ThrowsMessage<Error>(HasSubstr("T is no field")));
    EXPECT_THAT([&] { file.append(0.0, {{"T_K", part}}); }, ThrowsMessage<Error>(HasSubstr("T_K is no field")));
    EXPECT_EQ(file.steps(), 0u);
}

TEST(RunFile, GoesOnWithAClosedFileFromAnyOfItsOutputs) {
    const Folder folder;
    const std::string path = folder / "run.h5";
    {
        RunFile file = create(path);
        for (std::size_t n = 0; n < 4; ++n) {
            const auto wrong = field(n, n < 2 ? 300.0f : -1.0f), J = field(n, 1e4f);
            file.append(n < 2 ? 0.5 * double(n) : 77.0, {{"T_K", wrong}, {"J_A_per_m2", J}});
        }
        file.close();
    }
    RunFile file = RunFile::open(path, 2);
    EXPECT_EQ(file.steps(), 2u);
    EXPECT_EQ(file.fields(), kFields);
    EXPECT_EQ(look(path).steps, 2);
    EXPECT_EQ(look(path).times.size(), 2u);
    EXPECT_THAT(folder.read("run.xdmf"), AllOf(HasSubstr("\"0.5\""), Not(HasSubstr("\"77\""))));
    for (std::size_t n = 2; n < kRoom; ++n) append(file, n);
    file.close();
    const Found found = look(path);
    EXPECT_EQ(found.steps, std::int64_t(kRoom));
    expect_outputs(found, kRoom, "gone on with");
}

TEST(RunFile, FileThatIsNoRunFileOrTooShortIsNamed) {
    const Folder folder;
    folder.write("text.h5", "not HDF5");
    EXPECT_THAT([&] { RunFile::open(folder / "text.h5", 0); }, ThrowsMessage<InputError>(HasSubstr("text.h5: cannot be read")));
    EXPECT_THAT([&] { RunFile::open(folder / "none.h5", 0); },
                ThrowsMessage<InputError>(AllOf(HasSubstr("none.h5"), HasSubstr("No such file"))));
    const hid_t other = H5Fcreate((folder / "other.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(other);
    EXPECT_THAT([&] { RunFile::open(folder / "other.h5", 0); },
                ThrowsMessage<InputError>(HasSubstr("other.h5: cannot be read")));
    {
        auto file = create(folder / "run.h5");
        append(file, 0);
    }
    EXPECT_THAT([&] { RunFile::open(folder / "run.h5", 2); },
                ThrowsMessage<InputError>(HasSubstr("run.h5: holds 1 outputs, 2 are needed")));
}

// The proof of "readable after a kill at any instant": the writer is killed at each of its system calls in turn.
TEST(RunFile, IsReadableAndCanBeGoneOnWithAfterAKillAtEverySystemCall) {
    auto* appended = static_cast<std::size_t*>(
        mmap(nullptr, sizeof(std::size_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    ASSERT_NE(appended, MAP_FAILED);
    const Folder folder;
    const std::string path = folder / "run.h5";
    const auto work = [&] {
        RunFile file = create(path);
        for (std::size_t n = 0; n < 2; ++n, *appended = n) append(file, n);
        file.close();
    };
    int calls = 1, seen_without_file = 0, seen_complete = 0;
    for (;; ++calls) {
        std::filesystem::remove(path);
        *appended = 0;
        const bool killed = test::killed_at_call(calls, work);
        const std::string when = "killed at call " + std::to_string(calls);
        if (!std::filesystem::exists(path)) {
            ASSERT_EQ(*appended, 0u) << when;
            ++seen_without_file;
            continue;
        }
        const Found found = look(path);
        ASSERT_GE(found.steps, std::int64_t(*appended)) << when;
        ASSERT_LE(found.steps, std::int64_t(*appended) + 1) << when;
        const std::size_t whole = std::min(std::size_t(found.steps), found.times.size());
        ASSERT_GE(whole, *appended) << when;
        expect_outputs(found, whole, when);
        if (testing::Test::HasFatalFailure()) break;
        RunFile again = RunFile::open(path, whole);
        append(again, whole);
        again.close();
        expect_outputs(look(path), whole + 1, when + " and gone on with");
        if (testing::Test::HasFatalFailure()) break;
        seen_complete += whole == 2;
        if (!killed) break;
    }
    EXPECT_GT(seen_without_file, 10);
    EXPECT_GT(seen_complete, 3);
    EXPECT_GT(calls, 40);  // the writer was really cut into pieces
    munmap(appended, sizeof(std::size_t));
}

TEST(RunFile, IsReadableAfterAKillAtEverySystemCallWhileItIsTakenUpAgain) {
    const Folder folder;
    const std::string path = folder / "run.h5", before = folder / "before.h5";
    {
        RunFile file = create(path);
        for (std::size_t n = 0; n < 3; ++n) append(file, n);
    }
    std::filesystem::copy_file(path, before);
    bool killed = true;
    for (int calls = 1; killed; ++calls) {
        std::filesystem::copy_file(before, path, std::filesystem::copy_options::overwrite_existing);
        killed = test::killed_at_call(calls, [&] {
            RunFile file = RunFile::open(path, 1);
            append(file, 1);
        });
        const Found found = look(path);
        ASSERT_GE(found.steps, 1);
        // what is not kept may already be forgotten in part
        expect_outputs(found, found.steps == 2 ? found.times.size() : 1, "killed at call " + std::to_string(calls));
        if (testing::Test::HasFatalFailure()) break;
    }
    EXPECT_EQ(look(path).steps, 2);
}

TEST(RunFile, IsOfTheEarliestFormatAndTakesDiskOnlyForWhatIsThere) {
    const Folder folder;
    const Extents box{64, 64, 64, 1e-3, 1e-3, 1e-3};
    RunFile::create(folder / "run.h5", box, {"T_K"}, 1000, std::vector<std::uint8_t>(box.count()), {"m"}).close();
    EXPECT_EQ(folder.read("run.xdmf").size(), 156u);
    std::ifstream file(folder / "run.h5", std::ios::binary);
    std::string start(9, '\0');
    file.read(start.data(), 9);
    EXPECT_EQ(start, std::string("\x89HDF\r\n\x1a\n\0", 9));  // superblock of version 0
    EXPECT_GT(std::filesystem::file_size(folder / "run.h5"), 1000 * box.count() * sizeof(float));
    struct stat status {};
    ASSERT_EQ(stat((folder / "run.h5").c_str(), &status), 0);
    EXPECT_LT(status.st_blocks * 512, 2'000'000);
}

TEST(RunFile, FullDiskIsADiskErrorAndWhatWasWrittenStaysReadable) {
    const Folder folder;
    const std::string path = folder / "run.h5";
    EXPECT_EQ(test::exit_code_of([&] {
                  RunFile file = create(path);
                  append(file, 0), append(file, 1);
                  test::limit_file_size(4096);  // before the place of the fields
                  try {
                      append(file, 2);
                      return 1;
                  } catch (const DiskError& e) {
                      return std::string(e.what()).find("run.h5: cannot be written: File too large") == std::string::npos ? 2
                                                                                                                          : 5;
                  }
              }),
              5);
    const Found found = look(path);
    EXPECT_EQ(found.steps, 2);
    expect_outputs(found, 2, "disk full");
    RunFile again = RunFile::open(path, 2);
    append(again, 2);
    expect_outputs(look(path), 3, "gone on with");
}

TEST(RunFile, FullDiskAtTheStartLeavesTheFileThatWasThere) {
    const Folder folder;
    const std::string path = folder / "run.h5";
    {
        auto file = create(path);
        append(file, 0);
    }
    EXPECT_EQ(test::exit_code_of([&] {
                  test::limit_file_size(1000);
                  try {
                      create(path);
                      return 1;
                  } catch (const DiskError& e) {
                      return std::string(e.what()).find("run.h5: cannot be written: File too large") == std::string::npos ? 2
                                                                                                                          : 5;
                  }
              }),
              5);
    expect_outputs(look(path), 1, "the older file");
    EXPECT_FALSE(std::filesystem::exists(path + ".part"));
    EXPECT_THAT([&] { create("/proc/no/run.h5"); }, ThrowsMessage<DiskError>(HasSubstr("/proc/no/run.h5: cannot be written")));
}

TEST(RunFile, PiecesHoldAllOutputsOfAPartOfTheBoxThatFits) {
    EXPECT_THAT(piece_of_field({100, 50, 20, 1, 1, 1}, 121, std::uint64_t(1) << 31), ElementsAre(121u, 20u, 50u, 100u));
    EXPECT_THAT(piece_of_field({100, 50, 20, 1, 1, 1}, 10, 10 * 100 * 50 * 6 * 4), ElementsAre(10u, 5u, 50u, 100u));
    EXPECT_THAT(piece_of_field({100, 50, 20, 1, 1, 1}, 10, 10 * 100 * 4), ElementsAre(10u, 1u, 1u, 100u));
    EXPECT_THAT(piece_of_field({100, 50, 20, 1, 1, 1}, 10, 80), ElementsAre(10u, 1u, 1u, 2u));
}

}  // namespace
}  // namespace jt
