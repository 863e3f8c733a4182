// SPDX-License-Identifier: Apache-2.0
// The 7-point cell-centred finite-volume operator shared by potential and heat:
//     (A u)_c = sum_f g_f (u_c - u_f) + s_c u_c
// with face conductances g_f (stored with the cell on the lower side of the face) and a sink s_c >= 0 (heat capacity over the
// time step; none for the potential). An outer face with a conductance is a terminal: its ghost value is zero here, and the
// terminal's value enters the right-hand side. Any unit; A is symmetric positive (semi)definite.
#pragma once
#include "kernels/grid.hpp"

namespace jt {

template <class T>
struct Faces {
    const T *x = nullptr, *y = nullptr, *z = nullptr;  // face between a cell and its upper neighbour along the axis
    const T* sink = nullptr;                           // null: no sink
};

template <class T>
struct MutableFaces {
    T *x = nullptr, *y = nullptr, *z = nullptr, *sink = nullptr;
    operator Faces<T>() const { return {x, y, z, sink}; }
};

namespace JT_NS {

template <class T>
struct Stencil {
    Faces<T> g;
    Index sy, sz;
    Stencil(const Faces<T>& faces, const Grid& grid) : g(faces), sy(grid.stride_y()), sz(grid.stride_z()) {}

    // sum_f g_f u_f
    JT_HD T neighbours(const T* u, Index n) const {
        return g.x[n] * u[n + 1] + g.x[n - 1] * u[n - 1] + g.y[n] * u[n + sy] + g.y[n - sy] * u[n - sy] + g.z[n] * u[n + sz] +
               g.z[n - sz] * u[n - sz];
    }
    // sum_f g_f (u_c - u_f); differences first, so that a uniform field gives exactly zero inside
    template <class U>
    JT_HD U outflow(const U* u, Index n) const {
        const U c = u[n];
        return U(g.x[n]) * (c - u[n + 1]) + U(g.x[n - 1]) * (c - u[n - 1]) + U(g.y[n]) * (c - u[n + sy]) +
               U(g.y[n - sy]) * (c - u[n - sy]) + U(g.z[n]) * (c - u[n + sz]) + U(g.z[n - sz]) * (c - u[n - sz]);
    }
    JT_HD T face_sum(Index n) const { return g.x[n] + g.x[n - 1] + g.y[n] + g.y[n - sy] + g.z[n] + g.z[n - sz]; }
};

}  // namespace JT_NS
}  // namespace jt
