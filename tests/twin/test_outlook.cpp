// SPDX-License-Identifier: Apache-2.0
// What the product will be at the end of a run, told from within it, against the run itself.
#include "tests/paths.hpp"
#include "twin/microstructure/outlook.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "kernels/observables.hpp"
#include "twin/scenario/reader.hpp"
#include "twin/stepping/run_coupled.hpp"

namespace jt {
namespace {

// What a run shows of its product at some moments, and at its end.
struct Kept : RunObserver {
    struct Moment {
        std::vector<float> T, Th;
    };
    std::vector<double> wanted;
    std::map<double, Moment> moments;
    std::vector<bool> product;
    bool recorded(const CoupledRun& run, const RunRecord& record, RunFields& fields) override {
        product.assign(run.bed.extents.count(), run.bed.product.empty());
        for (std::size_t c = 0; c < run.bed.product.size(); ++c) product[c] = run.bed.product[c] != 0;
        for (const double t : wanted)
            if (std::abs(record.time_s - t) < 1e-6) moments[t] = {fields.field("T_K"), fields.field("Th_K")};
        return true;
    }
};

CoupledRun run(const Scenario& scenario, Kept& kept) {
    const auto backend = make_backend("cpu");
    return run_coupled(*backend, scenario, kept);
}

Scenario paper_device() {
    return read_scenario(std::string(JT_SOURCE_DIR) + "/data/scenarios/jh_1000_30.toml",
                         {"bed.voxel=[\"1 mm\", \"1 mm\", \"0.1 mm\"]"});
}

Scenario imposed(const std::string& program = "[ { to = '900 degC', in = '10 s' }, { hold = '20 s' } ]") {
    return read_scenario_text(R"([bed]
size = ["2 mm", "2 mm", "2 mm"]
voxel = "1 mm"
material = "coconut_char_600"
[heater]
mode = "imposed"
program = )" + program + R"(
[run]
duration = "40 s"
output_every = "1 s"
)",
                              "imposed.toml");
}

double capacity_of(const std::vector<float>& Th, const std::vector<bool>& product) {
    double sum = 0.0, count = 0.0;
    for (std::size_t c = 0; c < Th.size(); ++c)
        if (product[c]) sum += cpu::observable(Observable::capacity, double(Th[c]) - 273.15, 0, 0, 0), count += 1.0;
    return sum / count;
}

TEST(Outlook, AtTheEndItIsTheProductThereIs) {
    const Scenario s = imposed();
    std::vector<float> T(40000), Th(40000);
    std::vector<bool> product(40000);
    for (std::size_t c = 0; c < T.size(); ++c) {
        T[c] = 900.0f + 300.0f * std::sin(0.01f * float(c)), Th[c] = 1150.0f + 150.0f * std::cos(0.003f * float(c));
        product[c] = c % 3 != 0;
        if (!product[c]) Th[c] = std::nanf("");
    }
    const auto told = outlook(s, T, Th, product, s.run.duration);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->end_s, 40.0);
    const double actual = capacity_of(Th, product);
    EXPECT_NEAR(told->means.at("capacity_mAh_g"), actual, 5e-3 * actual);
    EXPECT_NEAR(told->means.at("Th_K"), 1150.0, 1.0);
    EXPECT_LT(told->capacity_p05, actual);
    EXPECT_GT(told->capacity_p95, actual);
    EXPECT_LE(told->capacity_p95, 307.0);
}

TEST(Outlook, OfAnImposedHistoryIsTheImposedRun) {
    const Scenario s = imposed();
    Kept kept;
    kept.wanted = {0.0, 6.0, 12.0, 33.0};
    const CoupledRun whole = run(s, kept);
    ASSERT_TRUE(whole.product);
    for (const auto& [t, at] : kept.moments) {
        const auto told = outlook(s, at.T, at.Th, kept.product, t);
        ASSERT_TRUE(told) << t;
        for (const auto& name : {"capacity_mAh_g", "id_ig", "d002_nm", "Th_K", "ice_percent", "La_nm"})
            EXPECT_NEAR(told->means.at(name), whole.product->means.at(name), 1e-3 * whole.product->means.at(name))
                << name << " told at " << t;
        EXPECT_NEAR(told->capacity_p05, told->capacity_p95, 1e-3 * told->capacity_p95);
    }
}

TEST(Outlook, FromTheRampOfADeviceTellsItsEnd) {
    const Scenario s = paper_device();
    Kept kept;
    kept.wanted = {5.0, 8.0, 10.0, 10.5, 12.0, 20.0, 41.0, 60.0};
    const CoupledRun whole = run(s, kept);
    ASSERT_TRUE(whole.product);
    const double end = whole.product->means.at("capacity_mAh_g");
    for (const auto& [t, at] : kept.moments) {
        const auto told = outlook(s, at.T, at.Th, kept.product, t);
        ASSERT_TRUE(told) << t;
        const double off = told->means.at("capacity_mAh_g") / end - 1.0;
        RecordProperty("at_" + std::to_string(int(10 * t)) + "_off_percent", std::to_string(100.0 * off));
        EXPECT_LT(std::abs(off), t < 12.0 ? 0.06 : t < 60.0 ? 0.01 : 0.005) << "told at " << t;
        const auto& actual = whole.product->distributions.at("capacity_mAh_g");
        if (t >= 12.0) {
            EXPECT_NEAR(told->capacity_p05, actual.p05, 0.05 * end) << t;
            EXPECT_NEAR(told->capacity_p95, actual.p95, 0.05 * end) << t;
        }
    }
}

TEST(Outlook, AnotherProgramIsAnotherProduct) {
    const Scenario s = imposed();
    const std::vector<float> T(8, 298.15f), Th(8, 1017.7f);
    const std::vector<bool> product(8, true);
    const double as_planned = outlook(s, T, Th, product, 0.0)->means.at("Th_K");
    Program longer = s.heater->program;
    longer.time.back() += 300.0;
    const auto more = outlook(s, T, Th, product, 0.0, &longer);
    ASSERT_TRUE(more);
    EXPECT_EQ(more->end_s, longer.time.back());
    EXPECT_GT(more->means.at("Th_K"), as_planned + 10.0);
    Program colder = s.heater->program;
    colder.value.back() -= 100.0, colder.value[colder.value.size() - 2] -= 100.0;
    EXPECT_LT(outlook(s, T, Th, product, 0.0, &colder)->means.at("Th_K"), as_planned - 50.0);
    // at the moment it is told, the program that was followed says what a place makes of it
    Program stepped;
    stepped.time = {20.0, 40.0}, stepped.value = {1223.15, 1223.15};
    const std::vector<float> hot(8, 1173.15f);
    EXPECT_GT(outlook(s, hot, Th, product, 20.0, &stepped)->means.at("Th_K"),
              outlook(s, hot, Th, product, 20.0)->means.at("Th_K") + 20.0);
}

TEST(Outlook, WithoutACharOrAProgramOfTemperatureThereIsNone) {
    const std::vector<float> T(8, 298.15f), Th(8, 1017.7f), nothing(8, std::nanf(""));
    const std::vector<bool> product(8, true);
    Scenario s = imposed();
    EXPECT_FALSE(outlook(s, T, nothing, product, 0.0));
    EXPECT_FALSE(outlook(s, T, Th, std::vector<bool>(8, false), 0.0));
    EXPECT_FALSE(outlook(s, T, std::span(Th).first(7), product, 0.0));
    EXPECT_FALSE(outlook(s, T, Th, product, std::nan("")));
    s.heater->mode = Heater::Mode::current;
    EXPECT_FALSE(outlook(s, T, Th, product, 0.0));
    s = imposed();
    s.run.steady = true;
    EXPECT_FALSE(outlook(s, T, Th, product, 0.0));
    s = imposed();
    for (Material& m : s.materials) m.kinetics.reset();
    EXPECT_FALSE(outlook(s, T, Th, product, 0.0));
}

TEST(Outlook, AColdBedFollowsTheProgramWhateverItsNoise) {
    const Scenario s = paper_device();
    const std::size_t cells = std::size_t(s.bed.cells[0] * s.bed.cells[1] * s.bed.cells[2]);
    std::vector<float> T(cells, 298.15f);
    const std::vector<float> Th(cells, 1017.7f);
    for (std::size_t c = 0; c < cells; c += 2) T[c] += 0.5f;
    const auto told = outlook(s, T, Th, std::vector<bool>(cells, true), 0.0);
    ASSERT_TRUE(told);
    EXPECT_GT(told->means.at("Th_K"), 1240.0);
    EXPECT_LT(told->means.at("Th_K"), 1320.0);
}

}  // namespace
}  // namespace jt
