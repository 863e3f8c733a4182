// SPDX-License-Identifier: Apache-2.0
// Runs the real program as a user does, and a folder of its own for every test.
#pragma once
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/paths.hpp"

namespace jt::test {

struct Ran {
    int exit_code = -1;
    std::string out, err;
};

// A folder that goes when the test ends.
class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "jouletwin_test_XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    const std::filesystem::path& path() const { return path_; }
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
    }
    std::string read(const std::string& name) const {
        std::ifstream file(path_ / name, std::ios::binary);
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    }
    std::size_t files() const {
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(path_)) count += entry.is_regular_file();
        return count;
    }

private:
    std::filesystem::path path_;
};

// `arguments` as for a shell, in the folder.
inline Ran run_program(const std::string& arguments, const Folder& folder) {
    static int number = 0;
    const auto aside =
        std::filesystem::temp_directory_path() / ("jouletwin_run_" + std::to_string(getpid()) + "_" + std::to_string(number++));
    const std::string command = "cd '" + folder.path().string() + "' && '" JT_PROGRAM "' " + arguments + " >'" +
                                aside.string() + ".out' 2>'" + aside.string() + ".err' </dev/null";
    const int status = std::system(command.c_str());
    Ran ran;
    ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    for (auto [name, text] : {std::pair{".out", &ran.out}, std::pair{".err", &ran.err}}) {
        std::ifstream file(aside.string() + name, std::ios::binary);
        std::ostringstream content;
        content << file.rdbuf();
        *text = content.str();
        std::filesystem::remove(aside.string() + name);
    }
    return ran;
}

}  // namespace jt::test
