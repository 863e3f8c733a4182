// SPDX-License-Identifier: Apache-2.0
#include "twin/heater/control.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace jt {
namespace {

// The lumped R1 of physics.md 2.7: constant 0.2 ohm, loss area 4.62e-4 m2, eps 0.9, h 20, 0.263 J/K.
struct Plant {
    double T = 298.15, loss = 1.0, capacity = 0.263, resistance = 0.2;
    double loss_W(double at) const {
        return loss * 4.62e-4 * (0.9 * 5.670374419e-8 * (std::pow(at, 4) - std::pow(298.15, 4)) + 20.0 * (at - 298.15));
    }
    void advance(double current, double dt) {
        for (int n = 0; n < 20; ++n) T += dt / 20 * (current * current * resistance - loss_W(T)) / capacity;
    }
};

PlantTable table_of(const Plant& plant, double loss_factor, double capacity_factor) {
    PlantTable table;
    for (double T = 300.0; T < 1700.0; T += 25.0) {
        table.T.push_back(T);
        table.loss_W.push_back(loss_factor * plant.loss_W(T));
        table.capacity_J_per_K.push_back(capacity_factor * plant.capacity);
        table.resistance_ohm.push_back(plant.resistance);
    }
    return table;
}

const Program kReference{{0.0, 10.0, 40.0, 60.0}, {298.15, 1273.15, 1273.15, 373.15}};

struct Outcome {
    double overshoot = 0.0, dwell_error = 0.0;  // [K], the latter from `settled` after the start of the dwell on
    double last_swing = 0.0;                    // of the second half of the dwell: a limit cycle would show
    double peak_current = 0.0;
};

Outcome run(PlantTable table, double settled, std::function<std::optional<double>(double, double)> reading = {},
            Supply supply = {60.0, 20.0, 50.0, 10.0, 0.1}) {
    Plant plant;
    TemperatureControl control(kReference, std::move(table), supply, 843.15);
    PowerSupply power(supply);
    Outcome out;
    double low = 1e9, high = 0.0, current = 0.0;
    for (int n = 0; n < 5000; ++n) {
        const double t = n * 0.01;
        if (n % 10 == 0) {
            TemperatureControl::Reading r{reading ? reading(t, plant.T) : std::max(plant.T, 843.15), current,
                                          current * plant.resistance};
            power.command(t, control.command(t, r));
        }
        current = power.current(t, plant.resistance).now;
        out.peak_current = std::max(out.peak_current, current);
        plant.advance(current, 0.01);
        if (t < 40.0) out.overshoot = std::max(out.overshoot, plant.T - 1273.15);
        if (t > 10.0 + settled && t < 40.0) out.dwell_error = std::max(out.dwell_error, std::abs(plant.T - 1273.15));
        if (t > 25.0 && t < 40.0) low = std::min(low, plant.T), high = std::max(high, plant.T);
    }
    out.last_swing = high - low;
    return out;
}

TEST(TemperatureControl, ExactFeedForwardMeetsTheAcceptanceOfTheDwell) {
    const Outcome o = run(table_of({}, 1.0, 1.0), 2.0);
    EXPECT_LT(o.overshoot, 0.015 * 1000);
    EXPECT_LT(o.dwell_error, 5.0);
    EXPECT_LT(o.last_swing, 1.0);
}

TEST(TemperatureControl, LossAndCapacityOffByAQuarterStaysWithinItsAcceptance) {
    for (const double loss : {0.75, 1.25})
        for (const double capacity : {0.75, 1.25}) {
            const Outcome o = run(table_of({}, loss, capacity), 4.0);
            EXPECT_LT(o.overshoot, 0.025 * 1000) << loss << " " << capacity;
            EXPECT_LT(o.dwell_error, 5.0) << loss << " " << capacity;
            EXPECT_LT(o.last_swing, 1.0) << loss << " " << capacity;
        }
}

TEST(TemperatureControl, CurrentLimitWindsNothingUp) {
    Supply weak{23.5, 20.0, 50.0, 10.0, 0.1};
    const Outcome o = run(table_of({}, 1.0, 1.0), 12.0, {}, weak);
    EXPECT_LE(o.peak_current, 23.5);
    EXPECT_LT(o.overshoot, 25.0);
    EXPECT_LT(o.dwell_error, 5.0);
}

TEST(TemperatureControl, ReadingAtTheFloorIsNotALostOne) {
    TemperatureControl control(kReference, table_of({}, 1.0, 1.0), {60.0, 20.0, 50.0, 10.0, 0.1}, 843.15);
    for (int n = 0; n < 20; ++n) EXPECT_GT(control.command(0.1 * n, {843.15, 10.0, 2.0}), 5.0);
    EXPECT_FALSE(control.available());
    EXPECT_FALSE(control.lost());
    // it has never been valid, so its absence is no loss
    EXPECT_GT(control.command(2.0, {{}, 10.0, 2.0}), 5.0);
    EXPECT_FALSE(control.lost());
    // nothing at all before the first valid reading is no loss either
    TemperatureControl dark(kReference, table_of({}, 1.0, 1.0), {60.0, 20.0, 50.0, 10.0, 0.1}, 843.15);
    EXPECT_GT(dark.command(0.0, {{}, 0.0, 0.0}), 5.0);
    EXPECT_FALSE(dark.lost());
}

TEST(TemperatureControl, LostReadingHoldsTheCurrentForHalfASecondThenRampsDown) {
    TemperatureControl control(kReference, table_of({}, 1.0, 1.0), {60.0, 20.0, 50.0, 10.0, 0.1}, 843.15);
    double before = 0.0;
    for (int n = 0; n < 20; ++n) before = control.command(20.0 + 0.1 * n, {1273.15, 22.0, 4.4});
    EXPECT_TRUE(control.available());
    EXPECT_DOUBLE_EQ(control.command(22.0, {{}, 22.0, 4.4}), before);
    EXPECT_TRUE(control.lost());
    EXPECT_DOUBLE_EQ(control.command(22.5, {{}, 22.0, 4.4}), before);
    EXPECT_LT(control.command(23.5, {{}, 22.0, 4.4}), 0.6 * before);
    EXPECT_EQ(control.command(25.0, {{}, 22.0, 4.4}), 0.0);
}

TEST(PowerSupply, DelaysSlewsAndLimits) {
    PowerSupply supply({10.0, 4.0, 20.0, 10.0, 0.1});
    supply.command(0.0, 5.0);
    EXPECT_EQ(supply.current(0.05, 0.1).now, 0.0);
    EXPECT_DOUBLE_EQ(supply.next_change(0.05), 0.1);
    const auto ramp = supply.current(0.1, 0.1);
    EXPECT_EQ(ramp.now, 0.0);
    EXPECT_DOUBLE_EQ(ramp.target, 5.0);
    EXPECT_DOUBLE_EQ(ramp.end, 0.35);
    EXPECT_DOUBLE_EQ(supply.current(0.2, 0.1).now, 2.0);
    EXPECT_DOUBLE_EQ(supply.current(0.5, 0.1).now, 5.0);
    supply.command(0.5, 50.0);
    EXPECT_DOUBLE_EQ(supply.current(0.7, 0.1).target, 10.0);
    EXPECT_TRUE(supply.at_current_limit());
    EXPECT_DOUBLE_EQ(supply.current(2.0, 1.0).target, 4.0);
    EXPECT_TRUE(supply.at_voltage_limit());
}

TEST(PowerSupply, WithoutASlewLimitTheCurrentJumps) {
    PowerSupply supply({10.0, {}, {}, 10.0, 0.0});
    supply.command(1.0, 3.0);
    EXPECT_EQ(supply.current(1.0, 0.1).now, 3.0);
}

// Below its floor a pyrometer says nothing: the temperature is known from the power alone, and a powder whose resistance falls
// sixfold on the way must still follow.
TEST(TemperatureControl, BelowTheFloorAPowderIsLedByThePowerThatWentIn) {
    const double capacity = 0.174;
    const auto resistance = [](double T) { return 341.0 * std::exp(1175.0 * (1.0 / T - 1.0 / 300.0)); };
    PlantTable table;
    for (double T = 300.0; T < 1700.0; T += 10.0) {
        table.T.push_back(T);
        table.loss_W.push_back(0.0);
        table.capacity_J_per_K.push_back(capacity);
        table.resistance_ohm.push_back(resistance(T));
    }
    const Supply supply{20.0, 120.0, 50.0, 10.0, 0.1};
    TemperatureControl control({{0.0, 5.0}, {300.0, 800.0}}, table, supply, 843.15);
    PowerSupply power(supply);
    double T = 300.0, current = 0.0;
    for (int n = 0; n < 500; ++n) {
        const double t = n * 0.01;
        if (n % 10 == 0) power.command(t, control.command(t, {843.15, current, current * resistance(T)}));
        current = power.current(t, resistance(T)).now;
        T += 0.01 * current * current * resistance(T) / capacity;
        if (t > 1.5) EXPECT_NEAR(T, 300.0 + 100.0 * t, 25.0) << t;  // a quarter of a second
    }
}

}  // namespace
}  // namespace jt
