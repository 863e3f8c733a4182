// SPDX-License-Identifier: Apache-2.0
#include "twin/stack/read_stack.hpp"

#include <algorithm>
#include <cctype>

#include "kernels/error.hpp"
#include "twin/scenario/check.hpp"
#include "twin/stack/stack_source.hpp"
#include "twin/units.hpp"

namespace jt {
namespace {

bool is_raw(const std::filesystem::path& file) {
    std::string extension = file.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return char(std::tolower(c)); });
    return extension == ".raw";
}

// One page of the series, the same as the first.
void check_slice(const std::filesystem::path& file, const StackInfo& slice, const StackInfo& first) {
    const auto size = [](const StackInfo& s) {
        return std::to_string(s.nx) + " x " + std::to_string(s.ny) + ", " + std::to_string(s.bits) + " bit";
    };
    if (slice.nz != 1)
        throw InputError(file.string() + ": has " + std::to_string(slice.nz) + " pages; allowed in a numbered series: one");
    if (slice.nx != first.nx || slice.ny != first.ny || slice.bits != first.bits)
        throw InputError(file.string() + ": is " + size(slice) + "; " + first.files.front().filename().string() + " is " +
                         size(first) + "; allowed: slices of one size and bit depth");
}

}  // namespace

void check_stack_size(const std::filesystem::path& file, std::uint64_t nx, std::uint64_t ny, std::uint64_t nz) {
    const double voxels = double(nx) * double(ny) * double(nz);
    const std::string claim = file.string() + ": " + std::to_string(nx) + " x " + std::to_string(ny) + " x " +
                              std::to_string(nz) + " = " + format_for_people(voxels, Dimension::number) + " voxels";
    if (voxels > double(kMostVoxels)) throw InputError(claim + "; allowed: at most " + std::to_string(kMostVoxels));
    const double bytes = voxels * sizeof(std::uint16_t);
    if (bytes > double(physical_memory()))
        throw InputError(claim + ", which need " + bytes_for_people(bytes) + " of memory; this machine has " +
                         bytes_for_people(double(physical_memory())));
}

StackInfo peek_stack(const std::filesystem::path& file) {
    if (is_raw(file)) return peek_raw(file);
    StackInfo info = peek_tiff(file);
    if (info.nz > 1) return info;
    const auto files = files_of_series(file);
    if (files.size() == 1) return info;
    check_stack_size(file, std::uint64_t(info.nx), std::uint64_t(info.ny), files.size());
    for (const auto& slice : files) check_slice(slice, peek_tiff(slice), info);
    info.format = "TIFF series";
    info.nz = int(files.size());
    info.files = files;
    return info;
}

Stack read_stack(const std::filesystem::path& file) {
    const StackInfo info = peek_stack(file);
    Stack stack{.nx = info.nx, .ny = info.ny, .nz = info.nz, .bits = info.bits, .grey = {}};
    stack.grey.resize(info.voxels());
    if (info.format == "raw") {
        read_raw(file, info, stack.grey.data());
    } else {
        StackInfo one = info;
        one.nz = info.nz / int(info.files.size());
        std::uint16_t* plane = stack.grey.data();
        for (const auto& slice : info.files) {
            read_tiff(slice, one, plane);
            plane += one.voxels();
        }
    }
    return stack;
}

}  // namespace jt
