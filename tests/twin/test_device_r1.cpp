// SPDX-License-Identifier: Apache-2.0
// The default device R1 (physics 2.7) in closed loop, in an x-z section: nothing varies along y.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/paths.hpp"
#include "twin/scenario/reader.hpp"
#include "twin/stepping/run_coupled.hpp"

namespace jt {
namespace {

struct Loop : RunObserver {
    double loss = 1.0, capacity = 1.0;  // what the controller takes them for, over what they are
    double worst_through = 0.0;         // largest spread through the thickness at mid-length from 12 s to 40 s [K]
    void tabulated(PlantTable& table) override {
        for (double& value : table.loss_W) value *= loss;
        for (double& value : table.capacity_J_per_K) value *= capacity;
    }
    bool recorded(const CoupledRun& run, const RunRecord& r, RunFields& fields) override {
        if (r.time_s < 12.0 - 1e-6 || r.time_s > 40.0) return true;
        const auto T = fields.field("T_K");
        const Extents& e = run.bed.extents;
        float low = 1e9f, high = 0.0f;
        for (int k = 0; k < e.nz; ++k) {
            if (!run.bed.product[e.index(e.nx / 2, 0, k)]) continue;
            const float here = T[e.index(e.nx / 2, 0, k)];
            low = std::min(low, here), high = std::max(high, here);
        }
        worst_through = std::max(worst_through, double(high - low));
        return true;
    }
};

CoupledRun run_at(int celsius, Loop& loop) {
    const auto backend = make_backend("cpu");
    const Scenario s = read_scenario(
        JT_SOURCE_DIR "/data/scenarios/jh_1000_30.toml",
        {"bed.voxel=[\"0.25 mm\", \"10 mm\", \"0.1 mm\"]", "heater.program[0].to=\"" + std::to_string(celsius) + " degC\"",
         "run.duration=\"42 s\"", "run.output_every=\"0.1 s\""});
    return run_coupled(*backend, s, loop);
}

struct Quality {
    double overshoot = 0.0, dwell_error = 0.0;  // [K]
};
Quality quality(const CoupledRun& run, int celsius, double settled) {
    Quality q;
    for (const RunRecord& r : run.records) {
        const double off = *r.reading_K - (celsius + 273.15);
        if (r.time_s <= 40.0) q.overshoot = std::max(q.overshoot, off);
        if (r.time_s >= 10.0 + settled && r.time_s <= 40.0) q.dwell_error = std::max(q.dwell_error, std::abs(off));
    }
    return q;
}

struct SetPoint {
    int celsius;
    double power, current, voltage;
};

TEST(DeviceR1, DwellsAsTheResolvedSectionDoesAtFiveSetPoints) {
    for (const SetPoint& at : {SetPoint{900, 54, 18.0, 3.00}, SetPoint{1000, 70, 20.7, 3.38}, SetPoint{1100, 89, 23.6, 3.78},
                               SetPoint{1200, 113, 26.9, 4.21}, SetPoint{1300, 143, 30.5, 4.68}}) {
        Loop loop;
        const CoupledRun run = run_at(at.celsius, loop);
        const RunRecord& dwell = run.records[300];
        EXPECT_NEAR(dwell.power_W, at.power, 0.1 * at.power) << at.celsius;
        EXPECT_NEAR(dwell.current_A, at.current, 0.1 * at.current) << at.celsius;
        EXPECT_NEAR(dwell.voltage_V, at.voltage, 0.1 * at.voltage) << at.celsius;
        EXPECT_LE(loop.worst_through, 10.0) << at.celsius;
        const Quality q = quality(run, at.celsius, 2.0);
        EXPECT_LT(q.overshoot, 0.015 * at.celsius) << at.celsius;
        EXPECT_LT(q.dwell_error, 5.0) << at.celsius;
        EXPECT_LE(run.energy_residual_relative, 1e-8);
        EXPECT_LE(run.current_balance_relative, 1e-8);
        EXPECT_TRUE(run.events.empty()) << run.events.front().text;
        RecordProperty("C" + std::to_string(at.celsius),
                       std::to_string(dwell.power_W) + " W " + std::to_string(dwell.current_A) + " A " +
                           std::to_string(dwell.voltage_V) + " V, mean " + std::to_string(dwell.T_mean_K - 273.15) +
                           " C, through " + std::to_string(loop.worst_through) + " K, overshoot " +
                           std::to_string(q.overshoot) + " K, dwell error " + std::to_string(q.dwell_error) + " K");
    }
}

TEST(DeviceR1, AControllerThatIsAQuarterOffStillHoldsTheAcceptedOvershoot) {
    for (const auto& [loss, capacity] :
         {std::pair{1.25, 1.25}, std::pair{0.75, 0.75}, std::pair{1.25, 0.75}, std::pair{0.75, 1.25}}) {
        Loop loop;
        loop.loss = loss, loop.capacity = capacity;
        const Quality q = quality(run_at(1000, loop), 1000, 4.0);
        EXPECT_LT(q.overshoot, 25.0) << loss << " " << capacity;
        EXPECT_LT(q.dwell_error, 5.0) << loss << " " << capacity;
        RecordProperty("L" + std::to_string(int(100 * loss)) + "_C" + std::to_string(int(100 * capacity)),
                       "overshoot " + std::to_string(q.overshoot) + " K, dwell error " + std::to_string(q.dwell_error) + " K");
    }
}

}  // namespace
}  // namespace jt
