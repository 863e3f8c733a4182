// SPDX-License-Identifier: Apache-2.0
// What a filter keeps, as lists of numbers for an Archive: matrices, texts, rows of a table. Loading checks that they fit.
#pragma once
#include <string>
#include <vector>

#include "bridge/filter/matrix.hpp"
#include "twin/archive.hpp"

namespace jt {

// Of a shape that is known: another one does not fit the scenario, an InputError.
inline void archive_matrix(Archive& a, const std::string& name, Matrix& m) {
    std::vector<double> flat(m.data(), m.data() + m.size());
    const std::size_t size = flat.size();
    a(name, flat);
    if (a.saving()) return;
    if (flat.size() != size)
        throw InputError("checkpoint: \"" + name + "\" holds " + std::to_string(flat.size()) +
                         " numbers; allowed: " + std::to_string(size));
    m = Eigen::Map<const Matrix>(flat.data(), m.rows(), m.cols());
}
inline void archive_vector(Archive& a, const std::string& name, Vector& v) {
    Matrix m = v;
    archive_matrix(a, name, m);
    v = m;
}

inline void archive_text(Archive& a, const std::string& name, std::string& text) {
    std::vector<double> bytes;
    for (const char c : text) bytes.push_back(double(static_cast<unsigned char>(c)));
    a(name, bytes);
    if (a.saving()) return;
    text.clear();
    for (const double b : bytes)
        if (b >= 1.0 && b <= 255.0) text.push_back(char(static_cast<unsigned char>(b)));
}

// Entries of any container as rows of `width` numbers. append(row of the entry, into a list) and take(pointer to a row).
template <class Container, class Append, class Take>
void archive_rows(Archive& a, const std::string& name, Container& entries, std::size_t width, Append append, Take take) {
    std::vector<double> flat;
    if (a.saving())
        for (const auto& one : entries) append(one, flat);
    a(name, flat);
    if (a.saving()) return;
    if (flat.size() % width != 0)
        throw InputError("checkpoint: \"" + name + "\" holds " + std::to_string(flat.size()) +
                         " numbers; allowed: multiples of " + std::to_string(width));
    entries.clear();
    for (std::size_t n = 0; n < flat.size(); n += width) take(flat.data() + n);
}

// 64 bits do not fit into one number.
inline double high_half(std::uint64_t n) {
    return double(n >> 32);
}
inline double low_half(std::uint64_t n) {
    return double(n & 0xffffffffu);
}
inline std::uint64_t joined(double high, double low) {
    return std::uint64_t(high) << 32 | std::uint64_t(low);
}

}  // namespace jt
