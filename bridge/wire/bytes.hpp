// SPDX-License-Identifier: Apache-2.0
// Little-endian numbers in bytes, on any machine.
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace jt {

template <class T>
void store_le(char* to, T value) {
    const auto bits = static_cast<std::make_unsigned_t<T>>(value);
    for (std::size_t n = 0; n < sizeof(T); ++n) to[n] = static_cast<char>(static_cast<unsigned char>(bits >> (8 * n)));
}

template <class T>
T load_le(const char* from) {
    std::make_unsigned_t<T> bits = 0;
    for (std::size_t n = 0; n < sizeof(T); ++n)
        bits |= static_cast<std::make_unsigned_t<T>>(static_cast<std::make_unsigned_t<T>>(static_cast<unsigned char>(from[n]))
                                                     << (8 * n));
    return static_cast<T>(bits);
}

template <class T>
void append_le(std::string& to, T value) {
    char bytes[sizeof(T)];
    store_le(bytes, value);
    to.append(bytes, sizeof bytes);
}

// float32 values, copied whole where the machine is little endian.
inline void store_floats_le(char* to, const float* values, std::size_t count) {
    if constexpr (std::endian::native == std::endian::little) {
        if (count > 0) std::memcpy(to, values, 4 * count);
    } else {
        for (std::size_t n = 0; n < count; ++n) store_le(to + 4 * n, std::bit_cast<std::uint32_t>(values[n]));
    }
}
inline void load_floats_le(float* to, const char* from, std::size_t count) {
    if constexpr (std::endian::native == std::endian::little) {
        if (count > 0) std::memcpy(to, from, 4 * count);
    } else {
        for (std::size_t n = 0; n < count; ++n) to[n] = std::bit_cast<float>(load_le<std::uint32_t>(from + 4 * n));
    }
}

}  // namespace jt
