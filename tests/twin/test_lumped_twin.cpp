// SPDX-License-Identifier: Apache-2.0
// The lumped model against closed forms; its calibration against logs made from known parameters and against a real one.
#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "kernels/error.hpp"
#include "tests/paths.hpp"
#include "twin/bed/random.hpp"
#include "twin/lumped/lumped_twin.hpp"

namespace jt {
namespace {

using testing::HasSubstr;
constexpr double kSigma = 5.670374419e-8;

// ---- the integrator

TEST(LumpedModel, LinearLossAndPowerThatRampsAreExact) {
    LumpedModel m;
    m.capacity_J_per_K = 200.0, m.conductance_W_per_K = 0.5, m.ambient_K = 300.0, m.reference_K = 300.0;
    // theta = T - T_amb under P = a t: a/G (t - tau (1 - e^(-t/tau)))
    const double tau = 400.0, a = 2.0, t = 100.0;
    LumpedState s{300.0, 300.0};
    advance(m, LumpedDrive::power, t, 0.0, a * t, s);
    EXPECT_NEAR(s.core_K - 300.0, a / 0.5 * (t - tau * (1.0 - std::exp(-t / tau))), 1e-9);
}

TEST(LumpedModel, RadiationIntoTheColdFollowsItsClosedFormAtSecondOrder) {
    LumpedModel m;
    m.capacity_J_per_K = 10.0, m.emissive_area_m2 = 1e-3, m.ambient_K = 1e-3, m.lag_s = 0.0;
    // 1 / T^3 = 1 / T0^3 + 3 A sigma t / C
    const auto exact = [&](double t) { return std::pow(std::pow(1500.0, -3) + 3.0 * 1e-3 * kSigma * t / 10.0, -1.0 / 3.0); };
    const auto error = [&](int steps) {
        LumpedState s{1500.0, 1500.0};
        for (int n = 0; n < steps; ++n) advance(m, LumpedDrive::power, 20.0 / steps, 0.0, 0.0, s);
        return std::abs(s.core_K - exact(20.0));
    };
    EXPECT_LT(error(40), 0.05);
    EXPECT_NEAR(error(80) / error(160), 4.0, 0.4);
}

TEST(LumpedModel, TheThermometerFollowsARampLateByItsLag) {
    LumpedModel m;
    m.capacity_J_per_K = 100.0, m.ambient_K = 300.0, m.lag_s = 5.0;
    std::vector<double> time, power;
    for (int n = 0; n <= 200; ++n) time.push_back(0.5 * n), power.push_back(200.0);  // 2 K/s
    const auto states = run_lumped(m, LumpedDrive::power, time, power, {400.0, 400.0});
    EXPECT_NEAR(states.back().core_K, 600.0, 1e-9);
    EXPECT_NEAR(states[20].core_K - states[20].reading_K, 2.0 * 5.0 * (1.0 - std::exp(-10.0 / 5.0)), 1e-9);
}

TEST(LumpedModel, CurrentAndVoltageOnOneResistanceGiveOnePower) {
    LumpedModel m;
    m.resistance_ohm = {2e-3, 1e-4, 2e-5}, m.reference_K = 1000.0;
    const double R = 2e-3 + 1e-4 * 0.5 + 2e-5 * 0.25;
    EXPECT_DOUBLE_EQ(m.power(LumpedDrive::current, 500.0, 1250.0), R * 500.0 * 500.0);
    EXPECT_NEAR(m.power(LumpedDrive::voltage, R * 500.0, 1250.0), R * 500.0 * 500.0, 1e-9);
}

TEST(LumpedModel, NothingRunsAwayToInfinity) {
    LumpedModel m;
    m.capacity_J_per_K = 1e-9, m.conductance_W_per_K = 1e-12, m.lag_s = 1e-9, m.resistance_ohm = {1.0, 1.0, 0.0};
    LumpedState s{300.0, 300.0};
    for (int n = 0; n < 10; ++n) advance(m, LumpedDrive::current, 0.5, 1e6, 1e6, s);
    EXPECT_TRUE(std::isfinite(s.core_K) && std::isfinite(s.reading_K));
}

// ---- calibration on logs of known parameters

struct Truth {
    double C = 180.0, c = 0.0, G = 0.2, A = 1.5e-4, lag = 0.0, R = 1.7e-3;
};

// A run with power steps, ramp and dwell; noise 0.3 K, temperature in steps of 0.2 K, a row a second.
SensorLog made(const Truth& truth, std::uint64_t seed, double volt_step = 0.0) {
    LumpedModel m;
    m.capacity_J_per_K = truth.C, m.capacity_slope_per_K = truth.c, m.conductance_W_per_K = truth.G;
    m.emissive_area_m2 = truth.A, m.lag_s = truth.lag, m.resistance_ohm = {truth.R, 0.0, 0.0};
    m.reference_K = 1200.0, m.ambient_K = 298.15;
    SensorLog log;
    log.source = "made.csv";
    SplitMix64 random(seed);
    for (int n = 0; n <= 800; ++n) {
        const double t = n;
        log.time_s.push_back(t);
        log.current.values.push_back(
            t < 600.0 ? 480.0 + 0.3 * t + 60.0 * std::sin(t / 25.0) + (std::fmod(t, 150.0) < 40.0 ? 80.0 : 0.0) : 420.0);
    }
    const auto states = run_lumped(m, LumpedDrive::current, log.time_s, log.current.values, {900.0, 900.0});
    for (std::size_t n = 0; n < states.size(); ++n) {
        double noise = 0.0;
        for (int k = 0; k < 12; ++k) noise += random.unit() - 0.5;
        log.temperature.values.push_back(273.15 + 0.2 * std::round((states[n].reading_K + 0.3 * noise - 273.15) / 0.2));
        const double V = truth.R * log.current.values[n];
        log.voltage.values.push_back(volt_step > 0.0 ? volt_step * std::round(V / volt_step) : V);
    }
    return log;
}

const LumpedParameter* find(const LumpedFit& fit, const std::string& symbol) {
    for (const auto& p : fit.parameters)
        if (p.symbol == symbol) return &p;
    return nullptr;
}

void expect_recovered(const LumpedFit& fit, const std::string& symbol, double value) {
    const LumpedParameter* p = find(fit, symbol);
    ASSERT_TRUE(p) << symbol << " is not in " << fit.candidates.front().terms;
    EXPECT_NEAR(p->value, value, 3.5 * p->sd + 1e-6 * std::abs(value)) << symbol << " sd " << p->sd;
    EXPECT_LT(p->sd, 0.25 * std::abs(value)) << symbol;
    EXPECT_TRUE(p->identified) << symbol;
}

TEST(LumpedFit, RecoversEveryParameterWithinItsDeviation) {
    const Truth truth{.C = 180.0, .c = 4e-4, .G = 0.2, .A = 1.5e-4, .lag = 6.0};
    const LumpedFit fit = fit_lumped(made(truth, 1), {.from_s = 0.0, .to_s = 500.0});
    const double scale = 1.0 + truth.c * (fit.model.reference_K - 1200.0);  // C is told at the fit's own reference
    expect_recovered(fit, "C", truth.C * scale);
    expect_recovered(fit, "c", truth.c / scale);
    expect_recovered(fit, "G", truth.G);
    expect_recovered(fit, "A_eps", truth.A);
    expect_recovered(fit, "lag", truth.lag);
    expect_recovered(fit, "R", truth.R);
    EXPECT_LT(fit.rms_K, 0.4);
}

TEST(LumpedFit, TakesNoTermThatIsNotThere) {
    const LumpedFit plain = fit_lumped(made({.G = 0.0, .A = 3e-4}, 2), {.from_s = 0.0, .to_s = 500.0});
    EXPECT_EQ(plain.candidates.front().terms, "radiation, C");
    expect_recovered(plain, "C", 180.0);
    expect_recovered(plain, "A_eps", 3e-4);
    EXPECT_EQ(plain.model.lag_s, 0.0);
    const LumpedFit conduction = fit_lumped(made({.G = 0.5, .A = 0.0, .lag = 5.0}, 3), {.from_s = 0.0, .to_s = 500.0});
    EXPECT_EQ(conduction.candidates.front().terms, "conduction, C, lag");
    expect_recovered(conduction, "G", 0.5);
    expect_recovered(conduction, "lag", 5.0);
}

TEST(LumpedFit, PredictsTheHoldingPowerWithinItsDeviation) {
    for (const std::uint64_t seed : {4, 5}) {
        const Truth truth{.c = 4e-4, .lag = 6.0};
        const SensorLog log = made(truth, seed, 0.1);
        const LumpedFit fit = fit_lumped(log, {.from_s = 0.0, .to_s = 590.0});
        EXPECT_EQ(fit.drive, LumpedDrive::current);  // the voltage is too coarse
        const LumpedPrediction p = predict_lumped(log, fit, {590.0, 800.0}, LumpedRange{780.0, 800.0});
        ASSERT_TRUE(p.dwell);
        const double T = p.dwell->T_K,
                     steady = truth.G * (T - 298.15) + truth.A * kSigma * (std::pow(T, 4) - std::pow(298.15, 4));
        EXPECT_NEAR(p.dwell->power_W.predicted, steady, 3.5 * p.dwell->power_W.sd + 0.01 * steady) << seed;
    }
}

TEST(LumpedFit, FineChannelsDriveByPower) {
    EXPECT_EQ(fit_lumped(made({}, 1), {.from_s = 0.0, .to_s = 300.0}).drive, LumpedDrive::power);
}

// Nothing after the window enters: neither parameters nor the choice of model, drive, steps or floor.
TEST(LumpedFit, WhatFollowsTheWindowLeavesEveryBitAlone) {
    const SensorLog log = made({.c = 4e-4, .lag = 6.0}, 7, 0.1);
    SensorLog other = log;
    for (std::size_t n = 0; n < other.rows(); ++n)
        if (other.time_s[n] > 500.0) {
            other.temperature.values[n] = 400.0 + 0.123456 * double(n % 7);
            other.voltage.values[n] = 0.0123 * double(n);
            other.current.values[n] = 1.0 / double(n);
        }
    const LumpedOptions options{.from_s = 100.0, .to_s = 500.0};
    const LumpedFit a = fit_lumped(log, options), b = fit_lumped(other, options);
    ASSERT_EQ(a.parameters.size(), b.parameters.size());
    for (std::size_t n = 0; n < a.parameters.size(); ++n) {
        EXPECT_EQ(a.parameters[n].value, b.parameters[n].value) << a.parameters[n].symbol;
        EXPECT_EQ(a.parameters[n].sd, b.parameters[n].sd);
    }
    EXPECT_EQ(a.floor_K, b.floor_K);
    EXPECT_EQ(a.rms_K, b.rms_K);
}

TEST(LumpedFit, ReadingsAtTheFloorAndEmptyOnesAreNone) {
    SensorLog log = made({}, 8);
    const LumpedFit whole = fit_lumped(log, {.from_s = 50.0, .to_s = 500.0});
    for (std::size_t n = 150; n < 170; ++n) log.temperature.values[n] = 600.0;  // the pyrometer lost its spot
    log.temperature.values[300] = std::numeric_limits<double>::quiet_NaN();
    const LumpedFit fit = fit_lumped(log, {.from_s = 50.0, .to_s = 500.0, .floor_K = 605.0});
    EXPECT_EQ(fit.readings, whole.readings - 21);
    EXPECT_NEAR(find(fit, "C")->value, find(whole, "C")->value, 3.0 * find(whole, "C")->sd);
}

TEST(LumpedFit, SaysWhyAWindowCannotBeCalibratedOn) {
    const SensorLog log = made({}, 9);
    const auto error = [&](const SensorLog& of, LumpedOptions o) -> std::string {
        try {
            fit_lumped(of, o);
        } catch (const InputError& e) {
            return e.what();
        }
        return "no error";
    };
    EXPECT_THAT(error(log, {.from_s = 500.0, .to_s = 900.0}), HasSubstr("the log runs from 0 to 800 s"));
    EXPECT_THAT(error(log, {.from_s = 500.0, .to_s = 500.0}), HasSubstr("not after its start"));
    EXPECT_THAT(error(log, {.from_s = 500.0, .to_s = 505.0}), HasSubstr("at least 30"));
    EXPECT_THAT(error(log, {.from_s = 0.0, .to_s = 500.0, .floor_K = 5000.0}),
                HasSubstr("0 readings of temperature above the floor"));
    SensorLog flat = log, off = log, turned = log;
    for (double& T : flat.temperature.values) T = 900.0;
    for (double& I : off.current.values) I = 0.0;
    for (double& I : turned.current.values) I = -I;
    EXPECT_THAT(error(flat, {.from_s = 0.0, .to_s = 500.0}), HasSubstr("cannot be told apart"));
    EXPECT_THAT(error(off, {.from_s = 0.0, .to_s = 500.0}), HasSubstr("no current flows"));
    EXPECT_THAT(error(turned, {.from_s = 0.0, .to_s = 500.0}), HasSubstr("turn a sign"));
    EXPECT_THAT(error(log, {.from_s = 0.0, .to_s = 500.0, .ambient_K = 1500.0}), HasSubstr("below the ambient"));
    const LumpedFit fit = fit_lumped(log, {.from_s = 0.0, .to_s = 500.0});
    EXPECT_THROW(predict_lumped(log, fit, {400.0, 600.0}), InputError);
    EXPECT_THROW(predict_lumped(log, fit, {500.0, 900.0}), InputError);
    EXPECT_THROW(predict_lumped(log, fit, {500.0, 800.0}, LumpedRange{100.0, 200.0}), InputError);
    EXPECT_THROW(predict_lumped(log, fit, {500.0, 800.0}, {}, 400.0), InputError);
}

TEST(LumpedPrediction, ItsOwnLoopHoldsAtTheLossOfTheHold) {
    const SensorLog log = made({.lag = 6.0}, 10);
    const LumpedFit fit = fit_lumped(log, {.from_s = 0.0, .to_s = 400.0});
    const double hold = fit.ramp_K + 20.0;
    const LumpedPrediction p = predict_lumped(log, fit, {400.0, 800.0}, {}, hold);
    ASSERT_TRUE(p.loop);
    EXPECT_NEAR(p.loop->reading_K.back(), hold, 1.0);
    EXPECT_NEAR(p.loop->end_power_W, fit.model.loss(hold), 0.01 * fit.model.loss(hold));
    EXPECT_GE(p.loop->overshoot_K, 0.0);
    EXPECT_LT(p.loop->overshoot_K, 25.0);
}

// ---- a spark-plasma-sintering run that nobody here made (MALAMUTE's example): calibrated on its ramp, what comes after is
// told

class RealLog : public testing::Test {
protected:
    void SetUp() override {
        const std::filesystem::path file = JT_SOURCE_DIR "/../shared/data/sps_run_drsinter.csv";
        if (!std::filesystem::exists(file)) GTEST_SKIP() << "data: no " << file;
        log = read_sensor_log(file);
    }
    SensorLog log;
};

TEST_F(RealLog, IsReadInFull) {
    EXPECT_EQ(log.rows(), 2959u);
    EXPECT_DOUBLE_EQ(log.time_s.back(), 1479.0);
    EXPECT_NEAR(quantisation_step(log.voltage.values), 0.1, 1e-9);
    EXPECT_NEAR(quantisation_step(log.current.values), 1.0, 1e-9);
    EXPECT_NEAR(quantisation_step(log.temperature.values), 0.2, 1e-9);
    EXPECT_NEAR(find_reading_floor(log, 1479.0).value_or(0.0) - 273.15, 571.0, 1.0);
}

TEST_F(RealLog, OvershootAndDwellPowerArePredictedFromTheRamp) {
    const LumpedFit fit = fit_lumped(log, {.from_s = 430.0, .to_s = 860.0});
    EXPECT_LE(fit.rms_K, 1.0);
    EXPECT_NEAR(fit.ramp_K_per_s, 1.659, 0.002);
    const LumpedPrediction p = predict_lumped(log, fit, {860.0, 1450.0}, LumpedRange{1000.0, 1450.0}, 1773.15);
    ASSERT_TRUE(p.peak_measured && p.peak_predicted && p.dwell && p.loop);
    EXPECT_NEAR(p.peak_measured->T_K - 273.15, 1520.0, 0.05);
    EXPECT_NEAR(p.peak_measured->time_s, 871.0, 1.0);
    EXPECT_NEAR(p.peak_predicted->T_K, p.peak_measured->T_K, 3.0);
    EXPECT_NEAR(p.peak_predicted->time_s, p.peak_measured->time_s, 3.0);
    EXPECT_NEAR(p.dwell->power_W.measured, 397.1, 0.1);
    EXPECT_NEAR(p.dwell->power_W.predicted, p.dwell->power_W.measured, 0.05 * p.dwell->power_W.measured);
    EXPECT_NEAR(p.loop->end_power_W, p.dwell->power_W.measured, 0.05 * p.dwell->power_W.measured);
}

// Windows that a lab might as well have chosen: within a tenth of the power, a few kelvin of the peak.
TEST_F(RealLog, OtherWindowsOfTheRampPredictTheSame) {
    for (const auto& [from, to] : {std::pair{400.0, 860.0}, {430.0, 840.0}}) {
        const LumpedFit fit = fit_lumped(log, {.from_s = from, .to_s = to});
        const LumpedPrediction p = predict_lumped(log, fit, {to, 1450.0}, LumpedRange{1000.0, 1450.0});
        EXPECT_NEAR(p.dwell->power_W.predicted / p.dwell->power_W.measured, 1.0, 0.1) << from << " to " << to;
        EXPECT_NEAR(p.peak_predicted->T_K, p.peak_measured->T_K, 5.0) << from << " to " << to;
    }
}

// A window too short to tell conduction from radiation says so: the models that fit it as well span what is measured.
TEST_F(RealLog, AShortWindowKnowsThatItCannotTell) {
    const LumpedFit fit = fit_lumped(log, {.from_s = 550.0, .to_s = 860.0});
    const LumpedPrediction p = predict_lumped(log, fit, {860.0, 1450.0}, LumpedRange{1000.0, 1450.0});
    EXPECT_GT(fit.alternatives.size(), 0u);
    EXPECT_LT(p.dwell->power_least_W, p.dwell->power_W.measured);
    EXPECT_GT(p.dwell->power_most_W, p.dwell->power_W.measured);
    EXPECT_GT(p.dwell->power_most_W - p.dwell->power_least_W, 0.2 * p.dwell->power_W.measured);
    EXPECT_TRUE(fit_lumped(log, {.from_s = 430.0, .to_s = 860.0}).alternatives.empty());
}

}  // namespace
}  // namespace jt
