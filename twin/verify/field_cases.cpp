// SPDX-License-Identifier: Apache-2.0
// Cases of defects and of the field: ellipsoids, holes and their heat (the rest of V04), orientation of platelets (V24).
#include <cmath>
#include <numbers>

#include "kernels/orientation.hpp"
#include "twin/electric/electric_run.hpp"
#include "twin/microstructure/inclusion.hpp"
#include "twin/microstructure/orientation.hpp"
#include "twin/verify/cases.hpp"
#include "twin/verify/scenario_text.hpp"

namespace jt {
namespace {

using namespace verify_text;

constexpr double kH = 1e-4, kSigma = 100.0;

// One inclusion in the middle of a box of cells between faces at 1 V, insulated sides: a lattice by symmetry.
struct Inclusion {
    std::array<int, 3> cells;         // of the box
    std::array<double, 3> semi_axes;  // [cells]; an axis one cell thick: a cylinder along it
    double ratio;
    double field() const { return 1.0 / (cells[2] * kH); }  // mean field along z [V/m]
    double J0() const { return kSigma * field(); }          // sigma_m times the mean field
    bool flat() const { return cells[1] == 1; }
    double fraction() const {
        const double box = double(cells[0]) * cells[2] * (flat() ? 1.0 : double(cells[1]));
        return (flat() ? std::numbers::pi * semi_axes[0] * semi_axes[2]
                       : 4.0 / 3.0 * std::numbers::pi * semi_axes[0] * semi_axes[1] * semi_axes[2]) /
               box;
    }
    // Share of a neighbour's polarisation in the field: 1/3 in a cubic, 1/2 in a square lattice.
    double lorentz() const { return flat() ? 0.5 : 1.0 / 3.0; }
};

ElectricRun solve(VerifyContext& v, const std::string& name, const Inclusion& a) {
    std::array<double, 3> size{}, middle{}, axes{};
    for (std::size_t d = 0; d < 3; ++d) {
        size[d] = a.cells[d] * kH, middle[d] = 0.5 * size[d];
        axes[d] = a.cells[d] == 1 ? 1e3 * kH : a.semi_axes[d] * kH;
    }
    return v.solve(name, bed(size, {kH, kH, kH}, 'z') + "[[bed.region]]\nshape = \"ellipsoid\"\ncenter = " +
                             triple(middle, "m") + "\nsemi_axes = " + triple(axes, "m") +
                             (a.ratio > 0.0 ? "\nsigma_factor = " + text_of(a.ratio) : "\nmaterial = \"void\"") + "\n" +
                             constant("matrix", kSigma) +
                             "[electrodes]\n[heater]\nmode = \"voltage\"\nprogram = \"1 V\"\n[run]\nsolve = \"current\"\n");
}

// Mean of a field over the inclusion's cells.
template <class T>
double mean_inside(const ElectricRun& run, const Inclusion& a, const std::vector<T>& field) {
    double sum = 0.0, count = 0.0;
    for (std::size_t c = 0; c < field.size(); ++c)
        if (run.bed.sigma_factor[c] == float(a.ratio)) sum += double(field[c]), count += 1.0;
    return sum / count;
}

// J_i / J_0 of one inclusion in an infinite matrix, from its mean in the lattice: the neighbours' share of the field is
// fraction * lorentz of its own polarisation (Clausius-Mossotti).
double without_neighbours(const Inclusion& a, double J_over_J0) {
    return 1.0 / (1.0 / J_over_J0 + a.lorentz() * a.fraction() * (a.ratio - 1.0) / a.ratio);
}

void ellipsoids(VerifyContext& v) {
    struct Case {
        const char *name, *title;
        Inclusion inclusion;
        double expected;  // physics 4.1
        double N, tolerance;
    };
    const std::string source = "Stratton 1941: r/(1 + N (r - 1)), less the neighbours' field (Clausius-Mossotti)";
    const Case cases[] = {
        {"prolate",
         "J/J0 in a spheroid c/a 2, r 8, along its axis",
         {{80, 80, 80}, {12, 12, 24}, 8.0},
         3.612,
         spheroid_depolarisation(2.0),
         1e-2},
        {"oblate_short",
         "J/J0 in a spheroid c/a 0.5, r 8, along its short axis",
         {{80, 80, 80}, {20, 20, 10}, 8.0},
         1.706,
         spheroid_depolarisation(0.5),
         1e-2},
        {"oblate_long",
         "J/J0 in a spheroid c/a 0.5, r 8, along a long axis",
         {{80, 80, 80}, {10, 20, 20}, 8.0},
         3.013,
         0.5 * (1.0 - spheroid_depolarisation(0.5)),
         1e-2},
        {"ellipse",
         "J/J0 in an ellipse 2:1, r 8, along it",
         {{128, 1, 128}, {10, 0, 20}, 8.0},
         2.4,
         ellipse_depolarisation(2.0, 1.0),
         1e-2},
    };
    for (const Case& c : cases) {
        const double closed = inclusion_current(8.0, c.N);
        const auto run = solve(v, c.name, c.inclusion);
        const double J = mean_inside(run, c.inclusion, run.J_axis_A_per_m2) / c.inclusion.J0();
        v.relative(c.title, closed, without_neighbours(c.inclusion, J), c.tolerance, source);
    }
}

// A circle in a square lattice: Rayleigh's series, its mean field inside from the effective conductivity.
void circle(VerifyContext& v) {
    const Inclusion a{{128, 1, 128}, {16, 0, 16}, 8.0};
    const double f = a.fraction(), beta = 7.0 / 9.0;
    const double effective = 1.0 + 2.0 * f / (1.0 / beta - f - 0.305827 * beta * std::pow(f, 4));
    const double J = 8.0 * (effective - 1.0) / (f * 7.0);
    const auto run = solve(v, "circle", a);
    const double got = mean_inside(run, a, run.J_axis_A_per_m2) / a.J0();
    v.relative("mean J in a circle/(sigma_m E0), r 8, R = L/8", J, got, 5e-3, "Rayleigh 1892, square lattice");
    v.relative("J/J0 in a circle, r 8", inclusion_current(8.0, 0.5), without_neighbours(a, got), 5e-3,
               "2r/(r + 1), less the neighbours' field (Clausius-Mossotti)");
}

// A sphere of 16 cells in a box of 96; along its axis and in its equatorial plane J is 1 plus a dipole. The dipole is taken
// from the mean between these distances, where neither the staircase nor the neighbours' shape is felt, and extrapolated to the
// surface; cells at the surface itself are the staircase's.
constexpr int kBox = 96;
constexpr double kRadius = 16.0, kNear = 1.15, kFar = 1.45;
const char* const kAmplitude = "amplitude from 1.15 to 1.45 R";

Inclusion sphere(double ratio) {
    return {{kBox, kBox, kBox}, {kRadius, kRadius, kRadius}, ratio};
}

// Distance from the middle of the box of cell n along an axis, over the radius.
double from_middle(int n) {
    return (n + 0.5 - 0.5 * kBox) / kRadius;
}

// Current past an insulating sphere: in its equatorial plane J_z / J_0 = 1 + (R/s)^3 / 2.
void hole(VerifyContext& v) {
    const Inclusion a = sphere(0.0);
    const auto run = solve(v, "void_sphere", a);
    const double local = a.J0() / (1.0 + 0.5 * a.fraction());  // the neighbours' polarisation is -3/2 of the field
    double excess = 0.0, dipole = 0.0;
    for (int j = 0; j < kBox; ++j)
        for (int i = 0; i < kBox; ++i) {
            const double s = std::hypot(from_middle(i), from_middle(j));
            if (s < kNear || s > kFar) continue;
            for (const int k : {kBox / 2 - 1, kBox / 2}) {  // on either side of the plane
                const double z = from_middle(k), d = std::hypot(s, z);
                excess += double(run.J_axis_A_per_m2[run.bed.extents.index(i, j, k)]) / local - 1.0;
                dipole += (1.0 - 3.0 * z * z / (d * d)) / (d * d * d);
            }
        }
    v.relative("J/J0 at the equator of an insulating sphere", hole_current(1.0 / 3.0), 1.0 + excess / dipole, 1e-2,
               std::string("Maxwell 1873: 1 + (R/s)^3/2; ") + kAmplitude);
}

// Heat around a sphere, r = 8, over that of the matrix in the field the sphere stands in.
void heat_of_a_sphere(VerifyContext& v) {
    const Inclusion a = sphere(8.0);
    const auto run = solve(v, "sphere_heat", a);
    const double local = a.field() / (1.0 - 0.7 * a.fraction());  // 0.7 = (r - 1)/(r + 2)
    const double q0 = kSigma * local * local;
    const auto q = [&](int i, int j, int k) { return run.q_W_per_m3[run.bed.extents.index(i, j, k)] / q0; };
    // sqrt(q/q0) = 1 + 2 A s along the axis, 1 - A s across it, s = (R/distance)^3, A = 0.7
    double pole = 0.0, equator = 0.0, dipole = 0.0;
    for (int n = kBox / 2; n < kBox; ++n) {
        if (from_middle(n) < kNear || from_middle(n) > kFar) continue;
        pole += std::sqrt(q(kBox / 2, kBox / 2, n)) - 1.0;
        equator += 1.0 - std::sqrt(q(n, kBox / 2, kBox / 2));
        dipole += std::pow(from_middle(n), -3);
    }
    const InclusionHeat exact = inclusion_heat(8.0, 1.0 / 3.0);
    const std::string source = "Maxwell 1873: J/J0 2.4, so 2.4^2/8, 2.4^2, 0.3^2; ";
    // the staircase makes the field inside uneven, so the mean of its square is too large, to first order of h/R
    v.relative("mean heat in a sphere, r 8, over q0", exact.core, mean_inside(run, a, run.q_W_per_m3) / q0, 2.5e-2,
               source + "R/h 16");
    v.relative("heat at its pole, over q0", exact.pole, std::pow(1.0 + pole / dipole, 2), 3e-2, source + kAmplitude);
    v.absolute("heat at its equator, over q0", exact.equator, std::pow(1.0 - equator / dipole, 2), 2e-2, source + kAmplitude);
}

// Temperature around a good sphere in a powder that is heated evenly and heats on: differences near the sphere are steady after
// a few R^2/alpha (1 s here); those of a box 10 R wide exceed those of an infinite one by 6 %.
void hot_spot(VerifyContext& v) {
    constexpr int n = 48;
    constexpr double h = 1e-4, edge = n * h, R = 4.8 * h, k = 0.2, q0 = 8.5e7, sigma = 10.0;
    const std::string middle = triple({0.5 * edge, 0.5 * edge, 0.5 * edge}, "m");
    const double fraction = 4.0 / 3.0 * std::numbers::pi * std::pow(R / edge, 3);
    // the field of the neighbours raises the sphere's: less voltage for q0
    const double voltage = std::sqrt(q0 / sigma) * edge * (1.0 - 0.7 * fraction);
    std::array<double, 3> T{};
    RunHooks hooks;
    hooks.at_record = [&](Coupled& twin, const RunRecord&) {
        const auto field = twin.heat().temperature_K();
        const Extents e{n, n, n, h, h, h};
        const auto at = [&](int i, int j, int l) { return field[e.index(i, j, l)]; };
        T = {at(24, 24, 30), at(30, 24, 24), at(24, 24, 34)};
    };
    v.transient("hot_spot",
                bed({edge, edge, edge}, {h, h, h}, 'z', "powder") + "[[bed.region]]\nshape = \"sphere\"\ncenter = " + middle +
                    "\nradius = \"" + text_of(R) + " m\"\nsigma_factor = 8\n" +
                    matter("powder", "\"" + text_of(sigma) + " S/m\"", "\"" + text_of(k) + " W/(m K)\"", 500.0, 1700.0) +
                    "[electrodes]\n[surface]\ninsulated = true\n" + heater("voltage", voltage, "V") + run_for(4.0, 4.0),
                hooks);
    const double scale = q0 * R * R / k;
    const auto excess = [&](int across, int along) {
        const double x = (across + 0.5) * h / R, y = 0.5 * h / R, z = (along + 0.5) * h / R, rho = std::hypot(x, y, z);
        return scale * sphere_excess(8.0, rho, z / rho);
    };
    const std::string source = "series of P0 and P2 for q of a sphere in an even field; box 10 R, R/h 4.8";
    v.relative("T 1.35 R along the field less 1.35 R beside [K]", excess(0, 6) - excess(6, 0), T[0] - T[1], 0.1, source);
    v.relative("T 2.2 R along the field less 1.35 R beside [K]", excess(0, 10) - excess(6, 0), T[2] - T[1], 0.1, source);
}

void orientation(VerifyContext& v) {
    const std::string source = "metallic disc, (16/3) e0 a^3";
    constexpr double T = 1273.0;
    struct Disc {
        const char* name;
        double radius, alpha, u_1e3, field;
    };
    for (const Disc& d : {Disc{"1 nm", 1e-9, 4.72e-38, 1.3e-12, 8.6e8}, Disc{"10 nm", 1e-8, 4.72e-35, 1.3e-9, 2.7e7},
                          Disc{"100 nm", 1e-7, 4.72e-32, 1.3e-6, 8.6e5}, Disc{"1 um", 1e-6, 4.72e-29, 1.3e-3, 2.7e4}}) {
        const double alpha = disc_polarisability(d.radius).anisotropy();
        v.relative(std::string("alpha of a disc [F m2], ") + d.name, d.alpha, alpha, 1e-3, source);
        v.relative(std::string("u at 1000 V/m, 1273 K, ") + d.name, d.u_1e3, orientation_ratio(alpha, 1e3, T), 4e-2, source);
        v.relative(std::string("field at u = 1 [V/m], ") + d.name, d.field, field_of_unit_ratio(alpha, T), 2e-2, source);
    }
    for (const auto& [sheets, expected] : {std::pair{1, 1.049}, {2, 0.509}, {3, 0.297}, {5, 0.064}})
        v.absolute("anisotropy per sheet, " + std::to_string(sheets) + (sheets == 1 ? " sheet" : " sheets"), expected,
                   stack_per_sheet(sheets, 1e-9).anisotropy(), 5.1e-4, "metallic oblate spheroid, 0.35 nm a sheet");
    for (const auto& [u, S] :
         {std::pair{0.01, -0.001332}, {0.1, -0.013205}, {1.0, -0.119444}, {3.0, -0.274679}, {10.0, -0.425012}})
        v.absolute("order parameter S at u = " + text_of(u), S, cpu::equilibrium_order(u), 1e-5, "Boltzmann integral");
    v.relative("S/u at u = 1e-13", -2.0 / 15.0, cpu::equilibrium_order(1e-13) / 1e-13, 1e-12, "-2u/15 for small u");
    v.relative("(S + 1/2) u at u = 1e4", 0.75, (cpu::equilibrium_order(1e4) + 0.5) * 1e4, 1e-10, "3/(4u) for large u");

    // 30 s at 1273 K, in one step and in 300.
    const OrientationRelaxation law;
    const double rate = cpu::orientation_rate(law, T), S_eq = cpu::equilibrium_order(3.0);
    double S = 0.0;
    for (int n = 0; n < 300; ++n) S = cpu::relaxed_order(S, S_eq, rate, 0.1);
    v.relative("S after 30 s at 1273 K, one step", S_eq * (1.0 - std::exp(-1.0)), cpu::relaxed_order(0.0, S_eq, rate, 30.0),
               1e-12, "S_eq (1 - exp(-6 D_r t))");
    v.relative("S after 30 s at 1273 K, 300 steps", S_eq * (1.0 - std::exp(-1.0)), S, 1e-12, "S_eq (1 - exp(-6 D_r t))");
}

}  // namespace

void inclusions(VerifyContext& v) {
    ellipsoids(v);
    circle(v);
    hole(v);
    heat_of_a_sphere(v);
    hot_spot(v);
}

std::vector<VerifyCase> field_cases() {
    return {{"V24", "orientation of platelets in a field", orientation}};
}

}  // namespace jt
