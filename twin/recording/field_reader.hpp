// SPDX-License-Identifier: Apache-2.0
// FieldReader: the fields of a run.h5, only read: of a run that is complete, was killed, or still goes on. The file is not
// locked and not changed; outputs that come after it was opened are not seen. Layout: run_file.hpp.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "kernels/extents.hpp"

namespace jt {

class FieldReader {
public:
    // Throws InputError naming the file and the reason: it cannot be read, is no run file, or contradicts itself.
    explicit FieldReader(const std::filesystem::path& path);
    FieldReader(FieldReader&&) noexcept;
    FieldReader& operator=(FieldReader&&) noexcept;
    ~FieldReader();

    const Extents& extents() const;
    const std::vector<double>& times() const;  // of the outputs [s], ascending
    const std::vector<std::string>& fields() const;
    bool has(const std::string& field) const;
    // Per cell, x fastest: an index into material_names (0: void).
    const std::vector<std::uint8_t>& material() const;
    const std::vector<std::string>& material_names() const;

    // A field at one output, per cell, x fastest, NaN where there is none. Throws InputError.
    std::vector<float> read(const std::string& field, std::size_t output) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace jt
