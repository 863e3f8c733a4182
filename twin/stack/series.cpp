// SPDX-License-Identifier: Apache-2.0
// Numbered series of slices. Padding with zeros is optional; the number is what stands before the extension.
#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <system_error>

#include "kernels/error.hpp"
#include "twin/stack/stack_source.hpp"

namespace jt {
namespace {

struct Numbered {
    std::string prefix, extension;
    std::uint64_t number = 0;
    std::size_t digits = 0;
};

std::optional<Numbered> numbered(const std::filesystem::path& file) {
    constexpr std::size_t kMostDigits = 18;  // fits 64 bits
    const std::string stem = file.stem().string();
    Numbered name{.prefix = stem, .extension = file.extension().string()};
    while (!name.prefix.empty() && std::isdigit(static_cast<unsigned char>(name.prefix.back()))) name.prefix.pop_back();
    name.digits = stem.size() - name.prefix.size();
    if (name.digits == 0 || name.digits > kMostDigits) return {};
    name.number = std::stoull(stem.substr(name.prefix.size()));
    return name;
}

}  // namespace

std::vector<std::filesystem::path> files_of_series(const std::filesystem::path& first) {
    const auto own = numbered(first);
    if (!own) return {first};
    std::map<std::uint64_t, std::filesystem::path> files;
    const auto folder = first.has_parent_path() ? first.parent_path() : std::filesystem::path(".");
    std::error_code code;
    auto entry = std::filesystem::directory_iterator(folder, code);
    for (; !code && entry != std::filesystem::directory_iterator(); entry.increment(code)) {
        const auto name = entry->path().filename();
        const auto other = numbered(name);
        if (!other || other->prefix != own->prefix || other->extension != own->extension) continue;
        const auto file = first.has_parent_path() ? folder / name : name;
        const auto [at, is_new] = files.emplace(other->number, file);
        if (!is_new)
            throw InputError(first.string() + ": two files of the series have the number " + std::to_string(other->number) +
                             ": " + at->second.filename().string() + " and " + name.string());
    }
    if (code) throw InputError(folder.string() + ": the series cannot be listed: " + code.message());
    if (files.size() <= 1) return {first};
    if (files.begin()->first != own->number)
        throw InputError(first.string() +
                         ": not the first of its series; allowed: " + files.begin()->second.filename().string());
    std::vector<std::filesystem::path> in_order;
    std::uint64_t expected = own->number;
    for (const auto& [number, file] : files) {
        if (number != expected) {
            std::string digits = std::to_string(expected);
            if (digits.size() < own->digits) digits.insert(0, own->digits - digits.size(), '0');
            throw InputError(first.string() + ": slice " + own->prefix + digits + own->extension +
                             " of the series is missing; the series goes on with " + file.filename().string());
        }
        in_order.push_back(file);
        ++expected;
    }
    return in_order;
}

}  // namespace jt
