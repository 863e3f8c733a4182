// SPDX-License-Identifier: Apache-2.0
// Face conductances of a conducting bed, and what follows from the solved potential. Per axis, A face area, d half a voxel
// edge:
//     between cells a, b      G = A / (d/s_a + R_ab + d/s_b)        harmonic mean, contact resistance R_ab [ohm m2] in series
//     cell a to a terminal    G = A / (d/s_a + R_T)
//     current of a face       I = G (phi_a - phi_b)
// Joule heat from face currents: the half of the face inside cell a releases I^2 d/(s_a A) there, the contact I^2 R_ab/A on its
// surfaces, so that all of it sums to the terminal power exactly (sum over faces of I (phi_a - phi_b)).
// Heat conduction uses the same functions with k for s and 1/h_c for R.
#pragma once
#include <cstdint>

#include "kernels/material_law.hpp"
#include "kernels/stencil.hpp"

namespace jt {

inline constexpr int kMaxTerminals = 16;

struct FaceTerminal {
    int axis = 0;
    bool upper = false;
    int material = -1;                 // -1: any
    double resistivity = 0.0;          // contact [ohm m2]
    double value = 0.0;                // potential [V] (or temperature [K])
    double thermal_resistivity = 0.0;  // thermal contact to the clamp [K m2/W]; infinite: insulated
};

struct Terminals {
    int count = 0;
    FaceTerminal list[kMaxTerminals];

    // The terminal a cell's outer face belongs to, or -1: the first in the list that matches.
    JT_HD int find(int axis, bool upper, std::uint8_t material) const {
        int found = -1;
        for (int t = count - 1; t >= 0; --t)
            if (list[t].axis == axis && list[t].upper == upper &&
                (list[t].material < 0 || list[t].material == (material & ~kPinned)))
                found = t;
        return found;
    }
};

// Contact resistances between materials, count x count, [ohm m2]; null: perfect everywhere.
struct Contacts {
    const double* resistivity = nullptr;
    int count = 0;
    JT_HD double between(std::uint8_t a, std::uint8_t b) const {
        return resistivity ? resistivity[(a & ~kPinned) * count + (b & ~kPinned)] : 0.0;
    }
};

struct AxisGeometry {
    Grid grid;
    int axis;
    double area;  // [m2]
    double half;  // half a voxel edge [m]
    JT_HD bool at_lower(const Cell& c) const { return (axis == 0 ? c.i : axis == 1 ? c.j : c.k) == 0; }
    JT_HD bool at_upper(const Cell& c) const { return (axis == 0 ? c.i : axis == 1 ? c.j : c.k) == grid.extent(axis) - 1; }
};

namespace JT_NS {

JT_HD double terminal_conductance(const AxisGeometry& g, double s, const FaceTerminal& terminal) {
    return s > 0.0 ? g.area / (g.half / s + terminal.resistivity) : 0.0;
}

// Faces between the cells of one axis, G = A s_a s_b / (d (s_a + s_b) + R_ab s_a s_b); the outermost ones become 0.
template <bool kContacts>
struct FaceConductance {
    AxisGeometry g;
    const double* s;  // property along this axis; 0 in the ghost layer
    const std::uint8_t* material;
    Contacts contacts;
    double* face;
    JT_HD void operator()(Cell c) const {
        const Index up = g.grid.stride(g.axis);
        const double own = s[c.n], other = s[c.n + up], product = own * other;
        double resistance = g.half * (own + other);
        if constexpr (kContacts) resistance += contacts.between(material[c.n], material[c.n + up]) * product;
        face[c.n] = product > 0.0 ? g.area * product / resistance : 0.0;
    }
};

// Cells at the two ends of an axis, one pair for each cell of a plane (a grid with one cell along the axis).
template <int kAxis>
JT_HD Cell end_cell(const Grid& grid, const Cell& plane, bool upper) {
    const int last = upper ? grid.extent(kAxis) - 1 : 0;
    return kAxis == 0   ? grid.cell(last, plane.j, plane.k)
           : kAxis == 1 ? grid.cell(plane.i, last, plane.k)
                        : grid.cell(plane.i, plane.j, last);
}

// Faces at terminals; adds their share G V to the right-hand side. Runs over a plane.
template <int kAxis>
struct TerminalConductance {
    AxisGeometry g;
    const double* s;
    const std::uint8_t* material;
    Terminals terminals;
    double *face, *rhs;
    JT_HD void operator()(Cell plane) const {
        for (int side = 0; side < 2; ++side) {
            const Cell c = end_cell<kAxis>(g.grid, plane, side == 1);
            const int t = terminals.find(kAxis, side == 1, material[c.n]);
            const double conductance = t < 0 ? 0.0 : terminal_conductance(g, s[c.n], terminals.list[t]);
            face[side == 1 ? c.n : c.n - g.grid.stride(kAxis)] = conductance;
            if (t >= 0) rhs[c.n] += conductance * terminals.list[t].value;
        }
    }
};

// Current through the two faces of a cell along an axis, positive along the axis [A].
struct FaceCurrents {
    AxisGeometry g;
    const double *face, *phi;
    const std::uint8_t* material;
    Terminals terminals;
    JT_HD double upper(const Cell& c) const {
        double beyond = 0.0;
        if (g.at_upper(c)) {
            const int t = terminals.find(g.axis, true, material[c.n]);
            beyond = t < 0 ? phi[c.n] : terminals.list[t].value;
        } else {
            beyond = phi[c.n + g.grid.stride(g.axis)];
        }
        return face[c.n] * (phi[c.n] - beyond);
    }
    JT_HD double lower(const Cell& c) const {
        const Index down = g.grid.stride(g.axis);
        double beyond = 0.0;
        if (g.at_lower(c)) {
            const int t = terminals.find(g.axis, false, material[c.n]);
            beyond = t < 0 ? phi[c.n] : terminals.list[t].value;
        } else {
            beyond = phi[c.n - down];
        }
        return face[c.n - down] * (beyond - phi[c.n]);
    }
};

// Current from terminal `which` into the bed [A]. Runs over the plane of its axis.
template <int kAxis>
struct TerminalCurrent {
    FaceCurrents currents;
    int which;
    JT_HD double operator()(Cell plane) const {
        const FaceTerminal& t = currents.terminals.list[which];
        const Cell c = end_cell<kAxis>(currents.g.grid, plane, t.upper);
        if (currents.terminals.find(kAxis, t.upper, currents.material[c.n]) != which) return 0.0;
        return t.upper ? -currents.upper(c) : currents.lower(c);
    }
};

// Adds the heat of one axis' half faces between cells to q [W per cell]; returns the heat of this axis that stays outside the
// cells, on contacts (each face counted once) [W].
template <int kAxis, bool kContacts>
struct JouleHeat {
    AxisGeometry g;
    const double *face, *phi;
    const std::uint8_t* material;
    const double* s;
    Contacts contacts;
    double* q;
    JT_HD double operator()(Cell c) const {
        const Index step = g.grid.stride(kAxis);
        const int at = kAxis == 0 ? c.i : kAxis == 1 ? c.j : c.k;
        const double own = phi[c.n], inner_up = at < g.grid.extent(kAxis) - 1 ? 1.0 : 0.0, inner_low = at > 0 ? 1.0 : 0.0;
        const double up = inner_up * face[c.n] * (own - phi[c.n + step]);
        const double low = inner_low * face[c.n - step] * (phi[c.n - step] - own);
        const double conductivity = s[c.n];
        q[c.n] += conductivity > 0.0 ? (up * up + low * low) * g.half / (conductivity * g.area) : 0.0;
        if constexpr (!kContacts) return 0.0;
        const double resistance = contacts.between(material[c.n], material[c.n + step]);
        return up != 0.0 ? up * up * resistance / g.area : 0.0;
    }
};

// The same for the half faces at the terminals of one end of the axis. Runs over the plane.
template <int kAxis>
struct TerminalHeat {
    FaceCurrents currents;
    const double* s;
    double* q;
    bool upper;
    JT_HD double operator()(Cell plane) const {
        const Cell c = end_cell<kAxis>(currents.g.grid, plane, upper);
        const int t = currents.terminals.find(kAxis, upper, currents.material[c.n]);
        if (t < 0 || !(s[c.n] > 0.0)) return 0.0;
        const Index at = upper ? c.n : c.n - currents.g.grid.stride(kAxis);
        const double current = currents.face[at] * (currents.phi[c.n] - currents.terminals.list[t].value);
        q[c.n] += current * current * currents.g.half / (s[c.n] * currents.g.area);
        return current * current * currents.terminals.list[t].resistivity / currents.g.area;
    }
};

// Adds (mean current density of the axis)^2 to out [A2/m4].
struct CurrentDensitySquared {
    FaceCurrents currents;
    double* out;
    JT_HD void operator()(Cell c) const {
        const double mean = 0.5 * (currents.upper(c) + currents.lower(c)) / currents.g.area;
        out[c.n] += mean * mean;
    }
};

}  // namespace JT_NS
}  // namespace jt
