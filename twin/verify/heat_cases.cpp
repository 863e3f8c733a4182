// SPDX-License-Identifier: Apache-2.0
// Cases of heat alone: closed forms, the NAFEMS thermal benchmarks and conservation.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "twin/verify/cases.hpp"
#include "twin/verify/scenario_text.hpp"

namespace jt {
namespace {

using namespace verify_text;
using std::numbers::pi;

const std::string kButlandMaddison =
    "{ kind = \"powers\", coefficients = [0.54212, -2.42667e-6, -90.2725, -43449.3, 1.59309e7, -1.43688e9], exponents = [0, 1, "
    "-1, -2, -3, -4], unit = \"thermochemical_calorie/(g K)\", valid = [\"200 K\", \"3500 K\"] }";

// V02: m c dT/dt = -eps sB A (T^4 - T_amb^4), one voxel of 1 cm (A 6e-4 m2, m 5e-4 kg, c 1500 J/(kg K)).
void radiative_cooling(VerifyContext& v) {
    struct At {
        double t, zero, warm;  // T_K with nothing around and with 300 K around; 0: not tabulated
    };
    const std::vector<At> table = {{1.0, 1336.6138, 1336.8822}, {2.0, 1227.0595, 0.0},      {5.0, 1032.4294, 1033.4035},
                                   {10.0, 869.5229, 871.2425},  {20.0, 714.1211, 717.2734}, {60.0, 0.0, 516.3788}};
    for (const bool warm : {false, true}) {
        const std::string name = warm ? "ambient_300K" : "ambient_0K";
        const auto run = v.transient(name, bed({0.01, 0.01, 0.01}, {0.01, 0.01, 0.01}, 0) + start_at(1500.0) +
                                               matter("matrix", "", "\"90000 W/(m K)\"", 500.0, 1500.0) +
                                               "[surface]\nemissivity = 0.9\nambient = \"" + (warm ? "300 K" : "0.001 K") +
                                               "\"\n" + run_for(warm ? 60.0 : 20.0, 1.0));
        for (const At& at : table) {
            const double expected = warm ? at.warm : at.zero;
            if (expected > 0.0)
                v.absolute("T_K at " + text_of(at.t) + " s, ambient " + (warm ? "300 K" : "0 K"), expected,
                           run.records.at(std::size_t(at.t)).T_mean_K, 0.05,
                           warm ? "implicit ln/atan solution" : "(T0^-3 + 3 K t)^(-1/3)");
        }
    }
}

// V03: the first cosine mode of an insulated slab, L 0.02 m, alpha 1e-5 m2/s, decays at the rate of the grid,
// (4 alpha / h^2) sin^2(pi h / (2 L)), which tends to alpha (pi/L)^2 with h^2.
void cosine_mode(VerifyContext& v) {
    const double L = 0.02, mean = 400.0, A = 50.0, continuous = 0.29121293;
    struct OnGrid {
        int cells;
        double left;  // share of the amplitude at 5 s
    };
    double before = 0.0;
    for (const OnGrid& g : {OnGrid{16, 0.29236798}, OnGrid{32, 0.29150155}, OnGrid{64, 0.29128508}}) {
        const int n = g.cells;
        const double h = L / n;
        std::vector<double> mode(std::size_t(n), 0.0), T;
        for (int i = 0; i < n; ++i) mode[std::size_t(i)] = std::cos(pi * (i + 0.5) / n);
        RunHooks hooks;
        hooks.before = [&](Coupled& twin) {
            for (const double c : mode) T.push_back(mean + A * c);
            twin.heat().set_temperature_K(T);
            twin.fix_step(0.01);
        };
        hooks.at_record = [&](Coupled& twin, const RunRecord&) { T = twin.heat().temperature_K(); };
        const std::string name = "N " + std::to_string(n);
        v.transient("N" + std::to_string(n),
                    bed({L, 1e-3, 1e-3}, {h, 1e-3, 1e-3}, 0) + start_at(mean) +
                        matter("matrix", "", "\"10 W/(m K)\"", 1000.0, 1000.0) + run_for(5.0, 5.0),
                    hooks, 1e6 * A * L * 1e-6 * 2.0 / pi);  // the heat in the mode
        double amplitude = 0.0, sum = 0.0;
        for (std::size_t i = 0; i < T.size(); ++i) amplitude += (T[i] - mean) * mode[i] * 2.0 / n, sum += T[i] / n;
        v.relative("amplitude at 5 s, " + name, g.left, amplitude / A, 1e-6, "semi-discrete decay rate");
        v.absolute("mean T_K at 5 s, " + name, mean, sum, 1e-9 * mean, "nothing enters or leaves");
        const double error = amplitude / A - continuous;
        if (before != 0.0)
            v.absolute("order space, " + name, 2.0, std::log2(before / error), 0.05, "against exp(-alpha (pi/L)^2 t)");
        before = error;
    }
}

// V09, NAFEMS T2: a rod held at 1000 K at one end radiates from the other.
void nafems_t2(VerifyContext& v) {
    const auto s = v.steady(
        "T2", bed({0.1, 0.01, 0.01}, {0.01, 0.01, 0.01}, 0) + start_at(1000.0) +
                  matter("matrix", "", "\"55.563 W/(m K)\"", 7850.0, 460.0) +
                  "[face.xmin]\ntemperature = \"1000 K\"\n[face.xmax]\nemissivity = 0.98\nambient = \"300 K\"\n" + kSteady);
    const double T = s.surface_K[std::size_t(Face::xmax)].back();
    v.absolute("T_K of the radiating end", 926.967, T, 0.01, "NAFEMS T2 (published 927.0 K), root of the flux balance");
    v.relative("flux out [W/m2]", 55.563 * (1000.0 - 926.967) / 0.1,
               0.98 * kStefanBoltzmann * (std::pow(T, 4) - std::pow(300.0, 4)), 1e-4, "k (T0 - T) / L");
}

// V10, NAFEMS T3: T(0) = 0 degC, T(L) = 100 sin(pi t / 40) degC.
void nafems_t3(VerifyContext& v) {
    std::string wall = "{ points = [";
    for (int n = 0; n <= 128; ++n)
        wall += std::string(n ? ", " : "") + "[\"" + text_of(0.25 * n) + " s\", \"" +
                text_of(273.15 + 100.0 * std::sin(pi * 0.25 * n / 40.0)) + " K\"]";
    wall += "] }";
    std::vector<double> T;
    RunHooks hooks;
    hooks.at_record = [&](Coupled& twin, const RunRecord&) { T = twin.heat().temperature_K(); };
    v.transient("T3",
                bed({0.1, 0.01, 0.01}, {2.5e-3, 0.01, 0.01}, 0) + start_at(273.15) +
                    matter("matrix", "", "\"35 W/(m K)\"", 7200.0, 440.5) +
                    "[face.xmin]\ntemperature = \"273.15 K\"\n[face.xmax]\ntemperature = " + wall + "\n" + run_for(32.0, 32.0),
                hooks);
    v.absolute("T_C at 0.08 m, 32 s", 36.60, 0.5 * (T.at(31) + T.at(32)) - 273.15, 0.1,
               "NAFEMS T3 (published 36.60, series 36.6031)");
}

// V11, NAFEMS T4: a plate 0.6 x 1.0 m, 100 degC below, insulated on the left, convection to 0 degC elsewhere.
void nafems_t4(VerifyContext& v) {
    const auto s =
        v.steady("T4", bed({0.6, 1.0, 0.01}, {0.01, 0.01, 0.01}, 0) + start_at(300.0) +
                           matter("matrix", "", "\"52 W/(m K)\"", 1000.0, 1000.0) +
                           "[face.ymin]\ntemperature = \"373.15 K\"\n[face.xmax]\nconvection = \"750 W/(m^2 K)\"\nambient = "
                           "\"273.15 K\"\n[face.ymax]\nconvection = \"750 W/(m^2 K)\"\nambient = \"273.15 K\"\n" +
                           kSteady);
    const auto& right = s.surface_K[std::size_t(Face::xmax)];
    const double T = 0.5 * (right.at(s.bed.extents.index(59, 19, 0)) + right.at(s.bed.extents.index(59, 20, 0))) - 273.15;
    v.absolute("T_C at (0.6, 0.2) m", 18.25376, T, 0.05, "NAFEMS T4 (published 18.3), series");
    const double missing = s.report.energy.lost_J / (52.0 * 100.0 * 0.01);
    v.absolute("heat through all faces / (k 100 K 10 mm)", 0.0, missing, 1e-7, "in = lost");
}

// V15, Arpaci 3-8: a slab with k = 2 (1 + 0.01 T), source 5, T(L = 10) = 0, insulated at 0. T is counted from 300 K here.
void arpaci(VerifyContext& v) {
    const auto s =
        v.steady("slab", bed({10.0, 0.1, 0.1}, {0.05, 0.1, 0.1}, 0) + start_at(300.0) +
                             matter("matrix", "",
                                    "{ kind = \"linear\", value = \"2 W/(m K)\", slope = \"0.01 1/K\", reference = \"300 "
                                    "K\", valid = [\"250 K\", \"900 K\"] }",
                                    1.0, 1.0) +
                             "[face.xmax]\ntemperature = \"300 K\"\n[source]\npower_density = \"5 W/m^3\"\n" + kSteady);
    // from the first centre to the insulated face k dT/dx = -5 x
    const double k = 2.0 * (1.0 + 0.01 * (s.T_K[0] - 300.0)), T = s.T_K[0] - 300.0 + 5.0 * 0.025 * 0.025 / (2.0 * k);
    v.absolute("T(0)", 87.08286933869708, T, 1e-3, "Arpaci, Conduction Heat Transfer, 3-8");
    v.relative("heat out / source", 1.0, s.report.energy.lost_J / s.report.energy.source_J, 1e-8, "in = lost");
}

}  // namespace

// V25, its thermal part.
void limits_of_heat(VerifyContext& v) {
    const double h = 2.5e-4;
    const int n = 12;
    {  // symmetry: a poor conductor in a bed that is the same in x and y, heated by a current along z and radiating
        std::vector<double> T;
        RunHooks hooks;
        hooks.at_record = [&](Coupled& twin, const RunRecord&) { T = twin.heat().temperature_K(); };
        const auto run = v.transient(
            "mirror",
            bed({n * h, n * h, n * h}, {h, h, h}, 'z') + start_at(300.0) + "[[bed.region]]\nshape = \"sphere\"\ncenter = " +
                triple({0.5 * n * h, 0.5 * n * h, 0.3 * n * h}, "m") + "\nradius = \"" + text_of(3.2 * h) +
                " m\"\nsigma_factor = 0.05\n[material.matrix]\nsigma = { kind = \"linear\", value = \"50 S/m\", slope = \"1e-3 "
                "1/K\", reference = \"300 K\", valid = [\"250 K\", \"2500 K\"] }\nthermal_conductivity = \"0.2 W/(m "
                "K)\"\ndensity = \"500 kg/m^3\"\nheat_capacity = " +
                kButlandMaddison + "\n[electrodes]\n" + heater("current", 0.5, "A") +
                "[surface]\nemissivity = 0.9\nambient = \"300 K\"\n" + run_for(2.0, 2.0),
            hooks);
        double worst = 0.0, hottest = 0.0;
        const Extents& e = run.bed.extents;
        for (int k = 0; k < n; ++k)
            for (int j = 0; j < n; ++j)
                for (int i = 0; i < n; ++i) {
                    const double t = T[e.index(i, j, k)];
                    hottest = std::max(hottest, t);
                    worst = std::max({worst, std::abs(t - T[e.index(n - 1 - i, j, k)]),
                                      std::abs(t - T[e.index(i, n - 1 - j, k)]), std::abs(t - T[e.index(j, i, k)])});
                }
        v.absolute("T_K of mirror cells, over T_max", 0.0, worst / hottest, 1e-9, "symmetry");
    }
    {  // nothing in, nothing out
        double first = 0.0, last = 0.0, lowest = 1e9, highest = 0.0, moved = 0.0;
        std::vector<double> T;
        for (std::size_t c = 0; c < 120; ++c) T.push_back(400.0 + 100.0 * double(c * 7919 % 13));
        // heat that has to move from the hot cells to the cold ones, at about 1700 J/(kg K)
        for (const double t : T) moved += 0.5 * 500.0 * 1e-9 * 1700.0 * std::abs(t - 1000.0);
        RunHooks hooks;
        hooks.before = [&](Coupled& twin) {
            twin.heat().set_temperature_K(T);
            first = twin.stored_J();
        };
        hooks.at_record = [&](Coupled& twin, const RunRecord& r) {
            last = twin.stored_J();
            if (r.time_s == 0.0) return;
            lowest = std::min(lowest, r.T_min_K), highest = std::max(highest, r.T_max_K);
        };
        v.transient(
            "insulated",
            bed({6e-3, 5e-3, 4e-3}, {1e-3, 1e-3, 1e-3}, 0) +
                "[material.matrix]\nthermal_conductivity = \"0.2 W/(m K)\"\ndensity = \"500 kg/m^3\"\nheat_capacity = " +
                kButlandMaddison + "\n" + run_for(3.0, 0.1),
            hooks, moved);
        v.absolute("enthalpy / enthalpy at the start - 1", 0.0, last / first - 1.0, 1e-10, "no source, insulated");
        v.absolute("T_K below the coldest or above the hottest start", 0.0, std::max({0.0, 400.0 - lowest, highest - 1600.0}),
                   1e-6, "maximum principle");
    }
}

std::vector<VerifyCase> heat_cases() {
    return {{"V02", "a body that cools by radiation", radiative_cooling},
            {"V03", "cosine mode of an insulated slab", cosine_mode},
            {"V09", "NAFEMS T2: conduction and radiation", nafems_t2},
            {"V10", "NAFEMS T3: a wall temperature that follows a sine", nafems_t3},
            {"V11", "NAFEMS T4: conduction in two dimensions and convection", nafems_t4},
            {"V15", "Arpaci 3-8: conductivity that rises with temperature", arpaci}};
}

}  // namespace jt
