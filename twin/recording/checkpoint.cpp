// SPDX-License-Identifier: Apache-2.0
#include "twin/recording/checkpoint.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <optional>

#include "kernels/error.hpp"
#include "twin/recording/hdf5.hpp"

namespace jt {
namespace {

using hdf5::Id;
using Path = std::filesystem::path;

// The user block: the rest of its 512 bytes is 0.
struct Seal {
    char magic[8] = {'J', 'T', 'C', 'H', 'E', 'C', 'K', '1'};
    std::uint64_t size = 0;  // of the whole file [bytes]
    std::uint32_t crc = 0;   // CRC-32 of the whole file, this number being 0
    std::uint32_t unused = 0;
};
constexpr std::size_t kBlock = 512;  // the smallest user block HDF5 knows

class Descriptor {
public:
    Descriptor(const Path& file, int flags) : value(::open(file.c_str(), flags | O_CLOEXEC)) {}
    ~Descriptor() {
        if (value >= 0) ::close(value);
    }
    Descriptor(const Descriptor&) = delete;
    const int value;
};

[[noreturn]] void cannot_write(const Path& file) {
    throw DiskError(file.string() + ": cannot be written: " + std::strerror(errno));
}

// CRC-32 of the file with `seal` in the place of what its user block holds; empty, with errno, when it cannot be read.
std::optional<std::uint32_t> checksum(int descriptor, Seal seal, std::uint64_t size) {
    std::vector<unsigned char> part(std::size_t(1) << 20);
    seal.crc = 0;
    uLong crc = crc32_z(0, nullptr, 0);
    for (std::uint64_t at = 0; at < size;) {
        const ssize_t got = ::pread(descriptor, part.data(), part.size(), off_t(at));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return std::nullopt;
        if (at == 0 && std::size_t(got) >= sizeof seal) std::memcpy(part.data(), &seal, sizeof seal);
        crc = crc32_z(crc, part.data(), std::size_t(got));
        at += std::uint64_t(got);
    }
    return std::uint32_t(crc);
}

// Names as HDF5 can hold them: '/', '%', '.' and bytes below 32 as %XX.
std::string link_of(const std::string& name, const Path& file) {
    if (name.empty()) throw Error(file.string() + ": a field or text without a name");
    std::string link;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 32 && std::strchr("/%.", c) == nullptr) {
            link += c;
            continue;
        }
        const char* const digits = "0123456789ABCDEF";
        link += {'%', digits[byte / 16], digits[byte % 16]};
    }
    return link;
}

std::string name_of(const std::string& link) {
    std::string name;
    for (std::size_t n = 0; n < link.size(); ++n)
        if (link[n] == '%' && n + 2 < link.size()) {
            name += char(std::stoi(link.substr(n + 1, 2), nullptr, 16));
            n += 2;
        } else {
            name += link[n];
        }
    return name;
}

void write_data(hid_t group, const std::string& name, hid_t type, const void* values, std::size_t count, const Path& file) {
    const std::string link = link_of(name, file);
    const hsize_t length = count;
    const Id space(hdf5::written(H5Screate_simple(1, &length, nullptr), file), H5Sclose);
    const Id create(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_obj_track_times(create, false);
    const Id data(hdf5::written(H5Dcreate2(group, link.c_str(), type, space, H5P_DEFAULT, create, H5P_DEFAULT), file),
                  H5Dclose);
    if (count > 0) hdf5::written(H5Dwrite(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), file);
}

// As `file` in messages, at `aside` on the disk.
void write_hdf5(const Path& aside, const Checkpoint& checkpoint, const Path& file) {
    const Id access = hdf5::file_access();
    const Id properties(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
    H5Pset_userblock(properties, kBlock);
    Id hdf(hdf5::written(H5Fcreate(aside.c_str(), H5F_ACC_TRUNC, properties, access), file), H5Fclose);
    Id fields(hdf5::written(H5Gcreate2(hdf, "fields", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), file), H5Gclose);
    for (const auto& [name, values] : checkpoint.fields)
        write_data(fields, name, H5T_IEEE_F64LE, values.data(), values.size(), file);
    Id texts(hdf5::written(H5Gcreate2(hdf, "texts", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), file), H5Gclose);
    for (const auto& [name, text] : checkpoint.texts) write_data(texts, name, H5T_STD_U8LE, text.data(), text.size(), file);
    hdf5::written(H5Fflush(hdf, H5F_SCOPE_LOCAL), file);
    hdf5::written(texts.close(), file);
    hdf5::written(fields.close(), file);
    hdf5::written(hdf.close(), file);
}

void seal_and_synchronise(const Path& aside, const Path& file) {
    const Descriptor descriptor(aside, O_RDWR);
    struct stat status {};
    if (descriptor.value < 0 || ::fstat(descriptor.value, &status) != 0) cannot_write(file);
    Seal seal;
    seal.size = std::uint64_t(status.st_size);
    const auto crc = checksum(descriptor.value, seal, seal.size);
    if (!crc) cannot_write(file);
    seal.crc = *crc;
    if (::pwrite(descriptor.value, &seal, sizeof seal, 0) != ssize_t(sizeof seal)) cannot_write(file);
    if (::fsync(descriptor.value) != 0) cannot_write(file);
}

// What is wrong with the file; empty when it is whole.
std::string damage(const Path& file) {
    const Descriptor descriptor(file, O_RDONLY);
    struct stat status {};
    if (descriptor.value < 0 || ::fstat(descriptor.value, &status) != 0) return std::strerror(errno);
    if (!S_ISREG(status.st_mode)) return "is not a file";
    Seal seal;
    const Seal expected;
    if (::pread(descriptor.value, &seal, sizeof seal, 0) != ssize_t(sizeof seal)) return "is cut short";
    if (std::memcmp(seal.magic, expected.magic, sizeof seal.magic) != 0) return "is no checkpoint, or its start is damaged";
    if (seal.size != std::uint64_t(status.st_size))
        return "is cut short or damaged: " + std::to_string(status.st_size) + " bytes instead of " + std::to_string(seal.size);
    if (checksum(descriptor.value, seal, seal.size) != seal.crc) return "is damaged: its checksum is wrong";
    return {};
}

// Calls each(name, data set, length) for all in the group.
template <class Each>
void for_each_data(hid_t hdf, const char* group_name, const Path& file, const Each& each) {
    const Id group(hdf5::read(H5Gopen2(hdf, group_name, H5P_DEFAULT), file), H5Gclose);
    H5G_info_t info;
    hdf5::read(H5Gget_info(group, &info), file);
    for (hsize_t n = 0; n < info.nlinks; ++n) {
        const auto get = [&](char* to, std::size_t room) {
            return H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, n, to, room, H5P_DEFAULT);
        };
        const ssize_t length = get(nullptr, 0);
        hdf5::read(length < 0 ? -1 : 0, file);
        std::string link(std::size_t(length), '\0');
        get(link.data(), link.size() + 1);
        const Id data(hdf5::read(H5Dopen2(group, link.c_str(), H5P_DEFAULT), file), H5Dclose);
        const Id space(H5Dget_space(data), H5Sclose);
        each(name_of(link), data, std::size_t(std::max<hssize_t>(0, H5Sget_simple_extent_npoints(space))));
    }
}

Checkpoint read_hdf5(const Path& file) {
    const Id access = hdf5::file_access();
    const Id hdf(hdf5::read(H5Fopen(file.c_str(), H5F_ACC_RDONLY, access), file), H5Fclose);
    Checkpoint out;
    for_each_data(hdf, "fields", file, [&](const std::string& name, hid_t data, std::size_t count) {
        auto& values = out.fields[name];
        values.resize(count);
        if (count > 0) hdf5::read(H5Dread(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), file);
    });
    for_each_data(hdf, "texts", file, [&](const std::string& name, hid_t data, std::size_t count) {
        auto& text = out.texts[name];
        text.resize(count);
        if (count > 0) hdf5::read(H5Dread(data, H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, text.data()), file);
    });
    return out;
}

void rename_file(const Path& from, const Path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) cannot_write(to);
}

}  // namespace

void write_checkpoint(const Path& folder, const Checkpoint& checkpoint) {
    const Path newest = folder / "checkpoint.h5", before = folder / "checkpoint_before.h5",
               aside = folder / "checkpoint.h5.part";
    try {
        write_hdf5(aside, checkpoint, newest);
        seal_and_synchronise(aside, newest);
    } catch (...) {
        std::error_code not_even_there;
        std::filesystem::remove(aside, not_even_there);
        throw;
    }
    if (damage(newest).empty()) rename_file(newest, before);  // a damaged one must not take the place of a whole one
    rename_file(aside, newest);
    const Descriptor names(folder, O_RDONLY | O_DIRECTORY);
    if (names.value < 0 || (::fsync(names.value) != 0 && errno != EINVAL)) cannot_write(folder);
}

StoredCheckpoint read_checkpoint(const Path& folder) {
    std::vector<std::string> wrong;
    for (const char* name : {"checkpoint.h5", "checkpoint_before.h5"}) {
        const Path file = folder / name;
        const std::string found = damage(file);
        if (found.empty()) {
            const std::string note = wrong.empty() ? "" : wrong.front() + "; going on from " + file.string();
            return {read_hdf5(file), file, note};
        }
        wrong.push_back(file.string() + ": " + found);
    }
    throw InputError(wrong);
}

}  // namespace jt
