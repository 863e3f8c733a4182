// SPDX-License-Identifier: Apache-2.0
#include "twin/stepping/coupled.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

#include "kernels/error.hpp"
#include "tests/support/devices.hpp"
#include "twin/bed/voxelise.hpp"
#include "twin/scenario/reader.hpp"

namespace jt {
namespace {

struct Made {
    Scenario scenario;
    Bed bed;
    Made(const std::string& bed_keys, const std::string& material, const std::string& more) {
        const std::string text =
            "[bed]\nmaterial = 'm'\n" + bed_keys + "[material.m]\n" + material + more + "[run]\nduration = '1 s'\n";
        scenario = read_scenario_text(text, "s.toml", ".", {}, {.allow_unavailable = true});
        std::vector<std::string> findings;
        bed = voxelise(scenario, findings);
    }
};

class CoupledOn : public test::OnEveryDevice {};
JT_ON_EVERY_DEVICE(CoupledOn);

void run_until(Coupled& twin, double until, Drive drive = {}, int* steps = nullptr) {
    while (twin.time() < until) {
        twin.advance(until, drive);
        if (steps) ++*steps;
    }
}

double relative_residual(const Coupled& twin) {
    const Energy& e = twin.energy();
    return std::abs(e.residual_J()) / std::max({std::abs(e.electrical_J), std::abs(e.lost_J), std::abs(e.stored_J), 1e-30});
}

// V02: m c dT/dt = -eps sB A T^4.
TEST_P(CoupledOn, LumpedBodyCoolsByRadiationAsItsClosedForm) {
    // A = 6e-4 m2 (a cube of 1 cm), m = 5e-4 kg, c = 1500
    const Made made("size = ['10 mm','10 mm','10 mm']\nvoxel = '10 mm'\ninitial_temperature = '1500 K'\n",
                    "thermal_conductivity='90000 W/(m K)'\ndensity='500 kg/m^3'\nheat_capacity='1500 J/(kg K)'\n",
                    "[surface]\nemissivity=0.9\nambient='300 K'\n");
    Coupled twin(*backend, made.bed, made.scenario);
    int steps = 0;
    for (const auto& [t, T] : {std::pair{1.0, 1336.8822}, {5.0, 1033.4035}, {10.0, 871.2425}, {20.0, 717.2734}}) {
        run_until(twin, t, {}, &steps);
        EXPECT_NEAR(twin.heat().temperature_K()[0], T, 0.05) << t;
    }
    EXPECT_LE(relative_residual(twin), 1e-8);
    EXPECT_LT(steps, 200);
}

// V03: a cosine in an insulated slab decays as its semi-discrete mode and keeps its mean.
TEST_P(CoupledOn, CosineModeDecaysAsTheSemiDiscreteOneAndKeepsItsMean) {
    const int n = 32;
    const double L = 0.02, h = L / n;
    const Made made("size = ['20 mm','1 mm','1 mm']\nvoxel = ['0.625 mm','1 mm','1 mm']\ninitial_temperature = '300 K'\n",
                    "thermal_conductivity='10 W/(m K)'\ndensity='1000 kg/m^3'\nheat_capacity='1000 J/(kg K)'\n", "");
    Coupled twin(*backend, made.bed, made.scenario);
    std::vector<double> T(n);
    for (int i = 0; i < n; ++i) T[std::size_t(i)] = 400.0 + 50.0 * std::cos(std::numbers::pi * (i + 0.5) * h / L);
    twin.heat().set_temperature_K(T);
    twin.largest_step = 0.01;
    run_until(twin, 5.0);
    const double lambda = 4e-5 / (h * h) * std::pow(std::sin(std::numbers::pi * h / (2.0 * L)), 2);
    double mean = 0.0;
    const auto end = twin.heat().temperature_K();
    for (int i = 0; i < n; ++i) {
        EXPECT_NEAR(end[std::size_t(i)], 400.0 + (T[std::size_t(i)] - 400.0) * std::exp(-5.0 * lambda), 1e-4);
        mean += end[std::size_t(i)] / n;
    }
    EXPECT_NEAR(mean, 400.0, 1e-7);
}

// The time integration is of second order: halving the step divides the error by four.
TEST(Coupled, TimeErrorFallsWithTheSquareOfTheStep) {
    const auto backend = make_backend("cpu");
    double error[3];
    for (int n = 0; n < 3; ++n) {
        const Made made("size = ['10 mm','10 mm','10 mm']\nvoxel = '10 mm'\ninitial_temperature = '1500 K'\n",
                        "thermal_conductivity='90000 W/(m K)'\ndensity='500 kg/m^3'\nheat_capacity='1500 J/(kg K)'\n",
                        "[surface]\nemissivity=0.9\nambient='0.001 K'\n");
        Coupled twin(*backend, made.bed, made.scenario);
        twin.largest_step = twin.smallest_step = 0.1 / (1 << n);
        run_until(twin, 2.0);
        error[n] = twin.heat().temperature_K()[0] - 1227.0595;
    }
    EXPECT_NEAR(std::log2((error[0] - error[1]) / (error[1] - error[2])), 2.0, 0.25)
        << error[0] << " " << error[1] << " " << error[2];
}

// V21: sigma = sigma0 exp(b dT). At fixed J, dT = ln(1 + b J^2 t / (sigma0 rho cp)) / b; at fixed E it blows up at 2 s.
TEST_P(CoupledOn, AdiabaticNtcFollowsItsClosedForms) {
    const std::string bed =
        "size = ['10 mm','10 mm','10 mm']\nvoxel = '5 mm'\ncurrent_axis='x'\ninitial_temperature = '300 K'\n";
    const std::string material =
        "thermal_conductivity='10 W/(m K)'\ndensity='1000 kg/m^3'\nheat_capacity='1000 J/(kg K)'\n"
        "sigma={kind='exp', value='1000 S/m', slope='2e-3 1/K', reference='300 K', valid=['200 K','3000 K']}\n";
    const std::string more = "[electrodes]\n[heater]\nmode='current'\nprogram='10 A'\n";
    const Made made(bed, material, more);
    {
        Coupled twin(*backend, made.bed, made.scenario);
        run_until(twin, 10.0, {Drive::Mode::current, 1e5 * 1e-4});
        EXPECT_NEAR(twin.heat().temperature_K()[3] - 300.0, 91.160778, 0.09);
        EXPECT_LE(relative_residual(twin), 1e-8);
    }
    Coupled twin(*backend, made.bed, made.scenario);
    run_until(twin, 1.0, {Drive::Mode::voltage, 500.0 * 0.01});
    EXPECT_NEAR(twin.heat().temperature_K()[3] - 300.0, 346.573590, 0.35);
    EXPECT_LE(relative_residual(twin), 1e-8);
}

// V01a, V01c, V01d: a rod between two clamps at 300 K.
std::string rod(const std::string& laws) {
    return laws + "density='1 kg/m^3'\nheat_capacity='1 J/(kg K)'\n";
}
const std::string kRodBed =
    "size = ['50 mm','5 mm','5 mm']\nvoxel = ['0.5 mm','5 mm','5 mm']\ncurrent_axis='x'\ninitial_temperature = '300 K'\n";
const std::string kClamps = "[electrodes]\ntemperature='300 K'\n[heater]\nmode='voltage'\nprogram='1 V'\n";

TEST_P(CoupledOn, JouleRodLiesAboveItsParabolaByTheKnownOffset) {
    const Made made(kRodBed, rod("sigma='1e5 S/m'\nthermal_conductivity='40 W/(m K)'\n"), kClamps);
    Coupled twin(*backend, made.bed, made.scenario);
    const StepReport r = twin.steady({Drive::Mode::voltage, 0.2});
    const auto T = twin.heat().temperature_K();
    for (int i = 0; i < 100; ++i) {
        const double x = (i + 0.5) * 5e-4, q = 1.6e6, k = 40.0;
        EXPECT_NEAR(T[std::size_t(i)] - 300.0, q * x * (0.05 - x) / (2 * k) + q * 25e-8 / (8 * k), 1e-8);
    }
    EXPECT_NEAR(r.energy.electrical_J, r.energy.lost_J, 1e-8 * r.energy.electrical_J);
}

TEST(Coupled, WiedemannFranzRodReachesItsPeakWhateverSigma) {
    const auto backend = make_backend("cpu");
    const Made made(kRodBed,
                    rod("sigma='1e5 S/m'\nthermal_conductivity={kind='polynomial', coefficients=[0.0, 2.44e-3], unit='W/(m "
                        "K)', valid=['200 K','3000 K']}\n"),
                    kClamps);
    Coupled twin(*backend, made.bed, made.scenario);
    twin.steady({Drive::Mode::voltage, 0.4});
    EXPECT_NEAR(twin.heat().temperature_K()[50], 1314.933, 0.2);
}

TEST(Coupled, NtcRodHasASteadyStateBelowTheCriticalVoltageAndIsARunawayAbove) {
    const auto backend = make_backend("cpu");
    const Made made(kRodBed,
                    rod("thermal_conductivity='40 W/(m K)'\nsigma={kind='exp', value='1e5 S/m', slope='2e-3 1/K', "
                        "reference='300 K', valid=['200 K','4500 K']}\n"),
                    kClamps);
    {
        Coupled twin(*backend, made.bed, made.scenario);
        const StepReport r = twin.steady({Drive::Mode::voltage, 0.2});
        EXPECT_NEAR(twin.heat().temperature_K()[50] - 300.0, 12.658904, 0.003 * 12.66);
        EXPECT_NEAR(r.current / 25e-6, 4.0680292e5, 1e-3 * 4.07e5);
    }
    {
        Coupled twin(*backend, made.bed, made.scenario);
        twin.steady({Drive::Mode::voltage, 1.2});
        EXPECT_NEAR(twin.heat().temperature_K()[50] - 300.0, 1151.293, 0.01 * 1151);
    }
    Coupled twin(*backend, made.bed, made.scenario);
    try {
        twin.steady({Drive::Mode::voltage, 1.35});
        FAIL();
    } catch (const SolveError& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("runaway"));
    }
}

// V18: MALAMUTE's two blocks in contact, electric and thermal; the heat of the contact is split between its surfaces.
TEST_P(CoupledOn, TwoBlocksInContactMeetMalamutesTemperatures) {
    const Made made(
        "size = ['2 m','10 mm','10 mm']\nvoxel = ['10 mm','10 mm','10 mm']\ncurrent_axis='x'\ninitial_temperature='300 K'\n"
        "[[bed.region]]\nshape='box'\nfrom=['1 m','0 m','0 m']\nto=['2 m','10 mm','10 mm']\nmaterial='graphite'\n",
        "sigma='1.41867e6 S/m'\nthermal_conductivity='15 W/(m K)'\ndensity='1 kg/m^3'\nheat_capacity='1 J/(kg K)'\n",
        "[material.graphite]\nsigma='73069.2 S/m'\nthermal_conductivity='100 W/(m K)'\ndensity='1 kg/m^3'\nheat_capacity='1 "
        "J/(kg K)'\n"
        "[[interface]]\nbetween=['m','graphite']\nelectrical='75524 S/m^2'\nthermal='0.242 W/(m^2 K)'\n"
        "[electrodes]\ntemperature='300 K'\n[heater]\nmode='voltage'\nprogram='1 V'\n");
    Coupled twin(*backend, made.bed, made.scenario);
    const StepReport r = twin.steady({Drive::Mode::voltage, 1.0});
    const auto T = twin.heat().temperature_K();
    const double steel = T[99] + (T[99] - T[98]) / 2, graphite = T[100] + (T[100] - T[101]) / 2;
    const double qs = r.current / 1e-4 * r.current / 1e-4 / 1.41867e6, qg = r.current / 1e-4 * r.current / 1e-4 / 73069.2,
                 h = 0.01;
    // parabola through the last two centres to the face
    EXPECT_NEAR(steel - 3.0 / 8.0 * qs * h * h / 15.0, 902.0052, 0.01);
    EXPECT_NEAR(graphite - 3.0 / 8.0 * qg * h * h / 100.0, 477.3652, 0.01);
    EXPECT_NEAR(0.5 * (T[49] + T[50]) + qs * h * h / 8.0 / 15.0, 608.6963, 0.01);
    EXPECT_NEAR(0.5 * (T[149] + T[150]) + qg * h * h / 8.0 / 100.0, 411.0889, 0.01);
    EXPECT_NEAR(r.energy.lost_J, r.energy.electrical_J, 1e-7 * r.energy.electrical_J);
}

// NAFEMS T3: T(0) = 0 degC, T(L) = 100 sin(pi t / 40) degC; T(0.08 m, 32 s) = 36.60 degC.
TEST(Coupled, NafemsT3FollowsAWallTemperatureInTime) {
    const auto backend = make_backend("cpu");
    std::string wall = "{points = [";
    for (int n = 0; n <= 128; ++n)
        wall += std::string(n ? "," : "") + "['" + std::to_string(0.25 * n) + " s','" +
                std::to_string(273.15 + 100 * std::sin(std::numbers::pi * 0.25 * n / 40)) + " K']";
    wall += "]}";
    const Made made("size = ['0.1 m','10 mm','10 mm']\nvoxel = ['2.5 mm','10 mm','10 mm']\ninitial_temperature = '273.15 K'\n",
                    "thermal_conductivity='35 W/(m K)'\ndensity='7200 kg/m^3'\nheat_capacity='440.5 J/(kg K)'\n",
                    "[face.xmin]\ntemperature='273.15 K'\n[face.xmax]\ntemperature=" + wall + "\n");
    Coupled twin(*backend, made.bed, made.scenario);
    run_until(twin, 32.0);
    const auto T = twin.heat().temperature_K();
    EXPECT_NEAR(0.5 * (T[31] + T[32]) - 273.15, 36.60, 0.1);
}

// V25: nothing in, nothing out: the enthalpy stays and no temperature leaves the range it started in.
TEST_P(CoupledOn, InsulatedBedKeepsItsEnthalpyAndTheMaximumPrinciple) {
    const Made made("size = ['6 mm','5 mm','4 mm']\nvoxel = '1 mm'\n",
                    "thermal_conductivity='0.2 W/(m K)'\ndensity='500 kg/m^3'\nheat_capacity={kind='powers', "
                    "coefficients=[0.54212, -2.42667e-6, -90.2725, -43449.3, 1.59309e7, -1.43688e9], "
                    "exponents=[0,1,-1,-2,-3,-4], unit='thermochemical_calorie/(g K)', valid=['200 K','3500 K']}\n",
                    "");
    Coupled twin(*backend, made.bed, made.scenario);
    std::vector<double> T(made.bed.extents.count());
    for (std::size_t c = 0; c < T.size(); ++c) T[c] = 400.0 + 100.0 * double(c * 7919 % 13);
    twin.heat().set_temperature_K(T);
    auto h = Buffer<double>::field(*backend, twin.heat().grid());
    const double before = twin.heat().stored(twin.heat().T(), h.get());
    run_until(twin, 3.0);
    EXPECT_NEAR(twin.heat().stored(twin.heat().T(), h.get()), before, 1e-9 * before);
    for (const double t : twin.heat().temperature_K()) {
        EXPECT_GE(t, 400.0 - 0.5);
        EXPECT_LE(t, 1600.0 + 0.5);
    }
}

// Heat and current that a caller feeds into cells, as a manufactured solution does.
TEST_P(CoupledOn, SourcesOfACallerEnterFieldsAndBalance) {
    const int n = 8;
    const Made made(
        "size = ['8 mm','1 mm','1 mm']\nvoxel = '1 mm'\ninitial_temperature = '300 K'\n",
        "sigma='10 S/m'\nthermal_conductivity='1e5 W/(m K)'\ndensity='1000 kg/m^3'\nheat_capacity='1000 J/(kg K)'\n",
        "[[terminal]]\nname='a'\nface='xmin'\n[[terminal]]\nname='b'\nface='xmax'\n[heater]\nmode='voltage'\n"
        "program='2 V'\n");
    Coupled twin(*backend, made.bed, made.scenario);
    twin.fix_step(0.25);
    // 2 t W into the first cell, and at 1 V between the terminals 1 mA into each of the middle two
    twin.heat_source = [](double t, std::vector<double>& W) { W[0] = 2.0 * t; };
    twin.current_source = [](double, std::vector<double>& A) { A[3] = A[4] = 1e-3; };
    const Drive drive{Drive::Mode::voltage, 2.0};
    int steps = 0;
    StepReport last;
    while (twin.time() < 1.0) last = twin.advance(1.0, drive), ++steps;
    EXPECT_EQ(steps, 4);
    // half of what is fed into the middle leaves at either end: 2 V sigma A/L less 2 mA at the first terminal
    const double through = 2.0 * 10.0 * 1e-6 / 8e-3;
    EXPECT_NEAR(last.current, through - 2e-3, 1e-9);
    // along the bar: from the terminal at 1 V to the middle I, then I + 2 mA in the one face between, then I + 4 mA
    const double cell = 1e-3 / (10.0 * 1e-6);
    const double I = last.current, power = cell * (3.5 * I * I + (I + 2e-3) * (I + 2e-3) + 3.5 * (I + 4e-3) * (I + 4e-3));
    EXPECT_NEAR(last.power, power, 1e-7 * power);
    EXPECT_NEAR(twin.energy().source_J, 1.0, 1e-9);  // the time integral of 2 t, which the scheme meets exactly
    EXPECT_NEAR(twin.energy().electrical_J, power, 1e-7 * power);
    EXPECT_LE(relative_residual(twin), 1e-8);
    double mean = 0.0;
    for (const double T : twin.heat().temperature_K()) mean += T / n;
    EXPECT_NEAR(mean - 300.0, (1.0 + power) / (1e6 * 8e-9), 1e-4);
}

// A current that rises within the step and then stands: the step releases the integral of I^2 R, whatever its stages.
TEST(Coupled, EnergyOfAKinkInsideAStepIsExact) {
    const auto backend = make_backend("cpu");
    const Made made(
        "size = ['4 mm','1 mm','1 mm']\nvoxel = '1 mm'\ncurrent_axis = 'x'\n",
        "sigma='1000 S/m'\nthermal_conductivity='1 W/(m K)'\ndensity='1000 kg/m^3'\nheat_capacity='1000 J/(kg K)'\n",
        "[electrodes]\n[heater]\nmode='current'\nprogram='1 A'\n");
    Coupled twin(*backend, made.bed, made.scenario);
    twin.fix_step(0.1);
    const Program ramp{{0.0, 0.02, 0.05}, {0.0, 0.0, 1.5}};
    const StepReport r = twin.advance(0.1, {Drive::Mode::current, 0.0, &ramp, {}, {}});
    const double R = 4e-3 / (1000.0 * 1e-6), expected = R * 1.5 * 1.5 * (0.03 / 3.0 + 0.05);
    EXPECT_NEAR(r.energy.electrical_J, expected, 1e-9 * expected);
    EXPECT_DOUBLE_EQ(r.current, 1.5);  // what stands at the end
    EXPECT_NEAR(r.voltage, 1.5 * R, 1e-9);
    EXPECT_NEAR(r.power, 1.5 * 1.5 * R, 1e-9);
    EXPECT_LE(relative_residual(twin), 1e-8);
}

// A contact at a terminal with nothing said of its clamp: half of its heat goes into the bed, half is lost.
TEST_P(CoupledOn, ContactsGiveHalfOfTheirHeatToTheClamps) {
    const Made made(
        "size = ['4 mm','1 mm','1 mm']\nvoxel = '1 mm'\ncurrent_axis = 'x'\n",
        "sigma='1000 S/m'\nthermal_conductivity='1 W/(m K)'\ndensity='1000 kg/m^3'\nheat_capacity='1000 J/(kg K)'\n",
        "[electrodes]\ncontact_resistivity='2e-6 ohm m^2'\n[heater]\nmode='current'\nprogram='1 A'\n");
    Coupled twin(*backend, made.bed, made.scenario);
    run_until(twin, 0.5, {Drive::Mode::current, 1.0});
    const double bulk = 4.0, contacts = 2.0 * 2.0;  // [W] of 4 ohm and twice 2 ohm at 1 A
    EXPECT_NEAR(twin.energy().electrical_J, 0.5 * (bulk + contacts), 1e-8);
    EXPECT_NEAR(twin.energy().lost_J, 0.5 * contacts / 2.0, 1e-8);
    EXPECT_LE(relative_residual(twin), 1e-8);
}

}  // namespace
}  // namespace jt
