// SPDX-License-Identifier: Apache-2.0
// HDF5 handles that close themselves, and HDF5's errors as text. For the sources of twin/recording only. The library is not
// thread-safe: one thread at a time writes or reads.
#pragma once
#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

namespace jt::hdf5 {

// An identifier of HDF5 and how it is closed; negative: none.
class Id {
public:
    Id() = default;
    Id(hid_t id, herr_t (*closer)(hid_t)) : id_(id), close_(closer) {}
    Id(Id&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
    Id& operator=(Id&& other) noexcept {
        std::swap(id_, other.id_), std::swap(close_, other.close_);
        return *this;
    }
    ~Id() { close(); }
    operator hid_t() const { return id_; }
    // Negative when the library could not close it. The identifier is given up either way.
    herr_t close() { return id_ >= 0 ? close_(std::exchange(id_, -1)) : 0; }

private:
    hid_t id_ = -1;
    herr_t (*close_)(hid_t) = nullptr;
};

// How a file is opened: earliest format, no lock (a viewer may read what is being written), closed with all that is in it.
// Turns the library's own printing of errors off.
Id file_access();

// What the library said last, deepest cause first known: "No space left on device".
std::string reason();

// Pass the result of a call on; negative throws DiskError, or InputError, naming the file and the reason.
hid_t written(hid_t result, const std::filesystem::path& file);
hid_t read(hid_t result, const std::filesystem::path& file);

// An attribute of exactly so many values. Throws InputError naming the file.
void read_attribute(hid_t file_id, const char* group, const char* name, hid_t type, std::size_t values, void* to,
                    const std::filesystem::path& file);

// Writes one number at a place of the file, past the library. Throws DiskError.
void write_at(hid_t file_id, std::uint64_t place, double value, const std::filesystem::path& file);

// Waits until what was flushed is on the disk. Throws DiskError.
void synchronise(hid_t file_id, const std::filesystem::path& file);

}  // namespace jt::hdf5
