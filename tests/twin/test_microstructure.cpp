// SPDX-License-Identifier: Apache-2.0
// Kinetics of the char: closed forms, published histories, what hangs on it, on every device.
#include "twin/microstructure/microstructure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "kernels/error.hpp"
#include "kernels/kinetics.hpp"
#include "tests/support/devices.hpp"
#include "twin/material/history.hpp"
#include "twin/microstructure/paper.hpp"
#include "twin/scenario/check.hpp"
#include "twin/scenario/reader.hpp"
#include "twin/scenario/resolved.hpp"
#include "twin/stepping/run_coupled.hpp"

namespace jt {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

constexpr double kA = 1e13, kR = 8.314462618;
double Th(double front) {
    return front / (kR * std::log(30.0 * kA)) - 273.15;
}

TEST(Kinetics, IsothermalHoldIsTheClosedForm) {
    for (const double T : {873.15, 1273.15, 1573.15})
        for (const double start : {0.0, 200e3, 300e3, 352e3})
            for (const double t : {1e-3, 1.0, 30.0, 7200.0}) {
                const double rt = kR * T, exact = rt * std::log(kA * t * std::exp(0.0) + std::exp(start / rt));
                EXPECT_NEAR(cpu::front_after(start, T, std::log(kA * t), 0.0) / exact, 1.0, 1e-12) << T << " " << t;
            }
    EXPECT_EQ(cpu::front_after(700e3, 300.0, std::log(kA), 0.0), 700e3);  // nothing moves, and nothing overflows
}

TEST(Kinetics, OneStepIsAsGoodAsThreeThousandAtConstantTemperature) {
    double many = 282e3;
    for (int n = 0; n < 3000; ++n) many = cpu::front_after(many, 1273.15, std::log(kA * 0.01), 0.0);
    EXPECT_NEAR(cpu::front_after(282e3, 1273.15, std::log(kA * 30.0), 0.0) / many, 1.0, 1e-10);
}

TEST(Kinetics, ThirtySecondHoldIsItsOwnEquivalentTemperature) {
    EXPECT_NEAR(Th(cpu::front_after(0.0, 1273.15, std::log(kA * 30.0), 0.0)), 1000.0, 1e-6);
    EXPECT_NEAR(cpu::Th_celsius(352e3, std::log(kA)), Th(352e3), 1e-9);
}

TEST(History, PreCarbonisationHasItsPublishedOrder) {
    const double front = front_after_history(parse_history("600 degC for 2 h at 5 K/min"), kA);
    EXPECT_NEAR(front, 282.07e3, 10.0);
    EXPECT_NEAR(Th(front), 744.6, 0.05);
    // a second treatment goes on from there
    const double twice = front_after_history(parse_history("600 degC for 2 h at 5 K/min; 1000 degC for 2 h at 5 K/min"), kA);
    EXPECT_NEAR(Th(twice), 1211.5, 0.5);
}

TEST(History, WhatIsNoHistoryIsRefused) {
    for (const char* text : {"", "600 degC", "600 degC for 2 h;", "for 2 h at 5 K/min", "600 for 2 h", "600 degC for -2 h",
                             "600 degC for 2 h at 0 K/min", "600 degC for 2 K", "1e9 degC for 2 h", "600 degC for 2 h; x"})
        EXPECT_THAT([&] { parse_history(text); }, ThrowsMessage<InputError>(HasSubstr("found"))) << text;
    EXPECT_THROW(parse_history(std::string(100000, ';')), InputError);
}

// A bed of one cell that follows a program exactly.
std::string imposed(const std::string& program, const std::string& end, const std::string& more = "") {
    return "[bed]\nsize=['1 mm','1 mm','1 mm']\nvoxel='1 mm'\nmaterial='coconut_char_600'\n" + more +
           "[surface]\ninsulated=true\n[heater]\nmode='imposed'\nprogram=" + program + "\n[run]\nduration='" + end + "'\n";
}
CoupledRun run_on(Backend& backend, const std::string& text) {
    return run_coupled(backend, read_scenario_text(text, "s.toml"));
}
std::string flash(int T, const std::string& hold = "30 s") {
    return "[{to='" + std::to_string(T) + " degC',in='10 s'},{hold='" + hold + "'},{to='25 degC',rate='50 K/s'}]";
}

class MicrostructureOn : public test::OnEveryDevice {};

TEST_P(MicrostructureOn, ImposedProgramsGiveTheReferenceOrder) {
    const struct {
        std::string program, end;
        double Th;
    } histories[] = {{flash(900), "58 s", 901.6},
                     {flash(1000), "60 s", 1001.5},
                     {flash(1300), "66 s", 1302.0},
                     {"[{to='1000 degC',rate='5 K/min'},{hold='2 h'}]", "18900 s", 1211.5}};
    for (const auto& h : histories) {
        const CoupledRun run = run_on(*backend, imposed(h.program, h.end));
        EXPECT_NEAR(run.product->means.at("Th_K") - 273.15, h.Th, 0.1) << h.program;
        EXPECT_EQ(run.product->outside_calibration, 0) << h.program;
    }
}

// Steps are those of the outputs and of the program's corners: how many does not matter.
TEST_P(MicrostructureOn, OrderDoesNotDependOnTheSteps) {
    const auto run = [&](const char* every) {
        return run_on(*backend, imposed(flash(1000), "60 s") + "output_every='" + every + "'\n").product->means;
    };
    const auto coarse = run("20 s"), fine = run("0.05 s");
    EXPECT_NEAR(coarse.at("Th_K"), fine.at("Th_K"), 0.005);
    EXPECT_NEAR(coarse.at("pdf_G1"), fine.at("pdf_G1"), 0.003);
}

TEST_P(MicrostructureOn, FirstPeakOfThePdfRisesOverTheDwell) {
    const CoupledRun run = run_on(*backend, imposed(flash(1000), "60 s") + "output_every='2 s'\n");
    const auto at = [&](double t) {
        for (const RunRecord& r : run.records)
            if (std::abs(r.time_s - t) < 1e-9) return r.microstructure;
        throw Error("no record");
    };
    const double t[] = {0, 2, 4, 6, 8, 10, 14, 20, 26, 30}, G1[] = {3.50, 4.12, 4.59, 4.94, 5.20, 5.40, 5.66, 5.86, 5.94, 5.97},
                 r1[] = {1.540, 1.503, 1.475, 1.454, 1.438, 1.426, 1.410, 1.399, 1.394, 1.392};
    // The printed values take R T^2 / (E_p rate) = 0.69 s for the ramp, which is the first term of a series; the integral is
    // 0.63 s, so that G1 starts 0.024 lower.
    double ramp = 0.0;
    const auto k = [](double T) { return 2.29e7 * std::exp(-200e3 / (kR * T)); };
    for (int n = 0; n < 100000; ++n) ramp += 1e-4 * k(298.15 + 975.0 * (n + 0.5) / 100000);
    EXPECT_NEAR(ramp / k(1273.15), 0.6276, 0.0005);
    for (int n = 0; n < 10; ++n) {
        EXPECT_NEAR(at(10.0 + t[n]).at("pdf_G1"), 6.0 - 2.76 * std::exp(-ramp - t[n] * k(1273.15)), 2e-4) << t[n];
        EXPECT_NEAR(at(10.0 + t[n]).at("pdf_G1"), G1[n], 0.025) << t[n];
        EXPECT_NEAR(at(10.0 + t[n]).at("pdf_r1_A"), r1[n], 0.0016) << t[n];
    }
}

TEST_P(MicrostructureOn, ObservablesAreThoseOfTheTable) {
    const struct {
        int T;
        double id_ig, d002, fringe, plateau, capacity, ice;
    } rows[] = {{900, 1.395, 0.3830, 0.620, 149, 248, 90.33},
                {1000, 1.243, 0.3773, 0.6325, 210.4, 306.8, 92.04},
                {1100, 1.048, 0.3707, 0.645, 200.8, 294.9, 91.75},
                {1200, 0.853, 0.3639, 0.6575, 174.6, 266.3, 90.94},
                {1300, 0.702, 0.3580, 0.670, 138.3, 227.8, 89.57}};
    for (const auto& row : rows) {
        const auto m = run_on(*backend, imposed(flash(row.T), "70 s")).product->means;
        EXPECT_NEAR(m.at("id_ig"), row.id_ig, 0.0006) << row.T;
        EXPECT_NEAR(m.at("d002_nm"), row.d002, 0.00006) << row.T;
        EXPECT_NEAR(m.at("d_hrtem_nm"), row.d002 + 0.0097, 0.00006) << row.T;
        EXPECT_NEAR(m.at("fringe_nm"), row.fringe, 0.0003) << row.T;
        EXPECT_NEAR(m.at("plateau_mAh_g"), row.plateau, 0.6) << row.T;
        EXPECT_NEAR(m.at("capacity_mAh_g"), row.capacity, 0.6) << row.T;
        EXPECT_NEAR(m.at("ice_percent"), row.ice, 0.02) << row.T;
    }
}

// The mean over the mass is not the map of the mean: two chars of different treatment, one twice as heavy.
TEST_P(MicrostructureOn, MeansAreOverMassAndDistributionsHoldTheParts) {
    const std::string text =
        "[bed]\nsize=['2 mm','1 mm','1 mm']\nvoxel='1 mm'\nmaterial='coconut_char_600'\nproduct=['coconut_char_600','heavy']\n"
        "[[bed.region]]\nshape='box'\nfrom=['1 mm','0 mm','0 mm']\nto=['2 mm','1 mm','1 mm']\nmaterial='heavy'\n"
        "[material.heavy]\ndensity='1000 kg/m^3'\nheat_capacity='1000 J/(kg K)'\nthermal_conductivity='1 W/(m K)'\n"
        "[material.heavy.kinetics]\nhistory='1000 degC for 30 s'\n"
        "[surface]\ninsulated=true\n[run]\nduration='1 s'\n";
    const CoupledRun run = run_on(*backend, text);
    const auto& m = run.product->means;
    EXPECT_NEAR(run.product->mass_kg, 1.5e-6, 1e-12);
    EXPECT_NEAR(m.at("Th_K"), (744.58 + 2.0 * 1000.0) / 3.0 + 273.15, 0.1);
    const auto L = [](double x, double lo, double hi, double mid, double w) {
        return lo + (hi - lo) / (1 + std::exp((x - mid) / w));
    };
    EXPECT_NEAR(m.at("id_ig"), (L(744.58, 0.5, 1.6, 1100.6, 135.0) + 2.0 * L(1000.0, 0.5, 1.6, 1100.6, 135.0)) / 3.0, 1e-4);
    const Distribution& d = run.product->distributions.at("Th_K");
    EXPECT_NEAR(d.p05 - 273.15, 744.58, 0.01);
    EXPECT_NEAR(d.p50 - 273.15, 1000.0, 0.01);
    EXPECT_NEAR(d.share.front(), 1.0 / 3.0, 1e-6);
    EXPECT_NEAR(d.share.back(), 2.0 / 3.0, 1e-6);
}

TEST_P(MicrostructureOn, VolatilesLeaveAndAreAccountedFor) {
    const std::string volatiles = "volatiles=0.1\n";
    const auto text = [&](const std::string& more) {
        return "[bed]\nsize=['1 mm','1 mm','1 mm']\nvoxel='0.5 mm'\nmaterial='m'\n[material.m]\ndensity='500 "
               "kg/m^3'\nheat_capacity='1000 J/(kg "
               "K)'\nthermal_conductivity='1 W/(m K)'\n[material.m.kinetics]\nconversion=0.0\n" +
               more + "[surface]\ninsulated=true\n[source]\npower_density='1e8 W/m^3'\n[run]\nduration='6 s'\n";
    };
    const CoupledRun kept = run_on(*backend, text("")), lost = run_on(*backend, text(volatiles)),
                     taken = run_on(*backend, text(volatiles + "volatile_heat='1 MJ/kg'\n"));
    EXPECT_EQ(kept.product->observed.releases, false);
    EXPECT_NEAR(kept.records.back().T_mean_K, 298.15 + 6.0 * 1e8 / (500.0 * 1000.0), 0.01);
    EXPECT_NEAR(lost.product->mass_kg, 500e-9, 1e-15);
    const double Th_C = lost.product->means.at("Th_K") - 273.15;
    EXPECT_NEAR(lost.product->released_kg / 500e-9, 0.1 * std::min(1.0, (Th_C - 745.0) / 555.0), 1e-6);
    EXPECT_GT(lost.product->released_kg, 20e-9);
    EXPECT_GT(lost.records.back().T_mean_K, kept.records.back().T_mean_K + 1.0);  // less is left to be heated
    EXPECT_LT(taken.records.back().T_mean_K, lost.records.back().T_mean_K - 20.0);
    // the heat that the release has taken up is booked: source = power density - released x 1 MJ/kg, but for the last step's
    const double taken_up = 6.0 * 1e8 * 1e-9 - taken.energy.source_J;
    EXPECT_NEAR(taken_up / (taken.product->released_kg * 1e6), 1.0, 0.05);
    for (const CoupledRun* run : {&kept, &lost, &taken}) EXPECT_LT(run->energy_residual_relative, 1e-8);
}

// D = 10 kJ/mol over the dwell raises Th by D / (R ln 30 A); without a field or without the term not a bit changes.
TEST_P(MicrostructureOn, FieldTermIsAHypothesisThatDoesNothingUnlessAskedFor) {
    const auto text = [](const char* term, const char* drive) {
        return std::string(
                   "[bed]\nsize=['1 mm','1 mm','2 mm']\nvoxel='1 mm'\nmaterial='m'\ncurrent_axis='z'\n"
                   "[material.m]\ndensity='1e5 kg/m^3'\nheat_capacity='1e5 J/(kg K)'\nthermal_conductivity='1 W/(m K)'\n"
                   "sigma='1e-3 S/m'\n[material.m.kinetics]\nhistory='1000 degC for 1 s'\nfield_term='") +
               term + "'\n[electrodes]\n[surface]\ninsulated=true\n[heater]\nmode='voltage'\nprogram='" + drive +
               "'\n[run]\nduration='3000 s'\n";
    };
    const auto order = [&](const char* term, const char* drive) {
        return run_on(*backend, "" + text(term, drive)).product->means.at("Th_K");
    };
    // warm enough to order: start hot
    const auto hot = [&](const char* term, const char* drive) {
        std::string s = text(term, drive);
        s.replace(s.find("material='m'\n"), 13, "material='m'\ninitial_temperature='1000 degC'\n");
        return run_on(*backend, s).product->means.at("Th_K");
    };
    EXPECT_EQ(order("0 J/mol", "2 V"), order("0 J/mol", "1e-9 V"));
    EXPECT_EQ(hot("5 kJ/mol", "1e-30 V"), hot("0 J/mol", "1e-30 V"));
    EXPECT_NEAR(hot("5 kJ/mol", "4 V") - hot("0 J/mol", "4 V"), 10e3 / (kR * std::log(30.0 * kA)), 0.5);  // 2 kV/m
    EXPECT_NEAR(hot("1 kJ/mol", "400 V") - hot("0 J/mol", "400 V"), 36.1, 0.5);                           // at most tenfold
}

// Discs of 100 nm in 1e7 V/m at 1273 K have u = 134 and relax in 30 s; without the option there is no alignment at all.
TEST_P(MicrostructureOn, PlateletsTurnOnlyWhereThatIsAskedFor) {
    const auto text = [](const std::string& option) {
        return "[bed]\nsize=['1 mm','1 mm','2 mm']\nvoxel='1 mm'\nmaterial='m'\ncurrent_axis='z'\ninitial_temperature='1273 "
               "K'\n"
               "[material.m]\ndensity='1e5 kg/m^3'\nheat_capacity='1e5 J/(kg K)'\nthermal_conductivity='1 W/(m K)'\n"
               "sigma='1e-9 S/m'\n[material.m.kinetics]\n" +
               option +
               "[electrodes]\n[surface]\ninsulated=true\n[heater]\nmode='voltage'\nprogram='2e4 V'\n[run]\nduration='30 s'\n";
    };
    const auto off = run_on(*backend, text("")).product->means;
    EXPECT_EQ(off.count("alignment"), 0u);
    const CoupledRun on = run_on(*backend, text("platelet_radius='100 nm'\n"));
    const double S_eq = -0.5 + 0.75 / 134.0, S = S_eq * (1.0 - std::exp(-1.0));
    EXPECT_NEAR(on.product->means.at("alignment"), -2.0 * S, 0.002);
    EXPECT_EQ(on.product->means.at("id_ig"), off.at("id_ig"));
    EXPECT_LT(run_on(*backend, text("platelet_radius='2 nm'\n")).product->means.at("alignment"), 0.01);
}

// sigma(T, Th): the plug conducts better by the factor of its treatment, and a stage knows what the step will have done.
TEST_P(MicrostructureOn, ConductivityFollowsTheTreatment) {
    const std::string text =
        "[bed]\nsize=['1 mm','1 mm','2 mm']\nvoxel='1 mm'\nmaterial='coconut_char_600'\ncurrent_axis='z'\n"
        "initial_temperature='1000 degC'\n[electrodes]\n[surface]\ninsulated=true\n[heater]\nmode='voltage'\nprogram='1e-6 V'\n"
        "[run]\nduration='30 s'\noutput_every='30 s'\n";
    const CoupledRun run = run_on(*backend, text);
    Law sigma = read_scenario_text(text, "s.toml").materials.at(1).sigma->in_plane;
    sigma.Th_C = run.product->means.at("Th_K") - 273.15;
    EXPECT_NEAR(sigma.Th_C, 1000.5, 1.0);
    EXPECT_NEAR(*run.records.back().resistance_ohm * sigma.at(1273.15) * 1e-6 / 2e-3, 1.0, 2e-4);
}

// The same below paper, which conducts otherwise through its thickness: the char is evaluated once for all axes.
TEST_P(MicrostructureOn, ConductivityFollowsTheTreatmentBesidePaper) {
    const std::string text =
        "[bed]\nsize=['1 mm','1 mm','3 mm']\nvoxel='1 mm'\nmaterial='coconut_char_600'\ncurrent_axis='z'\n"
        "initial_temperature='1000 degC'\n[[bed.region]]\nshape='box'\nfrom=['0 mm','0 mm','2 mm']\n"
        "to=['1 mm','1 mm','3 mm']\nmaterial='carbon_paper_tgp_h_090'\n[electrodes]\n[surface]\ninsulated=true\n"
        "[heater]\nmode='voltage'\nprogram='1e-6 V'\n[run]\nduration='30 s'\noutput_every='30 s'\n";
    const CoupledRun run = run_on(*backend, text);
    const Scenario scenario = read_scenario_text(text, "s.toml");
    const auto of = [&](const std::string& name) {
        return *std::find_if(scenario.materials.begin(), scenario.materials.end(), [&](const Material& m) {
                    return m.name == name;
                })->sigma;
    };
    Law sigma = of("coconut_char_600").in_plane;
    sigma.Th_C = run.product->means.at("Th_K") - 273.15;
    const double paper = 1e-3 / (of("carbon_paper_tgp_h_090").along(2).at(1273.15) * 1e-6);
    EXPECT_NEAR((*run.records.back().resistance_ohm - paper) * sigma.at(1273.15) * 1e-6 / 2e-3, 1.0, 2e-4);
}

TEST_P(MicrostructureOn, CellsBeyondTheFitsAreCountedAndSaid) {
    const CoupledRun run = run_on(*backend, imposed(flash(1450), "70 s"));
    EXPECT_EQ(run.product->outside_calibration, 1);
    ASSERT_EQ(run.events.size(), 1u);
    EXPECT_THAT(run.events[0].text, HasSubstr("1 cells are outside the range that the microstructure is fitted for"));
}

JT_ON_EVERY_DEVICE(MicrostructureOn);

TEST(Microstructure, BadKineticsAreNamed) {
    const auto problem = [](const std::string& lines) {
        return "[bed]\nsize=['1 mm','1 mm','1 mm']\nvoxel='1 mm'\nmaterial='m'\n[material.m]\nheat_capacity='1 J/(kg K)'\n"
               "thermal_conductivity='1 W/(m K)'\n" +
               lines + "[run]\nduration='1 s'\n";
    };
    const auto refuse = [&](const std::string& lines, const std::string& why) {
        EXPECT_THAT([&] { read_scenario_text(problem(lines), "s.toml"); }, ThrowsMessage<InputError>(HasSubstr(why))) << lines;
    };
    refuse("density='1 kg/m^3'\n[material.m.kinetics]\nhistory='600 degC'\n",
           "material.m.kinetics.history: found \"600 degC\"");
    refuse("density='1 kg/m^3'\n[material.m.kinetics]\nattempt_frequency='3 m'\n", "material.m.kinetics.attempt_frequency");
    refuse("density='1 kg/m^3'\n[material.m.kinetics]\nvolatile_heat='1 MJ/kg'\n", "has no effect without volatiles");
    refuse("[material.m.kinetics]\n", "material.m.kinetics: needs density");
    refuse("density='1 kg/m^3'\nsigma={kind='char',valid=['300 K','1700 K']}\n", "kind \"char\" follows the ordering");
    refuse("density='1 kg/m^3'\nsigma={kind='char',set='X',valid=['300 K','1700 K']}\n[material.m.kinetics]\n", "set");
    refuse("density='1 kg/m^3'\nsigma={kind='zbs',value='1 S/m',valid=['300 K','1700 K']}\n[material.m.kinetics]\n",
           "\"zbs\" is a thermal conductivity");
    refuse("density='1 kg/m^3'\nsigma={kind='char',porosity=0.5,valid=['300 K','1700 K']}\n[material.m.kinetics]\n",
           "does not belong to a law of kind char");
}

TEST(Microstructure, HypothesesAreSaidToBeSuch) {
    const auto warnings = [](const std::string& lines) {
        std::string all;
        for (const auto& w : check_warnings(
                 read_scenario_text(imposed("'25 degC'", "1 s") +
                                        "[material.coconut_char_600]\n"
                                        "density='1 kg/m^3'\nheat_capacity='1 J/(kg K)'\nthermal_conductivity='1 W/(m K)'\n"
                                        "[material.coconut_char_600.kinetics]\n" +
                                        lines,
                                    "s.toml")))
            all += w + "\n";
        return all;
    };
    EXPECT_THAT(warnings(""), Not(HasSubstr("hypothesis")));
    EXPECT_THAT(warnings("field_term='1 kJ/mol'\n"), HasSubstr("field_term is a hypothesis"));
    EXPECT_THAT(warnings("platelet_radius='2 nm'\n"), HasSubstr("platelet_radius is a hypothesis"));
}

TEST(Microstructure, ResolvedScenarioKeepsKineticsAndLaws) {
    const std::string text = imposed(flash(1000), "60 s", "initial_history='700 degC for 1 h at 5 K/min'\n");
    const Scenario once = read_scenario_text(text, "s.toml");
    const std::string resolved = resolved_toml(once);
    const Scenario twice = read_scenario_text(resolved, "r.toml");
    EXPECT_EQ(resolved, resolved_toml(twice));
    const Material &a = once.materials.at(1), &b = twice.materials.at(1);
    EXPECT_EQ(b.kinetics->history, "700 degC for 1 h at 5 K/min");
    EXPECT_EQ(a.sigma->in_plane.Th_C, b.sigma->in_plane.Th_C);
    EXPECT_EQ(a.conductivity->in_plane.at(900.0), b.conductivity->in_plane.at(900.0));
}

TEST(Paper, SamplesAreFoundByWhatWasDoneToThem) {
    EXPECT_EQ(paper_sample_like(PaperSample::Route::joule, 1273.0, 30.0)->name, "JH-1000-30");
    EXPECT_EQ(paper_sample_like(PaperSample::Route::furnace, 1273.0, 7200.0)->name, "TF-1000");
    EXPECT_EQ(paper_sample_like(PaperSample::Route::joule, 1273.0, 40.0), nullptr);
    EXPECT_EQ(paper_sample_like(PaperSample::Route::furnace, 1273.0, 30.0), nullptr);
    EXPECT_EQ(paper_rows_of("TF-1000").size(), 4u);
}

}  // namespace
}  // namespace jt
