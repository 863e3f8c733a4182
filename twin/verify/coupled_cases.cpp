// SPDX-License-Identifier: Apache-2.0
// Cases of current and heat together: contact between two blocks, a heated slab, an adiabatic NTC.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "twin/electric/electric_run.hpp"
#include "twin/verify/cases.hpp"
#include "twin/verify/scenario_text.hpp"

namespace jt {
namespace {

using namespace verify_text;

// V18: two blocks of unit length in contact, 1 V across, both ends at 300 K. J = V / (1/s1 + 1/C_E + 1/s2); half of the
// contact's heat is released on each surface, and C_T conducts between them.
void two_blocks(VerifyContext& v) {
    const int n = 100;
    const double d = 0.5 / n, s1 = 1.41867e6, s2 = 73069.2, k1 = 15.0, k2 = 100.0, area = 4e-4;
    const std::string beds = bed({2.0, 0.02, 0.02}, {1.0 / n, 0.01, 0.01}, 'x', "steel") + start_at(300.0) +
                             box({1.0, 0.0, 0.0}, {2.0, 0.02, 0.02}, "material = \"graphite\"");
    const std::string source = "MALAMUTE two-block contact (closed form)";
    const auto current = v.solve(
        "current", beds + constant("steel", s1) + constant("graphite", s2) +
                       "[[interface]]\nbetween = [\"steel\", \"graphite\"]\nelectrical = \"75524 S/m^2\"\n[electrodes]\n" +
                       heater("voltage", 1.0, "V") + "[run]\nsolve = \"current\"\n");
    const double J = current.report.current / current.bed.section(0);
    // face values from the cells beside the contact; the potential is measured from the middle of the supply
    v.relative("J_A_per_m2", 36190.754, J, 1e-7, source);
    v.absolute("phi_V of the steel at the contact", 0.9744897, current.phi_V[n - 1] + 0.5 - J * d / s1, 1e-7, source);
    v.absolute("phi_V of the graphite at the contact", 0.4952942, current.phi_V[n] + 0.5 + J * d / s2, 1e-7, source);
    v.relative("heat on the contact / power", (0.9744897 - 0.4952942) / 1.0, current.report.contact_W / current.report.power,
               1e-6, source);

    const auto s = v.steady("heat", beds + matter("steel", "\"" + text_of(s1) + " S/m\"", "\"15 W/(m K)\"", 1.0, 1.0) +
                                        matter("graphite", "\"" + text_of(s2) + " S/m\"", "\"100 W/(m K)\"", 1.0, 1.0) +
                                        "[[interface]]\nbetween = [\"steel\", \"graphite\"]\nelectrical = \"75524 "
                                        "S/m^2\"\nthermal = \"0.242 W/(m^2 K)\"\n[electrodes]\ntemperature = \"300 K\"\n" +
                                        heater("voltage", 1.0, "V") + kSteady);
    const auto T = [&](int i) { return s.T_K[std::size_t(i)]; };
    const double at = s.report.current / area, heat1 = at * at / s1, heat2 = at * at / s2;  // per volume
    // heat out at the clamps, and what each block gets from the contact beside its own heat [W/m2]
    const double out1 = (T(0) - 300.0) * k1 / d, out2 = (T(2 * n - 1) - 300.0) * k2 / d;
    const double in1 = out1 - heat1, in2 = out2 - heat2;
    v.absolute("T_K of the steel in its middle", 608.6963, 0.5 * (T(n / 2 - 1) + T(n / 2)), 0.01, source);
    v.absolute("T_K of the steel at the contact", 902.0052, T(n - 1) + in1 * d / k1, 0.01, source);
    v.absolute("T_K of the graphite at the contact", 477.3652, T(n) + in2 * d / k2, 0.01, source);
    v.absolute("T_K of the graphite in its middle", 411.0889, 0.5 * (T(3 * n / 2 - 1) + T(3 * n / 2)), 0.01, source);
    v.relative("heat out through the steel [W/m2]", 9491.697, out1, 1e-5, source);
    v.relative("heat out through the graphite [W/m2]", 26699.057, out2, 1e-5, source);
    v.relative("heat out / (V I)", 1.0, s.report.energy.lost_J / s.report.energy.electrical_J, 1e-8, "in = lost");
}

// V19, TMAP8 ver-1o: a slab of half-thickness 5 mm with sigma 1e-3 S/m in a field of 2000 V/m, its wall at 773 K.
void heated_slab(VerifyContext& v) {
    const double L = 5e-3, k = 0.014, q = 4000.0, alpha = k / 2e6;
    const int n = 50;
    const std::string start = bed({L, 1e-3, 1e-3}, {L / n, 1e-3, 1e-3}, 'y') + start_at(773.0) +
                              matter("matrix", "\"1e-3 S/m\"", "\"0.014 W/(m K)\"", 1000.0, 2000.0) + "[electrodes]\n" +
                              heater("voltage", 2.0, "V") + "[face.xmin]\ntemperature = \"773 K\"\n";
    const auto s = v.steady("steady", start + kSteady);
    // from the last centre to the insulated side k dT/dx = q x
    v.relative("T_max_K - 773 K", 3.571429, s.T_K[n - 1] + q * (0.5 * L / n) * (0.5 * L / n) / (2.0 * k) - 773.0, 1e-3,
               "q L^2 / (2 kappa), as TMAP8 ver-1o");

    const auto series = [&](double x, double t) {
        double sum = 0.0;
        for (int m = 0; m < 200; ++m) {
            const double l = (m + 0.5) * std::numbers::pi;
            sum += std::sin(l * x / L) / (l * l * l) * std::exp(-l * l * alpha * t / (L * L));
        }
        return q * L * L / k * (x / L - x * x / (2.0 * L * L) - 2.0 * sum);
    };
    std::vector<std::pair<double, double>> hottest;  // time, rise at the last centre
    RunHooks hooks;
    hooks.at_record = [&](Coupled& twin, const RunRecord& r) {
        hottest.emplace_back(r.time_s, twin.heat().temperature_K()[n - 1] - 773.0);
    };
    v.transient("transient", start + run_for(4000.0, 1000.0), hooks);
    for (const auto& [t, rise] : hottest)
        if (t > 0.0)
            v.relative("T_K - 773 K beside the insulated side at " + text_of(t) + " s", series(L - 0.5 * L / n, t), rise, 1e-3,
                       "series, as TMAP8 ver-1o");
}

// V21: sigma = sigma0 exp(b dT) without losses. At fixed J, dT = ln(1 + b J^2 t / (sigma0 rho cp)) / b; at fixed E,
// dT = -ln(1 - t / t*) / b, t* = rho cp / (b sigma0 E^2) = 2 s.
void adiabatic_ntc(VerifyContext& v) {
    const auto text = [](const std::string& drive, double duration) {
        return bed({0.01, 0.01, 0.01}, {5e-3, 5e-3, 5e-3}, 'x') + start_at(300.0) +
               matter(
                   "matrix",
                   "{ kind = \"exp\", value = \"1000 S/m\", slope = \"2e-3 1/K\", reference = \"300 K\", valid = [\"200 K\", "
                   "\"3000 K\"] }",
                   "\"10 W/(m K)\"", 1000.0, 1000.0) +
               "[electrodes]\n" + drive + run_for(duration, 0.1);
    };
    const auto insulated = [&](const CoupledRun& run, const std::string& name) {
        v.absolute("heat lost / (V I), " + name, 0.0, run.energy.lost_J / run.energy.electrical_J, 1e-9, "all sides insulated");
    };
    const auto cold = v.transient("fixed_J", text(heater("current", 10.0, "A"), 10.0));
    insulated(cold, "fixed_J");
    v.relative("dT_K at 10 s, J 1e5 A/m2", 91.160778, cold.records.back().T_mean_K - 300.0, 1e-3, "closed form");
    const auto hot = v.transient("fixed_E", text(heater("voltage", 5.0, "V"), 1.9));
    insulated(hot, "fixed_E");
    for (const RunRecord& r : hot.records) {
        if (std::abs(r.time_s - 1.0) > 1e-9 && std::abs(r.time_s - 1.9) > 1e-9) continue;
        v.relative("dT_K at " + text_of(r.time_s) + " s, E 500 V/m", -std::log(1.0 - r.time_s / 2.0) / 2e-3, r.T_mean_K - 300.0,
                   r.time_s < 1.5 ? 1e-3 : 1e-2, "closed form; without bound at 2 s");
    }
}

}  // namespace

std::vector<VerifyCase> coupled_cases() {
    return {{"V18", "two blocks in contact, current and heat", two_blocks},
            {"V19", "TMAP8 ver-1o: a slab heated by a current", heated_slab},
            {"V21", "adiabatic NTC at fixed current and at fixed voltage", adiabatic_ntc}};
}

}  // namespace jt
