// SPDX-License-Identifier: Apache-2.0
// Plain loops that share no code with the kernels: what the kernels are compared with.
#pragma once
#include <cstdint>
#include <queue>
#include <vector>

#include "kernels/extents.hpp"

namespace jt::test {

// splitmix64; unit() is uniform in [0, 1)
struct Random {
    std::uint64_t state;
    std::uint64_t next() {
        std::uint64_t z = (state += 0x9E3779B97F4A7C15ull);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        return z ^ (z >> 31);
    }
    double unit() { return double(next() >> 11) * 0x1p-53; }
};

// Dense matrix rows of the finite-volume operator with whole-face terminals on both ends of `axis` (V at the lower end, 0 V at
// the upper one): solved by Gaussian elimination. For a few hundred cells.
struct DenseReference {
    std::vector<double> phi;
    double current = 0.0;  // from the lower terminal into the bed

    DenseReference(const Extents& e, const std::vector<double>& s, int axis, double volts, double contact = 0.0) {
        const int n = int(e.count());
        std::vector<std::vector<double>> m(n, std::vector<double>(n + 1, 0.0));
        auto each = [&](auto&& f) {
            for (int k = 0; k < e.nz; ++k)
                for (int j = 0; j < e.ny; ++j)
                    for (int i = 0; i < e.nx; ++i) f(i, j, k);
        };
        const double h[3] = {e.hx, e.hy, e.hz};
        const int cells[3] = {e.nx, e.ny, e.nz};
        std::vector<double> lower(n, 0.0);
        each([&](int i, int j, int k) {
            const int at[3] = {i, j, k}, c = int(e.index(i, j, k));
            for (int a = 0; a < 3; ++a) {
                const double area = h[0] * h[1] * h[2] / h[a];
                if (at[a] + 1 < cells[a]) {
                    const int o = int(e.index(i + (a == 0), j + (a == 1), k + (a == 2)));
                    if (s[c] > 0.0 && s[o] > 0.0) {
                        const double g = area / (h[a] / (2 * s[c]) + h[a] / (2 * s[o]));
                        m[c][c] += g, m[o][o] += g, m[c][o] -= g, m[o][c] -= g;
                    }
                }
                if (a == axis && s[c] > 0.0) {
                    const double g = area / (h[a] / (2 * s[c]) + contact);
                    if (at[a] == 0) m[c][c] += g, m[c][n] += g * volts, lower[c] = g;
                    if (at[a] == cells[a] - 1) m[c][c] += g;
                }
            }
        });
        for (int c = 0; c < n; ++c)
            if (m[c][c] == 0.0) m[c][c] = 1.0;
        for (int p = 0; p < n; ++p)
            for (int r = 0; r < n; ++r) {
                if (r == p || m[r][p] == 0.0) continue;
                const double f = m[r][p] / m[p][p];
                for (int q = p; q <= n; ++q) m[r][q] -= f * m[p][q];
            }
        phi.resize(n);
        for (int c = 0; c < n; ++c) phi[c] = m[c][n] / m[c][c], current += lower[c] * (volts - phi[c]);
    }
};

// Labels of face-connected cells with s > 0 by breadth-first search: number of the component's first cell, -1 elsewhere.
// A cell without a conducting neighbour is left at -1.
inline std::vector<int> components_by_search(const Extents& e, const std::vector<double>& s) {
    std::vector<int> label(e.count(), -1);
    for (int start = 0; start < int(e.count()); ++start) {
        if (label[start] >= 0 || s[start] <= 0.0) continue;
        std::vector<int> members;
        std::queue<int> open;
        open.push(start);
        label[start] = start;
        while (!open.empty()) {
            const int c = open.front();
            open.pop();
            members.push_back(c);
            const int i = c % e.nx, j = c / e.nx % e.ny, k = c / e.nx / e.ny;
            auto visit = [&](bool inside, int o) {
                if (inside && s[o] > 0.0 && label[o] < 0) label[o] = start, open.push(o);
            };
            visit(i > 0, c - 1), visit(i + 1 < e.nx, c + 1), visit(j > 0, c - e.nx), visit(j + 1 < e.ny, c + e.nx);
            visit(k > 0, c - e.nx * e.ny), visit(k + 1 < e.nz, c + e.nx * e.ny);
        }
        if (members.size() == 1) label[start] = -1;
    }
    return label;
}

}  // namespace jt::test
