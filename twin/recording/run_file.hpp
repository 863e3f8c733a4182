// SPDX-License-Identifier: Apache-2.0
// run.h5 and run.xdmf: the fields of a run, one output after the other.
//
// run.h5 is a VTKHDF file (ImageData with time steps, earliest HDF5 format): /VTKHDF/CellData/NAME is float32 of shape
// (outputs, nz, ny, nx), x fastest; `material` is uint8 of shape (1, nz, ny, nx) with its names in the attribute `names`; times
// [s] are /VTKHDF/Steps/Values. ParaView from 5.12 on (VTK 9.3) reads it. run.xdmf names the same data sets for ParaView before
// that. A field that does not exist at an output is NaN there.
//
// Readable after a kill at any instant: every number has its place in the file before the run starts (a sparse file, made aside
// and renamed), so that an output only writes numbers in place; when they are on the disk, 8 bytes (Steps/NSteps) make them
// count. What lies in the data sets beyond NSteps means nothing.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "kernels/extents.hpp"

namespace jt {

class RunFile {
public:
    // A new file at `path` with room for `most_steps` outputs, in place of an older one, and an empty .xdmf beside it.
    // fields: names as in twin/quantity. material: per cell, an index into material_names. Throws DiskError; InputError when
    // there are more outputs than such a file can hold.
    static RunFile create(const std::filesystem::path& path, const Extents& extents, const std::vector<std::string>& fields,
                          std::size_t most_steps, std::span<const std::uint8_t> material,
                          const std::vector<std::string>& material_names);

    // The file of an earlier run, killed or closed, to be gone on with: keeps its first `keep` outputs, or all that it has room
    // for. Throws InputError when it is not such a file or holds fewer, DiskError.
    static RunFile open(const std::filesystem::path& path, std::size_t keep);

    RunFile(RunFile&&) noexcept;
    RunFile& operator=(RunFile&&) noexcept;
    ~RunFile();  // leaves the file as a kill would: whole up to the last output

    // One more output at `time` [s]: values per cell, x fastest, by field name; a field that is not given is NaN. When it
    // returns, the output is on the disk. Throws DiskError, and then the outputs before it are intact.
    void append(double time, const std::map<std::string, std::span<const float>>& values);

    // A field at one output, per cell, x fastest. Throws InputError for a field or an output that is not there, DiskError.
    std::vector<float> read(const std::string& field, std::size_t step) const;

    // Ends the file; nothing can be appended after. Throws DiskError.
    void close();

    bool full() const;  // no room for another output
    std::size_t steps() const;
    const std::vector<double>& times() const;  // [s]
    const std::vector<std::string>& fields() const;

private:
    struct State;
    explicit RunFile(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// Shape (outputs, z, y, x) of the pieces in which a field of 4-byte numbers is stored: all outputs of a part of the box, so
// that a field grows without a new piece; the part is the box, cut where a piece would have more than `most_bytes`.
std::array<std::uint64_t, 4> piece_of_field(const Extents& extents, std::size_t most_steps, std::uint64_t most_bytes);

}  // namespace jt
