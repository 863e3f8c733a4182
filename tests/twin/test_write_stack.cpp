// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>

#include "kernels/error.hpp"
#include "tests/support/program.hpp"
#include "twin/stack/read_stack.hpp"
#include "twin/stack/write_stack.hpp"

namespace jt {
namespace {

using test::Folder;
using testing::HasSubstr;

TEST(WriteStack, WhatIsWrittenReadsBack) {
    const Folder folder;
    const int nx = 700, ny = 130, nz = 3;  // more than one strip a page, the last one shorter
    std::vector<std::uint8_t> grey(std::size_t(nx) * ny * nz);
    for (std::size_t n = 0; n < grey.size(); ++n) grey[n] = std::uint8_t(n * n >> 5);
    write_stack(folder / "a.tif", nx, ny, nz, grey);
    const Stack stack = read_stack(folder / "a.tif");
    EXPECT_EQ(stack.nx, nx);
    EXPECT_EQ(stack.ny, ny);
    EXPECT_EQ(stack.nz, nz);
    EXPECT_TRUE(std::equal(grey.begin(), grey.end(), stack.grey.begin(), stack.grey.end()));
    EXPECT_EQ(peek_stack(folder / "a.tif").compression, "deflate");
    EXPECT_EQ(folder.files(), 1u);
}

TEST(WriteStack, WhereItCannotBeWrittenTheFileIsNamed) {
    const Folder folder;
    std::filesystem::create_directory(folder / "taken.tif");
    for (const char* name : {"no/such/folder.tif", "taken.tif"}) {
        try {
            write_stack(folder / name, 1, 1, 1, {1});
            ADD_FAILURE() << name;
        } catch (const DiskError& error) {
            EXPECT_THAT(error.what(), HasSubstr(std::string(name) + ": cannot be written"));
        }
    }
    EXPECT_EQ(folder.files(), 0u);
}

// A disk that is full after 10 kB, by the file size limit of a child process: 0 the right error, 1 another outcome.
TEST(WriteStack, AFullDiskLeavesTheOlderFileAndNothingElse) {
    const Folder folder;
    folder.write("a.tif", "older");
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{10000, 10000};
        setrlimit(RLIMIT_FSIZE, &limit);
        std::vector<std::uint8_t> grey(100 * 100 * 20);
        for (std::size_t n = 0; n < grey.size(); ++n) grey[n] = std::uint8_t(n * n * 2654435761u >> 13);
        try {
            write_stack(folder / "a.tif", 100, 100, 20, grey);
        } catch (const DiskError& error) {
            _exit(std::string(error.what()).find("a.tif: cannot be written: File too large") != std::string::npos ? 0 : 2);
        } catch (...) {
            _exit(3);
        }
        _exit(1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
    EXPECT_EQ(folder.read("a.tif"), "older");
    EXPECT_EQ(folder.files(), 1u);
}

}  // namespace
}  // namespace jt
