// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/write_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "kernels/error.hpp"

namespace jt {
namespace {

// What failed is reported with errno as it was; the half-written file is taken away.
[[noreturn]] void fail(const std::filesystem::path& file, const std::filesystem::path& aside, int descriptor, int code) {
    if (descriptor >= 0) ::close(descriptor);
    ::unlink(aside.c_str());
    throw DiskError(file.string() + ": cannot be written: " + std::strerror(code));
}

}  // namespace

void write_file(const std::filesystem::path& file, std::string_view content) {
    const std::filesystem::path aside = file.string() + ".part";
    const int descriptor = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor < 0) throw DiskError(file.string() + ": cannot be written: " + std::strerror(errno));
    for (std::size_t done = 0; done < content.size();) {
        const ssize_t written = ::write(descriptor, content.data() + done, content.size() - done);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(file, aside, descriptor, errno);
        done += std::size_t(written);
    }
    if (::fsync(descriptor) != 0 && errno != EINVAL) fail(file, aside, descriptor, errno);
    if (::close(descriptor) != 0) fail(file, aside, -1, errno);
    if (::rename(aside.c_str(), file.c_str()) != 0) fail(file, aside, -1, errno);
}

void make_folder(const std::filesystem::path& folder) {
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    if (code || !std::filesystem::is_directory(folder, code))
        throw DiskError(folder.string() + ": cannot be made: " + (code ? code.message() : "a file of that name is there"));
}

}  // namespace jt
