// SPDX-License-Identifier: Apache-2.0
// Heat in enthalpy form, one implicit stage:
//     (V m / tau) (h(T) - h*) = sum_f g_f (T_f - T_c) + q + sum_s Q_s(T_c)
// h enthalpy per volume [J/m3] of the cell's material, m the mass factor of its sheet, tau the stage's share of the step [s]
// (no left side when steady), g_f face conductances of k (kernels/conduction.hpp), q heat released in the cell [W] and Q_s what
// enters through surfaces [W]. Newton: the faces, the heat capacity and -dQ/dT make the operator of kernels/stencil.hpp.
//
// Surfaces. Between the cell's centre at T_c and the outside lies half a cell, d/k. The surface temperature T_s satisfies
//     (k/d) (T_c - T_s) = eps sB (T_s^4 - T_amb^4) + h (T_s - T_amb) - flux          per area
// which is solved for T_s by Newton's method: the exact series combination, not T_s = T_c. A surface held at a temperature
// behind a contact conducts 1/(d/k + 1/h_c).
#pragma once
#include <cstdint>

#include "kernels/conduction.hpp"

namespace jt {

inline constexpr double kStefanBoltzmann = 5.670374419e-8;  // [W/(m2 K4)], CODATA 2018

// Enthalpy and heat capacity per volume by material, in steps of `step` kelvin from 0 K: value [first + node], first = material
// * nodes. A cell has `first`, not its material: in a loop that reads bytes the compiler takes 64 cells at a time or one. Heat
// capacity is linear between nodes and h its exact integral, so that differences of h are consistent with it.
struct EnthalpyTable {
    const double *h = nullptr, *c = nullptr;  // [J/m3], [J/(m3 K)]
    int nodes = 0;
    double step = 1.0;  // [K]
};

// What lies outside a face. Exactly one of: held (conductance per area behind which `temperature` stands), or exchange.
struct SurfaceCondition {
    double emissivity = 0.0, convection = 0.0, ambient = 0.0;  // [1], [W/(m2 K)], [K]
    double flux = 0.0;                                         // into the bed [W/m2]
    double contact = -1.0;                                     // [W/(m2 K)] to `temperature`; < 0: not held; infinite: perfect
    double temperature = 0.0;                                  // [K]
};

// The outer faces of one cell along one axis.
struct SurfaceCell {
    Index n = 0;                  // place of the cell
    int condition[2] = {-1, -1};  // at its lower and upper face; -1: no surface there
    double area[2] = {0.0, 0.0};  // [m2], with the staircase weight
};

// What a cell's enthalpy is multiplied with: nothing, the mass of its sheet, or a factor of its own that is constant in a step
// (conversion and mass of a char, and of its sheet).
enum class CellMass { one, by_sheet, by_cell };

namespace JT_NS {

template <CellMass kMass>
struct CellEnthalpy {
    EnthalpyTable table;
    const std::int32_t* first;
    const std::uint8_t* sheet;
    const double* factor;  // by sheet, or by cell
    JT_HD double mass(Index n) const {
        if constexpr (kMass == CellMass::by_sheet) return factor[sheet[n]];
        if constexpr (kMass == CellMass::by_cell) return factor[n];
        return 1.0;
    }
    // h and c of cell n at T, without the mass factor; linear in T beyond the table's ends
    JT_HD void evaluate(Index n, double T, double& h, double& c) const {
        const double place = T / table.step;
        int node = int(place);
        node = node < 0 ? 0 : node > table.nodes - 2 ? table.nodes - 2 : node;
        const double f = place - node;
        node += first[n];
        const double c0 = table.c[node], c1 = table.c[node + 1];
        const double inside = f < 0.0 ? 0.0 : f > 1.0 ? 1.0 : f;
        c = c0 + inside * (c1 - c0);
        h = table.h[node] + table.step * (inside * (c0 + 0.5 * inside * (c1 - c0)) + (f - inside) * c);
    }
};

// out = h(T) per volume, with the mass factor; returns its energy [J]
template <class Enthalpy>
struct StoredEnergy {
    Enthalpy enthalpy;
    const double* T;
    double* out;
    double volume;
    JT_HD double operator()(Cell cell) const {
        double h = 0.0, c = 0.0;
        enthalpy.evaluate(cell.n, T[cell.n], h, c);
        h *= enthalpy.mass(cell.n);
        out[cell.n] = h;
        return volume * h;
    }
};

// Stage balance at T without surfaces: rhs = what is missing [W], heat capacity into the sink. Returns |rhs|.
template <class Enthalpy>
struct HeatBalance {
    Stencil<double> a;
    Enthalpy enthalpy;
    const double* T;
    const double* target;  // h* [J/m3] with the mass factor
    const double* q;       // [W], contact heat included
    double weight;         // V / tau [m3/s], 0 when steady
    double *sink, *rhs;
    JT_HD double operator()(Cell cell) const {
        const Index n = cell.n;
        double h = 0.0, c = 0.0;
        enthalpy.evaluate(n, T[n], h, c);
        const double m = enthalpy.mass(n);
        sink[n] = weight * m * c;
        const double missing = q[n] - a.outflow(T, n) - weight * (m * h - target[n]);
        rhs[n] = missing;
        return missing < 0.0 ? -missing : missing;
    }
};

// Heat that goes into or out of storage in the stage, cell by cell: |weight (m h(T) - h*)| [W].
template <class Enthalpy>
struct StoredRate {
    Enthalpy enthalpy;
    const double *T, *target;
    double weight;
    JT_HD double operator()(Cell cell) const {
        double h = 0.0, c = 0.0;
        enthalpy.evaluate(cell.n, T[cell.n], h, c);
        const double rate = weight * (enthalpy.mass(cell.n) * h - target[cell.n]);
        return rate < 0.0 ? -rate : rate;
    }
};

// T += scale step, never below a fifth of what it was: a step from a far guess must not cross absolute zero.
struct AddStep {
    double* T;
    const float* step;
    double scale;
    JT_HD void operator()(Cell c) const {
        const double next = T[c.n] + scale * double(step[c.n]), least = 0.2 * T[c.n];
        T[c.n] = next > least ? next : least;
    }
};

// Heat that enters a surface per area at cell temperature T, its slope dQ/dT (<= 0), and the surface temperature.
struct SurfaceHeat {
    double Q, slope, T_surface;
};

JT_HD SurfaceHeat surface_heat(const SurfaceCondition& s, double half_conductance, double T) {
    const double g = half_conductance;  // k / d [W/(m2 K)]
    if (s.contact >= 0.0) {
        // in series; a perfect contact leaves the half cell alone
        const double u = s.contact > 1e30 ? g : g + s.contact > 0.0 ? g * s.contact / (g + s.contact) : 0.0;
        const double Q = u * (s.temperature - T);
        return {Q, -u, g > 0.0 ? T + Q / g : T};
    }
    const double e = s.emissivity * kStefanBoltzmann, amb4 = s.ambient * s.ambient * s.ambient * s.ambient;
    double Ts = T;
    // f(Ts) = e (Ts^4 - amb^4) + h (Ts - amb) - flux - g (T - Ts) is convex and rising for Ts > 0: quadratic convergence
    for (int pass = 0; pass < 60; ++pass) {
        const double cube = Ts * Ts * Ts;
        const double f = e * (cube * Ts - amb4) + s.convection * (Ts - s.ambient) - s.flux - g * (T - Ts);
        const double df = 4.0 * e * cube + s.convection + g;
        if (!(df > 0.0)) break;
        double next = Ts - f / df;
        if (next < 0.1 * Ts) next = 0.1 * Ts;  // stays above absolute zero
        const double change = next > Ts ? next - Ts : Ts - next;
        Ts = next;
        if (change <= 1e-13 * Ts) break;
    }
    const double df = 4.0 * e * Ts * Ts * Ts + s.convection;
    const double slope = g + df > 0.0 ? -g * df / (g + df) : 0.0;
    return {g * (Ts - T), slope, Ts};
}

// Conductance per area of the half cell behind a surface, k/d [W/(m2 K)], by entry. Runs over the list.
struct SurfaceConductance {
    const SurfaceCell* list;
    const double* k;
    double half;  // half a voxel edge [m]
    double* conductance;
    JT_HD void operator()(Cell entry) const { conductance[entry.i] = k[list[entry.i].n] / half; }
};

// Surfaces along one axis: adds their heat [W] to the balance and their slope [W/K] to the sink of their cells, which are each
// in the list once. Returns by how much that changes the sum of |balance|. Runs over the list (a grid of one row).
struct SurfaceExchange {
    const SurfaceCell* list;
    const SurfaceCondition* conditions;
    const double *conductance, *T;  // of SurfaceConductance; of the cells
    double *balance, *sink, *heat;  // heat: by entry, into the cell [W]
    double* T_surface;              // by entry, lower and upper face [K]
    JT_HD double operator()(Cell entry) const {
        const SurfaceCell& cell = list[entry.i];
        double in = 0.0, d = 0.0;
        for (int side = 0; side < 2; ++side) {
            if (cell.condition[side] < 0) continue;
            const SurfaceHeat s = surface_heat(conditions[cell.condition[side]], conductance[entry.i], T[cell.n]);
            T_surface[2 * Index(entry.i) + side] = s.T_surface;
            in += cell.area[side] * s.Q;
            d -= cell.area[side] * s.slope;
        }
        const double before = balance[cell.n], after = before + in;
        balance[cell.n] = after;
        sink[cell.n] += d;
        heat[entry.i] = in;
        return (after < 0.0 ? -after : after) - (before < 0.0 ? -before : before);
    }
};

// Heat that leaves through surfaces, net [W]. Runs over the list.
struct SurfaceLoss {
    const double* heat;
    JT_HD double operator()(Cell entry) const { return -heat[entry.i]; }
};

// Heat that crosses surfaces either way [W]: what the balance is measured against. Runs over the list.
struct SurfaceThroughput {
    const double* heat;
    JT_HD double operator()(Cell entry) const { return heat[entry.i] < 0.0 ? -heat[entry.i] : heat[entry.i]; }
};

// Share of a contact's heat that flows into the cell with resistance ra = d/k_a when rb = d/k_b lies on the other side and
// rc = 1/h_c between the two surfaces; f of it is released on this cell's surface (physics: both surface nodes eliminated).
JT_HD double contact_share(double ra, double rc, double rb, double f) {
    if (rc > 1e30) return f;
    const double total = ra + rc + rb;
    return total > 0.0 ? (f * (rc + rb) + (1.0 - f) * rb) / total : f;
}

// Electric contacts along one axis, between materials and at terminals: adds their heat to the cells' q [W], by gathering from
// both faces; returns what was added. split: share released on the surface of the first index, count x count. At a terminal
// half is released on the bed's surface; what flows into the clamp is lost.
struct ContactHeat {
    FaceCurrents currents;
    Contacts electric, thermal;
    const double* split;
    const double* k;
    double scale;  // of the heat: phi is that of 1 V
    double* q;
    JT_HD double face(Index own, Index other, double current) const {
        const std::uint8_t a = currents.material[own], b = currents.material[other];
        const double resistance = electric.between(a, b);
        if (!(resistance > 0.0) || !(current != 0.0)) return 0.0;
        const double ra = currents.g.half / k[own], rb = currents.g.half / k[other];
        const double f = split ? split[(a & ~kPinned) * electric.count + (b & ~kPinned)] : 0.5;
        return scale * current * current * resistance / currents.g.area * contact_share(ra, thermal.between(a, b), rb, f);
    }
    JT_HD double terminal(const Cell& c, bool upper, double current) const {
        const int t = currents.terminals.find(currents.g.axis, upper, currents.material[c.n]);
        if (t < 0 || !(currents.terminals.list[t].resistivity > 0.0)) return 0.0;
        const FaceTerminal& at = currents.terminals.list[t];
        return scale * current * current * at.resistivity / currents.g.area *
               contact_share(currents.g.half / k[c.n], at.thermal_resistivity, 0.0, 0.5);
    }
    JT_HD double operator()(Cell c) const {
        const Index step = currents.g.grid.stride(currents.g.axis);
        double heat = 0.0;
        const double up = currents.upper(c), low = currents.lower(c);
        heat += currents.g.at_upper(c) ? terminal(c, true, up) : face(c.n, c.n + step, up);
        heat += currents.g.at_lower(c) ? terminal(c, false, low) : face(c.n, c.n - step, low);
        q[c.n] += heat;
        return heat;
    }
};

// The terminals' part of ContactHeat, where materials are in perfect contact with each other. Runs over the plane.
template <int kAxis>
struct TerminalContactHeat {
    ContactHeat contact;
    JT_HD double operator()(Cell plane) const {
        double heat = 0.0;
        for (int side = 0; side < 2; ++side) {
            const FaceCurrents& currents = contact.currents;
            const Cell c = end_cell<kAxis>(currents.g.grid, plane, side == 1);
            const double here = contact.terminal(c, side == 1, side == 1 ? currents.upper(c) : currents.lower(c));
            contact.q[c.n] += here;
            heat += here;
        }
        return heat;
    }
};

// out = a x + b y
struct Combine {
    double a, b;
    const double *x, *y;
    double* out;
    JT_HD void operator()(Cell c) const { out[c.n] = a * x[c.n] + b * y[c.n]; }
};

// |x - y| of a cell in units of absolute + relative |y - from|: the error of a step against its tolerance.
struct WeightedChange {
    const double *x, *y;
    double absolute, relative, from;
    JT_HD double operator()(Cell c) const {
        const double change = x[c.n] - y[c.n], above = y[c.n] - from;
        return (change < 0.0 ? -change : change) / (absolute + relative * (above < 0.0 ? -above : above));
    }
};

}  // namespace JT_NS
}  // namespace jt
