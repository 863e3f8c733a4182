// SPDX-License-Identifier: Apache-2.0
// The errors of jouletwin. They live in the lowest layer so that every layer may throw them; the program maps each class to
// one exit code (twin/cli/main.cpp). Expected outcomes (a solve that needs more iterations) are values, not exceptions.
#pragma once
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace jt {

struct Error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Bad input: file, option or message. Holds every problem found, so that a user mends them in one go. Exit 2.
struct InputError : Error {
    explicit InputError(std::string problem) : InputError(std::vector<std::string>{std::move(problem)}) {}
    explicit InputError(std::vector<std::string> all) : Error(join(all)), problems(std::move(all)) {}
    std::vector<std::string> problems;

private:
    static std::string join(const std::vector<std::string>& all) {
        std::string text;
        for (const auto& line : all) text += (text.empty() ? "" : "\n") + line;
        return text;
    }
};

// The compute device is absent, out of memory or failed. Exit 3.
struct DeviceError : Error {
    using Error::Error;
};

// A solver did not converge, or a field left every law's range. Exit 4.
struct SolveError : Error {
    using Error::Error;
};

// A file could not be written. Exit 5.
struct DiskError : Error {
    using Error::Error;
};

// A port is in use, or the other side refuses. Exit 6.
struct NetworkError : Error {
    using Error::Error;
};

}  // namespace jt
