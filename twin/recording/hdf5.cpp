// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/hdf5.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "kernels/error.hpp"

namespace jt::hdf5 {
namespace {

herr_t keep_deepest(unsigned, const H5E_error2_t* error, void* text) {
    if (error->desc) *static_cast<std::string*>(text) = error->desc;
    return 0;
}

int descriptor_of(hid_t file_id, const std::filesystem::path& file) {
    void* descriptor = nullptr;
    const Id access = file_access();
    written(H5Fget_vfd_handle(file_id, access, &descriptor), file);
    return *static_cast<int*>(descriptor);
}

}  // namespace

Id file_access() {
    // Every file is closed by its owner. What could not be written when it was closed (full disk) the library would try again
    // as the program ends, and crash (1.10.8).
    static const herr_t no_second_try = H5dont_atexit();
    static_cast<void>(no_second_try);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18);
    H5Pset_file_locking(access, false, true);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    return access;
}

std::string reason() {
    std::string text;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep_deepest, &text);
    // the drivers add the system's own words: "..., errno = 28, error message = 'No space left on device', ..."
    const std::string before = "error message = '";
    if (const auto at = text.find(before); at != std::string::npos) {
        text.erase(0, at + before.size());
        text.erase(std::min(text.find('\''), text.size()));
    }
    return text.empty() ? "HDF5 gives no reason" : text;
}

hid_t written(hid_t result, const std::filesystem::path& file) {
    if (result < 0) throw DiskError(file.string() + ": cannot be written: " + reason());
    return result;
}

hid_t read(hid_t result, const std::filesystem::path& file) {
    if (result < 0) throw InputError(file.string() + ": cannot be read: " + reason());
    return result;
}

void read_attribute(hid_t file_id, const char* group, const char* name, hid_t type, std::size_t values, void* to,
                    const std::filesystem::path& file) {
    const Id from(read(H5Aopen_by_name(file_id, group, name, H5P_DEFAULT, H5P_DEFAULT), file), H5Aclose);
    const Id space(H5Aget_space(from), H5Sclose);
    if (H5Sget_simple_extent_npoints(space) != hssize_t(values))
        throw InputError(file.string() + ": is not a run file: " + name + " has another length");
    read(H5Aread(from, type, to), file);
}

void write_at(hid_t file_id, std::uint64_t place, double value, const std::filesystem::path& file) {
    if (::pwrite(descriptor_of(file_id, file), &value, sizeof value, off_t(place)) != ssize_t(sizeof value))
        throw DiskError(file.string() + ": cannot be written: " + std::strerror(errno));
}

void synchronise(hid_t file_id, const std::filesystem::path& file) {
    if (::fdatasync(descriptor_of(file_id, file)) != 0 && errno != EINVAL)
        throw DiskError(file.string() + ": cannot be written: " + std::strerror(errno));
}

}  // namespace jt::hdf5
