// SPDX-License-Identifier: Apache-2.0
// V01: a rod between two clamps at T0 with V across. For any k(T) and sigma(T), with equal clamps and insulated sides,
//     int from T0 to T of k/sigma dT = phi (V - phi) / 2         (phi from one clamp)
// so that the highest temperature follows from V alone; it lies at phi = V/2.
#include <algorithm>
#include <cmath>

#include "kernels/error.hpp"
#include "twin/electric/electric_run.hpp"
#include "twin/verify/cases.hpp"
#include "twin/verify/scenario_text.hpp"

namespace jt {
namespace {

using namespace verify_text;

constexpr double kRodLength = 0.05, kSide = 0.005;  // [m]

std::string rod(int cells, const std::string& sigma, const std::string& k, double volt) {
    return bed({kRodLength, kSide, kSide}, {kRodLength / cells, kSide, kSide}, 'x') + start_at(300.0) +
           matter("matrix", sigma, k, 1000.0, 1000.0) + "[electrodes]\ntemperature = \"300 K\"\n" +
           heater("voltage", volt, "V") + kSteady;
}

double rise(const SteadyState& s) {
    return *std::max_element(s.T_K.begin(), s.T_K.end()) - 300.0;
}

double current_density(const SteadyState& s) {
    return s.report.current / (kSide * kSide);
}

void energy_row(VerifyContext& v, const std::string& name, const SteadyState& s) {
    v.absolute("heat out / (V I) - 1, " + name, 0.0, s.report.energy.lost_J / s.report.energy.electrical_J - 1.0, 1e-8,
               "in = lost");
}

// a: constant k and sigma. Cell-centred finite volumes lie above the parabola by q h^2 / (8 k) at every centre.
void constant_properties(VerifyContext& v) {
    const auto run = v.solve("current", bed({kRodLength, 0.01, 0.01}, {5e-4, 2.5e-3, 2.5e-3}, 'x') + constant("matrix", 1e5) +
                                            "[electrodes]\n" + heater("voltage", 0.2, "V") + "[run]\nsolve = \"current\"\n");
    double J_error = 0.0, q_error = 0.0, J = 0.0, q = 0.0;
    for (std::size_t c = 0; c < run.J_A_per_m2.size(); ++c) {
        if (std::abs(double(run.J_A_per_m2[c]) - 4e5) >= J_error) J = double(run.J_A_per_m2[c]), J_error = std::abs(J - 4e5);
        if (std::abs(run.q_W_per_m3[c] - 1.6e6) >= q_error) q = run.q_W_per_m3[c], q_error = std::abs(q - 1.6e6);
    }
    const std::string source = "sigma V/L and J^2/sigma of a uniform rod";
    v.relative("J_A_per_m2", 4e5, run.report.current / run.bed.section(0), 1e-8, source);
    v.relative("J_A_per_m2 (worst cell, float)", 4e5, J, 1e-6, source);
    v.relative("q_W_per_m3 (worst cell)", 1.6e6, q, 1e-6, source);

    const double k = 40.0, heat = 1.6e6;
    for (const int n : {50, 100}) {
        const auto s = v.steady("heated_" + std::to_string(n), rod(n, "\"1e5 S/m\"", "\"40 W/(m K)\"", 0.2));
        const double h = kRodLength / n, above = heat * h * h / (8.0 * k);
        double worst = above;
        for (std::size_t c = 0; c < s.T_K.size(); ++c) {
            const double x = (double(c) + 0.5) * h, offset = s.T_K[c] - 300.0 - heat * x * (kRodLength - x) / (2.0 * k);
            if (std::abs(offset - above) > std::abs(worst - above)) worst = offset;
        }
        const std::string size = ", N " + std::to_string(n);
        // the highest centre lies h/2 beside the middle, where the parabola is lower by as much as it lies above it
        v.relative("T_max_K - T0" + size, 12.5, rise(s), 1e-9, "sigma V^2 / (8 k)");
        v.absolute("T_K above the parabola (worst cell)" + size, above, worst, 1e-9, "q h^2 / (8 k), exact for cell centres");
        energy_row(v, "N " + std::to_string(n), s);
    }
}

// b: a metal, sigma = sigma0 / (1 + 4e-3 (T - T0)).
void metal(VerifyContext& v) {
    const auto s = v.steady("metal", rod(100,
                                         "{ kind = \"inverse\", coefficients = [-2e-6, 4e-8], unit = \"ohm m\", valid = "
                                         "[\"250 K\", \"500 K\"] }",
                                         "\"40 W/(m K)\"", 0.2));
    const std::string source = "int k/sigma dT = phi (V - phi)/2";
    v.relative("T_max_K - T0", 12.202212, rise(s), 1e-4, source);
    v.relative("J_A_per_m2", 3.8741363e5, current_density(s), 1e-4, source);
    v.relative("current at T0 / current", 1.0324882, 4e5 / current_density(s), 1e-4, source);
    energy_row(v, "metal", s);
}

// c: Wiedemann and Franz, k = Lz sigma T: T_max = sqrt(T0^2 + V^2/(4 Lz)), whatever sigma.
void wiedemann_franz(VerifyContext& v) {
    const std::string source = "sqrt(T0^2 + V^2 / (4 Lz))";
    struct At {
        double volt, T_max;
    };
    for (const At& at : {At{0.1, 438.7015}, At{0.2, 706.9909}, At{0.4, 1315.0453}})
        for (const double sigma : {1e5, 2e5}) {
            const std::string name = "V " + text_of(at.volt) + ", sigma " + text_of(sigma);
            const auto s = v.steady("V" + text_of(at.volt) + "_sigma" + text_of(sigma),
                                    rod(100, "\"" + text_of(sigma) + " S/m\"",
                                        "{ kind = \"polynomial\", coefficients = [0.0, " + text_of(2.44e-8 * sigma) +
                                            "], unit = \"W/(m K)\", valid = [\"200 K\", \"3000 K\"] }",
                                        at.volt));
            v.absolute("T_max_K, " + name, at.T_max, rise(s) + 300.0, 0.2, source);
            energy_row(v, name, s);
        }
}

// d: NTC, sigma = sigma0 exp(b (T - T0)): T_max - T0 = -ln(1 - b sigma0 V^2 / (8 k)) / b, below V_c = sqrt(8 k / (b sigma0)).
void ntc(VerifyContext& v) {
    const auto text = [](double volt) {
        return rod(200,
                   "{ kind = \"exp\", value = \"1e5 S/m\", slope = \"2e-3 1/K\", reference = \"300 K\", valid = [\"200 K\", "
                   "\"4500 K\"] }",
                   "\"40 W/(m K)\"", volt);
    };
    const std::string source = "-ln(1 - b sigma0 V^2 / (8 k)) / b";
    struct At {
        double volt, rise;
    };
    for (const At& at : {At{0.2, 12.658904}, At{1.0, 490.4146}, At{1.2, 1151.293}}) {
        const auto s = v.steady("V" + text_of(at.volt), text(at.volt));
        v.relative("T_max_K - T0, V " + text_of(at.volt), at.rise, rise(s), 3e-3, source);
        if (at.volt == 0.2) v.relative("J_A_per_m2, V 0.2", 4.0680292e5, current_density(s), 3e-3, source);
        energy_row(v, "V " + text_of(at.volt), s);
    }
    // 1.2649 V is the highest voltage with a steady state
    bool named = false;
    try {
        v.steady("V1.35", text(1.35));
    } catch (const SolveError& error) {
        named = std::string(error.what()).find("thermal runaway") != std::string::npos;
    }
    v.absolute("V 1.35 (above V_c) is named a runaway", 1.0, named ? 1.0 : 0.0, 0.0,
               "V_c = sqrt(8 k / (b sigma0)) = 1.2649111 V");
}

}  // namespace

std::vector<VerifyCase> rod_cases() {
    return {{"V01a", "Joule rod between clamps", constant_properties},
            {"V01b", "Joule rod, resistivity rising with temperature", metal},
            {"V01c", "Joule rod after Wiedemann and Franz", wiedemann_franz},
            {"V01d", "Joule rod, conductivity rising with temperature, up to its runaway", ntc}};
}

}  // namespace jt
