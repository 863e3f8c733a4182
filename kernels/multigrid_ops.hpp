// SPDX-License-Identifier: Apache-2.0
// Aggregation multigrid in float, red-black Gauss-Seidel, as a symmetric preconditioner (twin/solver/multigrid.hpp).
// Red cells have i + j + k even. All sweeps write whole rows out of place, so that they vectorise and never reload what they
// have just stored.
//
// Coarse operator: face sums over the aggregates, divided by the centre distance in fine cells along coarsened axes (the
// over-correction of piecewise-constant aggregation); sinks are summed. Transfer is piecewise constant.
#pragma once
#include "kernels/stencil.hpp"

namespace jt {

// Which axes a level halves. The last aggregate of an odd axis has one cell.
struct Coarsening {
    bool axis[3] = {false, false, false};
    bool any() const { return axis[0] || axis[1] || axis[2]; }
    Grid coarse(const Grid& fine) const {
        auto half = [&](int a) { return axis[a] ? (fine.extent(a) + 1) / 2 : fine.extent(a); };
        return {half(0), half(1), half(2)};
    }
};

namespace JT_NS {

// 1 for black cells, 0 for red ones. Colours and odd ends enter sums as factors and not as branches: a branch would make the
// loads of a row conditional, which costs three times the whole kernel (measured). Products with 0 and 1 are exact.
JT_HD float black_factor(const Cell& c) {
    return float((c.i + c.j + c.k) & 1);
}

// Float copy of the double operator, divided by `reference`.
struct RoundFaces {
    Faces<double> from;
    MutableFaces<float> to;
    double inverse_reference;
    Grid grid;
    JT_HD void one(Index n) const {
        to.x[n] = float(from.x[n] * inverse_reference);
        to.y[n] = float(from.y[n] * inverse_reference);
        to.z[n] = float(from.z[n] * inverse_reference);
    }
    JT_HD void operator()(Cell c) const {
        one(c.n);
        if (to.sink) to.sink[c.n] = float(from.sink[c.n] * inverse_reference);
        if (c.i == 0) to.x[c.n - 1] = float(from.x[c.n - 1] * inverse_reference);
        if (c.j == 0) to.y[c.n - grid.stride_y()] = float(from.y[c.n - grid.stride_y()] * inverse_reference);
        if (c.k == 0) to.z[c.n - grid.stride_z()] = float(from.z[c.n - grid.stride_z()] * inverse_reference);
    }
};

// 1 / (sum of faces + sink); 0 for a cell without any conductance, which then stays zero
struct InverseDiagonal {
    Stencil<float> a;
    float* inverse;
    JT_HD void operator()(Cell c) const {
        const float d = a.face_sum(c.n) + (a.g.sink ? a.g.sink[c.n] : 0.0f);
        inverse[c.n] = d > 0.0f ? 1.0f / d : 0.0f;
    }
};

// Mean relative strength of the faces of one axis: sum over cells of (upper face) / diagonal.
struct RelativeStrength {
    const float *face, *inverse;
    JT_HD double operator()(Cell c) const { return double(face[c.n] * inverse[c.n]); }
};

// Cells of aggregate c along one axis.
JT_HD int aggregate_size(int fine_extent, bool halved, int c) {
    return halved && 2 * c + 1 < fine_extent ? 2 : 1;
}

// Over-correction of the face between aggregate c and its upper neighbour: 1 / (distance of the centres in fine cells); of the
// outer face, 1 / (twice the distance from it).
JT_HD float over_correction(int fine_extent, int coarse_extent, bool halved, int c) {
    if (!halved) return 1.0f;
    const int other = c + 1 < coarse_extent ? c + 1 : c;
    return 2.0f / float(aggregate_size(fine_extent, true, c) + aggregate_size(fine_extent, true, other));
}

// Upper faces and sink of the coarse cells: sums over the aggregate, over-corrected. Runs over the coarse grid.
template <bool kX, bool kY, bool kZ>
struct CoarsenFaces {
    Grid fine, coarse;
    Faces<float> from;
    MutableFaces<float> to;
    JT_HD void operator()(Cell c) const {
        // where an odd end leaves one cell, its partner is the cell itself, with the factor 0
        const int i = kX ? 2 * c.i : c.i, j = kY ? 2 * c.j : c.j, k = kZ ? 2 * c.k : c.k;
        const float two_x = float(aggregate_size(fine.nx, kX, c.i) - 1);
        const int two_y = aggregate_size(fine.ny, kY, c.j) - 1, two_z = aggregate_size(fine.nz, kZ, c.k) - 1;
        const Index n = fine.index(0, j, k) + i, dy = two_y * fine.stride_y(), dz = two_z * fine.stride_z();
        auto columns = [&](const float* f, Index m) { return kX ? f[m] + two_x * f[m + 1] : f[m]; };
        auto last_column = [&](const float* f, Index m) { return kX ? two_x * f[m + 1] + (1.0f - two_x) * f[m] : f[m]; };
        auto rows_y = [&](auto&& row, const float* f, Index m) {
            return kY ? row(f, m) + float(two_y) * row(f, m + dy) : row(f, m);
        };
        auto rows_z = [&](auto&& row, const float* f, Index m) {
            return kZ ? row(f, m) + float(two_z) * row(f, m + dz) : row(f, m);
        };
        auto rows_yz = [&](auto&& row, const float* f) {
            return kZ ? rows_y(row, f, n) + float(two_z) * rows_y(row, f, n + dz) : rows_y(row, f, n);
        };
        to.x[c.n] = over_correction(fine.nx, coarse.nx, kX, c.i) * rows_yz(last_column, from.x);
        to.y[c.n] = over_correction(fine.ny, coarse.ny, kY, c.j) * rows_z(columns, from.y, n + dy);
        to.z[c.n] = over_correction(fine.nz, coarse.nz, kZ, c.k) * rows_y(columns, from.z, n + dz);
        if (to.sink) to.sink[c.n] = rows_yz(columns, from.sink);
    }
};

// Lower outer faces of one axis. Runs over the coarse grid's first plane across the axis.
template <int kAxis>
struct CoarsenOuterFaces {
    Grid fine, coarse;
    Coarsening coarsening;
    const float* from;
    float* to;
    JT_HD void operator()(Cell c) const {
        const int at[3] = {c.i, c.j, c.k};
        int lo[3], hi[3];
        for (int a = 0; a < 3; ++a) {
            lo[a] = a == kAxis ? -1 : coarsening.axis[a] ? 2 * at[a] : at[a];
            hi[a] = a == kAxis ? 0 : lo[a] + aggregate_size(fine.extent(a), coarsening.axis[a], at[a]);
        }
        float s = 0.0f;
        for (int k = lo[2]; k < hi[2]; ++k)
            for (int j = lo[1]; j < hi[1]; ++j)
                for (int i = lo[0]; i < hi[0]; ++i) s += from[fine.index(i, j, k)];
        const int size = aggregate_size(fine.extent(kAxis), coarsening.axis[kAxis], 0);
        to[coarse.index(c.i, c.j, c.k) - coarse.stride(kAxis)] = s / float(size);
    }
};

// Red then black from a zero guess, in one pass: red z = r / d; black z = (r + sum g z_red) / d.
struct SmoothFromZero {
    Stencil<float> a;
    const float *inverse, *r;
    float* z;
    JT_HD void operator()(Cell c) const {
        const Index n = c.n, sy = a.sy, sz = a.sz;
        const float around = a.g.x[n] * (inverse[n + 1] * r[n + 1]) + a.g.x[n - 1] * (inverse[n - 1] * r[n - 1]) +
                             a.g.y[n] * (inverse[n + sy] * r[n + sy]) + a.g.y[n - sy] * (inverse[n - sy] * r[n - sy]) +
                             a.g.z[n] * (inverse[n + sz] * r[n + sz]) + a.g.z[n - sz] * (inverse[n - sz] * r[n - sz]);
        z[n] = inverse[n] * (r[n] + black_factor(c) * around);
    }
};

// One colour: out = (r + sum g z) / d for cells of that colour, out = z for the others.
struct SmoothColour {
    Stencil<float> a;
    const float *inverse, *r, *z;
    float* out;
    float red;  // 1: relax red cells, 0: black ones
    JT_HD void operator()(Cell c) const {
        const float relaxed = inverse[c.n] * (r[c.n] + a.neighbours(z, c.n));
        const float chosen = red + (1.0f - 2.0f * red) * black_factor(c);
        out[c.n] = chosen * relaxed + (1.0f - chosen) * z[c.n];
    }
};

// SmoothColour, returning r z of the result (the last stage of the cycle on the finest level).
struct SmoothColourDot {
    SmoothColour smooth;
    JT_HD double operator()(Cell c) const {
        smooth(c);
        return double(smooth.r[c.n]) * double(smooth.out[c.n]);
    }
};

// Transfers halve y and z first and x afterwards, through a field `half` on the grid {fine.nx, coarse.ny, coarse.nz}: every row
// but the last pass then has unit stride. Where x is not halved, `half` is the coarse field itself.

// half = sum of r - A z over the fine rows of an aggregate. Runs over the grid of `half`.
template <bool kY, bool kZ, bool kSink>
struct RestrictRows {
    Grid fine;
    Stencil<float> a;
    const float *r, *z;
    float* half;
    JT_HD float residual(Index n) const {
        float value = r[n] - a.outflow(z, n);
        if constexpr (kSink) value -= a.g.sink[n] * z[n];
        return value;
    }
    JT_HD void operator()(Cell c) const {
        const int j = kY ? 2 * c.j : c.j, k = kZ ? 2 * c.k : c.k;
        const Index n = fine.index(0, j, k) + c.i;
        // the second row of an odd end is the first one again, not counted
        const int left_y = fine.ny - 1 - j, left_z = fine.nz - 1 - k, pair_y = left_y < 1 ? left_y : 1,
                  pair_z = left_z < 1 ? left_z : 1;
        const Index dy = pair_y * a.sy, dz = pair_z * a.sz;
        const float wy = float(pair_y), wz = float(pair_z);
        float sum = residual(n);
        if constexpr (kY) sum += wy * residual(n + dy);
        if constexpr (kZ) sum += wz * residual(n + dz);
        if constexpr (kY && kZ) sum += wy * wz * residual(n + dy + dz);
        half[c.n] = sum;
    }
};

// coarse = sum of the two columns; beyond an odd end stands the ghost of `half`, which is zero. Runs over the coarse grid.
struct PairColumns {
    Grid half_grid;
    const float* half;
    float* coarse;
    JT_HD void operator()(Cell c) const {
        const Index n = half_grid.index(0, c.j, c.k) + 2 * c.i;
        coarse[c.n] = half[n] + half[n + 1];
    }
};

// half = coarse value in both columns of the aggregate; the ghost beyond an odd end stays zero. Runs over the coarse grid.
struct SpreadColumns {
    Grid half_grid;
    const float* coarse;
    float* half;
    JT_HD void operator()(Cell c) const {
        const Index n = half_grid.index(0, c.j, c.k) + 2 * c.i;
        half[n] = coarse[c.n];
        half[n + 1] = 2 * c.i + 1 < half_grid.nx ? coarse[c.n] : 0.0f;
    }
};

// z += correction of the aggregate's row. Runs over the fine cells.
struct ProlongRows {
    Grid half_grid;
    bool halve_y, halve_z;
    const float* half;
    float* z;
    JT_HD void operator()(Cell c) const {
        z[c.n] += half[half_grid.index(0, halve_y ? c.j >> 1 : c.j, halve_z ? c.k >> 1 : c.k) + c.i];
    }
};

// Coarsest level: z = inverse matrix times r, dense, by packed cell number; the matrix is symmetric and read by columns, so
// that the cells of a row are summed side by side.
struct DenseSolve {
    Grid grid;
    const float *matrix, *r;
    float* z;
    JT_HD void operator()(Cell c) const {
        const Index cells = grid.cells();
        const float* column = matrix + grid.packed(c);
        float sum = 0.0f;
        for (int k = 0; k < grid.nz; ++k)
            for (int j = 0; j < grid.ny; ++j)
                for (int i = 0; i < grid.nx; ++i, column += cells) sum += *column * r[grid.index(i, j, k)];
        z[c.n] = sum;
    }
};

}  // namespace JT_NS
}  // namespace jt
