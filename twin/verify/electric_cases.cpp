// SPDX-License-Identifier: Apache-2.0
// Cases of the electric field: closed forms, a lattice sum, conservation and symmetry.
#include <algorithm>
#include <cmath>

#include "twin/bed/random.hpp"
#include "twin/electric/electric_run.hpp"
#include "twin/units.hpp"
#include "twin/verify/cases.hpp"

namespace jt {
namespace {

std::string text_of(double value) {
    return format_number(value);
}

std::string triple(const std::array<double, 3>& v, const char* unit) {
    return "[\"" + text_of(v[0]) + " " + unit + "\", \"" + text_of(v[1]) + " " + unit + "\", \"" + text_of(v[2]) + " " + unit +
           "\"]";
}

std::string box(const std::array<double, 3>& from, const std::array<double, 3>& to, const std::string& what) {
    return "[[bed.region]]\nshape = \"box\"\nfrom = " + triple(from, "m") + "\nto = " + triple(to, "m") + "\n" + what + "\n";
}

std::string bed(const std::array<double, 3>& size, const std::array<double, 3>& voxel, char axis,
                const std::string& material = "matrix") {
    return "[bed]\nsize = " + triple(size, "m") + "\nvoxel = " + triple(voxel, "m") + "\nmaterial = \"" + material +
           "\"\ncurrent_axis = \"" + axis + "\"\n";
}

std::string constant(const std::string& name, double sigma) {
    return "[material." + name + "]\nsigma = \"" + text_of(sigma) + " S/m\"\n";
}

std::string drive(const std::string& mode, double value, const char* unit, const std::string& electrodes = "") {
    return "[electrodes]\n" + electrodes + "[heater]\nmode = \"" + mode + "\"\nprogram = \"" + text_of(value) + " " + unit +
           "\"\n[run]\nsolve = \"current\"\n";
}

// sigma_eff along `axis` from the resistance: L / (R A).
double effective(const ElectricRun& run, int axis) {
    const auto size = run.bed.extents.size();
    return size[std::size_t(axis)] / (run.report.resistance * run.bed.section(axis));
}

// V01a: a uniform rod between two clamps. J = sigma V / L, q = J^2 / sigma, T - T0 = q x (L - x) / (2 k); cell-centred finite
// volumes lie above that parabola by q h^2 / (8 k) at every centre.
void joule_rod(VerifyContext& v) {
    const auto run = v.solve(
        "rod", bed({0.05, 0.01, 0.01}, {5e-4, 2.5e-3, 2.5e-3}, 'x') + constant("matrix", 1e5) + drive("voltage", 0.2, "V"));
    const std::string source = "sigma V/L and J^2/sigma of a uniform rod";
    double J_error = 0.0, q_error = 0.0, J = 0.0, q = 0.0;
    for (std::size_t c = 0; c < run.J_A_per_m2.size(); ++c) {
        if (std::abs(double(run.J_A_per_m2[c]) - 4e5) >= J_error) J = double(run.J_A_per_m2[c]), J_error = std::abs(J - 4e5);
        if (std::abs(run.q_W_per_m3[c] - 1.6e6) >= q_error) q = run.q_W_per_m3[c], q_error = std::abs(q - 1.6e6);
    }
    v.relative("J_A_per_m2", 4e5, run.report.current / run.bed.section(0), 1e-8, source);
    v.relative("J_A_per_m2 (worst cell, float)", 4e5, J, 1e-6, source);
    v.relative("q_W_per_m3 (worst cell)", 1.6e6, q, 1e-6, source);

    const double L = 0.05, k = 40.0, h = 5e-4, heat = 1.6e6;
    const auto T = v.steady(
        "heated", bed({L, 0.01, 0.01}, {h, 2.5e-3, 2.5e-3}, 'x') + "initial_temperature = \"300 K\"\n[run]\nsteady = true\n" +
                      "[material.matrix]\nsigma = \"1e5 S/m\"\nthermal_conductivity = \"40 W/(m K)\"\ndensity = \"1000 "
                      "kg/m^3\"\nheat_capacity = \"1000 J/(kg K)\"\n[electrodes]\ntemperature = \"300 K\"\n[heater]\nmode = "
                      "\"voltage\"\nprogram = \"0.2 V\"\n");
    double worst = 0.0;
    for (std::size_t c = 0; c < T.size(); ++c) {
        const double x = (double(c % 100) + 0.5) * h;
        worst = std::max(worst, std::abs(T[c] - 300.0 - heat * x * (L - x) / (2.0 * k) - heat * h * h / (8.0 * k)));
    }
    v.relative("T_max_K - T0", 12.5, *std::max_element(T.begin(), T.end()) - 300.0, 1e-9, "sigma V^2 / (8 k)");
    v.absolute("T_K above the parabola less q h^2/(8k) (worst cell)", 0.0, worst, 1e-8,
               "q h^2 / (8 k), exact for cell centres");
}

// V04: a conducting sphere in a cube between two faces, a simple cubic lattice by symmetry.
// sigma_eff / sigma_m = 1 + 3 f / ((r+2)/(r-1) - f - 1.305 (r-1)/(r+4/3) f^(10/3)), r = 8.
void sphere_in_cube(VerifyContext& v) {
    struct Lattice {
        const char* name;
        int cells;  // per edge, radius 16 cells
        double sigma, J;
    };
    const std::string source = "Rayleigh 1892, McPhedran and McKenzie 1978";
    for (const Lattice& l : {Lattice{"R = L/4", 64, 1.144056, 2.51544}, Lattice{"R = L/8", 128, 1.017280, 2.41382}}) {
        const double h = 1e-4, edge = l.cells * h;
        const std::string middle = triple({0.5 * edge, 0.5 * edge, 0.5 * edge}, "m");
        const std::string sphere = "[[bed.region]]\nshape = \"sphere\"\ncenter = " + middle + "\nradius = \"" +
                                   text_of(16 * h) + " m\"\nsigma_factor = 8\n";
        const auto run = v.solve(l.cells == 64 ? "R_L4" : "R_L8", bed({edge, edge, edge}, {h, h, h}, 'z') + sphere +
                                                                      constant("matrix", 100.0) + drive("voltage", 1.0, "V"));
        double sum = 0.0, count = 0.0;
        for (std::size_t c = 0; c < run.bed.sigma_factor.size(); ++c)
            if (run.bed.sigma_factor[c] == 8.0f) sum += double(run.J_axis_A_per_m2[c]), count += 1.0;
        v.relative(std::string("sigma_eff/sigma_m, ") + l.name, l.sigma, effective(run, 2) / 100.0, 2e-3, source);
        v.relative(std::string("mean J in the sphere/(sigma_m E0), ") + l.name, l.J, sum / count / (100.0 * 1.0 / edge), 5e-3,
                   source);
    }
}

// V05: three layers of equal thickness, along, across, and across with a contact resistance between two of them.
void layers(VerifyContext& v) {
    const std::array<double, 3> size{3e-3, 3e-3, 3e-3}, voxel{2.5e-4, 2.5e-4, 2.5e-4};
    const std::string source = "series and parallel resistances";
    for (int axis = 0; axis < 3; ++axis) {
        const char name = "xyz"[axis];
        auto stack = [&](int normal) {
            std::string text;
            for (int layer = 0; layer < 3; ++layer) {
                std::array<double, 3> from{}, to = size;
                from[std::size_t(normal)] = 1e-3 * layer;
                to[std::size_t(normal)] = 1e-3 * (layer + 1);
                text += box(from, to, "material = \"layer" + std::to_string(layer) + "\"");
            }
            return text + constant("layer0", 1.0) + constant("layer1", 10.0) + constant("layer2", 100.0);
        };
        const std::string start = bed(size, voxel, name, "layer0");
        const auto along = v.solve(std::string("along_") + name, start + stack((axis + 1) % 3) + drive("voltage", 1.0, "V"));
        v.relative(std::string("sigma along the layers, current along ") + name, 37.0, effective(along, axis), 1e-10, source);
        const auto across = v.solve(std::string("across_") + name, start + stack(axis) + drive("voltage", 1.0, "V"));
        v.relative(std::string("sigma across the layers, current along ") + name, 3.0 / 1.11, effective(across, axis), 1e-10,
                   source);
        const auto contact =
            v.solve(std::string("contact_") + name,
                    start + stack(axis) + "[[interface]]\nbetween = [\"layer0\", \"layer1\"]\nelectrical = \"2000 S/m^2\"\n" +
                        drive("voltage", 1.0, "V", "contact_resistivity = \"3e-4 ohm m^2\"\n"));
        v.relative(std::string("resistance with contacts, current along ") + name, (1.11e-3 + 5e-4 + 6e-4) / 9e-6,
                   contact.report.resistance, 1e-10, source);
        v.relative(std::string("heat on contacts / power, current along ") + name, 1.1e-3 / 2.21e-3,
                   contact.report.contact_W / contact.report.power, 1e-9, source);
    }
}

// V07: four decades of conductivity cell by cell; Joule heat from face currents closes with the terminal power.
void joule_closure(VerifyContext& v) {
    SplitMix64 random(7);
    std::string regions;
    const double h = 1e-3;
    for (int k = 0; k < 4; ++k)
        for (int j = 0; j < 5; ++j)
            for (int i = 0; i < 8; ++i) {
                const double factor = std::pow(10.0, -1.0 + 4.0 * random.unit());
                regions +=
                    box({i * h, j * h, k * h}, {(i + 1) * h, (j + 1) * h, (k + 1) * h}, "sigma_factor = " + text_of(factor));
            }
    const auto run = v.solve(
        "random", bed({8e-3, 5e-3, 4e-3}, {h, h, h}, 'x') + regions + constant("matrix", 1.0) + drive("voltage", 2.0, "V"));
    double cells = 0.0;
    for (const double q : run.q_W_per_m3) cells += q * run.bed.extents.voxel_volume();
    const double VI = run.report.voltage * run.report.current;
    const std::string source = "conservation: sum over faces of G (dphi)^2 = V I";
    v.absolute("heat of the faces / (V I) - 1", 0.0, run.report.joule_W / VI - 1.0, 1e-9, source);
    v.absolute("heat of the cells / (V I) - 1", 0.0, cells / VI - 1.0, 1e-9, source);
    v.absolute("current balance", 0.0, run.report.current_balance_relative, 1e-8, source);
}

// V18, its electric part: two blocks in contact, unit length each. J = V / (1/s1 + 1/C_E + 1/s2).
void two_blocks(VerifyContext& v) {
    const int n = 100;
    const auto run =
        v.solve("blocks", bed({2.0, 0.02, 0.02}, {1.0 / n, 0.01, 0.01}, 'x', "steel") +
                              box({1.0, 0.0, 0.0}, {2.0, 0.02, 0.02}, "material = \"graphite\"") +
                              constant("steel", 1.41867e6) + constant("graphite", 73069.2) +
                              "[[interface]]\nbetween = [\"steel\", \"graphite\"]\nelectrical = \"75524 S/m^2\"\n" +
                              drive("voltage", 1.0, "V"));
    const std::string source = "MALAMUTE two-block contact (closed form)";
    const double J = run.report.current / run.bed.section(0), d = 0.5 / n;
    // face values from the cells beside the contact; the potential is measured from the middle of the supply
    const double steel = run.phi_V[n - 1] + 0.5 - J * d / 1.41867e6, graphite = run.phi_V[n] + 0.5 + J * d / 73069.2;
    v.relative("J_A_per_m2", 36190.754, J, 1e-7, source);
    v.absolute("phi_V of the steel at the contact", 0.9744897, steel, 1e-7, source);
    v.absolute("phi_V of the graphite at the contact", 0.4952942, graphite, 1e-7, source);
    v.relative("heat on the contact / power", (0.9744897 - 0.4952942) / 1.0, run.report.contact_W / run.report.power, 1e-6,
               source);
}

// V25, its electric part: mirror symmetry, and sigma times c at the same current divides V and P by c.
void symmetry(VerifyContext& v) {
    const double h = 2.5e-4;
    const int n = 16;
    auto scenario = [&](double sigma) {
        return bed({n * h, n * h, n * h}, {h, h, h}, 'z') +
               "[[bed.region]]\nshape = \"sphere\"\ncenter = " + triple({0.5 * n * h, 0.5 * n * h, 0.25 * n * h}, "m") +
               "\nradius = \"" + text_of(3.2 * h) + " m\"\nsigma_factor = 0.05\n" + constant("matrix", sigma) +
               drive("current", 3.0, "A");
    };
    const auto run = v.solve("one", scenario(50.0)), scaled = v.solve("scaled", scenario(400.0));
    double worst = 0.0;
    for (int k = 0; k < n; ++k)
        for (int j = 0; j < n; ++j)
            for (int i = 0; i < n; ++i) {
                const double phi = run.phi_V[run.bed.extents.index(i, j, k)];
                worst = std::max({worst, std::abs(phi - run.phi_V[run.bed.extents.index(n - 1 - i, j, k)]),
                                  std::abs(phi - run.phi_V[run.bed.extents.index(i, n - 1 - j, k)]),
                                  std::abs(phi - run.phi_V[run.bed.extents.index(j, i, k)])});
            }
    const std::string source = "symmetry and linearity";
    v.absolute("phi_V of mirror cells, over V", 0.0, worst / run.report.voltage, 1e-9, source);
    v.relative("V times sigma factor 8", run.report.voltage, 8.0 * scaled.report.voltage, 1e-9, source);
    v.relative("P times sigma factor 8", run.report.power, 8.0 * scaled.report.power, 1e-9, source);
    v.absolute("largest |phi| / (V/2) - 1, above 0", 0.0,
               std::max(0.0, std::max(*std::max_element(run.phi_V.begin(), run.phi_V.end()),
                                      -*std::min_element(run.phi_V.begin(), run.phi_V.end())) /
                                     (0.5 * run.report.voltage) -
                                 1.0),
               1e-12, "maximum principle");
}

}  // namespace

std::vector<VerifyCase> electric_cases() {
    return {{"V01a", "Joule rod between clamps", joule_rod},
            {"V04", "conducting sphere in a cube", sphere_in_cube},
            {"V05", "layers along, across and in contact", layers},
            {"V07", "Joule heat closes on a random map", joule_closure},
            {"V18", "two blocks in contact, the electric part", two_blocks},
            {"V25", "mirror symmetry, linearity and maximum principle", symmetry}};
}

}  // namespace jt
