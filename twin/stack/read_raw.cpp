// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <fstream>

#include "kernels/error.hpp"
#include "twin/document.hpp"
#include "twin/stack/stack_source.hpp"
#include "twin/stack/tiff_file.hpp"

namespace jt {
namespace {

struct Sidecar {
    std::filesystem::path file;
    std::array<std::uint64_t, 3> size{};
    int bits = 8;
    bool big_endian = false;
    std::uint64_t offset = 0;
};

[[noreturn]] void refuse(const Value& at, const std::string& key, const std::string& why) {
    throw InputError(at.place() + ": " + key + ": " + why);
}

std::uint64_t whole(const Value& v, const std::string& key, std::int64_t least, std::int64_t most) {
    if (!v.is(Value::Kind::integer) || v.integer < least || v.integer > most)
        refuse(v, key,
               "found " + v.describe() + "; allowed: a whole number from " + std::to_string(least) + " to " +
                   std::to_string(most));
    return static_cast<std::uint64_t>(v.integer);
}

// Whether a key that names one of two things is the second of them.
bool second_of(const Value& v, const std::string& key, const char* first, const char* second) {
    if (v.is(Value::Kind::text) && v.text == first) return false;
    if (v.is(Value::Kind::text) && v.text == second) return true;
    refuse(v, key, "found " + v.describe() + "; allowed: \"" + first + "\" or \"" + second + "\"");
}

Sidecar read_sidecar(const std::filesystem::path& raw) {
    Sidecar side;
    side.file = raw.string() + ".toml";
    if (!std::filesystem::exists(side.file)) {
        side.file = raw;
        side.file.replace_extension(".toml");
    }
    if (!std::filesystem::exists(side.file))
        throw InputError(raw.string() + ": its sidecar is missing; allowed: " + raw.filename().string() + ".toml or " +
                         side.file.filename().string() + " with size = [nx, ny, nz] and type = \"uint8\" | \"uint16\"");
    const Value table = parse_document(read_text_file(side.file), side.file.string());
    for (const Member& member : table.members) {
        if (member.key == "size") {
            if (!member.value.is(Value::Kind::array) || member.value.items.size() != 3)
                refuse(member.value, "size", "found " + member.value.describe() + "; allowed: [nx, ny, nz]");
            for (std::size_t a = 0; a < 3; ++a)
                side.size[a] = whole(member.value.items[a], "size", 1, std::int64_t(kMostVoxels));
        } else if (member.key == "type") {
            side.bits = second_of(member.value, "type", "uint8", "uint16") ? 16 : 8;
        } else if (member.key == "byte_order") {
            side.big_endian = second_of(member.value, "byte_order", "little", "big");
        } else if (member.key == "offset") {
            side.offset = whole(member.value, "offset", 0, std::int64_t(1) << 60);
        } else {
            refuse(member.value, member.key, "unknown key; allowed: size, type, byte_order, offset");
        }
    }
    for (const char* key : {"size", "type"})
        if (!table.find(key)) throw InputError(side.file.string() + ": " + key + " is missing");
    return side;
}

Sidecar checked(const std::filesystem::path& file) {
    const std::uint64_t bytes = readable_size(file);
    const Sidecar side = read_sidecar(file);
    check_stack_size(file, side.size[0], side.size[1], side.size[2]);
    const std::uint64_t needed = side.offset + side.size[0] * side.size[1] * side.size[2] * std::uint64_t(side.bits / 8);
    if (bytes != needed)
        throw InputError(file.string() + ": the file has " + std::to_string(bytes) + " bytes; " +
                         side.file.filename().string() + " (size, type, offset) asks for " + std::to_string(needed));
    return side;
}

}  // namespace

StackInfo peek_raw(const std::filesystem::path& file) {
    const Sidecar side = checked(file);
    StackInfo info;
    info.format = "raw";
    info.nx = int(side.size[0]);
    info.ny = int(side.size[1]);
    info.nz = int(side.size[2]);
    info.bits = side.bits;
    info.compression = "none";
    info.layout = "rows";
    info.files = {file};
    return info;
}

void read_raw(const std::filesystem::path& file, const StackInfo& info, std::uint16_t* grey) {
    const Sidecar side = checked(file);
    std::ifstream in(file, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(side.offset));
    const std::size_t row = std::size_t(info.nx), bytes = row * std::size_t(info.bits / 8);
    std::vector<unsigned char> buffer(bytes);
    for (std::int64_t r = 0; r < std::int64_t(info.ny) * info.nz; ++r, grey += row) {
        if (!in.read(reinterpret_cast<char*>(buffer.data()), static_cast<std::streamsize>(bytes)))
            throw InputError(file.string() + ": slice " + std::to_string(r / info.ny + 1) + ": cannot be read");
        for (std::size_t x = 0; x < row; ++x) {
            if (info.bits == 8)
                grey[x] = buffer[x];
            else if (side.big_endian)
                grey[x] = static_cast<std::uint16_t>(buffer[2 * x] << 8 | buffer[2 * x + 1]);
            else
                grey[x] = static_cast<std::uint16_t>(buffer[2 * x + 1] << 8 | buffer[2 * x]);
        }
    }
}

}  // namespace jt
