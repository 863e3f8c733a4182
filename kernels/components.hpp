// SPDX-License-Identifier: Apache-2.0
// Connected components of the conducting cells: two cells belong together when the face between them conducts. The label of a
// component is the packed number of its first cell, so it is the same on every device and for every order of execution.
// kernels/label_ops.inl joins the runs of these functors with Thrust.
#pragma once
#include <cstdint>

#include "kernels/conduction.hpp"

namespace jt {

using CellLabel = std::int32_t;               // packed cell number
inline constexpr CellLabel kUnlabelled = -1;  // no face of the cell conducts

namespace JT_NS {

// Cells of one row that conduct to each other share the label of the first of them. One call per row (a grid of one column).
struct RunLabel {
    Grid grid;
    Stencil<double> a;
    CellLabel* label;  // packed
    JT_HD void operator()(Cell row) const {
        CellLabel run = kUnlabelled;
        for (int i = 0; i < grid.nx; ++i) {
            const Cell c = grid.cell(i, row.j, row.k);
            const CellLabel here = CellLabel(grid.packed(c));
            if (a.face_sum(c.n) <= 0.0)
                run = kUnlabelled;
            else if (run < 0 || i == 0 || a.g.x[c.n - 1] <= 0.0)
                run = here;
            label[here] = run;
        }
    }
};

// Whether the face from a cell to its upper neighbour along y (axis 1) or z (axis 2) joins two runs for the first time.
struct JoinsRuns {
    Grid grid;
    Stencil<double> a;
    JT_HD bool operator()(std::int64_t edge) const {
        const int axis = edge % 2 == 0 ? 1 : 2;
        const std::int64_t packed = edge / 2;
        const int i = int(packed % grid.nx), j = int(packed / grid.nx % grid.ny), k = int(packed / grid.nx / grid.ny);
        if ((axis == 1 ? j + 1 : k + 1) >= grid.extent(axis)) return false;
        const Index n = grid.index(i, j, k), up = grid.stride(axis);
        const double* face = axis == 1 ? a.g.y : a.g.z;
        if (face[n] <= 0.0) return false;
        return !(i > 0 && face[n - 1] > 0.0 && a.g.x[n - 1] > 0.0 && a.g.x[n + up - 1] > 0.0);
    }
};

// The pair of labels an edge joins, larger one in the upper half: sorting brings the smallest partner of a label first.
JT_HD std::uint64_t label_pair(CellLabel a, CellLabel b) {
    const std::uint64_t high = std::uint64_t(a > b ? a : b), low = std::uint64_t(a > b ? b : a);
    return high << 32 | low;
}
JT_HD CellLabel upper_label(std::uint64_t pair) {
    return CellLabel(pair >> 32);
}
JT_HD CellLabel lower_label(std::uint64_t pair) {
    return CellLabel(pair & 0xffffffffu);
}

struct EdgeLabels {
    Grid grid;
    const CellLabel* label;
    JT_HD std::uint64_t operator()(std::int64_t edge) const {
        const std::int64_t packed = edge / 2, up = edge % 2 == 0 ? grid.nx : std::int64_t(grid.nx) * grid.ny;
        return label_pair(label[packed], label[packed + up]);
    }
};

// Follows parents to the root; parents only ever point to smaller labels, so it ends.
struct FindRoot {
    const CellLabel* parent;
    JT_HD CellLabel operator()(CellLabel label) const {
        if (label < 0) return label;
        while (parent[label] != label) label = parent[label];
        return label;
    }
};

struct RootPair {
    FindRoot find;
    JT_HD std::uint64_t operator()(std::uint64_t pair) const {
        return label_pair(find(upper_label(pair)), find(lower_label(pair)));
    }
};

struct SameRoot {
    JT_HD bool operator()(std::uint64_t pair) const { return upper_label(pair) == lower_label(pair); }
};

// Whether a place in the sorted pairs is the first of its upper label.
struct FirstOfLabel {
    const std::uint64_t* pairs;
    JT_HD bool operator()(std::int64_t at) const { return at == 0 || upper_label(pairs[at]) != upper_label(pairs[at - 1]); }
};

struct UpperOf {
    JT_HD CellLabel operator()(std::uint64_t pair) const { return upper_label(pair); }
};
struct RootOfLower {
    FindRoot find;
    JT_HD CellLabel operator()(std::uint64_t pair) const { return find(lower_label(pair)); }
};

// Marks the components a terminal feeds (which < 0: any terminal). Cells that race write the same value.
struct MarkFed {
    Grid grid;
    Stencil<double> a;
    const std::uint8_t* material;
    Terminals terminals;
    int which;
    const CellLabel* label;
    std::uint8_t* fed;  // by label
    JT_HD void side(const Cell& c, int axis, bool upper, double conductance) const {
        const int t = terminals.find(axis, upper, material[c.n]);
        if (t >= 0 && (which < 0 || t == which) && conductance > 0.0) fed[label[grid.packed(c)]] = 1;
    }
    JT_HD void operator()(Cell c) const {
        const int at[3] = {c.i, c.j, c.k};
        const double* face[3] = {a.g.x, a.g.y, a.g.z};
        for (int axis = 0; axis < 3; ++axis) {
            if (at[axis] == 0) side(c, axis, false, face[axis][c.n - grid.stride(axis)]);
            if (at[axis] == grid.extent(axis) - 1) side(c, axis, true, face[axis][c.n]);
        }
    }
};

// Pins the cells of islands that nothing feeds: marks their material. Returns their number.
struct PinIslands {
    Grid grid;
    const CellLabel* label;
    const std::uint8_t* fed;
    std::uint8_t* material;
    JT_HD double operator()(Cell c) const {
        const CellLabel l = label[grid.packed(c)];
        const bool island = l >= 0 && !fed[l];
        material[c.n] = std::uint8_t(material[c.n] | (island ? kPinned : 0));
        return island ? 1.0 : 0.0;
    }
};

// Planes from an outer face, this one included, to a cell whose component is fed; 0 for the others.
struct FedReach {
    Grid grid;
    int axis;
    bool from_upper;
    const CellLabel* label;
    const std::uint8_t* fed;
    JT_HD int operator()(std::int64_t packed) const {
        const CellLabel l = label[packed];
        if (l < 0 || !fed[l]) return 0;
        const int plane = axis == 0   ? int(packed % grid.nx)
                          : axis == 1 ? int(packed / grid.nx % grid.ny)
                                      : int(packed / grid.nx / grid.ny);
        return from_upper ? grid.extent(axis) - plane : plane + 1;
    }
};

struct BothFed {
    const CellLabel* label;
    const std::uint8_t *a, *b;
    JT_HD std::int64_t operator()(std::int64_t packed) const {
        const CellLabel l = label[packed];
        return l == packed && a[l] && b[l] ? 1 : 0;
    }
};

struct IsRoot {
    const CellLabel* label;
    JT_HD std::int64_t operator()(std::int64_t packed) const { return label[packed] == packed ? 1 : 0; }
};

}  // namespace JT_NS
}  // namespace jt
