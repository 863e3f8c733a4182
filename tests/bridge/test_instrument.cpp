// SPDX-License-Identifier: Apache-2.0
// Instruments against their closed forms and the statistics they claim.
#include "bridge/heater/instrument.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "twin/heater/feedback.hpp"
#include "twin/scenario/scenario.hpp"

namespace jt {
namespace {

// Shows the truth: no noise, no lag.
InstrumentModel plain(InstrumentModel::Kind kind = InstrumentModel::Kind::thermocouple) {
    InstrumentModel m;
    m.kind = kind;
    m.name = "s";
    m.unit = "K";
    m.rate_Hz = 10.0;
    m.lag_s = 0.0;
    m.wavelength = 0.95e-6, m.second_wavelength = 1.05e-6;
    return m;
}

std::vector<PlantReading> shows(InstrumentModel model, const HiddenError& hidden, double T, double until,
                                const Delivery& delivery = {}, std::uint64_t seed = 1) {
    Instrument instrument(std::move(model), hidden, delivery, 0, seed);
    std::vector<PlantReading> out;
    instrument.settle(0.0, T, out);
    instrument.follow(until, T, T, out);
    return out;
}

TEST(Instrument, SamplesAtItsRateWhateverTheSteps) {
    InstrumentModel model = plain();
    model.rate_Hz = 50.0;
    for (const double step : {0.013, 0.1, 1.0}) {
        Instrument instrument(model, {}, {}, 3, 1);
        std::vector<PlantReading> out;
        instrument.settle(0.0, 300.0, out);
        for (double t = 0.0; t < 2.0 - 1e-9;) {
            const double next = std::min(2.0, t + step);
            instrument.follow(next, 300.0 + 100.0 * t, 300.0 + 100.0 * next, out);
            t = next;
        }
        ASSERT_EQ(out.size(), 101u);
        for (std::size_t n = 0; n < out.size(); ++n) {
            EXPECT_EQ(out[n].sensor, 3);
            EXPECT_EQ(out[n].seq, n + 1);
            EXPECT_NEAR(out[n].time_s, 0.02 * double(n), 1e-12);
            EXPECT_NEAR(*out[n].value, 300.0 + 2.0 * double(n), 1e-9);
        }
    }
}

// tau dTr/dt = T - Tr: step response 1 - exp(-t/tau); on a ramp of rate b it stays b tau behind.
TEST(Instrument, ItsLagIsOfFirstOrder) {
    InstrumentModel model = plain();
    model.lag_s = 0.7;
    Instrument instrument(model, {}, {}, 0, 1);
    std::vector<PlantReading> out;
    instrument.settle(0.0, 300.0, out);
    instrument.follow(1.4, 1300.0, 1300.0, out);
    for (const PlantReading& r : out)
        if (r.time_s > 0.0) {
            EXPECT_NEAR(*r.value, 1300.0 - 1000.0 * std::exp(-r.time_s / 0.7), 1e-9);
        }

    Instrument ramp(model, {}, {}, 0, 1);
    out.clear();
    ramp.settle(0.0, 300.0, out);
    ramp.follow(10.0, 300.0, 1300.0, out);
    for (const PlantReading& r : out)
        EXPECT_NEAR(*r.value, 300.0 + 100.0 * (r.time_s - 0.7 * (1.0 - std::exp(-r.time_s / 0.7))), 1e-9);
}

TEST(Instrument, AThermocouplesLagFallsWithTemperatureAndAFactorStretchesIt) {
    EXPECT_DOUBLE_EQ(thermocouple_lag("K", 600.0), 2.3);
    EXPECT_DOUBLE_EQ(thermocouple_lag("K", 900.0), 1.4);
    EXPECT_NEAR(thermocouple_lag("K", 1273.0), 0.7, 1e-12);
    EXPECT_DOUBLE_EQ(thermocouple_lag("K_sheath", 900.0), 4.0);
    EXPECT_DOUBLE_EQ(thermocouple_lag("C", 300.0), 0.8);
    InstrumentModel model = plain();
    model.lag_s.reset();
    model.type = "K";
    HiddenError hidden;
    hidden.lag_factor = 1.2;
    Instrument instrument(model, hidden, {}, 0, 1);
    std::vector<PlantReading> out;
    instrument.settle(0.0, 1173.0, out);
    instrument.follow(0.1, 1273.0, 1273.0, out);
    EXPECT_NEAR(*out.back().value, 1273.0 - 100.0 * std::exp(-0.1 / (1.2 * 0.7)), 1e-3);
}

// 1 % of emissivity ratio at 0.95/1.05 um: 9.5 K at 1173 K, 11.2 at 1273, 17.1 at 1573; 3.2/3.8/5.8 K at 0.8/1.05 um. 1 % of
// emissivity at 1 um: 0.95/1.12/1.71 K; emissivity 0.90 taken as 0.85 at 1.6 um: 8.7/10.3/15.7 K.
TEST(Instrument, PyrometersErrAsPlancksLawSays) {
    const double T[3] = {1173.0, 1273.0, 1573.0};
    const double narrow[3] = {9.5, 11.2, 17.1}, wide[3] = {3.2, 3.8, 5.8}, one[3] = {0.95, 1.12, 1.71},
                 set[3] = {8.7, 10.3, 15.7};
    for (int n = 0; n < 3; ++n) {
        EXPECT_NEAR(ratio_reading(T[n], 0.95e-6, 1.05e-6, 1.01) - T[n], narrow[n], 0.015 * narrow[n]);
        EXPECT_NEAR(ratio_reading(T[n], 0.8e-6, 1.05e-6, 1.01) - T[n], wide[n], 0.02 * wide[n]);
        EXPECT_NEAR(one_colour_reading(T[n], 1e-6, 1.01) - T[n], one[n], 0.01 * one[n]);
        EXPECT_NEAR(one_colour_reading(T[n], 1.6e-6, 0.90 / 0.85) - T[n], set[n], 0.015 * set[n]);
    }
    HiddenError hidden;
    hidden.emissivity_ratio = 1.01;
    const auto out = shows(plain(InstrumentModel::Kind::ratio_pyrometer), hidden, 1273.0, 0.1);
    EXPECT_NEAR(*out.back().value, ratio_reading(1273.0, 0.95e-6, 1.05e-6, 1.01), 1e-9);
    hidden = {};
    hidden.emissivity = 0.8;
    InstrumentModel model = plain(InstrumentModel::Kind::pyrometer);
    model.wavelength = 1.6e-6;
    EXPECT_NEAR(*shows(model, hidden, 1273.0, 0.1).back().value, one_colour_reading(1273.0, 1.6e-6, 0.8), 1e-9);
}

TEST(Instrument, BiasGainAndStepsOfItsResolution) {
    InstrumentModel model = plain(InstrumentModel::Kind::current);
    model.resolution = 0.25;
    HiddenError hidden;
    hidden.gain = 1.01;
    hidden.bias = 0.4;
    const auto out = shows(model, hidden, 20.0, 0.1);
    EXPECT_DOUBLE_EQ(*out.back().value, 20.5);  // 20.6 to the nearest quarter
    EXPECT_NEAR(out.back().sigma, 0.25 / std::sqrt(12.0), 1e-12);
}

TEST(Instrument, BelowItsFloorThereIsNoReading) {
    InstrumentModel model = plain(InstrumentModel::Kind::ratio_pyrometer);
    model.floor_K = 843.15;
    const auto cold = shows(model, {}, 800.0, 0.1), hot = shows(model, {}, 900.0, 0.1);
    EXPECT_FALSE(cold.back().value);
    EXPECT_TRUE(cold.back().below_floor);
    EXPECT_NEAR(*hot.back().value, 900.0, 1e-9);
    EXPECT_FALSE(hot.back().below_floor);
}

// Student-t of 5 degrees scaled to the stated sd: mean 0, variance sd^2, tails heavier than a normal's (kurtosis 9 against 3).
TEST(Instrument, NoiseIsWhatItClaims) {
    InstrumentModel model = plain();
    model.rate_Hz = 1000.0;
    model.noise = 1.0, model.noise_relative = 0.001;
    model.dropout = 0.01;
    const double T = 1000.0, sd = 2.0;
    const auto out = shows(model, {}, T, 40.0);
    std::vector<double> e;
    std::size_t missing = 0, far = 0;
    for (const PlantReading& r : out) {
        EXPECT_DOUBLE_EQ(r.sigma, sd);
        if (!r.value) {
            ++missing;
            EXPECT_FALSE(r.below_floor);
            continue;
        }
        e.push_back((*r.value - T) / sd);
        far += std::abs(e.back()) > 4.0;
    }
    const double n = double(e.size());
    const double mean = std::accumulate(e.begin(), e.end(), 0.0) / n;
    double variance = 0.0, next = 0.0;
    for (std::size_t k = 0; k < e.size(); ++k) {
        variance += e[k] * e[k] / n;
        if (k > 0) next += e[k] * e[k - 1] / n;
    }
    EXPECT_NEAR(mean, 0.0, 4.0 / std::sqrt(n));
    EXPECT_NEAR(variance, 1.0, 4.0 * std::sqrt(8.0 / n));  // var of the estimate: (kurtosis - 1)/n
    EXPECT_NEAR(next, 0.0, 4.0 / std::sqrt(n));            // white
    EXPECT_NEAR(double(missing), 400.0, 4.0 * std::sqrt(400.0));
    EXPECT_NEAR(double(far) / n, 0.00357, 4.0 * std::sqrt(0.00357 / n));  // P(|t5| > 4 sqrt(5/3)); a normal has 6e-5
}

TEST(Instrument, TheSameSeedGivesTheSameBitsAndAFaultLeavesTheNoiseAfterItAlone) {
    InstrumentModel model = plain();
    model.noise = 1.0;
    const auto a = shows(model, {}, 500.0, 5.0, {}, 7), b = shows(model, {}, 500.0, 5.0, {}, 7),
               c = shows(model, {}, 500.0, 5.0, {}, 8);
    ASSERT_EQ(a.size(), b.size());
    int same = 0;
    for (std::size_t n = 0; n < a.size(); ++n) {
        EXPECT_EQ(a[n].value, b[n].value);
        same += a[n].value == c[n].value;
    }
    EXPECT_EQ(same, 0);

    Instrument instrument(model, {}, {}, 0, 7);
    std::vector<PlantReading> out;
    instrument.settle(0.0, 500.0, out);
    instrument.follow(2.0, 500.0, 500.0, out);
    const auto before = out.back();
    instrument.set_fault({.stuck = true});
    instrument.follow(3.0, 500.0, 600.0, out);
    EXPECT_EQ(out.back().value, before.value);
    EXPECT_GT(out.back().seq, before.seq);
    instrument.set_fault({.missing = true});
    instrument.follow(3.5, 500.0, 500.0, out);
    EXPECT_FALSE(out.back().value);
    instrument.set_fault({.bias = 15.0});
    instrument.follow(4.0, 500.0, 500.0, out);
    EXPECT_NEAR(*out.back().value, *a[out.size() - 1].value + 15.0, 1e-9);
    instrument.set_fault({});
    instrument.follow(5.0, 500.0, 500.0, out);
    EXPECT_NEAR(*out.back().value, *a.back().value, 1e-9);
}

TEST(Instrument, DeliveryIsLateLostRepeatedAndOutOfOrderAsAsked) {
    InstrumentModel model = plain();
    model.rate_Hz = 100.0;
    model.latency_s = 0.02;
    Delivery delivery;
    delivery.latency_s = 0.01;
    delivery.jitter_s = 0.005;
    delivery.late_share = 0.1, delivery.late_by_s = 0.5;
    delivery.lost_share = 0.05, delivery.repeated_share = 0.05;
    auto out = shows(model, {}, 400.0, 100.0, delivery);
    std::size_t late = 0, repeated = 0, gaps = 0;
    for (std::size_t n = 0; n < out.size(); ++n) {
        const double delay = out[n].delivered_s - out[n].time_s;
        EXPECT_GE(delay, 0.03 - 1e-12);
        EXPECT_LE(delay, 0.535 + 1e-12);
        late += delay > 0.035;
        if (n == 0) continue;
        repeated += out[n].seq == out[n - 1].seq;
        gaps += out[n].seq > out[n - 1].seq + 1;
    }
    EXPECT_NEAR(double(late), 1000.0, 200.0);
    EXPECT_NEAR(double(repeated), 475.0, 100.0);
    EXPECT_NEAR(double(gaps), 475.0, 100.0);
    std::stable_sort(out.begin(), out.end(),
                     [](const PlantReading& a, const PlantReading& b) { return a.delivered_s < b.delivered_s; });
    std::size_t disorder = 0;
    for (std::size_t n = 1; n < out.size(); ++n) disorder += out[n].seq < out[n - 1].seq;
    EXPECT_GT(disorder, 100u);
}

TEST(InstrumentModel, DefaultsAreThoseOfTheKind) {
    Scenario s;
    s.heater = Heater{};
    s.heater->supply.current = 60.0;
    Sensor sensor;
    sensor.kind = "current";
    const InstrumentModel current = instrument_model(sensor, s);
    EXPECT_DOUBLE_EQ(current.noise, 0.03);
    EXPECT_DOUBLE_EQ(current.bias_sd(0.0), 0.06);
    EXPECT_DOUBLE_EQ(current.gain_sd(), 0.005);
    sensor.kind = "thermocouple";
    EXPECT_NEAR(instrument_model(sensor, s).bias_sd(1273.15), 3.75, 1e-12);
    EXPECT_NEAR(instrument_model(sensor, s).bias_sd(373.15), 1.1, 1e-12);
    sensor.type = "C";
    EXPECT_NEAR(instrument_model(sensor, s).bias_sd(1273.15), 10.0, 1e-12);
    sensor.kind = "ratio_pyrometer";
    EXPECT_NEAR(instrument_model(sensor, s).bias_sd(1273.15), 6.36575, 1e-9);
    EXPECT_NEAR(instrument_model(sensor, s).sigma(1000.0), 2.0, 1e-12);
    sensor.parameters["noise"] = 0.7;
    EXPECT_NEAR(instrument_model(sensor, s).sigma(1000.0), 0.7, 1e-12);
}

}  // namespace
}  // namespace jt
