// SPDX-License-Identifier: Apache-2.0
// checkpoint.h5: all that a run needs to go on as if it had not been stopped, to the last bit. An HDF5 file (earliest format;
// /fields/NAME are doubles, /texts/NAME bytes; '/', '%', '.' of a name are %XX there) whose user block, its first 512 bytes,
// holds its size and the CRC-32 of it all: whether it is whole is known before HDF5 reads a byte of it. The same state gives
// the same bytes.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace jt {

// Names are not empty. Doubles keep their bits, NaN and negative zero included.
struct Checkpoint {
    std::map<std::string, std::vector<double>> fields;
    std::map<std::string, std::string> texts;
};

// Writes checkpoint.h5 into `folder`: aside, synchronised to the disk, renamed. The one before becomes checkpoint_before.h5.
// Throws DiskError, and then a checkpoint that was there is still there.
void write_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint);

struct StoredCheckpoint {
    Checkpoint checkpoint;
    std::filesystem::path file;  // the one that was read
    std::string note;            // why it is not the newest one; else empty
};

// The newest checkpoint in `folder` that is whole. Throws InputError naming the files and what is wrong with them when there
// is none.
StoredCheckpoint read_checkpoint(const std::filesystem::path& folder);

}  // namespace jt
