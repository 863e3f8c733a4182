// SPDX-License-Identifier: Apache-2.0
// V08: manufactured solution of the coupled equations on the unit cube, temperatures counted from 300 K:
//     T = 1 + 0.2 cos(pi x) cos(pi y) cos(pi z) e^-t,   phi = x + 0.1 sin(pi x) cos(pi y) cos(pi z) e^-t,
//     sigma = 1 + T/2,  k = 1 + T/4,  rho cp = 1 + T/10;  insulated but for phi = 0 at x = 0 and 1 at x = 1.
// The sources S_phi = -div(sigma grad phi) and S_T = rho cp T_t - div(k grad T) - sigma |grad phi|^2 are added to the run.
#include <cmath>
#include <numbers>

#include "twin/verify/cases.hpp"
#include "twin/verify/scenario_text.hpp"

namespace jt {
namespace {

using namespace verify_text;

struct Manufactured {
    double phi, T, S_phi, S_T;
};

Manufactured manufactured(double x, double y, double z, double t) {
    using std::numbers::pi;
    const double a = 0.2 * std::exp(-t), b = 0.1 * std::exp(-t);
    const double sx = std::sin(pi * x), cx = std::cos(pi * x), sy = std::sin(pi * y), cy = std::cos(pi * y),
                 sz = std::sin(pi * z), cz = std::cos(pi * z);
    Manufactured m{};
    m.T = 1.0 + a * cx * cy * cz;
    m.phi = x + b * sx * cy * cz;
    const double T_t = -a * cx * cy * cz, laplace_T = -3.0 * pi * pi * a * cx * cy * cz,
                 laplace_phi = -3.0 * pi * pi * b * sx * cy * cz;
    const double T_x = -pi * a * sx * cy * cz, T_y = -pi * a * cx * sy * cz, T_z = -pi * a * cx * cy * sz;
    const double phi_x = 1.0 + pi * b * cx * cy * cz, phi_y = -pi * b * sx * sy * cz, phi_z = -pi * b * sx * cy * sz;
    const double sigma = 1.0 + 0.5 * m.T, k = 1.0 + 0.25 * m.T;
    m.S_phi = -sigma * laplace_phi - 0.5 * (T_x * phi_x + T_y * phi_y + T_z * phi_z);
    m.S_T = (1.0 + 0.1 * m.T) * T_t - k * laplace_T - 0.25 * (T_x * T_x + T_y * T_y + T_z * T_z) -
            sigma * (phi_x * phi_x + phi_y * phi_y + phi_z * phi_z);
    return m;
}

// Calls f(cell number, values at the cell's centre).
template <class F>
void at_centres(int n, double t, F f) {
    std::size_t c = 0;
    for (int k = 0; k < n; ++k)
        for (int j = 0; j < n; ++j)
            for (int i = 0; i < n; ++i) f(c++, manufactured((i + 0.5) / n, (j + 0.5) / n, (k + 0.5) / n, t));
}

struct Fields {
    std::vector<double> T, phi;
    double current = 0.0;  // into the first terminal [A]
};

Fields run(VerifyContext& v, const std::string& name, int n, double end, double dt) {
    const double h = 1.0 / n;
    const auto law = [](const char* unit, double slope) {
        return std::string("{ kind = \"linear\", value = \"1 ") + unit + "\", slope = \"" + text_of(slope) +
               " 1/K\", reference = \"300 K\", valid = [\"299 K\", \"303 K\"] }";
    };
    Fields end_state;
    RunHooks hooks;
    hooks.before = [&](Coupled& twin) {
        std::vector<double> T(std::size_t(n) * std::size_t(n) * std::size_t(n));
        at_centres(n, 0.0, [&](std::size_t c, const Manufactured& m) { T[c] = 300.0 + m.T; });
        twin.heat().set_temperature_K(T);
        twin.fix_step(dt);
        twin.heat_source = [=](double t, std::vector<double>& W) {
            at_centres(n, t, [&](std::size_t c, const Manufactured& m) { W[c] = m.S_T * h * h * h; });
        };
        twin.current_source = [=](double t, std::vector<double>& A) {
            at_centres(n, t, [&](std::size_t c, const Manufactured& m) { A[c] = m.S_phi * h * h * h; });
        };
    };
    hooks.at_record = [&](Coupled& twin, const RunRecord&) {
        end_state.T = twin.heat().temperature_K();
        end_state.phi = twin.electric()->potential_V();
    };
    // the first terminal stands at +V/2: phi of the model is that of the solution less 1/2
    const CoupledRun done =
        v.transient(name,
                    bed({1.0, 1.0, 1.0}, {h, h, h}, 0) + start_at(301.0) + "[material.matrix]\nsigma = " + law("S/m", 0.5) +
                        "\nthermal_conductivity = " + law("W/(m K)", 0.25) +
                        "\ndensity = \"1 kg/m^3\"\nheat_capacity = " + law("J/(kg K)", 0.1) +
                        "\n[[terminal]]\nname = \"one\"\nface = \"xmax\"\n[[terminal]]\nname = \"zero\"\nface = \"xmin\"\n" +
                        heater("voltage", 1.0, "V") + run_for(end, end),
                    hooks);
    // nothing can leave: what the terminals and the fed current give is the heat of the faces
    v.absolute("(V I + int phi S_phi) / Joule heat - 1, " + name, 0.0, done.energy.lost_J / done.energy.electrical_J, 1e-9,
               "sum over faces of G (dphi)^2 = V I + sum phi S");
    end_state.current = done.records.back().current_A;
    return end_state;
}

// Root mean square of a - b.
double distance(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0.0;
    for (std::size_t c = 0; c < a.size(); ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
    return std::sqrt(sum / double(a.size()));
}

void manufactured_solution(VerifyContext& v) {
    const Manufactured m = manufactured(0.3, 0.4, 0.2, 0.5);
    v.relative("phi at (0.3, 0.4, 0.2), t 0.5", 0.312267340283, m.phi, 1e-11, "manufactured solution, computer algebra");
    v.relative("T at (0.3, 0.4, 0.2), t 0.5", 1.01782548884, m.T, 1e-11, "manufactured solution, computer algebra");
    v.relative("S_phi at (0.3, 0.4, 0.2), t 0.5", 0.576896467739, m.S_phi, 1e-11, "manufactured solution, computer algebra");
    v.relative("S_T at (0.3, 0.4, 0.2), t 0.5", -0.983880370738, m.S_T, 1e-11, "manufactured solution, computer algebra");

    // space: the distance from the solution, at steps so short that time does not matter
    double before_T = 0.0, before_phi = 0.0;
    const double end = 0.5;
    for (const int n : {8, 16, 32}) {
        const Fields got = run(v, "N" + std::to_string(n), n, end, 1.0 / 64.0);
        std::vector<double> T, phi;
        at_centres(n, end, [&](std::size_t, const Manufactured& exact) {
            T.push_back(300.0 + exact.T);
            phi.push_back(exact.phi - 0.5);
        });
        const double error_T = distance(got.T, T), error_phi = distance(got.phi, phi);
        if (before_T > 0.0) {
            const std::string of = ", N " + std::to_string(n / 2) + " to " + std::to_string(n);
            v.absolute("order space, T" + of, 2.0, std::log2(before_T / error_T), 0.1, "second-order finite volumes");
            v.absolute("order space, phi" + of, 2.0, std::log2(before_phi / error_phi), 0.1, "second-order finite volumes");
        }
        before_T = error_T, before_phi = error_phi;
    }
    // time: on one grid, successive halvings of the step
    std::vector<Fields> halved;
    for (const int steps : {32, 64, 128}) halved.push_back(run(v, "steps" + std::to_string(steps), 8, 1.0, 1.0 / steps));
    v.absolute("order time, T", 2.0, std::log2(distance(halved[0].T, halved[1].T) / distance(halved[1].T, halved[2].T)), 0.1,
               "SDIRK2");
    // the potential hardly feels an error of T that varies slowly; the current through the terminals does
    v.absolute("order time, current", 2.0,
               std::log2(std::abs((halved[0].current - halved[1].current) / (halved[1].current - halved[2].current))), 0.1,
               "SDIRK2");
}

}  // namespace

std::vector<VerifyCase> manufactured_cases() {
    return {{"V08", "manufactured solution of current and heat", manufactured_solution}};
}

}  // namespace jt
