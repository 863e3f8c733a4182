// SPDX-License-Identifier: Apache-2.0
// Cases of the electric field: closed forms, a lattice sum, conservation and symmetry.
#include <algorithm>
#include <cmath>

#include "twin/bed/random.hpp"
#include "twin/electric/electric_run.hpp"
#include "twin/verify/cases.hpp"
#include "twin/verify/scenario_text.hpp"

namespace jt {
namespace {

using namespace verify_text;

std::string drive(const std::string& mode, double value, const char* unit, const std::string& electrodes = "") {
    return "[electrodes]\n" + electrodes + "[heater]\nmode = \"" + mode + "\"\nprogram = \"" + text_of(value) + " " + unit +
           "\"\n[run]\nsolve = \"current\"\n";
}

// sigma_eff along `axis` from the resistance: L / (R A).
double effective(const ElectricRun& run, int axis) {
    const auto size = run.bed.extents.size();
    return size[std::size_t(axis)] / (run.report.resistance * run.bed.section(axis));
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
    return {{"V04", "conducting sphere in a cube, ellipsoids, a hole and their heat",
             [](VerifyContext& v) {
                 sphere_in_cube(v);
                 inclusions(v);
             }},
            {"V05", "layers along, across and in contact", layers},
            {"V07", "Joule heat closes on a random map", joule_closure},
            {"V25", "mirror symmetry, scaling, kept enthalpy and maximum principle", [](VerifyContext& v) {
                 symmetry(v);
                 limits_of_heat(v);
             }}};
}

}  // namespace jt
